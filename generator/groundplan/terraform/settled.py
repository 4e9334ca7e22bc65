"""What a plan leaves open, told by the state after its apply: what turned out as it was is no change.

A data source that waits for something else to change leaves everything that is made of it unknown, such as policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def settle(plan: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Takes over into the updates of a plan what they left open and the state has as it was before.

    What differs stays open: its new value is made up.
    """
    applied = dict(instances(state))
    for one in plan.get("resource_changes", ()):
        change = one["change"]
        if change["actions"] == ["update"] and one["address"] in applied:
            _settle(change, applied[one["address"]])


def _settle(change: dict[str, Any], applied: Mapping[str, Any]) -> None:
    unknown, after = dict(change.get("after_unknown") or {}), dict(change["after"])
    for name in [name for name, value in unknown.items() if any_true(value)]:
        if name in applied and applied[name] == change["before"].get(name):
            after[name] = applied[name]
            del unknown[name]
    change |= {"after": after, "after_unknown": unknown}
    if after == change["before"] and not any_true(unknown):
        change["actions"] = ["no-op"]


def any_true(value: Any) -> bool:
    """Whether something in a value of `after_unknown` is true."""
    if isinstance(value, dict | list):
        return any(map(any_true, value.values() if isinstance(value, dict) else value))
    return bool(value)


def instances(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Attributes by address."""
    for resource in state.get("resources", ()):
        module = f"{resource['module']}." if "module" in resource else ""
        for instance in resource.get("instances", ()):
            if resource.get("mode") == "managed" and "deposed" not in instance:
                key = f"[{json.dumps(instance['index_key'], ensure_ascii=False)}]" if "index_key" in instance else ""
                yield f"{module}{resource['type']}.{resource['name']}{key}", instance.get("attributes") or {}
