"""What two names with wildcards have in common."""

from __future__ import annotations

from groundplan.change.access import globs
from groundplan.change.access.atoms import Glob


def meet(first: Glob, second: Glob) -> Glob | None:
    """A name for what is in both; None where nothing is. Where wildcards cross, part of it stands for the whole."""
    text = _texts(first.text, second.text)
    if text is None:
        return None
    left_out = tuple(sorted(one for one in {*first.but, *second.but} if globs.overlap(one, text)))
    if any(globs.covers(one, text) for one in left_out):
        return None
    shown = next((one.shown for one in (first, second) if one.text == text), "")
    return Glob(text, left_out, shown)


def _texts(first: str, second: str) -> str | None:
    if globs.covers(first, second):
        return second
    if globs.covers(second, first):
        return first
    if not globs.overlap(first, second):
        return None
    ends = max(_last(first), _last(second), key=len)
    return f"{max(_first(first), _first(second), key=len)}*{ends}"


def _first(text: str) -> str:
    return text.partition("*")[0].partition("?")[0]


def _last(text: str) -> str:
    return text.rpartition("*")[2].rpartition("?")[2]
