"""From plans to the entries of a change: one for each thing that a person would name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from groundplan.change.attribution import Attribution
from groundplan.change.avoid import avoidance
from groundplan.change.classify import Finding, Knowledge, classify
from groundplan.change.consequences import consequences
from groundplan.change.inside import Inside
from groundplan.change.lost_cluster import LostCluster
from groundplan.change.model import Edit, Entry, Kind
from groundplan.change.planned import Planned
from groundplan.change.reasons import Reasons
from groundplan.change.things import Ownership, name_of, noun_of, thing_of
from groundplan.change.wording import sentence, spoken

_WORST_FIRST = {kind: index for index, kind in enumerate(Kind)}
_BY_WEIGHT = (Kind.OPENS, Kind.COSTS)


@dataclass(frozen=True)
class Rehearsed:
    """The resources of all roots, and what is known of them."""

    planned: Sequence[Planned]
    attribution: Attribution
    known: Knowledge
    refused: frozenset[tuple[str, str]] = frozenset()
    """Root and address of what `prevent_destroy` keeps."""
    further: Sequence[Finding] = ()
    """What the plans do not show."""
    unplanned: Sequence[str] = ()
    """Roots of the lock of which nothing differs."""
    _parts: dict[tuple[str, str], list[Planned]] = field(default_factory=dict)

    @cached_property
    def _lost_cluster(self) -> LostCluster:
        return LostCluster(self._inside, self.attribution, self.unplanned)

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self.planned, self._parts, self.known, self._inside, self.refused, self.unplanned)

    @property
    def _every(self) -> Sequence[Edit]:
        return self.attribution.edits.every

    @cached_property
    def _ownership(self) -> Ownership:
        return Ownership(self.planned)

    @cached_property
    def _inside(self) -> Inside:
        return Inside(self.planned)

    def entries(self) -> list[Entry]:
        """The entries, in no order."""
        findings = [*(finding for one in self.planned for finding in self._findings(one)), *self.further]
        groups: dict[tuple[object, ...], list[Finding]] = {}
        for finding in self._together(findings):
            groups.setdefault(_alike(finding), []).append(finding)
        return [*(self._entry(group) for group in groups.values()), *self._lost_cluster.entries()]

    def goes_with_another(self, root: str, address: str) -> bool:
        """Whether the resource goes, and something that it is a part of goes too."""
        planned = self._by_address.get((root, address))
        return planned is not None and self._whole(planned) is not None

    @cached_property
    def _by_address(self) -> Mapping[tuple[str, str], Planned]:
        return {(one.root, one.address): one for one in self.planned}

    def _findings(self, planned: Planned) -> Iterator[Finding]:
        """What happens to a resource, unless it goes with another, of which it is a part then."""
        whole = self._whole(planned)
        if whole is None or self._outweighs(planned, whole):
            yield from classify(planned, self.known, stands=self._ownership.stands(planned))
        elif thing_of(planned.type).noun:
            self._parts.setdefault((whole.root, whole.address), []).append(planned)

    def _outweighs(self, part: Planned, whole: Planned) -> bool:
        """Whether the part holds data of its own, and the whole is not told as data that goes."""
        if self._inside.of(part) is not None or not _is_data(part, self.known):
            return False
        return not _is_data(whole, self.known)

    def _together(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings, those of one class about one resource that the same edits lead to as one."""
        groups: dict[tuple[object, ...], list[Finding]] = {}
        for finding in findings:
            planned = finding.planned
            edits = self.attribution.origin(planned.root, planned.address, finding.forced_by).edits
            groups.setdefault((planned.root, planned.address, finding.kind, *edits), []).append(finding)
        return (group[0] if len(group) == 1 else _joined(group) for group in groups.values())

    def _whole(self, planned: Planned) -> Planned | None:
        inside = self._inside.of(planned)
        if inside is not None:
            return inside
        return self._ownership.goes_with(planned) if planned.gone else None

    def _entry(self, group: Sequence[Finding]) -> Entry:
        first = group[0]
        origin = self.attribution.origin(first.planned.root, first.planned.address, first.forced_by)
        subjects = list({one.address: one for one in map(self._ownership.subject, [f.planned for f in group])}.values())
        rows = list(consequences(first.planned)) if first.planned.gone else []
        refusal = self._reasons.refusal(group)
        reasons = (
            refusal,
            first.reason,
            *(row.told(first.planned) for row in rows),
            *self._reasons.of(group, origin),
        )
        return Entry(
            kind=first.kind,
            what=sentence(noun_of(subjects[0].type), list(dict.fromkeys(map(name_of, subjects))), first.what),
            component=origin.component,
            root=first.planned.root,
            address=first.planned.replaced_by or first.planned.address,
            path=origin.path,
            edits=tuple(origin.edits),
            forced_by=first.forced_by,
            gone=any(one.planned.gone for one in group),
            interruption=max(one.interruption for one in group),
            reason="; ".join(filter(None, reasons)),
            stops=tuple(filter(None, (refusal, *(row.told(first.planned) for row in rows if row.stops)))),
            source="; ".join(dict.fromkeys(filter(None, (first.source, *(row.source for row in rows))))),
            avoid=avoidance(origin.edits, [row.avoid for row in rows if row.avoid], self._every),
        )


def _is_data(planned: Planned, known: Knowledge) -> bool:
    return any(finding.kind is Kind.DESTROYS_DATA for finding in classify(planned, known))


def _joined(group: Sequence[Finding]) -> Finding:
    whats = list(dict.fromkeys(one.what for one in group))
    return Finding(
        group[0].planned,
        group[0].kind,
        spoken(whats, len(whats)),
        max(one.interruption for one in group),
        tuple(dict.fromkeys(path for one in group for path in one.forced_by)),
        "; ".join(dict.fromkeys(one.reason for one in group if one.reason)),
        "; ".join(dict.fromkeys(one.source for one in group if one.source)),
    )


def _alike(finding: Finding) -> tuple[object, ...]:
    """What findings of one entry share; data is told apart thing by thing, as it is allowed."""
    planned = finding.planned
    own = planned.address if finding.kind is Kind.DESTROYS_DATA else ""
    there = (planned.root, planned.call, planned.type)
    return (*there, finding.kind, finding.what, finding.forced_by, finding.reason, own)


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """The worst first; of one class the longest interruption first, then as they stand in the environment.

    What is opened and what it costs comes as it is given, which is by weight.
    """
    return sorted(entries, key=_rank)


def _rank(entry: Entry) -> tuple[int, int, tuple[str, ...]]:
    place = () if entry.kind in _BY_WEIGHT else (entry.root, entry.path, entry.address, entry.what)
    return _WORST_FIRST[entry.kind], -entry.interruption, place
