"""Which plans leave open who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.access.given import given, leaves_open

VERSION = {"uid": True, "resource_version": True, "generation": True}


def plan(type_name: str, unknown: dict[str, Any], **after: Any) -> dict[str, Any]:
    change = {"after": after, "after_unknown": unknown}
    return {"resource_changes": [{"mode": "managed", "address": f"{type_name}.x", "type": type_name, "change": change}]}


@pytest.mark.parametrize(
    ("type_name", "unknown", "leaves"),
    [
        ("kubernetes_cluster_role_binding_v1", {"subject": [{"name": True}]}, True),
        ("kubernetes_role_binding", {"subject": [{}, {"namespace": True}]}, True),
        ("kubernetes_role_binding_v1", {"role_ref": [{"name": True}]}, True),
        ("kubernetes_role_binding_v1", {"subject": True}, True),
        ("kubernetes_role_v1", {"metadata": [{**VERSION, "name": True}]}, True),
        ("kubernetes_cluster_role", {"metadata": [{**VERSION, "name": True}]}, True),
        ("kubernetes_service_account_v1", {"metadata": [{**VERSION, "namespace": True}]}, True),
        ("kubernetes_role_v1", {"id": True, "metadata": [VERSION], "rule": [{"verbs": [False]}]}, False),
        ("kubernetes_role_binding_v1", {"metadata": [VERSION], "subject": [{"api_group": True}]}, False),
        ("google_service_account", {"email": True}, True),
        ("aws_eks_access_entry", {"user_name": True}, True),
        ("aws_eks_access_entry", {"kubernetes_groups": True}, True),
        ("kubernetes_namespace_v1", {"metadata": [{"name": True}]}, False),
    ],
)
def test_what_a_plan_leaves_open(type_name: str, unknown: dict[str, Any], leaves: bool) -> None:
    assert leaves_open(plan(type_name, unknown)) is leaves


def test_names_come_from_the_state_of_the_rehearsal() -> None:
    kind = "kubernetes_role_binding_v1"
    planned = plan(kind, {"subject": [{"name": True}]}, subject=[{"kind": "User"}])
    applied = {"kind": "User", "name": "job@acme"}
    instance = {"attributes": {"subject": [applied]}}
    state = {"resources": [{"mode": "managed", "type": kind, "name": "x", "instances": [instance]}]}
    [one] = given({".": planned}, {".": state})
    assert one.values["subject"] == [applied]
    [one] = given({".": planned}, {})
    assert one.values["subject"] == [{"kind": "User"}]
