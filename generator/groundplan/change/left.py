"""What stays in the cloud and is only given up by Terraform, where no estimate tells that it is still paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from groundplan.change.attribution import Attribution
from groundplan.change.classify import Knowledge, stays
from groundplan.change.model import Entry, Kind
from groundplan.change.planned import Action, Planned
from groundplan.change.things import name_of, noun_of, thing_of

_REASON = "what it holds is kept, and billed as before"
_README = "; the README of the environment says how it is deleted for good"
_NAMES = " left behind and still paid"
"""What follows the names of an entry about costs."""


def left_behind(
    planned: Iterable[Planned], attribution: Attribution, known: Knowledge, costs: Sequence[Entry]
) -> Iterator[Entry]:
    """An entry for each thing that holds data and is forgotten, unless one about costs names it already."""
    told = {name for entry in costs for name in _named(entry)}
    after = attribution.after
    listed = {one.asset.name for one in after.left} if after else set()
    for one in planned:
        loss = known.loss(one.type, one.before)
        given_up = one.forgotten or (one.action is Action.DESTROY and stays(one))
        if not given_up or loss is None or not loss.data or not thing_of(one.type).noun:
            continue
        name = name_of(one)
        if name not in told:
            origin = attribution.origin(one.root, one.previous_address or one.address)
            what = f"{noun_of(one.type)} {name} stays, no longer managed"
            yield Entry(
                Kind.COSTS,
                what,
                origin.component,
                one.root,
                one.address,
                origin.path,
                tuple(origin.edits),
                reason=_REASON + _README * (name in listed),
            )


def _named(entry: Entry) -> list[str]:
    """The names in front of an entry about what is left behind, each after the kind of thing it is."""
    things, behind, _ = entry.what.partition(_NAMES)
    found = things.removesuffix(" are").removesuffix(" is").split(", ") if behind else []
    return [thing.partition(" ")[2] for thing in found]
