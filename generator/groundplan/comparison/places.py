"""Which regions to compare, and which ways of paying: what the caller names, or what lies nearest to the spec."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import cast

from groundplan.clouds.base import Cloud
from groundplan.comparison.model import CAPACITIES, Capacity, Place
from groundplan.diagnostics import Diagnostic, DiagnosticsError

EVERYWHERE = "all"
"""The word for every region there is."""

Home = tuple[str, str]
"""Cloud and region that a spec names."""


def choose_clouds(names: Sequence[str], known: Sequence[str], homes: Sequence[Home]) -> tuple[str, ...]:
    """The clouds of those names; without any, all: those of the specs first. Raises GP204 for one that there is not."""
    _refuse_unknown(names, known, "cloud")
    return tuple(dict.fromkeys(names or [*(cloud for cloud, _ in homes), *known]))


def choose_capacities(names: Sequence[str]) -> tuple[Capacity, ...]:
    """The ways of paying of those names; all without any. Raises GP204 for one that there is not."""
    _refuse_unknown(names, CAPACITIES, "capacity")
    return tuple(dict.fromkeys(cast(Sequence[Capacity], names) or CAPACITIES))


def choose_places(
    clouds: Sequence[Cloud], names: Sequence[str], homes: Sequence[Home], atlas: Sequence[Cloud]
) -> tuple[Place, ...]:
    """Regions of `clouds`: those named, `all`, or the specs' own.

    A cloud that none of them belongs to takes the regions nearest to them. `atlas` are the clouds whose regions may
    be named; raises GP305 for a region of none of them.
    """
    if EVERYWHERE in names:
        return tuple(_place(cloud, region) for cloud in clouds for region in cloud.catalog.regions)
    wanted = list(dict.fromkeys(names or [region for _, region in homes]))
    spots = {region: spot for cloud in atlas for region, spot in cloud.catalog.places.items()}
    path = None if names else "cloud.region"
    problems = [_unknown_region(region, spots, path) for region in wanted if region not in spots]
    if problems:
        raise DiagnosticsError(problems)
    found = []
    for cloud in clouds:
        own = [region for region in wanted if region in cloud.catalog.regions]
        near = [cloud.catalog.nearest(spots[region]) for region in wanted]
        found += [_place(cloud, region) for region in dict.fromkeys(own or near)]
    return tuple(found)


def _unknown_region(region: str, known: Iterable[str], path: str | None) -> Diagnostic:
    near = difflib.get_close_matches(region, sorted(known), n=1, cutoff=0.8)
    suggestion = f"did you mean `{near[0]}`? " if near else ""
    hint = f"{suggestion}known: {', '.join(sorted(known))}, or `{EVERYWHERE}`"
    return Diagnostic("GP305", f"no region `{region}` in the tables", hint=hint, path=path)


def _place(cloud: Cloud, region: str) -> Place:
    return Place(cloud.name, region, cloud.title, cloud.catalog.regions[region].title)


def _refuse_unknown(names: Sequence[str], known: Sequence[str], what: str) -> None:
    problems = []
    for name in dict.fromkeys(names):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            suggestion = f"did you mean `{near[0]}`? " if near else ""
            problems.append(Diagnostic("GP204", f"no {what} `{name}`", hint=f"{suggestion}known: {', '.join(known)}"))
    if problems:
        raise DiagnosticsError(problems)
