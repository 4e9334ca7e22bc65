"""What of a spec is another value now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from groundplan.change.model import Edit
from groundplan.diagnostics import shortened
from groundplan.masking import masked
from groundplan.spec.document import Document, Path, dotted

MOST_EDITS = 500
"""Of one change; nobody reads on, and each is looked for in every entry."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another one now, and how it is told."""

    path: Path
    old: Any
    new: Any
    edit: Edit

    def applied(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the old spec with this one alone changed."""
        return _with(values, self.path, self.new)

    def undone(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the new spec without this one."""
        return _with(values, self.path, self.old)


def differences(before: Document | None, after: Document | None) -> tuple[Difference, ...]:
    """The edits in the order of the new spec, what is gone last; none where a side has no spec."""
    if before is None or after is None:
        return ()
    found = islice(_differences(before.values, after.values, ()), MOST_EDITS)
    told = [Difference(path, old, new, _edit(path, old, new, before, after)) for path, old, new in found]
    return tuple(sorted(told, key=lambda one: one.new is _ABSENT))


def _edit(path: Path, old: Any, new: Any, before: Document, after: Document) -> Edit:
    return Edit(dotted(path), _text(old), _text(new), (before if new is _ABSENT else after).place(path))


def _with(values: Mapping[str, Any], path: Path, new: Any) -> dict[str, Any]:
    """The values with another one at the path, or without it."""
    key, rest = str(path[0]), path[1:]
    others = {name: value for name, value in values.items() if name != key}
    if not rest:
        return others if new is _ABSENT else {**others, key: new}
    return {**others, key: _with(values[key], rest, new)}


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Where two values differ: at the innermost key that both have, or at the block that only one has."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*new, *old)):
            yield from _differences(old.get(key, _ABSENT), new.get(key, _ABSENT), (*path, key))
    elif type(old) is not type(new) or old != new:
        yield path, old, new


def _text(value: Any) -> str | None:
    """A value as one line of what YAML takes, its secrets hidden."""
    if value is _ABSENT:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shortened(masked(text))
