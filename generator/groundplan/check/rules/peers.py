"""Who may connect, by the planned values of every type that says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.check.rules.base import Resource, Subject, unknown_at, values_at

EVERYONE = "0.0.0.0/0"

_PEERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_db_security_group": (("ingress", "cidr"),),
    "aws_default_security_group": (("ingress", "cidr_blocks"), ("ingress", "ipv6_cidr_blocks")),
    "aws_ec2_managed_prefix_list": (("entry", "cidr"),),
    "aws_ec2_managed_prefix_list_entry": (("cidr",),),
    "aws_eks_cluster": (("vpc_config", "public_access_cidrs"),),
    "aws_lightsail_instance_public_ports": (("port_info", "cidrs"), ("port_info", "ipv6_cidrs")),
    "aws_redshift_security_group": (("ingress", "cidr"),),
    "aws_security_group": (("ingress", "cidr_blocks"), ("ingress", "ipv6_cidr_blocks")),
    "aws_security_group_rule": (("cidr_blocks",), ("ipv6_cidr_blocks",)),
    "aws_vpc_security_group_ingress_rule": (("cidr_ipv4",), ("cidr_ipv6",)),
    "google_app_engine_firewall_rule": (("source_range",),),
    "google_composer_environment": (
        ("config", "master_authorized_networks_config", "cidr_blocks", "cidr_block"),
        ("config", "web_server_network_access_control", "allowed_ip_range", "value"),
    ),
    "google_compute_firewall": (("source_ranges",),),
    "google_compute_firewall_policy_rule": (("match", "src_ip_ranges"),),
    "google_compute_network_firewall_policy_rule": (("match", "src_ip_ranges"),),
    "google_compute_network_firewall_policy_with_rules": (("rule", "match", "src_ip_ranges"),),
    "google_compute_region_network_firewall_policy_rule": (("match", "src_ip_ranges"),),
    "google_compute_region_network_firewall_policy_with_rules": (("rule", "match", "src_ip_ranges"),),
    "google_container_cluster": (("master_authorized_networks_config", "cidr_blocks", "cidr_block"),),
    "google_sql_database_instance": (("settings", "ip_configuration", "authorized_networks", "value"),),
    "kubernetes_service": (("spec", "load_balancer_source_ranges"),),
    "kubernetes_service_v1": (("spec", "load_balancer_source_ranges"),),
}
"""Where a type says who may connect: paths of attribute names, lists on the way are entered."""

_PREFIX_LISTS: Mapping[str, tuple[str, ...]] = {
    "aws_default_security_group": ("ingress", "prefix_list_ids"),
    "aws_security_group": ("ingress", "prefix_list_ids"),
    "aws_security_group_rule": ("prefix_list_ids",),
    "aws_vpc_security_group_ingress_rule": ("prefix_list_id",),
}
"""Where a type names lists of ranges that are kept elsewhere."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The ranges that a resource admits in one place; `unjudged` says what of them a plan does not show."""

    resource: Resource
    path: str
    ranges: tuple[str, ...]
    unjudged: str | None = None


def peers(subject: Subject) -> Iterator[Peers]:
    """Every place in the plans where ranges of addresses are let in; what lets nobody in is left out."""
    for resource in subject.planned():
        if _CLOSED.get(resource.type, _never)(resource):
            continue
        open_path = _OPEN.get(resource.type, _nowhere)(resource, subject)
        if open_path is not None:
            yield Peers(resource, open_path, (EVERYONE,))
        for path in _PEERS.get(resource.type, ()):
            yield from _listed(resource, path, subject) if ".".join(path) != open_path else ()
        yield from _prefix_lists(resource, subject)
        yield from _resource_policy(resource)
        yield from _ingress(resource)


def _listed(resource: Resource, path: tuple[str, ...], subject: Subject) -> Iterator[Peers]:
    ranges = tuple(str(value) for value in values_at(resource.values, path))
    hidden = subject.hidden(resource, path)
    if ranges or hidden:
        yield Peers(resource, ".".join(path), ranges, "is known only after apply" if hidden else None)


def _prefix_lists(resource: Resource, subject: Subject) -> Iterator[Peers]:
    path = _PREFIX_LISTS.get(resource.type)
    if path is None:
        return
    if values_at(resource.values, path) or subject.hidden(resource, path):
        yield Peers(resource, ".".join(path), (), "names a prefix list, whose ranges are not in the plan")


def _never(_: Resource) -> bool:
    return False


def _nowhere(_: Resource, __: Subject) -> str | None:
    return None


def _is(path: tuple[str, ...], *closed: Any) -> Callable[[Resource], bool]:
    return lambda resource: any(value in closed for value in values_at(resource.values, path))


def _firewall_closed(resource: Resource) -> bool:
    """A firewall rule of Google Cloud has a direction, allows or denies, never both, and can be switched off."""
    values = resource.values
    return values.get("direction") == "EGRESS" or bool(values.get("deny")) or values.get("disabled") is True


def _policy_rule_closed(resource: Resource) -> bool:
    values = resource.values
    refuses = str(values.get("action", "")).lower() in ("deny", "goto_next")
    return values.get("direction") == "EGRESS" or refuses or values.get("disabled") is True


def _service_closed(resource: Resource) -> bool:
    """Whether a service is reached from inside the network only."""
    if "LoadBalancer" not in values_at(resource.values, ("spec", "type")):
        return True
    notes = _annotations(resource)
    return any(str(notes.get(name, "")).lower() in inside for name, inside in _INTERNAL.items())


_ALB = "alb.ingress.kubernetes.io/"

