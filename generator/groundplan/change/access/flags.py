"""Arguments that let more in with one value than with another, from a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import filled, one_of, read_table
from groundplan.change.access.model import Attributes, Severity
from groundplan.change.access.values import at

_TABLES = files("groundplan.change.access") / "tables"
_COLUMNS = ("type", "path", "order", "absent", "owner", "severity", "sentence", "source")
_WORDS = ("given", "dropped", "up")
"""Orders beside lists of values: set where it was not, not set where it was, a larger number."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One argument of a type."""

    type: str
    path: str
    order: tuple[tuple[str, ...], ...]
    """Values from the tightest on, those that are alike together; empty for a word."""
    word: str
    absent: str
    """What it counts as where it is not set."""
    owner: str
    """The argument that names what it protects, which is open when the resource goes; empty where nothing is."""
    severity: Severity
    sentence: str
    source: str

    def loosened(self, before: Attributes | None, after: Attributes | None) -> bool:
        """Whether more is let in than before; a side without the resource is None."""
        if self.word == "up":
            return _largest(self._of(after)) > _largest(self._of(before)) and before is not None
        if self.word:
            had, has = (any(value != "" for value in self._of(side)) for side in (before, after))
            return has and not had if self.word == "given" else had and not has and after is not None
        return self.rank(after) > self.rank(before)

    def rank(self, values: Attributes | None) -> int:
        """How loose it is, of the loosest of several blocks; 0 without the resource and for what is not listed."""
        return max((self._place(value) for value in self._of(values)), default=0)

    def shown(self, values: Attributes | None) -> str:
        """The value as text."""
        return ", ".join(dict.fromkeys(_word(value) for value in self._of(values))) or "not set"

    def _of(self, values: Attributes | None) -> Sequence[object]:
        if values is None:
            return [self.absent] if self.owner and self.absent else []
        return at(values, self.path) or ([self.absent] if self.absent else [])

    def _place(self, value: object) -> int:
        return next((index for index, alike in enumerate(self.order) if _word(value) in alike), 0)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _largest(values: Sequence[object]) -> int:
    return max((int(_word(value)[:9]) for value in values if _word(value).isdecimal()), default=0)


def _flag(*cells: str) -> Flag:
    type_, path, order, absent, owner, severity, sentence, source = cells
    word = order if order in _WORDS else ""
    ranks = () if word else tuple(tuple(alike.split("|")) for alike in order.split(">"))
    if not word and len(ranks) < len(("tight", "loose")):
        raise ValueError(f"{order!r} is neither an order nor one of {', '.join(_WORDS)}")
    level = Severity[one_of(severity, tuple(one.name.lower() for one in Severity)).upper()]
    return Flag(type_, filled(path), ranks, word, absent, owner, level, filled(sentence), filled(source))


@cache
def flags() -> Mapping[str, Sequence[Flag]]:
    """The arguments by type."""
    found: dict[str, list[Flag]] = {}
    for _, row in read_table(_TABLES / "flags.csv", _COLUMNS, _flag):
        found.setdefault(row.type, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Sort:
    """What things of a type are called, where they let anybody in; else why they do not."""

    noun: str
    reason: str


def _sort(type_: str, noun: str, reason: str) -> tuple[str, Sort]:
    if bool(noun) == bool(reason):
        raise ValueError("a type either lets somebody in or has a reason why it does not")
    return filled(type_), Sort(noun, reason)


@cache
def sorts() -> Mapping[str, Sort]:
    """Every type that was looked at."""
    return dict(_sorts())


def _sorts() -> Iterator[tuple[str, Sort]]:
    yield from (row for _, row in read_table(_TABLES / "types.csv", ("type", "noun", "reason"), _sort))
