"""Attributes that show what other resources are, as the provider 5.100.0 gave them after a first apply."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.change.model import Kind
from tests.unit.change.test_drift import one, sorted_

GROUP, RULE = "aws_security_group.sg", "aws_vpc_security_group_ingress_rule.https"
BUCKET, VERSIONING = "aws_s3_bucket.b", "aws_s3_bucket_versioning.b"
ROLE, ATTACHED = "aws_iam_role.role", "aws_iam_role_policy_attachment.a"


def ingress(*ranges: str, port: int = 443) -> dict[str, Any]:
    empty: dict[str, Any] = {"ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": False}
    return {**empty, "cidr_blocks": [*ranges], "description": "", "from_port": port, "to_port": port, "protocol": "tcp"}


def beside(address: str, **values: Any) -> dict[str, Any]:
    return one(values, values, "no-op", address=address)


def rule() -> dict[str, Any]:
    ports = {"from_port": 443, "to_port": 443, "ip_protocol": "tcp"}
    return beside(RULE, security_group_id="sg-1", cidr_ipv4="10.0.0.0/16", cidr_ipv6=None, **ports)


@pytest.mark.parametrize(
    ("address", "was", "now", "other"),
    [
        (GROUP, {"id": "sg-1", "ingress": []}, {"id": "sg-1", "ingress": [ingress("10.0.0.0/16")]}, rule()),
        (
            BUCKET,
            {"bucket": "b", "versioning": [{"enabled": False}]},
            {"bucket": "b", "versioning": [{"enabled": True}]},
            beside(VERSIONING, bucket="b"),
        ),
        (
            ROLE,
            {"name": "r", "managed_policy_arns": []},
            {"name": "r", "managed_policy_arns": ["arn:p"]},
            beside(ATTACHED, role="r", policy_arn="arn:p"),
        ),
    ],
)
def test_what_another_resource_explains_is_no_drift(address: str, was: Any, now: Any, other: Any) -> None:
    drift, stays = one(was, now, "update", address=address), one(now, now, "no-op", address=address)
    assert not sorted_([drift], [stays, other]).drifted
    assert sorted_([drift], [stays]).drifted


def test_a_rule_that_somebody_added_is_told_alone() -> None:
    was = {"id": "sg-1", "name": "sg", "ingress": []}
    now = {**was, "ingress": [ingress("10.0.0.0/16"), ingress("0.0.0.0/0", port=22)]}
    drift, stays = one(was, now, "update", address=GROUP), one(now, now, "no-op", address=GROUP)
    [found] = sorted_([drift], [stays, rule()]).drifted
    [value] = found.values
    assert (value.path, "10.0.0.0/16" in value.now, "0.0.0.0/0" in value.now) == ("ingress", False, True)
    assert [entry.kind for entry in found.outside] == [Kind.OPENS]


@pytest.mark.parametrize("source", ["10.0.0.0/16", "10.0.0.0/8"])
def test_another_port_or_range_is_not_explained(source: str) -> None:
    was = {"id": "sg-1", "ingress": []}
    now = {**was, "ingress": [ingress(source, port=22 if source.endswith("16") else 443)]}
    drift, stays = one(was, now, "update", address=GROUP), one(now, now, "no-op", address=GROUP)
    assert sorted_([drift], [stays, rule()]).drifted


def test_an_attached_policy_that_no_resource_attaches_is_drift() -> None:
    was, now = {"name": "r", "managed_policy_arns": []}, {"name": "r", "managed_policy_arns": ["arn:p", "arn:admin"]}
    drift, stays = one(was, now, "update", address=ROLE), one(now, now, "no-op", address=ROLE)
    [found] = sorted_([drift], [stays, beside(ATTACHED, role="r", policy_arn="arn:p")]).drifted
    assert [value.now for value in found.values] == ['["arn:admin"]']


def test_what_was_never_given_and_has_its_zero_now_is_no_drift() -> None:
    address = "aws_s3_bucket_server_side_encryption_configuration.b"
    was, now = {"rule": [{"bucket_key_enabled": None}]}, {"rule": [{"bucket_key_enabled": False}]}
    drift, stays = one(was, now, "update", address=address), one(now, now, "no-op", address=address)
    assert not sorted_([drift], [stays]).drifted
