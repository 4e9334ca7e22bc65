"""Where two values of a resource differ, attribute by attribute, without what only the provider sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from groundplan.change.drift.schemas import step
from groundplan.change.planned import Path, written
from groundplan.diagnostics import shortened
from groundplan.masking import MASK, masked
from groundplan.reading import MalformedJSONError, parse_json
from groundplan.terraform.effects.equality import canonical, same

MOST_VALUES = 50
"""Attributes of one resource that are told."""
_DEPTH = 24
_LONGEST = 200
_ZEROS = (False, 0)
"""What providers say after a refresh where an argument was never given."""
UNKNOWN = "known after apply"


@dataclass(frozen=True, slots=True)
class Differing:
    """One attribute: its path, and the values on both sides."""

    path: Path
    before: Any
    after: Any

    @property
    def text(self) -> str:
        """As Terraform writes the path."""
        return written(self.path)


def differing(before: Mapping[str, Any], after: Mapping[str, Any], block: Mapping[str, Any]) -> list[Differing]:
    """The attributes that differ, as deep as both sides have the same shape; what the provider alone sets is left out.

    A tag that differs counts once, and not again among all tags with those of the provider.
    """
    found = list(islice(_of_block(before, after, block, ()), MOST_VALUES))
    tags = {one.path[1:] for one in found if one.path[0] == "tags"}
    return [one for one in found if one.path[0] != "tags_all" or one.path[1:] not in tags]


def _of_block(before: Any, after: Any, block: Mapping[str, Any], path: Path) -> Iterator[Differing]:
    for name in sorted({*before, *after}):
        inner, provider_alone, unordered = step(block, name)
        if not provider_alone:
            yield from _of(before.get(name), after.get(name), inner, (*path, name), unordered=unordered)


def _of(
    before: Any, after: Any, block: Mapping[str, Any], path: Path, *, unordered: bool = False
) -> Iterator[Differing]:
    if same(before, after) or (before is None and after in _ZEROS) or (unordered and _sorted(before) == _sorted(after)):
        return
    if len(path) > _DEPTH:
        yield Differing(path, before, after)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _of_block(before, after, block, path)
    elif _alike(before, after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _of(one, other, block, (*path, index))
    elif (documents := _documents(before, after)) is not None:
        yield from _of(*documents, {}, path)
    elif not _same_for_user(before, after, block):
        yield Differing(path, before, after)


def _alike(before: Any, after: Any) -> bool:
    """Whether two lists have their elements in the same places, as far as can be told."""
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return False
    return all(isinstance(one, dict | list) for one in (*before, *after))


def _same_for_user(before: Any, after: Any, block: Mapping[str, Any]) -> bool:
    """Whether lists of blocks differ in nothing but what the provider alone sets."""
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after) or not block:
        return False
    pairs = zip(before, after, strict=True)
    return all(isinstance(a, dict) and isinstance(b, dict) and not list(_of_block(a, b, block, ())) for a, b in pairs)


def _documents(before: Any, after: Any) -> tuple[Any, Any] | None:
    """Both texts as JSON documents, where they are such."""
    if not (isinstance(before, str) and isinstance(after, str) and before[:1] in "{[" and after[:1] in "{["):
        return None
    try:
        one, other = parse_json(before), parse_json(after)
    except (MalformedJSONError, RecursionError):
        return None
    return (one, other) if isinstance(one, dict | list) and isinstance(other, type(one)) else None


def _sorted(value: Any) -> Any:
    return sorted(map(repr, map(canonical, value))) if isinstance(value, list) else value


def at(value: Any, path: Path) -> Any:
    """What stands at a path, through texts that are JSON documents; None where it leads nowhere."""
    for part in path:
        if isinstance(value, str) and value[:1] in ("{", "["):
            value = _documents(value, value)
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part] if part < len(value) else None
        else:
            return None
    return value


def marked(marks: Any, path: Path) -> bool:
    """Whether something on the way to the path, or anything below it, has a mark."""
    for part in path:
        if marks is True:
            return True
        if isinstance(marks, dict):
            marks = marks.get(part)
        elif isinstance(marks, list) and isinstance(part, int):
            marks = marks[part] if part < len(marks) else None
        else:
            return False
    return _any(marks)


def _any(marks: Any) -> bool:
    if isinstance(marks, dict | list):
        return any(map(_any, marks.values() if isinstance(marks, dict) else marks))
    return marks is True


def shown(value: Any, *, hidden: bool) -> str:
    """A value in one line; `nothing` for none, a mask for what is sensitive."""
    if value in (None, [], {}):
        return "nothing"
    if hidden:
        return MASK
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shortened(masked(text), _LONGEST) or '""'
