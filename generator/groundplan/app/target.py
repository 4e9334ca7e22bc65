"""Where a spec is put: in which cloud, region and account, whatever it says itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundplan.clouds import find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, or_known
from groundplan.spec.document import Document

EVERYWHERE = "all"
"""The word for every region there is."""

Home = tuple[str, str]
"""Cloud and region that a spec names."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a caller sets in place of the spec's `cloud`; None keeps what the spec says."""

    provider: str | None = None
    region: str | None = None
    account: str | None = None

    def __bool__(self) -> bool:
        return any((self.provider, self.region, self.account))


OWN = Target()
"""What the spec itself says."""


@dataclass(frozen=True, slots=True)
class Location:
    """A region of a cloud, by names and by titles."""

    cloud: str
    region: str
    cloud_title: str
    region_title: str

    def __str__(self) -> str:
        return f"{self.cloud_title} {self.region}"

    @property
    def target(self) -> Target:
        """To put a spec there: in its own account where that is of this cloud, else in the cloud's example."""
        return Target(self.cloud, self.region)


class AmbiguousTargetError(Exception):
    """Several regions of a cloud where one is asked for; the text names them."""


def retarget(document: Document, target: Target) -> Document:
    """The spec at the target, everything but its `cloud` as it stands.

    On another cloud it is in the region nearest to its own, under an example account, unless the target says more.
    What is wrong with the target is reported at the spec's `cloud`.
    """
    if not target:
        return document
    own = own_location(document)
    cloud = find_cloud(target.provider) if target.provider else None
    if cloud is None or target.provider == own.get("provider"):
        return _with(document, target)
    home = find_cloud(str(own.get("provider")))
    point = home.catalog.coordinates.get(str(own.get("region"))) if home else None
    region = target.region or (cloud.catalog.nearest(point) if point else cloud.example_region)
    return _with(document, Target(cloud.name, region, target.account or cloud.account.example))


def own_location(document: Document) -> Mapping[str, Any]:
    """The spec's `cloud` as it is written, unchecked; empty where it is no mapping."""
    own = document.values.get("cloud")
    return own if isinstance(own, dict) else {}


def own_cloud(document: Document) -> str | None:
    """The cloud that the spec names; None when it names none."""
    provider = own_location(document).get("provider")
    return provider if isinstance(provider, str) else None


def choose_clouds(names: Sequence[str], known: Sequence[str], homes: Sequence[Home]) -> tuple[str, ...]:
    """The clouds of those names; without any, all: those of the specs first. Raises GP204 for one that there is not."""
    refuse_unknown(names, known, "cloud")
    return tuple(dict.fromkeys(names or [*(cloud for cloud, _ in homes), *known]))


def choose_locations(
    clouds: Sequence[Cloud], names: Sequence[str], homes: Sequence[Home], atlas: Sequence[Cloud]
) -> tuple[Location, ...]:
    """Regions of `clouds`: those named, `all`, or the specs' own.

    A cloud that none of them belongs to takes the regions nearest to them. `atlas` are the clouds whose regions may
    be named; raises GP305 for a region of none of them.
    """
    if EVERYWHERE in names:
        return tuple(_location(cloud, region) for cloud in clouds for region in cloud.catalog.regions)
    wanted = list(dict.fromkeys(names or [region for _, region in homes]))
    coordinates = {region: point for cloud in atlas for region, point in cloud.catalog.coordinates.items()}
    path = None if names else "cloud.region"
    problems = [_unknown_region(region, coordinates, path) for region in wanted if region not in coordinates]
    if problems:
        raise DiagnosticsError(problems)
    found = []
    for cloud in clouds:
        own = [region for region in wanted if region in cloud.catalog.regions]
        near = [cloud.catalog.nearest(coordinates[region]) for region in wanted]
        found += [_location(cloud, region) for region in dict.fromkeys(own or near)]
    return tuple(found)


def one_region_each(clouds: Sequence[Cloud], regions: Sequence[str]) -> dict[str, str]:
    """Which of the regions belongs to which cloud; GP305 for one that none of them has.

    Raises `AmbiguousTargetError` for two of the same cloud.
    """
    titles = " or ".join(cloud.title for cloud in clouds)
    unknown = [region for region in regions if not any(region in cloud.catalog.regions for cloud in clouds)]
    if problems := [Diagnostic("GP305", f"no region `{region}` in the {titles} tables") for region in unknown]:
        raise DiagnosticsError(problems)
    found: dict[str, str] = {}
    for cloud in clouds:
        here = list(dict.fromkeys(region for region in regions if region in cloud.catalog.regions))
        if len(here) > 1:
            raise AmbiguousTargetError(f"A cloud takes one region; {cloud.title} got {', '.join(here)}.")
        if here:
            found[cloud.name] = here[0]
    return found


def refuse_unknown(names: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raises GP204 for names that there are not."""
    problems = []
    for name in dict.fromkeys(names):
        if name not in known:
            problems.append(Diagnostic("GP204", f"no {what} `{name}`", hint=or_known(name, known)))
    if problems:
        raise DiagnosticsError(problems)


def _with(document: Document, target: Target) -> Document:
    own = document.values.get("cloud")
    if own is not None and not isinstance(own, dict):
        return document  # which `parse` will refuse
    wanted = {"provider": target.provider, "region": target.region, "account": target.account}
    cloud = {**(own or {}), **{key: value for key, value in wanted.items() if value is not None}}
    missing = [key for key in wanted if key not in cloud]
    if missing and own is None:
        hint = f"give {', '.join(f'--{key}' for key in missing if key != 'provider') or '--cloud'} as well"
        raise DiagnosticsError([Diagnostic("GP202", "the spec has no `cloud`", hint=hint, path="cloud")])
    changed = {("cloud", key) for key, value in wanted.items() if value is not None}
    places = {path: entry for path, entry in document.places.items() if path not in changed}
    return replace(document, values={**document.values, "cloud": cloud}, places=places)


def _unknown_region(region: str, known: Iterable[str], path: str | None) -> Diagnostic:
    hint = f"{or_known(region, sorted(known), cutoff=0.8)}, or `{EVERYWHERE}`"
    return Diagnostic("GP305", f"no region `{region}` in the tables", hint=hint, path=path)


def _location(cloud: Cloud, region: str) -> Location:
    return Location(cloud.name, region, cloud.title, cloud.catalog.regions[region].title)
