"""GP902: anybody on the internet may connect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import Rule, Subject, Violation

_ANYWHERE = frozenset({"0.0.0.0/0", "::/0", "0::/0"})

_PEERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_default_security_group": (("ingress", "cidr_blocks"), ("ingress", "ipv6_cidr_blocks")),
    "aws_eks_cluster": (("vpc_config", "public_access_cidrs"),),
    "aws_security_group": (("ingress", "cidr_blocks"), ("ingress", "ipv6_cidr_blocks")),
    "aws_security_group_rule": (("cidr_blocks",), ("ipv6_cidr_blocks",)),
    "aws_vpc_security_group_ingress_rule": (("cidr_ipv4",), ("cidr_ipv6",)),
    "google_compute_firewall": (("source_ranges",),),
    "google_container_cluster": (("master_authorized_networks_config", "cidr_blocks", "cidr_block"),),
    "google_sql_database_instance": (("settings", "ip_configuration", "authorized_networks", "value"),),
}
"""Where a type says who may connect: paths of attribute names, lists on the way are entered."""

_DIRECTIONS = {"aws_security_group_rule": ("type", "egress"), "google_compute_firewall": ("direction", "EGRESS")}
"""The attribute and value by which a type says that it is about the other direction."""


class OpenIngress(Rule):
    """A planned rule admits every address."""

    code = "GP902"
    remedy = "name the networks that need it, or reach it through a VPN, a bastion or a load balancer"
    needs_plan = True

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at resolved values, so variables and dynamic blocks hide nothing."""
        for root, address, kind, after in subject.planned():
            name, egress = _DIRECTIONS.get(kind, ("", None))
            if (egress is not None and after.get(name) == egress) or _private(kind, after) or _refuses(kind, after):
                continue
            for path in _PEERS.get(kind, ()):
                for peer in sorted(_ANYWHERE.intersection(_values(after, path))):
                    yield Violation(f"{'.'.join(path)} admits {peer}", root, address)


def _private(kind: str, after: Mapping[str, Any]) -> bool:
    """Whether the addresses do not matter because the public endpoint is off."""
    return kind == "aws_eks_cluster" and True not in _values(after, ("vpc_config", "endpoint_public_access"))


def _refuses(kind: str, after: Mapping[str, Any]) -> bool:
    """Whether the rule keeps the addresses out: a firewall rule of Google Cloud allows or denies, never both."""
    return kind == "google_compute_firewall" and bool(after.get("deny"))


def _values(value: Any, path: tuple[str, ...]) -> list[Any]:
    if isinstance(value, list):
        return [found for item in value for found in _values(item, path)]
    if not path:
        return [value]
    return _values(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
