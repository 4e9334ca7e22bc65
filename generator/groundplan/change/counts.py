"""How many resources there are of each fate."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.change.model import Counts
from groundplan.change.planned import Action, Planned

_NAMES = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.REPLACE: "replaced",
    Action.DESTROY: "destroyed",
}


def counts(planned: Iterable[Planned]) -> Counts:
    """The resources by what happens to them; one that is moved is counted as such beside what else happens to it."""
    found: dict[str, int] = {}
    for one in planned:
        fates = [
            _NAMES.get(one.action),
            "moved" if one.previous_address else None,
            "imported" if one.imported else None,
            "forgotten" if one.forgotten else None,
        ]
        for fate in filter(None, fates):
            found[fate] = found.get(fate, 0) + 1
    return Counts(**found)
