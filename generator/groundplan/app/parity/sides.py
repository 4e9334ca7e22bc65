"""A spec on each of several clouds: resolved and priced there, or the reasons why it is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from groundplan.app.parity.report import Side
from groundplan.app.pipeline import resolve_document
from groundplan.app.target import OWN, Target, one_region_each, own_cloud, own_location, retarget
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.spec.document import Document
from groundplan.spec.parse import parse


def lay_out(document: Document, path: Path, names: Sequence[str], regions: Sequence[str]) -> list[Side]:
    """The spec on each of the clouds; raises `DiagnosticsError` when it is wrong whatever the cloud.

    `regions` are used on the clouds that have them; raises `AmbiguousTargetError` for two of one cloud.
    """
    own = own_cloud(document)
    if own is not None and own not in CLOUDS:
        resolve_document(document, path)  # which says so
    clouds = [cloud for name in names if (cloud := find_cloud(name))]
    chosen = one_region_each(clouds, regions)
    if own in chosen:
        document = retarget(document, Target(region=chosen[own]))
    targets = [OWN if cloud.name == own else Target(cloud.name, chosen.get(cloud.name)) for cloud in clouds]
    sides = [_side(document, path, cloud, target) for cloud, target in zip(clouds, targets, strict=True)]
    if wrong := _wrong(document, own, sides):
        raise DiagnosticsError(wrong)
    return sides


def _side(document: Document, path: Path, cloud: Cloud, target: Target) -> Side:
    """The spec on one cloud, in its own location or at the target."""
    retargeted = bool(target)
    there = retarget(document, target)
    location = own_location(there)
    where = (cloud, str(location.get("region")), str(location.get("account")), retargeted)
    try:
        resolved = resolve_document(there, path)
    except DiagnosticsError as error:
        return Side(*where, None, None, _meant(error.diagnostics, retargeted))
    return Side(*where, resolved.stack, resolved.estimate(), _meant(resolved.notices, retargeted))


def _meant(found: Sequence[Diagnostic], retargeted: bool) -> tuple[Diagnostic, ...]:
    """Findings without the one about the example account of another cloud, which nobody wrote."""
    return tuple(finding for finding in found if not (retargeted and finding.code == "GP206"))


def _wrong(document: Document, own: str | None, sides: Sequence[Side]) -> Sequence[Diagnostic]:
    """What is wrong with the spec itself: with its own `cloud`, or with the rest wherever it is read."""
    for side in sides:
        errors = [found for found in side.diagnostics if found.severity is Severity.ERROR]
        if side.cloud.name == own and any((found.path or "").startswith("cloud.") for found in errors):
            return side.diagnostics
    if any(side.stack for side in sides):
        return ()
    try:
        parse(document)
    except DiagnosticsError as error:
        return error.diagnostics if own else sides[0].diagnostics
    return ()
