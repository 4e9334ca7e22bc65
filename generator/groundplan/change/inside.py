"""What lives in a cluster goes with it, whatever the plan of its own root says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from groundplan.change.planned import Action, Planned, value_at
from groundplan.change.things import CLUSTER, thing_of

_PROVIDERS = ("/kubernetes", "/helm")
"""Ends of the addresses of providers that reach into a cluster."""
_CLAIMS = re.compile(r"volumeClaimTemplate|persistentVolume\b|storageSpec")
"""Words by which the values of a chart ask for a volume."""
_CLAIMING = ("kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1")
_OWN = ("metadata", 0, "namespace")
WITH_VOLUMES = frozenset({"monitoring"})
"""Components that keep what they know on volumes of the cluster."""


@dataclass(frozen=True)
class Inside:
    """The resources of all roots, of which some are in the cluster that they have."""

    planned: Sequence[Planned]

    def of(self, planned: Planned) -> Planned | None:
        """The cluster that goes and takes the resource with it; None for what is in none, or comes only now."""
        lost = self.lost
        if lost is None or not planned.provider.endswith(_PROVIDERS) or planned.action is Action.CREATE:
            return None
        return lost

    def volumes(self) -> Iterator[Planned]:
        """What asks for volumes in a cluster that goes."""
        return (one for one in self._claiming if self.of(one) is not None)

    def has_volumes(self, namespace: Planned) -> bool:
        """Whether something in the namespace asks for volumes."""
        name = value_at(namespace.before, ("metadata", 0, "name"))
        return any(name in (one.before.get("namespace"), value_at(one.before, _OWN)) for one in self._claiming)

    @cached_property
    def _claiming(self) -> Sequence[Planned]:
        return [
            one
            for one in self.planned
            if one.action is not Action.CREATE
            and (one.type in _CLAIMING or _CLAIMS.search(str(one.before.get("values", ""))))
        ]

    @cached_property
    def lost(self) -> Planned | None:
        """The one cluster there is, if it goes; with several nobody can tell what is in which."""
        there = (one for one in self.planned if one.action is not Action.CREATE)
        clusters = [one for one in there if thing_of(one.type).noun == CLUSTER]
        return clusters[0] if len(clusters) == 1 and clusters[0].gone else None
