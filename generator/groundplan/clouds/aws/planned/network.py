"""Networks: gateways, endpoints, load balancers, names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import entries, hourly, rule, stated, unmetered
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.quantities import HOURS_PER_MONTH


def _nat_gateway(r: Planned, _: Catalog) -> Iterable[Use]:
    """A gateway, or one in each zone where it is regional; the addresses that AWS gives that are billed with it."""
    zones = 1
    if r.text("availability_mode") == "regional":
        zones = len(r.items("availability_zone_address"))
        if not zones:
            yield unstated("network.nat_gateway", "hour", "a regional NAT gateway: zones that have something in them")
            return
        if not any(block.items("allocation_ids") for block in r.blocks("availability_zone_address")):
            yield BILLING.public_address(Amount.around_the_clock(f"{zones} of a regional gateway, {ALWAYS}", zones))
    yield BILLING.nat_gateway(zones)
    yield BILLING.nat_data(r.stated("monthly_data_processed_gb", "traffic through it"))


def _endpoint(r: Planned, _: Catalog) -> Iterable[Use]:
    kind = r.text("vpc_endpoint_type")
    if kind in ("", "Gateway"):
        return
    subnets = len(r.items("subnet_ids")) or len(r.items("subnet_configuration"))
    item = {"Interface": "network.endpoint", "GatewayLoadBalancer": "network.endpoint_gateway"}.get(kind)
    item = item or f"network.endpoint_{kind.lower()}"
    if not subnets:
        yield unstated(item, "hour", "its subnets are known only after apply")
    elif kind == "Interface":
        yield BILLING.endpoint(1, subnets)
    else:
        yield use(item, "hour", Amount.around_the_clock(f"{subnets} zones, {ALWAYS}", subnets))
    yield use(f"{item}_data", "gib", r.stated("monthly_data_processed_gb", "traffic through it"))


def _load_balancer(r: Planned, _: Catalog) -> Iterable[Use]:
    kind = r.text("load_balancer_type") or "application"
    yield from BILLING.load_balancer(kind, "around the clock", _capacity(r, kind))
    yield from _addresses(r)


def _capacity(r: Planned, kind: str) -> Amount:
    """Capacity units by what of new connections, open connections and traffic takes most of them."""
    words = "capacity units grow with traffic"
    traffic, new = r.usage("processed_bytes_gb"), r.usage("new_connections")
    active, rules = r.usage("active_connections"), r.usage("rule_evaluations")
    per_second = Decimal(25) if kind == "application" else Decimal(800)
    open_each = Decimal(3000) if kind == "application" else Decimal(100_000)
    units = [
        traffic and traffic.times(1),
        new and new.times(HOURS_PER_MONTH / per_second),
        active and active.times(HOURS_PER_MONTH / open_each),
        rules and rules.times(HOURS_PER_MONTH / 1000),
    ]
    known = [band for band in units if band is not None]
    if not known:
        return r.stated("processed_bytes_gb", words)
    return Amount(max(known, key=lambda band: band.expected), f"{words}; by the usage file")


def _addresses(r: Planned) -> Iterator[Use]:
    """Public addresses, one in each subnet: https://aws.amazon.com/vpc/pricing/, public IPv4 addresses."""
    if r.flag("internal") or r.text("ip_address_type") == "dualstack-without-public-ipv4":
        return
    mapped = r.blocks("subnet_mapping")
    subnets = sum(not block.text("allocation_id") for block in mapped) if mapped else len(r.items("subnets"))
    if r.text("load_balancer_type") == "gateway":
        return
    if subnets:
        yield BILLING.public_address(Amount.around_the_clock(f"one in each of {subnets} subnets", subnets))
    elif not mapped:
        yield BILLING.public_address(used("its subnets are known only after apply"))


def _address(r: Planned, _: Catalog) -> Iterable[Use]:
    """An address, attached or not; one of a range that the user brought is free."""
    if r.text("public_ipv4_pool") in ("", "amazon"):
        yield BILLING.public_address(Amount.around_the_clock())


def _zone(_: Planned, __: Catalog) -> Iterable[Use]:
    yield use("dns.zone", "zone_month", Amount.of(1, "one zone; the account's first 25 cost so much"))


