"""The plan as checkov should see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.hcl.sources import strip_indexes


def without_computed(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with only those unknown values that the configuration sets.

    checkov takes an unknown value for a set one: right for `kms_key_id = aws_kms_key.this.arn` and wrong for what
    the provider fills in by itself, such as `instance_id` of a route through a gateway.
    """
    configured = dict(_configured(plan.get("configuration", {}).get("root_module", {}), ""))
    changes = [_pruned(change, configured) for change in plan.get("resource_changes", ())]
    return {**plan, "resource_changes": changes}


def _configured(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The arguments that the configuration sets, by address without indexes."""
    for resource in module.get("resources", ()):
        yield f"{prefix}{resource['address']}", frozenset(resource.get("expressions", ()))
    for name, call in module.get("module_calls", {}).items():
        yield from _configured(call.get("module", {}), f"{prefix}module.{name}.")


def _pruned(change: Mapping[str, Any], configured: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    arguments = configured.get(strip_indexes(change["address"]))
    unknown = change.get("change", {}).get("after_unknown")
    if arguments is None or not isinstance(unknown, dict):
        return dict(change)
    kept = {name: value for name, value in unknown.items() if name in arguments}
    return {**change, "change": {**change["change"], "after_unknown": kept}}
