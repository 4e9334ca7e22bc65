"""The network: a VPC of our own over zones, or one that is there already."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.keys.component import key_id
from groundplan.components.needs import NodeRanges
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.network.resolve import resolve_network
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

NETWORK = Ref("network", "network")
"""The network object that other modules of the foundation take."""


class NetworkPart(CloudPart):
    """How a cloud shares a network between accounts."""

    host_options: tuple[str, ...] = ()
    """Settings of an existing network that its administrator is told, not the environment."""

    def host_calls(self, stack: Stack, network: ExistingNetwork) -> Iterable[ModuleCall]:
        """What the administrator of the account that has the network applies; none where it is the environment's."""
        return ()


class NetworkComponent(Component[NetworkPart]):
    """The network module, or the one that looks an existing network up and gives the same object."""

    name = "network"
    anywhere = NetworkPart()
    reads = ("node_pool",)

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_network(work)

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there is anything to put into a network."""
        network = network_of(stack)
        match network:
            case Network():
                yield self._own(stack, network, cloud)
            case ExistingNetwork():
                part = self.on(cloud)
                yield from part.host_calls(stack, network)
                yield self._existing(stack, network, FOUNDATION, part)
                if cloud.network.zonal_subnets and stack.needed(NodeRanges):
                    yield self._existing(stack, network, PLATFORM, part)

    def _existing(self, stack: Stack, network: ExistingNetwork, layer: str, part: NetworkPart) -> ModuleCall:
        """It makes nothing, so each root that asks for the network looks it up."""
        return ModuleCall(
            component=self.name,
            name=NETWORK.call,
            source=f"{stack.provider}/existing_network",
            layer=layer,
            arguments={
                "id": network.id,
                "private_subnet_ids": list(network.private_subnet_ids),
                **{key: value for key, value in network.options.items() if key not in part.host_options},
            },
            path="network",
        )

    def _own(self, stack: Stack, network: Network, cloud: Cloud) -> ModuleCall:
        return ModuleCall(
            component=self.name,
            name=NETWORK.call,
            source=f"{stack.provider}/network",
            layer=FOUNDATION,
            arguments={
                "name": Var("name"),
                "region": Var("region"),
                "cidr": network.cidr,
                **network.plan.arguments,
                "flow_logs": {
                    "retention_days": network.flow_logs_retention_days,
                    "kms_key": key_id("logs"),
                },
                **self.on(cloud).arguments("network", stack),
                **network.options,
            },
            path="network",
        )


def private_ranges(stack: Stack) -> list[Value]:
    """Ranges of the private subnets; those of an existing network are looked up by whichever root names them.

    Where one subnet spans all zones its module has no such list: clouds of that kind say themselves what they know.
    """
    network = network_of(stack)
    if isinstance(network, ExistingNetwork):
        return [NETWORK.at("private_cidrs", number) for number in range(len(network.private_subnet_ids))]
    return list(network.plan.private_ranges) if network else []


COMPONENT = NetworkComponent()
