"""The resources of an environment: from plans, completed by states of an apply that was only rehearsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from groundplan.access.model import Given
from groundplan.change.access.values import is_unknown
from groundplan.terraform.settled import any_true, instances

READ = frozenset(
    {
        *("assume_role_policy", "arn", "attribute_condition", "attribute_mapping", "bucket", "condition"),
        *("crypto_key_id", "email", "member", "members", "name", "permissions", "permissions_boundary", "policy"),
        *("policy_arn", "principal_arn", "repository", "role", "role_arn", "secret_id", "service_account_id", "topic"),
        *("kubernetes_groups", "user_name"),
    }
)
"""Arguments that say who may do what."""
_PARTS = (
    *("metadata.name", "metadata.namespace", "role_ref.kind", "role_ref.name"),
    *("subject.kind", "subject.name", "subject.namespace"),
)
"""The same within blocks of which no plan knows everything, such as the version of an object."""
_IDENTITY = (
    *("aws_iam_", "aws_eks_access_", "aws_eks_pod_identity_", "aws_kms_key", "google_iam_", "google_service_account"),
    *("kubernetes_role", "kubernetes_cluster_role", "kubernetes_service_account"),
)
_GRANTS = ("_policy", "_iam_member", "_iam_binding", "_iam_policy", "_iam_custom_role")


def given(plans: Mapping[str, Mapping[str, Any]], states: Mapping[str, Mapping[str, Any]]) -> tuple[Given, ...]:
    """Every managed resource that stays or comes; what its plan leaves open is as in the state of its root."""
    return tuple(one for root, plan in plans.items() for one in _of(root, plan, states.get(root) or {}))


def leaves_open(plan: Mapping[str, Any]) -> bool:
    """Whether a plan tells not all of what says who may do what."""
    return any(
        _is_open(change["change"].get("after_unknown") or {})
        for change in plan.get("resource_changes", ())
        if change.get("mode") == "managed" and says_who(change["type"])
    )


def _is_open(unknown: Mapping[str, Any]) -> bool:
    return any(any_true(unknown.get(name)) for name in READ) or any(is_unknown(unknown, path) for path in _PARTS)


def says_who(type_name: str) -> bool:
    """Whether resources of a type let somebody do something, or are somebody."""
    return type_name.startswith(_IDENTITY) or type_name.endswith(_GRANTS)


def _of(root: str, plan: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[Given]:
    applied = dict(instances(state))
    for change in plan.get("resource_changes", ()):
        after = change["change"].get("after")
        if change.get("mode") == "managed" and isinstance(after, Mapping):
            address = change["address"]
            had, unknown = _set(applied.get(address, {})), change["change"].get("after_unknown") or {}
            told = {
                key: value for key, value in _set(after).items() if key not in had or not any_true(unknown.get(key))
            }
            yield Given(root, address, change["type"], {**had, **told})


def _set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def key_of(address: str) -> str:
    """The key of an instance: `a` of `aws_iam_role.this["a"]`; empty where there is none."""
    found = re.search(r'\["([^"\]]+)"\]$', address)
    return found[1] if found else ""


def pool_of(address: str) -> str:
    """The pool that a resource is of, as the spec calls it; empty where it is of none."""
    found = re.search(r"module\.pool_(\w+)\.", address)
    return found[1].replace("_", "-") if found else ""


def of_type(resources: Sequence[Given], *types: str) -> list[Given]:
    """Those of the types."""
    return [one for one in resources if one.type in types]


_CHOSEN = ("aws_kms_key", "aws_secretsmanager_secret")
"""Types whose ARNs have a part that the cloud picks."""


def symbols(resources: Sequence[Given]) -> Mapping[str, str]:
    """By a value that only an apply knows and a rehearsal has made up, what stands for it in Terraform."""
    found = of_type(resources, *_CHOSEN)
    return {str(one.values["arn"]): f"{one.address}.arn" for one in found if one.values.get("arn")}
