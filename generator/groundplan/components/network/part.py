"""The network that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from groundplan.clouds.base import AddressPlan
from groundplan.hcl.write import Value
from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Network(Part):
    """A network to make."""

    component: ClassVar[str] = "network"
    cidr: str
    zones: tuple[str, ...]
    plan: AddressPlan
    nat: Literal["single", "per_zone"]
    flow_logs_retention_days: int
    options: Mapping[str, Value] = field(default_factory=dict)
    """Settings that only this cloud has, by the name of the module's argument."""


@dataclass(frozen=True, slots=True)
class ExistingNetwork(Part):
    """An existing network, referred to by id."""

    component: ClassVar[str] = "network"
    id: str
    private_subnet_ids: tuple[str, ...]
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the module's argument."""


def network_of(stack: Stack) -> Network | ExistingNetwork | None:
    """The stack's network; None when nothing of it is in one."""
    return stack.part(Network) or stack.part(ExistingNetwork)
