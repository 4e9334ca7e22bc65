"""Addresses, load balancers, gateways, tunnels and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING, TOGETHER
from groundplan.clouds.gcp.planned.machines import option_of
from groundplan.clouds.gcp.planned.metered import Metered, by_use, only_stated
from groundplan.clouds.planned import Planned, Uses, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band

ALWAYS = Amount.around_the_clock()
INSTANCES = ("google_compute_instance", "google_compute_instance_from_template")
RULES = ("google_compute_forwarding_rule", "google_compute_global_forwarding_rule")
FRONTS = (*((type_, ("ip_address",)) for type_ in RULES), ("google_compute_vpn_tunnel", ("target_vpn_gateway",)))
"""An address of a forwarding rule is not billed by itself: https://cloud.google.com/vpc/network-pricing#ipaddress."""
NAT, NAT_IPS = "google_compute_router_nat", ("nat_ips", "drain_nat_ips", "initial_nat_ips")
GOOGLE_APIS = ("all-apis", "vpc-sc")

DNS_QUERIES = Metered("dns.queries", "million_queries", "queries to it", "monthly_queries", Decimal("0.000001"))
INGRESS = Metered("load_balancer.data", "gib", "traffic through it", "monthly_ingress_data_gb")
PROXY = (
    Metered("load_balancer.proxy", "hour", "proxies", "monthly_proxy_instances", HOURS_PER_MONTH),
    Metered("load_balancer.data", "gib", "traffic through it", "monthly_data_processed_gb"),
)
proxy = only_stated(*PROXY)
"""A proxy without usage is counted by the forwarding rule in front of it."""
queries = only_stated(DNS_QUERIES)


def address(r: Planned, _: Catalog) -> Iterable[Use]:
    """A reserved address, by what it is in use for; nothing where a forwarding rule has it, or it is internal."""
    internal = r.text("address_type") == "INTERNAL" or r.text("purpose") or r.text("ip_version") == "IPV6"
    if internal or any(r.referring(type_, *path) for type_, path in FRONTS):
        return
    holders = [one for type_ in INSTANCES for one in r.referring(type_, "network_interface", "access_config", "nat_ip")]
    if holders:
        yield BILLING.machine_address(ALWAYS, spot=option_of(holders[0]) == "spot")
    elif any(r.referring(NAT, path, every=True) for path in NAT_IPS):
        yield BILLING.public_address(ALWAYS)
    else:
        yield BILLING.unused_address(ALWAYS)


def nat(r: Planned, _: Catalog) -> Iterable[Use]:
    """A gateway by the machines behind it; without a usage file the plan does not say how many."""
    vms = r.usage("assigned_vms")
    yield BILLING.nat_machines(vms and vms.times(HOURS_PER_MONTH))
    yield BILLING.nat_data(r.stated("monthly_data_processed_gb", "traffic through it"))
    yield from logging("log_config", "enable")(r, _)


def forwarding_rule(r: Planned, _: Catalog) -> Iterable[Use]:
    """The front of a load balancer. The first of a project and region is billed for itself and four more."""
    target = r.text("target")
    if target in GOOGLE_APIS:
        yield use("network.psc_google_apis", "hour", ALWAYS)
        return
    if "serviceAttachments" in target or r.referred("target", of="google_compute_service_attachment"):
        yield use("network.psc_endpoint", "hour", ALWAYS)
        yield use("network.psc_data", "gib", used("traffic through it"))
        return
    together = [one.address for one in r.among(RULES, _scope)[:TOGETHER]] or [r.address]
    place = together.index(r.address) if r.address in together else TOGETHER
    yield BILLING.forwarding_rule_at(place, len(together))
    yield INGRESS.use(r)


def _scope(r: Planned) -> tuple[str, str]:
    """Rules of one project and region are billed together; global ones are of no region."""
    return r.text("project"), "global" if r.type == RULES[1] else r.region


def security_policy(r: Planned, _: Catalog) -> Iterable[Use]:
    """A policy with its rules, of which each is billed too; neither has a price."""
    rules = len(r.items("rule")) + len(r.items("rules"))
    yield BILLING.security_policy(f"one policy with {rules} rules; requests are not counted")


def security_rule(_: Planned, __: Catalog) -> Iterable[Use]:
    """A rule that is a resource of its own."""
    yield use("load_balancer.policy_rule", "rule_month", Amount.of(1, "one rule"))


