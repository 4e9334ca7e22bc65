"""What is to be said of an entry beyond its own facts: what goes with it, who uses it, what refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from groundplan.change.attribution import Origin
from groundplan.change.classify import Finding, Knowledge
from groundplan.change.consequences import consequences
from groundplan.change.inside import Inside
from groundplan.change.planned import Planned
from groundplan.change.things import name_of, noun_of, thing_of
from groundplan.change.wording import plural, spoken

Parts = Mapping[tuple[str, str], Sequence[Planned]]
"""By root and address of a thing, what goes with it."""

_KEY = "key"
_SYSTEM = ("node_pool", "cluster")
"""Component of the pool that the cluster itself needs, and the block that asks for it."""
_SYSTEM_POOL = "DNS, the autoscaler and the add-ons of the cluster run on it"
_REFUSED = "`prevent_destroy` refuses it: no apply does it as the configuration stands"
_MOST_KINDS = 8


@dataclass(frozen=True)
class Reasons:
    """The resources of all roots, seen from each that something happens to."""

    planned: Sequence[Planned]
    parts: Parts
    known: Knowledge
    inside: Inside
    refused: frozenset[tuple[str, str]] = frozenset()
    unplanned: Sequence[str] = ()

    def refusal(self, group: Sequence[Finding]) -> str:
        """That `prevent_destroy` stands in the way; empty where it does not."""
        there = [(finding.planned.root, finding.planned.address) for finding in group]
        return _REFUSED if any(one in self.refused for one in there) else ""

    def of(self, group: Sequence[Finding], origin: Origin) -> Iterator[str]:
        """A part of a sentence for each."""
        things = [finding.planned for finding in group]
        if (origin.component, origin.path) == _SYSTEM:
            yield _SYSTEM_POOL
        parts = [part for one in things for part in self.parts.get((one.root, one.address), ())]
        yield from _listed(parts)
        yield from self._follows(parts)
        yield from (words for one in things for words in self._users(one))
        if self.inside.lost in things:
            yield from (f"with it: all that {root} makes in it" for root in self.unplanned if root > things[0].root)

    def _follows(self, parts: Sequence[Planned]) -> Iterator[str]:
        """What follows from the end of data that goes with it, once of each kind."""
        told = set()
        for part in parts:
            loss = self.known.loss(part.type, part.before)
            for row in consequences(part) if loss is not None and loss.data else ():
                if row not in told:
                    yield f"{noun_of(part.type)} {name_of(part)}: {row.told(part)}"
                told.add(row)

    def _users(self, key: Planned) -> Iterator[str]:
        """What a key that goes encrypts."""
        if not _is_lost_key(key):
            return
        others = [one for name in _identities(key) for one in self._using.get(name, ()) if one is not key]
        users = dict.fromkeys(f"{noun_of(one.type)} {name_of(one)}" for one in others)
        if users:
            yield f"in use: {spoken(list(users))}"

    @cached_property
    def _using(self) -> Mapping[str, Sequence[Planned]]:
        """By name of a key that goes, the things whose arguments have it."""
        wanted = frozenset(name for one in self.planned if _is_lost_key(one) for name in _identities(one))
        found: dict[str, list[Planned]] = {}
        for one in self.planned if wanted else ():
            for name in sorted(_texts(one.before, wanted)) if thing_of(one.type).noun else ():
                found.setdefault(name, []).append(one)
        return found


def _is_lost_key(planned: Planned) -> bool:
    return planned.gone and thing_of(planned.type).noun == _KEY


def _identities(key: Planned) -> list[str]:
    return [value for name in ("id", "arn") if isinstance(value := key.before.get(name), str) and value]


def _listed(parts: Sequence[Planned]) -> Iterator[str]:
    """The parts by kind of thing."""
    named: dict[str, list[str]] = {}
    for part in parts:
        named.setdefault(noun_of(part.type), []).append(name_of(part))
    if named:
        yield "with it: " + spoken([_counted(noun, names) for noun, names in named.items()], _MOST_KINDS)


def _counted(noun: str, names: Sequence[str]) -> str:
    return f"{noun} {names[0]}" if len(names) == 1 else f"{len(names)} {plural(noun)}"


def _texts(values: object, wanted: frozenset[str]) -> set[str]:
    """Which of the texts are among the values, however deep they are nested."""
    found, front = set(), [values]
    while front:
        value = front.pop()
        if isinstance(value, dict | list):
            front.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and value in wanted:
            found.add(value)
    return found
