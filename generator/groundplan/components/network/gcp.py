"""The network on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network

from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.components.base import Arguments, Aspects, Meter, ModuleCall, Note
from groundplan.components.cluster.part import cluster_of
from groundplan.components.gcp import LOG_BUCKET_CAUTION
from groundplan.components.needs import OwnLog, Servers
from groundplan.components.network.component import NETWORK, NetworkPart
from groundplan.components.network.meters import network_meter
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.node_pool.meters import node_hours
from groundplan.components.node_pool.part import pools_of
from groundplan.hcl.references import Var
from groundplan.quantities import Band
from groundplan.stack.layers import FOUNDATION, HOST
from groundplan.stack.model import Need, Stack

SMALLEST_SUBNET = 26
"""Prefix length that Cloud Run and proxies ask for at least."""
HOST_CALL = "shared_vpc_host"
PRIVATE_ZONES = 3
"""Of googleapis.com, gcr.io and pkg.dev, as in modules/gcp/network."""


def project_of(network_id: str) -> str:
    """The project that has the network: `host` of `projects/host/global/networks/shared`."""
    return network_id.split("/")[1]


class GcpNetwork(NetworkPart):
    """The network on Google Cloud."""

    host_options = ("proxies_cidr", "private_services_cidr")

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Servers without the cluster have a subnet of their own, half of that of the proxies.

        Cloud Run keeps addresses for one to two hours after the last server, and its subnet with them:
        https://docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc#delete-subnet.
        """
        network = network_of(stack)
        if not isinstance(network, Network) or not stack.needed(Servers):
            return {}
        ranges = network.plan.arguments["ranges"]
        assert isinstance(ranges, Mapping)
        halves = list(IPv4Network(str(ranges["proxies"])).subnets(prefixlen_diff=1))
        if halves[0].prefixlen > SMALLEST_SUBNET:
            return {}
        return {"ranges": {**ranges, **dict(zip(("proxies", "servers"), map(str, halves), strict=True))}}

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What anything in a network calls."""
        network = network_of(stack)
        wanted = network is not None and layer == FOUNDATION
        return ("compute", "dns", "monitoring", "servicenetworking") if wanted else ()

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Flow logs have a log bucket."""
        if isinstance(network_of(stack), Network):
            yield OwnLog("network", NETWORK.at("log_filter"), "network")

    def host_calls(self, stack: Stack, network: ExistingNetwork) -> Iterable[ModuleCall]:
        """Grants, rules and ranges in the host project of a Shared VPC."""
        if project_of(network.id) == stack.account:
            return
        ranges = {key: network.options[key] for key in ("pods_range", "services_range") if key in network.options}
        further = {key: network.options[key] for key in self.host_options if key in network.options}
        if cluster_of(stack):
            further["cluster"] = ranges
        yield ModuleCall(
            component="network",
            name=HOST_CALL,
            source="gcp/shared_vpc_host",
            layer=HOST,
            arguments={
                "name": Var("name"),
                "service_project": Var("account_id"),
                "network": {"id": network.id, "subnetwork_id": network.private_subnet_ids[0]},
                "serverless": bool(stack.needed(Servers)),
                **further,
            },
            path="network.existing",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """NAT by the machine that uses it, its address, and the private zones of Google's names."""
        network = network_of(stack)
        if not isinstance(network, Network):
            return
        hours = sum(map(node_hours, pools_of(stack)), Band.of(0))
        yield network_meter(BILLING.nat_machines(hours), "fixed")
        address = Amount.around_the_clock("one address of NAT, around the clock")
        yield network_meter(BILLING.public_address(address), "fixed")
        yield network_meter(BILLING.dns_zone(PRIVATE_ZONES), "fixed")

    def cautions(self, stack: Stack) -> Iterable[str]:
        """The flow logs have a log bucket, and Cloud Run lets go of its subnet late."""
        network = network_of(stack)
        if isinstance(network, Network):
            yield LOG_BUCKET_CAUTION
        if isinstance(network, Network) and stack.needed(Servers):
            subnet = "servers" if self.arguments("network", stack) else "nodes"
            yield (
                "Cloud Run keeps addresses (`serverless-ipv4-…`) of its subnet for one to two hours after its last "
                "server, so the destroy of `10-foundation` fails with `resourceInUseByAnotherResource` of "
                f"`{stack.name}-{subnet}`: destroy again when `gcloud compute addresses list --project {stack.account}`"
                " shows none of them"
            )

    def notes(self, stack: Stack) -> Iterable[Note]:
        """One NAT is regional, and a sample of flows is logged."""
        network = network_of(stack)
        own = isinstance(network, Network)
        per_zone = isinstance(network, Network) and network.nat == "per_zone"
        words = "one NAT serves the region and survives the loss of a zone; nothing to add"
        yield Note("otherwise", words, ("network.nat",) if per_zone else ())
        words = "a sample, half of the connections, is logged"
        yield Note("part", words, ("network.flow_logs_retention_days",) if own else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        network = network_of(stack)
        if isinstance(network, ExistingNetwork):
            return {
                "network": "an existing VPC or Shared VPC with one subnet and its secondary ranges",
                "way out": "as its owner configured it",
                "cloud APIs": "private Google access, checked by the plan",
                "who talks to whom": "as its owner configured it",
                "flow logs": "as its owner configured them",
            }
        return {
            "network": "VPC with one regional subnet, secondary ranges for pods and services",
            "way out": "one Cloud NAT for the region, no machine behind it",
            "cloud APIs": "private Google access, free",
            "who talks to whom": "firewall that refuses and logs what is not allowed",
            "flow logs": "half of the connections, in a log bucket of their own",
        }


PART = GcpNetwork()
