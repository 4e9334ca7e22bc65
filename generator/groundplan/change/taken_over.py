"""Rules that delete, on something that is imported: it holds what it holds, and nobody knows its rules so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundplan.change.classify import Finding
from groundplan.change.planned import Action, Planned, value_at, written
from groundplan.change.things import path_of, thing_of
from groundplan.change.weakened import expiring

_NAMES = ("id", "bucket", "name")


def taken_over(planned: Sequence[Planned]) -> Iterator[Finding]:
    """A finding for each rule that lets what is imported lose something after a time, or beyond a number.

    Where its rules were read it is judged like anything that is updated; one that is made beside it is not known.
    """
    imported = [one for one in planned if one.imported]
    for one in planned if imported else ():
        if one.assumed or (one.action is Action.CREATE and any(_is_part(one, whole) for whole in imported)):
            for row in expiring(one):
                reason = f"it is taken over, and nobody knows which rules it has so far; {row.reason}"
                what = f"perhaps {row.what}"
                yield Finding(one, row.kind, what, forced_by=(written(row.path),), reason=reason, source=row.source)


def _is_part(part: Planned, whole: Planned) -> bool:
    """Whether what is made is a part of the thing: by its name, else by its place in the module."""
    owners = [owner for owner in thing_of(part.type).owners if owner.type == whole.type]
    names = {value_at(whole.after, (name,)) for name in _NAMES} - {None}
    named = any(owner.argument and value_at(part.after, path_of(owner.argument)) in names for owner in owners)
    beside = (part.root, part.module, part.key, part.name) == (whole.root, whole.module, whole.key, whole.name)
    return named or (bool(owners) and beside)
