"""What an access is made of: names with wildcards, ranges of addresses, ports, conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from groundplan.change.access import globs
from groundplan.ranges import Network, network, wide, within

MOST_PIECES = 500
"""Into which a range is cut; one that would have more stays whole."""
EVERYTHING = "everything"


class Atom(Protocol):
    """One value of a dimension of an access."""

    def covers(self, other: Atom) -> bool:
        """Whether all that the other stands for is in this one."""

    def split(self, others: Iterable[Atom]) -> Iterable[Atom]:
        """Pieces of this one, of which each is within each of the others or apart from it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A value that is not cut into pieces."""

    def covers(self, other: Atom) -> bool:
        """Whether the other is the same."""
        return self == other

    def split(self, others: Iterable[Atom]) -> Iterable[Atom]:
        """Itself."""
        return (self,)


@dataclass(frozen=True, slots=True)
class Everyone(Whole):
    """Whoever or whatever there is."""

    def covers(self, other: Atom) -> bool:
        """Always."""
        return True

    def __str__(self) -> str:
        return EVERYTHING


@dataclass(frozen=True, slots=True)
class Glob(Whole):
    """A name with wildcards; `but` are those that it does not stand for."""

    text: str
    but: tuple[str, ...] = ()
    shown: str = field(default="", compare=False)
    """As it was written, where capitals make no difference."""

    def covers(self, other: Atom) -> bool:
        """Whether all names of the other are among these."""
        if not isinstance(other, Glob) or not globs.covers(self.text, other.text):
            return False
        return all(
            any(globs.covers(gone, left_out) for gone in other.but) or not globs.overlap(left_out, other.text)
            for left_out in self.but
        )

    def __str__(self) -> str:
        if not self.but:
            return EVERYTHING if self.text == "*" else self.shown or self.text
        return f"everything but {', '.join(self.but[:3])}" + (", …" if len(self.but) > 3 else "")


@dataclass(frozen=True, slots=True)
class Net(Whole):
    """A range of addresses."""

    range: Network

    def covers(self, other: Atom) -> bool:
        """Whether all addresses of the other are among these."""
        return isinstance(other, Net) and within(other.range, self.range)

    def split(self, others: Iterable[Atom]) -> Iterable[Atom]:
        """The parts that ranges inside of it leave, and those ranges."""
        pieces = [self.range]
        for other in others:
            if len(pieces) > MOST_PIECES:
                return (self,)
            if isinstance(other, Net) and other.range != self.range and within(other.range, self.range):
                pieces = [part for piece in pieces for part in _cut(piece, other.range)]
        return [Net(piece) for piece in pieces]

    def __str__(self) -> str:
        return f"{self.range} (every address)" if self.range.prefixlen == 0 else str(self.range)


@dataclass(frozen=True, slots=True)
class Ports(Whole):
    """Ports from the first to the last, of a protocol in lower case; `all` is every protocol."""

    protocol: str
    first: int = 0
    last: int = 65535

    def covers(self, other: Atom) -> bool:
        """Whether all ports of the other are among these."""
        if not isinstance(other, Ports) or self.protocol not in ("all", other.protocol):
            return False
        return self.protocol == "all" or (self.first <= other.first and other.last <= self.last)

    def split(self, others: Iterable[Atom]) -> Iterable[Atom]:
        """The parts between the ends of the others."""
        alike = [one for one in others if isinstance(one, Ports) and one.protocol == self.protocol]
        cuts = {one.first for one in alike} | {one.last + 1 for one in alike}
        starts = sorted({self.first} | {cut for cut in cuts if self.first < cut <= self.last})
        ends = [*(start - 1 for start in starts[1:]), self.last]
        return [Ports(self.protocol, start, end) for start, end in zip(starts, ends, strict=True)]

    def __str__(self) -> str:
        if self.protocol == "all":
            return "every port"
        if (self.first, self.last) == (0, 65535):
            return f"every port of {self.protocol}"
        return f"{self.protocol} {self.first}" + (f" to {self.last}" if self.last != self.first else "")


@dataclass(frozen=True, slots=True)
class Reach(Whole):
    """From where something is reached at all, whatever ranges may."""

    internet: bool

    def covers(self, other: Atom) -> bool:
        """Whether it is reached from there too: on the internet, also from within."""
        return isinstance(other, Reach) and (self.internet or not other.internet)

    def __str__(self) -> str:
        return "on the internet" if self.internet else "within its network"


def _cut(whole: Network, part: Network) -> list[Network]:
    if not within(part, whole):
        return [whole]
    return [part, *whole.address_exclude(part)]  # type: ignore[arg-type]


def whole_internet() -> tuple[Atom, ...]:
    """The range of all addresses."""
    found = network("0.0.0.0/0")
    return (Net(found),) if found is not None else ()


def source(text: object) -> Atom:
    """A range where it is one, else the name that it is."""
    found = network(text) if isinstance(text, str) else None
    return Net(found) if found is not None else Glob(str(text))


def open_to_all(atom: Atom) -> bool:
    """Whether it is a range of more of the internet than one organisation holds."""
    return isinstance(atom, Net) and wide(atom.range)
