"""The network: a VPC of our own over zones, or one that is there already."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, CloudPart, Component, ModuleCall
from groundplan.components.keys.component import key_id
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.network.resolve import resolve_network
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

NETWORK = Ref("network", "network")
"""The network object that other modules of the foundation take."""


class NetworkComponent(Component[CloudPart]):
    """The network module, or the one that looks an existing network up and gives the same object."""

    name = "network"
    anywhere = CloudPart()
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
                yield ModuleCall(
                    component=self.name,
                    name=NETWORK.call,
                    source=f"{stack.provider}/existing_network",
                    layer=FOUNDATION,
                    arguments={
                        "id": network.id,
                        "private_subnet_ids": list(network.private_subnet_ids),
                        **network.options,
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
    """The private subnets, or every private range where the network exists already."""
    network = network_of(stack)
    if isinstance(network, Network):
        return list(network.plan.private_ranges)
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


COMPONENT = NetworkComponent()