def _health_check(r: Planned, _: Catalog) -> Iterable[Use]:
    """A check with its options: https://aws.amazon.com/route53/pricing/, health checks."""
    if r.text("type") in ("CALCULATED", "CLOUDWATCH_METRIC"):
        yield use("dns.health_check", "check_month", Amount.of(1, "one check"))
        return
    options = sum(
        (
            r.text("type").startswith("HTTPS"),
            bool(r.text("search_string")),
            r.flag("measure_latency"),
            r.number("request_interval") == Decimal(10),
        )
    )
    yield use("dns.health_check", "check_month", Amount.of(1, "one check of an endpoint in AWS"))
    if options:
        yield use(
            "dns.health_check_option", "option_month", Amount.of(options, f"{options} options of an endpoint in AWS")
        )


def _vpn(r: Planned, _: Catalog) -> Iterable[Use]:
    yield use("network.vpn", "hour", Amount.around_the_clock())
    if r.text("transit_gateway_id") or r.referred("transit_gateway_id", of="aws_ec2_transit_gateway") is not None:
        yield use("network.transit_attachment", "hour", Amount.around_the_clock())
        yield use("network.transit_data", "gib", r.stated("monthly_data_processed_gb", "traffic through it"))
    if r.flag("enable_acceleration"):
        yield unstated("network.accelerator", "hour", "acceleration of the VPN")


def _record(r: Planned, _: Catalog) -> Iterable[Use]:
    """Queries; those of aliases and of private zones are free: https://aws.amazon.com/route53/pricing/."""
    zone = r.referred("zone_id", of="aws_route53_zone")
    if not r.items("alias") and not (zone is not None and zone.items("vpc")):
        yield use("dns.queries", "request", r.stated("monthly_standard_queries", "queries for it"))


def _firewall(r: Planned, _: Catalog) -> Iterable[Use]:
    yield from hourly("network.firewall", "endpoints", entries("subnet_mapping"))(r)
    yield use("network.firewall_data", "gib", r.stated("monthly_data_processed_gb", "traffic through it"))


_TRANSIT = rule(
    hourly("network.transit_attachment", "attachment"),
    stated("network.transit_data", "gib", "monthly_data_processed_gb", "traffic through it"),
)
USES = {
    "aws_service_discovery_private_dns_namespace": _zone,
    "aws_service_discovery_public_dns_namespace": _zone,
    "aws_alb": _load_balancer,
    "aws_ec2_client_vpn_endpoint": rule(unmetered("network.client_vpn_connection", "hour", "connections of people")),
    "aws_ec2_client_vpn_network_association": rule(hourly("network.client_vpn", "association")),
    "aws_ec2_traffic_mirror_session": rule(hourly("network.traffic_mirror", "session")),
    "aws_ec2_transit_gateway_connect": rule(hourly("network.transit_attachment", "attachment")),
    "aws_ec2_transit_gateway_peering_attachment": rule(hourly("network.transit_attachment", "attachment")),
    "aws_ec2_transit_gateway_vpc_attachment": _TRANSIT,
    "aws_eip": _address,
    "aws_elb": rule(
        hourly("load_balancer.classic", "load balancer"),
        stated("load_balancer.classic_data", "gib", "monthly_data_processed_gb", "traffic through it"),
    ),
    "aws_globalaccelerator_accelerator": rule(
        hourly("network.accelerator", "accelerator"), unmetered("network.accelerator_data", "gib", "traffic through it")
    ),
    "aws_lb": _load_balancer,
    "aws_nat_gateway": _nat_gateway,
    "aws_networkfirewall_firewall": _firewall,
    "aws_route53_health_check": _health_check,
    "aws_route53_record": _record,
    "aws_route53_resolver_endpoint": rule(
        hourly("dns.resolver", "addresses", entries("ip_address")),
        stated("dns.resolver_queries", "request", "monthly_queries", "queries through it"),
    ),
    "aws_route53_zone": _zone,
    "aws_vpc_endpoint": _endpoint,
    "aws_vpn_connection": _vpn,
}
