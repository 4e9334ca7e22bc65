"""Which of a release's values change nothing that its chart renders.

A leaf counts as ignored where another value in its place renders the same. Rendering once for each leaf would take
minutes, so most are shown to matter together: every text and number is made one of a kind, and what turns up in the
output is used. What does not is tried with the few templates that name its key, or one above; and what is left, in
groups.
"""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]
Path = tuple[str | int, ...]
Rendering = Callable[[Values], Mapping[str, str] | None]
"""Renders with values; None where that fails."""
Part = Callable[[tuple[str, ...]], Rendering | None]
"""Renders only the templates that speak of the keys, one below the other; None where there are none, or too many."""

_NUMBERS = 618_033
"""Where numbers that are one of a kind begin: six digits, which Helm prints as they are."""
_MOST_RENDERINGS = 12
"""Of the whole chart."""
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,}={0,2}")


def ignored(values: Values, whole: Values, render: Rendering, part: Part) -> tuple[list[Path], list[Path]]:
    """The leaves of `values` that change nothing, and those that nobody could look at within bounds.

    `whole` are the values over those of the chart, which is what is rendered.
    """
    before = _Before.of(render, whole)
    if before is None:
        return [], list(leaves(values))
    search = _Search(whole, before, _Bounded(render, _MOST_RENDERINGS))
    left = [leaf for leaf in search.unmarked(leaves(values)) if not search.matters_in_part(leaf, part)]
    found = search.without_effect(left)
    return sorted(found, key=str), sorted(search.unknown, key=str)


