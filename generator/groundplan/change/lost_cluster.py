"""Data that goes with a cluster: the plan of a later root shows none of it, as its state stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundplan.change.attribution import Attribution
from groundplan.change.avoid import avoidance
from groundplan.change.inside import Inside
from groundplan.change.model import Entry, Kind
from groundplan.change.planned import Planned
from groundplan.change.things import CLUSTER, name_of, noun_of
from groundplan.change.wording import sentence

_EMPTY = "volumes are made anew, and are empty; disks of the old ones stay behind without an owner"
_NOT_WRITTEN = "what was made in it by hand or by a job is written down nowhere, claims of volumes among it"
_UNSEEN = "no plan tells what is in it"
_SEVERAL = "there are several clusters, and no plan tells what is in which"
_COPIED = "copy what is on volumes before, or make snapshots of their disks"


@dataclass(frozen=True)
class LostCluster:
    """A cluster that is replaced or destroyed, among the resources of all roots."""

    inside: Inside
    attribution: Attribution
    unplanned: Sequence[str]
    """Roots of the lock of which nothing differs."""

    def entries(self) -> Iterator[Entry]:
        """What is known to be in it; where nothing is, or nobody can tell of which cluster, that all in it goes."""
        lost = self.inside.lost
        known = list(self._known(lost)) if lost is not None else []
        yield from known
        if lost is not None and not known:
            yield self._all_of(lost, _UNSEEN)
        yield from (self._all_of(one, _SEVERAL) for one in self.inside.uncertain)

    def _all_of(self, lost: Planned, why: str) -> Entry:
        what = f"every claim of a volume in {CLUSTER} {name_of(lost)} goes with it"
        return self._entry(lost, lost.root, lost.address, what, f"{why}; {_EMPTY}")

    def _known(self, lost: Planned) -> Iterator[Entry]:
        """Volumes by the chart that asked for them, namespaces, and roots that are not planned."""
        for one in self.inside.volumes():
            what = f"volumes of {noun_of(one.type)} {name_of(one)} go with {CLUSTER} {name_of(lost)}"
            yield self._entry(lost, one.root, one.address, what, _EMPTY)
        names = list(dict.fromkeys(name_of(one) for one in self.inside.namespaces()))
        if names:
            what = sentence("namespace", names, f"goes with {CLUSTER} {name_of(lost)}")
            yield self._entry(lost, lost.root, lost.address, what, _NOT_WRITTEN)
        for root in self.unplanned:
            if root > lost.root:
                what = f"namespaces and volumes of {root} go with {CLUSTER} {name_of(lost)}"
                yield self._entry(lost, root, lost.address, what, f"{_NOT_WRITTEN}; {_EMPTY}")

    def _entry(self, lost: Planned, root: str, address: str, what: str, reason: str) -> Entry:
        cause, own = self.attribution.origin(lost.root, lost.address), self.attribution.origin(root, address)
        return Entry(
            kind=Kind.DESTROYS_DATA,
            what=what,
            component=own.component,
            root=root,
            address=address,
            path=own.path,
            edits=tuple(cause.edits),
            reason=reason,
            avoid=avoidance(cause.edits, [_COPIED], self.attribution.edits.every),
        )
