"""What a resource is imported by, and what of it needs no import or has none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_FIELD = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z_0-9]+))?(/)?\}")


@dataclass(frozen=True, slots=True)
class Imports:
    """The resource types of a provider."""

    forms: Mapping[str, tuple[str, ...]]
    """What a type is imported by, best first.

    `{id}` is the id that Terraform told, `{name}` an argument, `{block.name}` one of a block, and `{name/}` what
    follows an argument's last slash.
    """
    again: frozenset[str] = frozenset()
    """Made again is made once: creating one takes what is there."""
    never: Mapping[str, str] = field(default_factory=dict)
    """Those that have no import or one by what only the cloud knows, with what to do instead."""

    def and_those_of(self, other: Imports) -> Imports:
        """Both providers' types."""
        return Imports(
            {**self.forms, **other.forms}, self.again | other.again, {**dict(self.never), **dict(other.never)}
        )

    def forms_of(self, type_: str) -> tuple[str, ...]:
        """Its forms; the id alone for a type of which nothing is known."""
        return () if type_ in self.never else self.forms.get(type_, ("{id}",))


SHARED = Imports(
    {
        "helm_release": ("{namespace}/{name}",),
        **{
            f"kubernetes_{kind}": ("{id}", "{metadata.namespace}/{metadata.name}")
            for kind in (
                "config_map_v1",
                "deployment_v1",
                "horizontal_pod_autoscaler_v2",
                "ingress_v1",
                "limit_range_v1",
                "network_policy_v1",
                "pod_disruption_budget_v1",
                "resource_quota_v1",
                "service_account_v1",
                "service_v1",
            )
        },
        **{
            f"kubernetes_{kind}": ("{id}", "{metadata.name}")
            for kind in ("namespace_v1", "priority_class_v1", "storage_class_v1")
        },
    },
    again=frozenset({"kubernetes_annotations", "kubernetes_default_service_account_v1", "terraform_data"}),
)
"""Of Kubernetes, Helm and Terraform itself.

https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release#import
https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs, the section "Import" of each page; the one of
kubernetes_pod_disruption_budget_v1 is left out there, and its source passes the id through:
https://github.com/hashicorp/terraform-provider-kubernetes/blob/main/kubernetes/resource_kubernetes_pod_disruption_budget_v1.go
kubernetes_annotations has none and terraform_data is in no cloud.
"""


def import_id(forms: Sequence[str], values: Mapping[str, Any]) -> str:
    """The first form whose values are all known; empty where there is none."""
    for form in forms:
        if all(_value(values, found) for found in _FIELD.finditer(form)):
            return _FIELD.sub(lambda found: _value(values, found), form)
    return ""


def _value(values: Mapping[str, Any], found: re.Match[str]) -> str:
    name, inner, last = found.groups()
    value = values.get(name)
    if inner:
        block = value[0] if isinstance(value, list) and len(value) == 1 else value
        value = block.get(inner) if isinstance(block, dict) else None
    if not isinstance(value, str):
        return ""
    return value.rpartition("/")[2] if last else value
