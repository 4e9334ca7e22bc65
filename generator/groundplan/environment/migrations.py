"""Locks of an earlier format, read as the present one: a step for each `format_version` that was written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan.reading import MalformedJSONError, parse_json
from groundplan.spec.migrations import Step, climb

STEPS: Mapping[str, Step[dict[str, Any]]] = {}
"""By the `format_version` that they begin from. A field with a default needs none."""


def migrated(data: bytes) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The values of a lock in the present format, and what was changed; None for one that no step begins from."""
    try:
        values = parse_json(data.decode())
        if not isinstance(values, dict):
            return None
        made, version, words = climb(values, values.get("format_version"), STEPS)
    except (MalformedJSONError, ValueError):
        return None
    return ({**made, "format_version": version}, words) if words else None