def dns_zone(r: Planned, _: Catalog) -> Iterable[Use]:
    """A zone and the queries to it."""
    yield BILLING.dns_zone(1)
    if not any(one.usage("monthly_queries") for one in r.referring("google_dns_record_set", "managed_zone")):
        yield BILLING.dns_queries()


def vpn_tunnel(_: Planned, __: Catalog) -> Iterable[Use]:
    """An hour of a tunnel, be it of a classic or an HA gateway."""
    yield use("network.vpn_tunnel", "hour", ALWAYS)


def attachment(r: Planned, _: Catalog) -> Iterable[Use]:
    """A VLAN attachment by its capacity."""
    capacity = (r.text("bandwidth") or "unknown_bandwidth").lower()
    yield use(f"network.vlan_attachment.{capacity}", "hour", ALWAYS)


def interconnect(r: Planned, _: Catalog) -> Iterable[Use]:
    """Circuits of a dedicated interconnect."""
    links = r.number("requested_link_count") or Decimal(1)
    kind = (r.text("link_type") or "link").lower()
    yield use(f"network.interconnect.{kind}", "hour", Amount(Band.of(HOURS_PER_MONTH * links), f"{links:f} links"))


def logging(*path: str, network: bool = True) -> Uses:
    """The rule for a type that costs nothing by itself, and of which the logs under the path are billed by use."""

    def rule(r: Planned, _: Catalog) -> Iterable[Use]:
        if r.flag(*path) or (len(path) == 1 and r.items(*path)):
            yield unstated("logs.flow_ingested" if network else "logs.ingested", "gib", "what it logs")

    return rule


def firewall_endpoint(_: Planned, __: Catalog) -> Iterable[Use]:
    """An endpoint of Cloud NGFW in a zone, and what it inspects."""
    yield use("network.firewall_endpoint", "hour", ALWAYS)
    yield use("network.firewall_data", "gib", used("traffic that it inspects"))


egress_gateway = only_stated(
    Metered("egress.internet", "gib", "to the rest of the world", "monthly_egress_data_transfer_gb.worldwide")
)
mirroring = by_use(Metered("network.mirrored", "gib", "what it mirrors"))
spoke = by_use(Metered("network.connectivity_data", "gib", "what goes through the hub"))


def cdn(r: Planned, _: Catalog) -> Iterable[Use]:
    """A backend is free; what its cache answers is not."""
    if r.flag("enable_cdn"):
        yield unstated("cdn.cache_egress", "gib", "what its cache answers and fills")
    yield from logging("log_config", "enable", network=False)(r, _)


USES: Mapping[str, Uses] = {
    "google_compute_address": address,
    "google_compute_backend_bucket": cdn,
    "google_compute_backend_service": cdn,
    "google_compute_external_vpn_gateway": egress_gateway,
    "google_compute_firewall": logging("log_config"),
    "google_compute_forwarding_rule": forwarding_rule,
    "google_compute_global_address": address,
    "google_compute_global_forwarding_rule": forwarding_rule,
    "google_compute_interconnect": interconnect,
    "google_compute_interconnect_attachment": attachment,
    "google_compute_network_firewall_policy_rule": logging("enable_logging"),
    "google_compute_packet_mirroring": mirroring,
    "google_compute_region_backend_service": cdn,
    "google_compute_region_network_firewall_policy_rule": logging("enable_logging"),
    "google_compute_region_security_policy": security_policy,
    "google_compute_region_security_policy_rule": security_rule,
    "google_compute_region_target_http_proxy": proxy,
    "google_compute_region_target_https_proxy": proxy,
    "google_compute_region_target_tcp_proxy": proxy,
    "google_compute_router_nat": nat,
    "google_compute_security_policy": security_policy,
    "google_compute_security_policy_rule": security_rule,
    "google_compute_subnetwork": logging("log_config"),
    "google_compute_target_grpc_proxy": proxy,
    "google_compute_target_http_proxy": proxy,
    "google_compute_target_https_proxy": proxy,
    "google_compute_target_ssl_proxy": proxy,
    "google_compute_target_tcp_proxy": proxy,
    "google_compute_vpn_tunnel": vpn_tunnel,
    "google_dns_managed_zone": dns_zone,
    "google_dns_record_set": queries,
    "google_network_connectivity_spoke": spoke,
    "google_network_security_firewall_endpoint": firewall_endpoint,
}
