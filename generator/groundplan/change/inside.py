"""What lives in a cluster goes with it, whatever the plan of its own root says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from groundplan.change.planned import Action, Planned
from groundplan.change.things import CLUSTER, NAMESPACE, has_claims, thing_of

_PROVIDERS = ("/kubernetes", "/helm")
"""Ends of the addresses of providers that reach into a cluster."""


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
        return (one for one in self.planned if has_claims(one) and self.of(one) is not None)

    def namespaces(self) -> Iterator[Planned]:
        """The namespaces in a cluster that goes."""
        return (one for one in self.planned if thing_of(one.type).noun == NAMESPACE and self.of(one) is not None)

    @property
    def uncertain(self) -> Sequence[Planned]:
        """The clusters that go where there are several, so that nobody can tell what is in which."""
        return [one for one in self._clusters if one.gone] if len(self._clusters) > 1 else []

    @cached_property
    def _clusters(self) -> Sequence[Planned]:
        there = (one for one in self.planned if one.action is not Action.CREATE)
        return [one for one in there if thing_of(one.type).noun == CLUSTER]

    @cached_property
    def lost(self) -> Planned | None:
        """The one cluster there is, if it goes; with several nobody can tell what is in which."""
        clusters = self._clusters
        return clusters[0] if len(clusters) == 1 and clusters[0].gone else None
