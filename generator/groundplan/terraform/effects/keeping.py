"""Blocks that stay as they are when a configuration leaves them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from groundplan.terraform.effects.model import Pattern

CLEARED = "cleared"
"""It stays, but its arguments are those of a block in which nothing is set."""


def keep_blocks(kept: Mapping[Pattern, str], prior: Any, proposed: Any) -> None:
    """Puts the blocks at the patterns back into the proposed state where it has none of them; outer ones first."""
    for pattern in sorted(kept, key=len):
        for before, after in _holders(pattern[:-1], prior, proposed):
            name = pattern[-1]
            if after.get(name) in (None, []) and before.get(name):
                after[name] = _cleared(before[name]) if kept[pattern] == CLEARED else deepcopy(before[name])


def _cleared(value: Any) -> Any:
    if isinstance(value, list):
        return [_cleared(item) for item in value]
    if isinstance(value, dict):
        return {name: [] if isinstance(item, list) else None for name, item in value.items()}
    return value


def _holders(pattern: Pattern, prior: Any, proposed: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The objects at a pattern on both sides; elements of lists by index, none below a set."""
    if not pattern:
        if isinstance(prior, dict) and isinstance(proposed, dict):
            yield prior, proposed
    elif pattern[0] == "*":
        if isinstance(prior, list) and isinstance(proposed, list):
            for before, after in zip(prior, proposed, strict=False):
                yield from _holders(pattern[1:], before, after)
    elif isinstance(prior, dict) and isinstance(proposed, dict):
        yield from _holders(pattern[1:], prior.get(pattern[0]), proposed.get(pattern[0]))
