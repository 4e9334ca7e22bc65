"""What goes under one key of its `for_each` and comes under another is replaced, whatever the plan calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from groundplan.change.attribution import names_it
from groundplan.change.planned import Action, Planned


def rekeyed(planned: Iterable[Planned], named: Collection[str] = ()) -> Iterator[Planned]:
    """The same resources in their order, those that only change their key as replaced, and not also made.

    `named` are paths of the spec that came or went as a whole: what has their name goes or comes as such.
    """
    every = list(planned)
    taken: dict[tuple[str, str], Planned] = {}
    come: set[tuple[str, str]] = set()
    for old, new in _pairs(every, named):
        taken[old.root, old.address] = _replaced(old, new)
        come.add((new.root, new.address))
    for one in every:
        if (one.root, one.address) not in come:
            yield taken.get((one.root, one.address), one)


def _pairs(planned: Iterable[Planned], named: Collection[str]) -> Iterator[tuple[Planned, Planned]]:
    """What goes and what comes of one resource, in the order of their addresses, as many as there are of both."""
    resources: dict[tuple[str, ...], tuple[list[Planned], list[Planned]]] = defaultdict(lambda: ([], []))
    for one in planned:
        if one.action in (Action.DESTROY, Action.CREATE) and one.key is not None and not _is_named(one, named):
            came = one.action is Action.CREATE
            resources[one.root, one.module, one.type, one.name][came].append(one)
    for gone, come in resources.values():
        yield from zip(
            sorted(gone, key=lambda one: one.address), sorted(come, key=lambda one: one.address), strict=False
        )


def _is_named(planned: Planned, named: Collection[str]) -> bool:
    return any(names_it(word, path) for path in named for word in str(planned.key).split("/"))


def _replaced(old: Planned, new: Planned) -> Planned:
    return replace(
        old, action=Action.REPLACE, after=new.after, unknown=new.unknown, replaced_by=new.address, provider=new.provider
    )
