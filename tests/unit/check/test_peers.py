"""Who may connect: everyone in any spelling, and ranges wider than one organisation has, alone or together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan import ranges
from groundplan.diagnostics import Severity
from tests.unit.check.environments import write
from tests.unit.check.planned import ROOT, breaches, planned, together, violations


def admits(*cidrs: str) -> dict[str, Any]:
    return planned("aws_security_group", ingress=[{"cidr_blocks": list(cidrs)}])


def eks(*cidrs: str, public: bool | None = True) -> dict[str, Any]:
    config = {"endpoint_public_access": public, "public_access_cidrs": list(cidrs) or None}
    return planned("aws_eks_cluster", vpc_config=[config])


def gke(networks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return planned("google_container_cluster", master_authorized_networks_config=networks, **more)


def service(kind: str = "LoadBalancer", sources: list[str] | None = None, notes: Any = None) -> dict[str, Any]:
    spec = {"type": kind, "load_balancer_source_ranges": sources}
    return planned("kubernetes_service_v1", metadata=[{"annotations": notes}], spec=[spec])


def ingress(**notes: str) -> dict[str, Any]:
    annotations = {f"alb.ingress.kubernetes.io/{name.replace('_', '-')}": value for name, value in notes.items()}
    return planned("kubernetes_ingress_v1", metadata=[{"annotations": annotations}])


def cloud_sql(cidr: str, **more: Any) -> dict[str, Any]:
    config = {"authorized_networks": [{"value": cidr}], **more}
    return planned("google_sql_database_instance", settings=[{"ip_configuration": [config]}])


def policy_rule(action: str) -> dict[str, Any]:
    match = [{"src_ip_ranges": ["0.0.0.0/0"]}]
    return planned("google_compute_network_firewall_policy_rule", action=action, match=match)


def policy(**statement: Any) -> dict[str, Any]:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*", **statement}]})
    return planned("aws_opensearch_domain", access_policies=text)


@pytest.mark.parametrize(
    "plan",
    [
        admits("0.0.0.0/0"),
        admits("10.0.0.0/8", "0.0.0.0/0"),
        admits("0.0.0.0/00"),
        admits("10.1.2.3/0"),
        admits("0.0.0.0/0.0.0.0"),
        admits("0.0.0.0/1", "128.0.0.0/1"),
        admits("128.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2"),
        admits("::ffff:0.0.0.0/96"),
        planned("aws_security_group", ingress=[{"ipv6_cidr_blocks": ["0:0::/0"]}]),
        planned("aws_security_group", ingress=[{"ipv6_cidr_blocks": ["::/1", "8000::/1"]}]),
        planned("aws_security_group", ingress=[{"cidr_blocks": ["0.0.0.0/1"]}, {"cidr_blocks": ["128.0.0.0/1"]}]),
        planned("aws_default_security_group", ingress=[{"cidr_blocks": ["0.0.0.0/0"]}]),
        planned("aws_ec2_managed_prefix_list", entry=[{"cidr": "0.0.0.0/0"}]),
        planned("aws_vpc_security_group_ingress_rule", cidr_ipv6="::/0"),
        eks(),
        eks("0.0.0.0/0"),
        eks("0.0.0.0/0", public=None),
        gke([]),
        gke([{"cidr_blocks": [{"cidr_block": "0.0.0.0/0"}]}]),
        gke([{"cidr_blocks": [], "gcp_public_cidrs_access_enabled": True}]),
        planned("google_compute_firewall", direction="INGRESS", allow=[{"protocol": "tcp"}]),
        planned("google_compute_firewall", direction="INGRESS", source_ranges=["0.0.0.0/0"], source_tags=["a"]),
        policy_rule("allow"),
        cloud_sql("0.0.0.0/0"),
        service(),
        service(sources=["0.0.0.0/0"]),
        ingress(scheme="internet-facing"),
        ingress(scheme="internet-facing", inbound_cidrs="10.0.0.0/8, 0.0.0.0/0"),
        policy(),
        policy(Principal={"AWS": ["*"]}),
        policy(Condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}),
    ],
)  # fmt: skip
def test_everyone_in_any_form(tmp_path: Path, plan: dict[str, Any]) -> None:
    (found,) = violations("GP902", tmp_path, plan)
    assert found.severity is Severity.ERROR
    assert found.chosen is None
    assert not found.needs


@pytest.mark.parametrize(
    "plan",
    [
        admits("10.0.0.0/8", "203.0.113.0/24"),
        eks(public=False),
        eks("203.0.113.0/24"),
        gke([], private_cluster_config=[{"enable_private_endpoint": True}]),
        gke([], control_plane_endpoints_config=[{"ip_endpoints_config": [{"enabled": False}]}]),
        gke([{"cidr_blocks": []}]),
        planned("google_compute_firewall", direction="INGRESS", source_tags=["web"]),
        planned("google_compute_firewall", direction="EGRESS"),
        planned("google_compute_firewall", disabled=True, source_ranges=["0.0.0.0/0"]),
        policy_rule("deny"),
        cloud_sql("0.0.0.0/0", ipv4_enabled=False),
        ingress(scheme="internal"),
        ingress(scheme="internet-facing", inbound_cidrs="203.0.113.0/24,10.0.0.0/8"),
        service("ClusterIP"),
        service(sources=["10.0.0.0/8"]),
        service(notes={"networking.gke.io/load-balancer-type": "Internal"}),
        policy(Principal={"AWS": "arn:aws:iam::123456789012:root"}),
        policy(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    ],
)  # fmt: skip
def test_who_is_named(tmp_path: Path, plan: dict[str, Any]) -> None:
    assert breaches("GP902", tmp_path, plan) == breaches("GP911", tmp_path, plan) == []


@pytest.mark.parametrize("text", ["0/0", "everyone", "010.0.0.0/8", " 0.0.0.0/0", "10.0.0.0/33"])
def test_what_is_no_range_is_not_taken_for_a_safe_one(tmp_path: Path, text: str) -> None:
    assert breaches("GP902", tmp_path, admits(text)) == [f"ingress.cidr_blocks has {text!r}, which is no range"]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            planned("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": True}, ip_protocol="tcp"),
            "cidr_ipv4 is known only after apply",
        ),
        (
            planned("aws_security_group", {"ingress": [{"cidr_blocks": [True]}]}, ingress=[{"cidr_blocks": [None]}]),
            "ingress.cidr_blocks is known only after apply",
        ),
        (
            planned("aws_vpc_security_group_ingress_rule", prefix_list_id="pl-0a1b2c3d"),
            "prefix_list_id names a prefix list, whose ranges are not in the plan",
        ),
    ],
)
def test_what_a_plan_does_not_show_needs_the_operators_word(tmp_path: Path, plan: dict[str, Any], message: str) -> None:
    (found,) = violations("GP902", tmp_path, plan)
    assert found.message == message
    assert found.severity is Severity.ERROR
    assert found.chosen is Severity.WARNING
    assert found.needs == (f"unknown-range:{found.address}",)


def test_what_the_source_leaves_to_the_provider_is_not_unknown(tmp_path: Path) -> None:
    source = 'resource "aws_security_group" "x" {\n  description = "x"\n}\n'
    folder = write(tmp_path, {f"{ROOT}/main.tf": source})
    plan = planned("aws_security_group", {"ingress": True}, description="x")
    assert breaches("GP902", folder, plan) == []
    write(folder, {f"{ROOT}/main.tf": source.replace("}", '  dynamic "ingress" {\n    for_each = []\n  }\n}')})
    assert "ingress.cidr_blocks is known only after apply" in breaches("GP902", folder, plan)


@pytest.mark.parametrize(
    ("plan", "needs"),
    [
        (eks("50.0.0.0/8"), ["public-range:50.0.0.0/8"]),
        (eks("50.1.2.3/8"), ["public-range:50.0.0.0/8"]),
        (eks("50.0.0.0/8", "51.0.0.0/8"), ["public-range:50.0.0.0/8", "public-range:51.0.0.0/8"]),
        (eks("203.0.0.0/15"), ["public-range:203.0.0.0/15"]),
        (eks("172.0.0.0/8"), ["public-range:172.0.0.0/8"]),
        (admits("0.0.0.0/1"), ["public-range:0.0.0.0/1"]),
        (gke([{"cidr_blocks": [{"cidr_block": "128.0.0.0/9"}]}]), ["public-range:128.0.0.0/9"]),
        (planned("google_compute_firewall", source_ranges=["2001::/31"]), ["public-range:2001::/31"]),
        (service(sources=["50.0.0.0/12"]), ["public-range:50.0.0.0/12"]),
        (cloud_sql("50.0.0.0/12"), ["public-range:50.0.0.0/12"]),
        (policy(Condition={"IpAddress": {"aws:SourceIp": "50.0.0.0/12"}}), ["public-range:50.0.0.0/12"]),
    ],
)
def test_wide_ranges_name_what_would_allow_them(tmp_path: Path, plan: dict[str, Any], needs: list[str]) -> None:
    found = violations("GP911", tmp_path, plan)
    assert [need for one in found for need in one.needs] == needs
    assert all(one.severity is Severity.ERROR and one.chosen is None for one in found)


def test_neighbours_are_the_range_that_they_are_together(tmp_path: Path) -> None:
    halves = ["50.0.0.0/16", "50.1.0.0/16"]
    (found,) = violations("GP911", tmp_path, eks(*halves))
    assert (
        found.message
        == "vpc_config.public_access_cidrs admits 50.0.0.0/15, 131,072 addresses, as 2 ranges side by side"
    )
    assert found.needs == ("public-range:50.0.0.0/16", "public-range:50.1.0.0/16")
    rules = (planned("aws_vpc_security_group_ingress_rule", None, f'x["{cidr}"]', cidr_ipv4=cidr) for cidr in halves)
    assert len(breaches("GP911", tmp_path, together(*rules))) == 1


def test_many_ranges_apart_from_each_other_add_up(tmp_path: Path) -> None:
    apart = [f"50.{number}.0.0/16" for number in range(0, 34, 2)]
    assert breaches("GP911", tmp_path, eks(*apart[:16])) == []
    (message,) = breaches("GP911", tmp_path, eks(*apart))
    assert message == "vpc_config.public_access_cidrs admits 17 ranges with more addresses together than a /12"


@pytest.mark.parametrize(
    "cidr", ["203.0.0.0/16", "10.0.0.0/8", "100.64.0.0/10", "192.168.0.0/16", "fd00::/8", "2001:db8::/32"]
)
def test_ranges_that_pass(tmp_path: Path, cidr: str) -> None:
    assert breaches("GP911", tmp_path, planned("google_compute_firewall", source_ranges=[cidr])) == []


def test_a_public_endpoint_that_is_off_admits_nobody(tmp_path: Path) -> None:
    assert breaches("GP911", tmp_path, eks("50.0.0.0/8", public=False)) == []


def test_ranges_of_the_two_versions_never_meet() -> None:
    four, six = ranges.network("0.0.0.0/0"), ranges.network("::/0")
    assert four is not None
    assert six is not None
    assert not ranges.within(four, six)
    assert not ranges.within(six, four)
