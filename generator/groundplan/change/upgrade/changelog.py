"""The lines of the changelog between two releases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundplan.change.upgrade.model import Line

_HEADING = re.compile(r"## (\d{1,6}(?:\.\d{1,6}){0,3})\b.*")
_RELEASE = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}(?!\d)")
_ITEM = "- "


def number(release: str) -> tuple[int, ...]:
    """The release to compare by; `()`, less than all, for what is none."""
    found = _RELEASE.match(release)
    return tuple(map(int, found[0].split("."))) if found else ()


def lines_between(text: str, before: str, after: str) -> tuple[Line, ...]:
    """What the changelog says of every release after `before` up to `after`, in its order."""
    low, high = number(before), number(after)
    return tuple(line for line in _lines(text) if low < number(line.release) <= high)


def _lines(text: str) -> Iterator[Line]:
    """Items of lists, each on one line."""
    release, item = "", ""
    for line in [*text.splitlines(), ""]:
        if item and not line.startswith("  "):
            yield Line(release, item)
            item = ""
        if found := _HEADING.fullmatch(line):
            release = found[1]
        elif release and line.startswith(_ITEM):
            item = line.removeprefix(_ITEM)
        elif item:
            item += f" {line.strip()}"