_INTERNAL = {
    "cloud.google.com/load-balancer-type": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
}
"""Annotations by which a service of type LoadBalancer stays inside the network, and their values for that."""

_CLOSED: Mapping[str, Callable[[Resource], bool]] = {
    "aws_eks_cluster": _is(("vpc_config", "endpoint_public_access"), False),
    "aws_security_group_rule": _is(("type",), "egress"),
    "google_app_engine_firewall_rule": _is(("action",), "DENY"),
    "google_compute_firewall": _firewall_closed,
    "google_compute_firewall_policy_rule": _policy_rule_closed,
    "google_compute_network_firewall_policy_rule": _policy_rule_closed,
    "google_compute_region_network_firewall_policy_rule": _policy_rule_closed,
    "google_sql_database_instance": _is(("settings", "ip_configuration", "ipv4_enabled"), False),
    "kubernetes_service": _service_closed,
    "kubernetes_service_v1": _service_closed,
}
"""What makes the ranges of a type count for nothing."""


def _eks_open(resource: Resource, subject: Subject) -> str | None:
    """EKS reads an absent list as everyone: https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html."""
    path = ("vpc_config", "public_access_cidrs")
    chain = subject.sources.chain(resource.root, resource.address)
    named = not chain or any("public_access_cidrs" in block.attributes for block in chain[-1].walk())
    hidden = named and unknown_at(resource.unknown, path)
    return None if values_at(resource.values, path) or hidden else ".".join(path)


def _gke_open(resource: Resource, _: Subject) -> str | None:
    """Without the block everyone may ask the public endpoint; with it, perhaps every customer of Google Cloud."""
    inside = values_at(resource.values, ("private_cluster_config", "enable_private_endpoint"))
    if True in inside or False in values_at(
        resource.values, ("control_plane_endpoints_config", "ip_endpoints_config", "enabled")
    ):
        return None
    name = "master_authorized_networks_config"
    if not values_at(resource.values, (name,)):
        return name
    shared = values_at(resource.values, (name, "gcp_public_cidrs_access_enabled"))
    return f"{name}.gcp_public_cidrs_access_enabled" if True in shared else None


def _firewall_open(resource: Resource, subject: Subject) -> str | None:
    """A rule that names no source of any kind admits all."""
    named = ("source_ranges", "source_tags", "source_service_accounts")
    said = any(
        resource.values.get(name) or (resource.unknown.get(name) is True and subject.sets(resource, name))
        for name in named
    )
    return None if said else "source_ranges"


def _service_open(resource: Resource, _: Subject) -> str | None:
    path = ("spec", "load_balancer_source_ranges")
    said = values_at(resource.values, path) or unknown_at(resource.unknown, path)
    return None if said else ".".join(path)


_OPEN: Mapping[str, Callable[[Resource, Subject], str | None]] = {
    "aws_eks_cluster": _eks_open,
    "google_compute_firewall": _firewall_open,
    "google_container_cluster": _gke_open,
    "kubernetes_service": _service_open,
    "kubernetes_service_v1": _service_open,
}
"""The place where a type admits everyone by saying nothing."""

_POLICIES = {"aws_elasticsearch_domain": "access_policies", "aws_opensearch_domain": "access_policies"} | {
    f"aws_{service}_domain_policy": "access_policies" for service in ("elasticsearch", "opensearch")
}
"""Domains on the internet, whose policy says from where, unless they are in a VPC."""


def _resource_policy(resource: Resource) -> Iterator[Peers]:
    name = _POLICIES.get(resource.type)
    if name is None or resource.values.get("vpc_options"):
        return
    for statement in statements(resource.values.get(name)):
        if statement.get("Effect") == "Allow" and anybody(statement.get("Principal")):
            condition = statement.get("Condition") or {}
            sources = _sources(condition)
            if sources or not condition:
                yield Peers(resource, name, tuple(sources or (EVERYONE,)))


def _ingress(resource: Resource) -> Iterator[Peers]:
    """A load balancer of AWS on the internet admits everyone unless its annotations name ranges.

    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#inbound-cidrs
    """
    if resource.type not in ("kubernetes_ingress", "kubernetes_ingress_v1"):
        return
    notes = _annotations(resource)
    if notes.get(f"{_ALB}scheme") == "internet-facing":
        named = tuple(text.strip() for text in str(notes.get(f"{_ALB}inbound-cidrs") or EVERYONE).split(","))
        yield Peers(resource, f"metadata.annotations.{_ALB}inbound-cidrs", named)


def _annotations(resource: Resource) -> dict[str, Any]:
    found = values_at(resource.values, ("metadata", "annotations"))
    return next((one for one in found if isinstance(one, dict)), {})


def _sources(condition: Any) -> list[str]:
    matches = condition.get("IpAddress") if isinstance(condition, dict) else None
    if not isinstance(matches, dict):
        return []
    return [str(one) for key, value in matches.items() if key.lower() == "aws:sourceip" for one in listed(value)]


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements of a policy, given as the JSON text that a plan holds; empty where it is none."""
    try:
        document = json.loads(policy) if isinstance(policy, str) else None
    except (ValueError, RecursionError):
        return []
    found = document.get("Statement") if isinstance(document, dict) else None
    return [one for one in listed(found) if isinstance(one, dict)]


def anybody(principal: Any) -> bool:
    """Whether a principal of a policy is everyone."""
    if isinstance(principal, dict):
        return any("*" in listed(value) for value in principal.values())
    return bool(principal == "*")


def listed(value: Any) -> list[Any]:
    """A value that JSON policies write alone or in a list, as a list; nothing as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]
