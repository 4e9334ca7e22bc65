"""Whether the account has what a spec needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from groundplan import paths
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import locate, resolve_spec
from groundplan.app.progress import Progress
from groundplan.clouds.base import Cloud
from groundplan.compose.needs import needs_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.preflight.findings import diagnostics_of, unreachable
from groundplan.preflight.model import Preflight, Report, UnreachableError, examine
from groundplan.spec.document import Document
from groundplan.stack.layers import HOST


@dataclass(frozen=True, slots=True)
class Examination:
    """What a preflight found. `reached` is False when the account was to be asked and could not be."""

    report: Report
    reached: bool
    diagnostics: Sequence[Diagnostic]


def preflight(spec: Path, overrides: Overrides, now: datetime | None, progress: Progress) -> Examination:
    """What the account says to everything that the spec needs of it; without `now`, what there is to ask it.

    `now` is the time at which it is asked.
    """
    resolved = resolve_spec(spec, overrides=overrides)
    cloud, own = resolved.cloud, preflight_of(resolved.cloud)
    calls = [call for root in resolved.compose().roots if root.layer != HOST for call in root.calls]
    needs = needs_of(resolved.stack, cloud.catalog, calls, paths.MODULES)
    wanted = tuple(own.requirements(needs))
    report, problems = Report(needs, cloud.name, wanted, why="--offline was given"), list[Diagnostic]()
    if now is not None:
        try:
            with progress.step(f"asking {cloud.title}"):
                report = examine(own.connect(needs, now), needs, cloud.name, wanted)
        except UnreachableError as error:
            report, problems = replace(report, why=str(error)), [unreachable(error, "cloud")]
    found = _located([*problems, *diagnostics_of(report)], resolved.document)
    return Examination(report, not problems, [*resolved.notices, *found])


def _located(diagnostics: Sequence[Diagnostic], document: Document) -> list[Diagnostic]:
    """Pointing into the spec, those about a default that the spec does not write excepted."""
    written = {str(path[0]) for path in document.places if path}
    return [
        found if found.path is None or found.path.split(".")[0] not in written else locate([found], document)[0]
        for found in diagnostics
    ]


def preflight_of(cloud: Cloud) -> Preflight:
    """The preflight that stands beside the cloud; raises DiagnosticsError for a cloud without one."""
    module = cloud.extension("preflight")
    if module is None:
        message = f"groundplan cannot query {cloud.title} accounts"
        raise DiagnosticsError([Diagnostic("GP804", message, path="cloud.provider")])
    found: Preflight = module.PREFLIGHT
    return found
