"""A pattern of the tables laid over two states of one resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.terraform.effects.equality import canonical, same
from groundplan.terraform.effects.model import Path, Pattern
from groundplan.terraform.plugin.values import UNKNOWN, has_unknown, is_unknown


@dataclass(frozen=True, slots=True)
class Pair:
    """One place and what stands there on both sides; None where nothing does."""

    path: Path
    before: Any
    after: Any


def differing(pattern: Pattern, before: Any, after: Any, path: Path = ()) -> Iterator[Pair]:
    """The places that the pattern names and that are not the same on both sides.

    Elements of lists meet by index, of maps by key. Those of a set have no identity: one that is on one side only is
    a whole element gone or come, as providers see it, and its place is the set.
    """
    if not pattern or is_unknown(after):
        if not same(before, after):
            yield Pair(path, before, after)
        return
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        yield from _of_set(rest, _elements(before), _elements(after), path)
        return
    for key in _keys(before, after) if first == "*" else (first,):
        yield from differing(rest, _at(before, key), _at(after, key), (*path, key))


def values(pattern: Pattern, value: Any) -> Iterator[Any]:
    """What stands at the places that the pattern names in one state; UNKNOWN for what is below something unknown."""
    if not pattern or is_unknown(value):
        yield value
        return
    first, rest = pattern[0], pattern[1:]
    if first in ("*", "#"):
        for item in value.values() if isinstance(value, dict) else _elements(value):
            yield from values(rest, item)
    else:
        yield from values(rest, _at(value, first))


def _of_set(rest: Pattern, before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Pair]:
    gone, come = _without(before, after), _without(after, before)
    if not rest:
        if gone or come:
            yield Pair(path, before, after)
        return
    for item in gone:
        yield from (Pair(path, pair.before, pair.after) for pair in differing(rest, item, None))
    for item in come:
        shown = UNKNOWN if is_unknown(item) else item
        yield from (Pair(path, pair.before, pair.after) for pair in differing(rest, None, shown))


def _without(these: Sequence[Any], those: Sequence[Any]) -> list[Any]:
    """The elements of one set that the other one lacks; something unknown is none of the other's."""
    left = Counter(canonical(item) for item in those if not has_unknown(item))
    only = []
    for item in these:
        key = ("unknown",) if has_unknown(item) else canonical(item)
        if left[key]:
            left[key] -= 1
        else:
            only.append(item)
    return only


def _keys(before: Any, after: Any) -> list[str | int]:
    """Indexes or keys of both; the elements of one that is not there are none."""
    if isinstance(before, dict) or isinstance(after, dict):
        return sorted({*_names(before), *_names(after)})
    return list(range(max(len(_elements(before)), len(_elements(after)))))


def _names(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _elements(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _at(value: Any, key: str | int) -> Any:
    if isinstance(key, int):
        items = _elements(value)
        return items[key] if key < len(items) else None
    return value.get(key) if isinstance(value, dict) else None
