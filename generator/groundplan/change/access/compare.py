"""Which part of an access no other access has allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from groundplan.change.access.atoms import Atom
from groundplan.change.access.conditions import Conditions
from groundplan.change.access.model import Access, Box

MOST_PIECES = 2_000
"""Of one dimension; more are not cut but compared whole."""
MOST_COMPARED = 200_000
"""Values that are held against others for one access; more are not told."""
MOST_IN_ALL = 1_000_000
"""Likewise for all accesses of a root: some seconds."""
MOST_EXPLAINED = 200
"""Other accesses in which the conditions are looked for that an access had."""

Left = Mapping[str, Sequence[Atom]]
"""By dimension, the values of an access that have a part in what is left of it."""


class TooMuchError(ValueError):
    """An access with more combinations than are compared."""


class Budget:
    """How much may be compared yet."""

    def __init__(self, most: int = MOST_IN_ALL) -> None:
        self._left = most

    def spend(self, count: int) -> None:
        """Takes it off; raises TooMuchError where it is too much for one access or in all."""
        if count > min(MOST_COMPARED, self._left):
            raise TooMuchError
        self._left -= count

    def start(self, count: int) -> None:
        """Raises TooMuchError where not even so many may be compared."""
        if count > self._left:
            raise TooMuchError


class Others:
    """Accesses that one is held against."""

    def __init__(self, accesses: Sequence[Access]) -> None:
        self.accesses = accesses
        self.boxes = list(dict.fromkeys(access.box for access in accesses))
        self._known = frozenset(self.boxes)
        self._by_name = [dict(box) for box in self.boxes]
        self._atoms = sum(len(atoms) for box in self.boxes for _, atoms in box)

    def left_of(self, access: Access, budget: Budget) -> Left | None:
        """What of the access is in none of them; None when all is. Raises TooMuchError."""
        if access.box in self._known:
            return None
        budget.start(self._atoms)
        pieces = [_pieces(values, [box.get(name, ()) for box in self._by_name]) for name, values in access.box]
        budget.spend(prod(len(of) for of in pieces) * (self._atoms + 1))
        names = [name for name, _ in access.box]
        left = [combination for combination in product(*pieces) if not _allowed(names, combination, self.boxes)]
        if not left:
            return None
        return {name: list(dict.fromkeys(row[at][0] for row in left)) for at, name in enumerate(names)}


def conditions_gone(access: Access, others: Others) -> str:
    """The conditions that alone kept the access from being there; empty where more than that is new."""
    bare = _without_conditions(access.box)
    for other in others.boxes[:MOST_EXPLAINED]:
        if _allowed_whole(bare, _without_conditions(other)):
            asked, now = (dict(box).get("condition", ()) for box in (other, access.box))
            gone = [str(one) for one in _missing(asked, now)]
            if gone:
                return "; ".join(gone[:2])
    return ""


def _pieces(values: Sequence[Atom], others: Sequence[Sequence[Atom]]) -> list[tuple[Atom, Atom]]:
    """Every value with its pieces."""
    cuts = [other for atoms in others for other in atoms]
    found = [(value, piece) for value in values for piece in value.split(cuts[:MOST_PIECES])]
    return found if len(found) <= MOST_PIECES else [(value, value) for value in values]


def _allowed(names: Sequence[str], combination: Sequence[tuple[Atom, Atom]], boxes: Sequence[Box]) -> bool:
    wanted = dict(zip(names, (piece for _, piece in combination), strict=True))
    return any(
        all(any(atom.covers(wanted[name]) for atom in atoms) for name, atoms in box if name in wanted) for box in boxes
    )


def _without_conditions(box: Box) -> Box:
    return tuple((name, atoms) for name, atoms in box if name != "condition")


def _allowed_whole(inner: Box, outer: Box) -> bool:
    other = dict(outer)
    return all(all(any(atom.covers(one) for atom in other.get(name, ())) for one in atoms) for name, atoms in inner)


def _missing(asked: Sequence[Atom], now: Sequence[Atom]) -> Iterator[object]:
    for before in asked:
        for after in now:
            if isinstance(before, Conditions) and isinstance(after, Conditions):
                yield from before.missing_in(after)
