"""A usage file to fill in: every resource of a plan with what its bill depends on and no plan says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from groundplan.clouds.usage_keys import UsageKey
from groundplan.cost.plan.usage import BY_ADDRESS, any_instance

_PLAIN = re.compile(r"[A-Za-z_][\w.*\[\]-]*", re.ASCII)
MOST_ADDRESSES = 1_000
"""In one template, instances of a resource counted once."""


def usage_template(asked: Mapping[str, Mapping[str, UsageKey]]) -> str:
    """YAML with the keys that were asked for, by address, each without a value; instances of a resource are one."""
    merged: dict[str, dict[str, UsageKey]] = {}
    for address, keys in asked.items():
        merged.setdefault(any_instance(address), {}).update(keys)
    lines = ["version: 0.1", f"{BY_ADDRESS}:" if merged else f"{BY_ADDRESS}: {{}}"]
    for address, keys in list(merged.items())[:MOST_ADDRESSES]:
        written = address if _PLAIN.fullmatch(address) else json.dumps(address)
        lines += [f"  {written}:", *_keys(keys)]
    if len(merged) > MOST_ADDRESSES:
        lines.append(f"  # and {len(merged) - MOST_ADDRESSES:,} more")
    return "\n".join(lines) + "\n"


def _keys(keys: Mapping[str, UsageKey]) -> Iterator[str]:
    """Keys below one address, nested where their names have dots."""
    before: tuple[str, ...] = ()
    for name in sorted(keys):
        *above, last = name.split(".")
        for depth, one in enumerate(above):
            if before[: depth + 1] != tuple(above[: depth + 1]):
                yield f"{'  ' * (depth + 2)}{one}:"
        before = tuple(above)
        yield f"{'  ' * (len(above) + 2)}{last}:  # {keys[name].unit}: {keys[name].says}"