def leaves(values: Any, above: Path = ()) -> Iterator[Path]:
    """The paths to what is neither a map nor a list, and to empty ones."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(values, dict):
        items = values.items()
    elif isinstance(values, list):
        items = enumerate(values)
    inner = list(items)
    if not inner and above:
        yield above
    for key, value in inner:
        yield from leaves(value, (*above, key))


class _Bounded:
    def __init__(self, render: Rendering, most: int) -> None:
        self._render, self.left = render, most

    def __call__(self, values: Values) -> Mapping[str, str] | None:
        self.left -= 1
        return self._render(values)


@dataclass(frozen=True, slots=True)
class _Before:
    """What is rendered with the values as they are, but for lines that are another every time, such as passwords."""

    templates: Mapping[str, Sequence[str]]
    chance: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, render: Rendering, values: Values) -> _Before | None:
        """From two renderings; None where the chart does not render."""
        one, two = render(values), render(values)
        if one is None or two is None:
            return None
        lines = {name: text.splitlines() for name, text in one.items()}
        again = {name: text.splitlines() for name, text in two.items() if text != one.get(name)}
        pairs = ((name, enumerate(zip(lines.get(name, ()), other, strict=False))) for name, other in again.items())
        chance = {(name, number) for name, both in pairs for number, (old, new) in both if old != new}
        return cls(lines, frozenset(chance))

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(line for lines in self.templates.values() for line in lines)

    def differs(self, after: Mapping[str, str] | None) -> bool:
        """Whether that is something else; not to render at all is."""
        if after is None or after.keys() != self.templates.keys():
            return True
        return any(self._other(name, text.splitlines()) for name, text in after.items())

    def _other(self, name: str, lines: Sequence[str]) -> bool:
        mine = self.templates[name]
        if len(mine) != len(lines):
            return True
        both = enumerate(zip(mine, lines, strict=True))
        return any(old != new and (name, number) not in self.chance for number, (old, new) in both)


class _Search:
    def __init__(self, whole: Values, before: _Before, render: _Bounded) -> None:
        self._whole, self._before, self._render = whole, before, render
        self._text = _readable(before.text)
        self._parts: dict[tuple[str, ...], tuple[Rendering | None, _Before | None]] = {}
        self.unknown: list[Path] = []

    def unmarked(self, paths: Iterable[Path]) -> list[Path]:
        """Those that are not seen in what is rendered when each is one of a kind."""
        every = [path for path in paths if _is_there(self._whole, path)]
        marks = {path: mark for number, path in enumerate(every) if (mark := self._mark(path, number)) is not None}
        seen = self._seen(marks)
        return [path for path in every if path not in seen]

    def _mark(self, path: Path, number: int) -> str | int | None:
        value = _at(self._whole, path)
        if isinstance(value, str):
            return f"{value}zq{number}zq"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return _NUMBERS + number if is_number else None

    def _seen(self, marks: Mapping[Path, str | int]) -> set[Path]:
        """The paths whose marks turn up; where the chart refuses marks, each half by itself, to find which."""
        if not marks or self._render.left <= 0:
            return set()
        after = self._render(_with(self._whole, marks))
        if after is None:
            paths = list(marks)
            if len(paths) == 1:
                return set(paths)  # the chart reads it: it does not take this value
            halves = paths[: len(paths) // 2], paths[len(paths) // 2 :]
            return set().union(*(self._seen({path: marks[path] for path in half}) for half in halves))
        text = _readable("".join(after.values()))
        return {path for path, mark in marks.items() if _word_of(mark) in text and _word_of(mark) not in self._text}

    def matters_in_part(self, path: Path, part: Part) -> bool:
        """Whether another value changes what the templates that name its keys render by themselves."""
        changed = _with(self._whole, {path: _other(_at(self._whole, path))})
        return any(self._differs(keys, changed, part) for keys in _named(path))

    def _differs(self, keys: tuple[str, ...], changed: Values, part: Part) -> bool:
        if keys not in self._parts:
            render = part(keys)
            self._parts[keys] = render, self._part_before(render) if render else None
        render, before = self._parts[keys]
        after = render(changed) if render and before else None
        return before is not None and after is not None and before.differs(after)

    def _part_before(self, render: Rendering) -> _Before | None:
        """What a part renders with the values as they are; chance strikes the lines that it does in the whole."""
        found = render(self._whole)
        lines = {name: text.splitlines() for name, text in found.items()} if found is not None else None
        return _Before(lines, self._before.chance) if lines is not None else None

    def without_effect(self, paths: Sequence[Path]) -> list[Path]:
        """Those that change nothing even in the whole chart: together where they can be."""
        if not paths:
            return []
        if self._render.left <= 0:
            self.unknown += paths
            return []
        after = self._render(_with(self._whole, {path: _other(_at(self._whole, path)) for path in paths}))
        if not self._before.differs(after):
            return list(paths)
        if len(paths) == 1:
            return []
        middle = len(paths) // 2
        return [*self.without_effect(paths[:middle]), *self.without_effect(paths[middle:])]


def _named(path: Path) -> Iterator[tuple[str, ...]]:
    """What templates may call a leaf: its key with the one above, its key, and keys above, whose value they take whole.

    The first key comes along: it may be that of a dependency, whose templates do not have it.
    """
    keys = [key for key in path if isinstance(key, str)]
    for end in range(len(keys), 0, -1):
        if end > 1:
            yield keys[0], *keys[max(end - 2, 1 if end > 2 else 0) : end]
        yield keys[0], keys[end - 1]


def _other(value: Any) -> Any:
    """Something else of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return f"{value}zq"
    return {"zq": "zq"} if isinstance(value, dict) else ["zq"] if isinstance(value, list) else "zq"


def _readable(text: str) -> str:
    """What is rendered, and what stands in secrets."""
    return text + "".join(_decoded(found[0]) for found in _BASE64.finditer(text))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        return ""


def _word_of(mark: str | int) -> str:
    """What to look for: of a text the mark alone, since a chart may put the text into other letters or quotes."""
    found = re.search(r"zq\d+zq$", mark) if isinstance(mark, str) else None
    return found[0] if found else str(mark)


def _at(values: Any, path: Path) -> Any:
    for key in path:
        values = values[key]
    return values


def _is_there(values: Any, path: Path) -> bool:
    """Whether the values have it: a null takes a default away."""
    try:
        _at(values, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _with(values: Values, changes: Mapping[Path, Any]) -> Values:
    """The values with others in some places; what is on the way there is copied, once."""
    made = dict(values)
    copied: dict[Path, Any] = {(): made}
    for path, value in changes.items():
        for end in range(1, len(path)):
            above = path[:end]
            if above not in copied:
                copied[above] = copy.copy(_at(made, above))
                copied[above[:-1]][above[-1]] = copied[above]
        copied[path[:-1]][path[-1]] = value
    return made
