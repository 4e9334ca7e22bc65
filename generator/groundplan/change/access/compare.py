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
"""Combinations times accesses that are compared for one access; more are not told."""

Left = Mapping[str, Sequence[Atom]]
"""By dimension, the values of an access that have a part in what is left of it."""


class TooMuchError(ValueError):
    """An access with more combinations than are compared."""


def left_of(access: Access, others: Sequence[Access]) -> Left | None:
    """What of the access is in none of the others; None when all is. Raises TooMuchError."""
    boxes = [other.box for other in others]
    if access.box in boxes:
        return None
    pieces = [_pieces(values, [dict(box).get(name, ()) for box in boxes]) for name, values in access.box]
    if prod(len(of) for of in pieces) * (len(boxes) + 1) > MOST_COMPARED:
        raise TooMuchError
    names = [name for name, _ in access.box]
    left = [combination for combination in product(*pieces) if not _allowed(names, combination, boxes)]
    if not left:
        return None
    return {name: list(dict.fromkeys(row[at][0] for row in left)) for at, name in enumerate(names)}


def conditions_gone(access: Access, others: Sequence[Access]) -> str:
    """The conditions that alone kept the access from being there; empty where more than that is new."""
    bare = _without_conditions(access.box)
    for other in others:
        if _allowed_whole(bare, _without_conditions(other.box)):
            asked, now = (dict(box).get("condition", ()) for box in (other.box, access.box))
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
