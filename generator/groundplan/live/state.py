"""What a state says of itself, and one that goes back to an earlier one.

Version 4 of the format has been the same since Terraform 0.12:
https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.reading import MalformedJSONError, parse_json

FORMAT = 4


@dataclass(frozen=True, slots=True)
class Output:
    """A value that a root hands out; `sensitive` ones are never shown."""

    value: Any
    sensitive: bool


@dataclass(frozen=True, slots=True)
class State:
    """A state of Terraform: which one, how often it was written, and what it holds."""

    lineage: str
    serial: int
    terraform: str
    resources: int
    outputs: Mapping[str, Output]
    fields: Mapping[str, Any]


def state_of(data: bytes) -> State | None:
    """The state that the text is; None for anything else, such as one that is encrypted."""
    try:
        found = parse_json(data.decode("utf-8"))
    except (MalformedJSONError, UnicodeDecodeError):
        return None
    if not isinstance(found, dict) or found.get("version") != FORMAT:
        return None
    lineage, serial, resources = found.get("lineage"), found.get("serial"), found.get("resources")
    if not isinstance(lineage, str) or type(serial) is not int or not isinstance(resources, list | None):
        return None
    count = sum(_instances(one) for one in resources or () if isinstance(one, dict) and one.get("mode") == "managed")
    version = found.get("terraform_version")
    return State(lineage, serial, version if isinstance(version, str) else "", count, _outputs(found), found)


def _instances(resource: Mapping[str, Any]) -> int:
    """How many a resource has, as plans and applies count them; one where it does not say."""
    instances = resource.get("instances")
    return len(instances) if isinstance(instances, list) else 1


def attributes(state: State) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Addresses of what there is, with its attributes: of a resource being replaced, those of the successor."""
    for one in state.fields.get("resources") or ():
        if one.get("mode") == "managed":
            base = ".".join(filter(None, (one.get("module"), one["type"], one["name"])))
            for instance in one.get("instances") or ():
                if "deposed" in instance:
                    continue
                key = instance.get("index_key")
                index = "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"
                yield f"{base}{index}", instance.get("attributes") or {}


def _outputs(found: Mapping[str, Any]) -> dict[str, Output]:
    outputs = found.get("outputs")
    if not isinstance(outputs, dict):
        return {}
    return {
        name: Output(one.get("value"), one.get("sensitive") is True)
        for name, one in outputs.items()
        if isinstance(one, dict)
    }


def gone_back(old: State, serial: int) -> bytes:
    """The old state with the serial, as Terraform writes it."""
    return (json.dumps({**old.fields, "serial": serial}, indent=2) + "\n").encode()
