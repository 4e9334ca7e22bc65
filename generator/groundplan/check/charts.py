"""What is wrong with the charts of planned releases, and which of them nobody could look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan.charts.cache import Cache
from groundplan.charts.engine import INSTALL, Engine, EngineError, Proven, schemas_for
from groundplan.charts.find import Found, find
from groundplan.charts.records import read_records
from groundplan.charts.releases import Release, releases
from groundplan.charts.schemas import versions
from groundplan.charts.workloads import DOCKER_HUB, Container, containers
from groundplan.check.report import NotChecked
from groundplan.diagnostics import Diagnostic, Severity, bounded, named, shortened
from groundplan.environment.lock import Lock

_DECIDED = "cluster.version"
_NEWEST = "1.36"
"""What Helm 4.2 renders for where nothing else is known."""
_LONGEST = 400
_ASKED = (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))
"""What a container is to say: a limit of CPU slows it down and protects nobody."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding, and the root that plans its release."""

    root: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class ChartsResult:
    """What came of the charts of one folder."""

    found: tuple[Placed, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    proven: tuple[Proven, ...] = ()
    reason: str | None = None
    """Why none was looked at."""
    unproven: tuple[Placed, ...] = ()
    """Findings (GP828) for who asks for every chart to be proven."""


@dataclass(frozen=True, slots=True)
class Means:
    """What charts are rendered with, and where they are looked for beside the folder."""

    engine: Engine
    cache: Cache


def check_charts(folder: Path, plans: Mapping[str, Mapping[str, Any]], lock: Lock | None, means: Means) -> ChartsResult:
    """The charts of the releases that a folder plans, rendered for the cluster's version of Kubernetes.

    Raises DiagnosticsError for records that cannot be read.
    """
    if not plans:
        return ChartsResult(reason="no root has a plan")
    planned = releases(plans)
    if not planned:
        return ChartsResult(reason="no release of Helm is planned")
    records = read_records(folder)
    found = [find(release, folder, records, means.cache) for release in planned]
    at_hand = [one for one in found if one.path is not None]
    missing = [(one.release, one.reason) for one in found if one.path is None]
    version = version_of(lock)
    proven: list[Proven] = []
    why = "no chart is at hand"
    try:
        proven = means.engine.prove(at_hand, version)
    except EngineError as error:
        why = str(error)
        missing += [(one.release, why) for one in at_hand]
    placed = [*_problems(found), *(one for each in proven for one in _of_release(each))]
    unlooked = [*_missing(missing), *_unlooked(proven, version)]
    reason = None if proven else why
    return ChartsResult(tuple(placed), tuple(unlooked), tuple(proven), reason, tuple(_unproven(missing)))


def version_of(lock: Lock | None) -> str:
    """The minor version of Kubernetes that an environment has; the newest known for any other folder."""
    decided = [one.value for one in lock.decisions if one.path == _DECIDED] if lock else []
    known = [one for one in decided if one.startswith("1.") and one.removeprefix("1.").isdigit()]
    return known[0] if known else next(reversed(versions()), _NEWEST)


def _problems(found: Iterable[Found]) -> Iterator[Placed]:
    for one in found:
        if one.problem is not None:
            yield Placed(one.release.root, one.problem)


def _unproven(missing: Iterable[tuple[Release, str]]) -> Iterator[Placed]:
    for release, reason in missing:
        message = f"the chart of this release is not proven: {reason}"
        yield Placed(release.root, Diagnostic("GP828", message, address=release.address))


def _missing(missing: Sequence[tuple[Release, str]]) -> Iterator[NotChecked]:
    """A line for each reason."""
    for reason in dict.fromkeys(reason for _, reason in missing):
        names = [str(release.chart) or release.address for release, why in missing if why == reason]
        count = f"{len(names)} chart{'' if len(names) == 1 else 's'}"
        yield NotChecked(f"what {count} render{'s' if len(names) == 1 else ''}: {named(names)}", reason)


def _unlooked(proven: Sequence[Proven], version: str) -> Iterator[NotChecked]:
    objects = [one for each in proven for one in each.objects]
    kinds = sorted({f"{o.item['kind']} of {o.item['apiVersion']}" for o in objects if o.mistakes is None})
    if objects and not schemas_for(version):
        yield NotChecked("objects of charts against the schemas of Kubernetes", f"there are none here: {INSTALL}")
    elif kinds:
        yield NotChecked(
            f"objects of charts: {named(kinds)}", "no chart brings a schema of their kind that can be read"
        )
    if any(one.ignored is None and not one.error for one in proven):
        yield NotChecked("values that change nothing", f"the program of Helm takes too long for it: {INSTALL}")
    if asking := [path for one in proven for path in one.asking]:
        yield NotChecked(f"whether values change anything: {named(asking)}", "their templates ask the cluster")
    if unknown := [path for one in proven for path in one.unknown]:
        yield NotChecked(f"whether values change anything: {named(unknown)}", "it would take too long")


def _of_release(proven: Proven) -> list[Placed]:
    release = proven.found.release
    wrong = bounded([*_not_rendered(proven), *_mistakes(proven)])
    rest = [*bounded(_ignored(proven)), *bounded(_images(proven)), *bounded(_requests(proven))]
    return [Placed(release.root, one) for one in (*wrong, *rest)]


def _not_rendered(proven: Proven) -> Iterator[Diagnostic]:
    release = proven.found.release
    if proven.error:
        message = f"{_chart(release)} does not render: {shortened(proven.error, _LONGEST)}"
        yield Diagnostic("GP604", message, address=release.address)
    if proven.refused:
        message = f"{_chart(release)} refuses its values: {shortened(proven.refused, _LONGEST)}"
        yield Diagnostic("GP604", message, address=release.address)


def _mistakes(proven: Proven) -> Iterator[Diagnostic]:
    release = proven.found.release
    for one in proven.objects:
        for path, message in one.mistakes or ():
            where = f"{one.name}: {path}: " if path else f"{one.name}: "
            hint = f"rendered by {one.template}" if one.template else None
            text = f"{_chart(release)}: {where}{shortened(message, _LONGEST)}"
            yield Diagnostic("GP605", text, hint=hint, address=release.address)


def _ignored(proven: Proven) -> Iterator[Diagnostic]:
    release = proven.found.release
    for path in proven.ignored or ():
        message = f"{_chart(release)}: value `{path}` changes nothing that the chart renders"
        hint = "correct its name, or leave it out"
        yield Diagnostic("GP606", message, Severity.WARNING, hint=hint, address=release.address)


def _images(proven: Proven) -> Iterator[Diagnostic]:
    release = proven.found.release
    used = {one.image for _, one in _containers(proven)}
    for image in sorted(used, key=lambda image: image.reference):
        about = f"{_chart(release)}: image {shortened(image.reference)}"
        if image.no_longer_free:
            message = f"{about} is of a publisher whose images are no longer free to pull"
            yield Diagnostic("GP607", message, hint="name another image in the values", address=release.address)
        if not image.digest and image.tag in ("", "latest"):
            message = f"{about} has neither a digest nor a tag of a version"
            yield Diagnostic("GP607", message, hint="name its version in the values", address=release.address)
    if limited := sorted({one.reference for one in used if one.server == DOCKER_HUB}):
        message = f"{_chart(release)}: Docker Hub limits pulls without an account: {named(limited)}"
        yield Diagnostic("GP607", message, Severity.NOTE, address=release.address)


def _requests(proven: Proven) -> Iterator[Diagnostic]:
    release = proven.found.release
    for name, one in _containers(proven):
        asked = {"requests": one.requests, "limits": one.limits}
        missing = [f"{kind}.{what}" for kind, what in _ASKED if what not in asked[kind]]
        if missing:
            message = f"{_chart(release)}: container {one.name} of {name} says no {', '.join(missing)}"
            hint = "set them in the values: what is not asked for cannot be scheduled, nor counted"
            yield Diagnostic("GP608", message, Severity.WARNING, hint=hint, address=release.address)


def _containers(proven: Proven) -> Iterator[tuple[str, Container]]:
    for one in proven.objects:
        yield from ((one.name, container) for container in containers(one.item))


def _chart(release: Release) -> str:
    return str(release.chart) if release.local is None else release.name
