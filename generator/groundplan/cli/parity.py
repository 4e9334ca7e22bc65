"""`groundplan parity SPEC`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, Outcome, reports
from groundplan.clouds import CLOUDS
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.clouds.base import Cloud
    from groundplan.diagnostics import Diagnostic
    from groundplan.parity.report import Side
    from groundplan.spec.document import Document
    from groundplan.spec.elsewhere import Elsewhere


def _names(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names of clouds, each once; empty when none was given."""
    names = tuple(dict.fromkeys(name.strip() for name in value.split(","))) if value is not None else ()
    if unknown := [name for name in names if name not in CLOUDS]:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(map(repr, CLOUDS))}.")
    return names


@click.command()
@arguments.spec
@reports("markdown")
@click.option("--clouds", callback=_names, metavar="C,C...", help="Clouds to lay side by side.  [default: all]")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Region of one of the clouds, instead of the spec's own or the one nearest to that; may be given for each.",
)
def command(spec: Path, clouds: tuple[str, ...], regions: Sequence[str], console: Console) -> Outcome:
    """Lay a spec side by side on the clouds: what each gives, what differs, what it costs.

    The spec's own `cloud` block holds on its own cloud; on the others it is the nearest region. What a cloud cannot
    express is an error with its place, and the report is complete all the same. Exit code 1 when a cloud cannot
    express the spec, 2 when the spec itself is wrong.
    """
    from groundplan.components import components
    from groundplan.parity.compare import compare
    from groundplan.spec.load import load
    from groundplan.views import parity as view

    document = load(spec)
    own = own_cloud(document)
    sides = lay_out(document, spec, clouds or sorted(CLOUDS, key=lambda name: name != own), regions)
    report = compare(str(document.values.get("name", spec.stem)), document, sides, components())
    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.as_json(report),
        diagnostics=[d for side in sides for d in view.named(side)],
        exit_code=OK if report.complete else FINDINGS,
        documents={"markdown": lambda: view.markdown(report)},
    )


def lay_out(document: Document, path: Path, names: Sequence[str], regions: Sequence[str]) -> list[Side]:
    """The spec on each of the clouds; raises `DiagnosticsError` when it is wrong whatever the cloud."""
    from groundplan.app.pipeline import resolve_document
    from groundplan.clouds import find_cloud
    from groundplan.diagnostics import DiagnosticsError
    from groundplan.spec.elsewhere import HERE, Elsewhere, move

    own = own_cloud(document)
    if own is not None and own not in CLOUDS:
        resolve_document(document, path)  # which says so
    clouds = [cloud for name in names if (cloud := find_cloud(name))]
    chosen = _chosen(clouds, regions)
    if own in chosen:
        document = move(document, Elsewhere(region=chosen[own]))
    places = [HERE if cloud.name == own else Elsewhere(cloud.name, chosen.get(cloud.name)) for cloud in clouds]
    sides = [_side(document, path, cloud, place) for cloud, place in zip(clouds, places, strict=True)]
    if wrong := _wrong(document, own, sides):
        raise DiagnosticsError(wrong)
    return sides


def own_cloud(document: Document) -> str | None:
    """The cloud that the spec names; None when it names none."""
    said = document.values.get("cloud")
    provider = said.get("provider") if isinstance(said, dict) else None
    return provider if isinstance(provider, str) else None


def _chosen(clouds: Sequence[Cloud], regions: Sequence[str]) -> dict[str, str]:
    """Which of the regions belongs to which cloud; GP305 for one that none of them has."""
    from groundplan.diagnostics import Diagnostic, DiagnosticsError

    titles = " or ".join(cloud.title for cloud in clouds)
    unknown = [region for region in regions if not any(region in cloud.catalog.regions for cloud in clouds)]
    if problems := [Diagnostic("GP305", f"no region `{region}` in the {titles} tables") for region in unknown]:
        raise DiagnosticsError(problems)
    found: dict[str, str] = {}
    for cloud in clouds:
        here = list(dict.fromkeys(region for region in regions if region in cloud.catalog.regions))
        if len(here) > 1:
            raise click.UsageError(f"A cloud is laid out in one region; {cloud.title} got {', '.join(here)}.")
        if here:
            found[cloud.name] = here[0]
    return found


def _side(document: Document, path: Path, cloud: Cloud, elsewhere: Elsewhere) -> Side:
    """The spec on one cloud, in its own place or elsewhere."""
    from groundplan.app.pipeline import relocated, resolve_document
    from groundplan.diagnostics import DiagnosticsError
    from groundplan.parity.report import Side

    moved = bool(elsewhere)
    here = relocated(document, elsewhere) if moved else document
    place = here.values.get("cloud")
    said = place if isinstance(place, dict) else {}
    where = (cloud, str(said.get("region")), str(said.get("account")), moved)
    try:
        resolved = resolve_document(here, path)
    except DiagnosticsError as error:
        return Side(*where, None, None, _meant(error.diagnostics, moved))
    return Side(*where, resolved.stack, resolved.estimate(), _meant(resolved.notices, moved))


def _meant(found: Sequence[Diagnostic], moved: bool) -> tuple[Diagnostic, ...]:
    """Findings without the one about the example account of another cloud, which nobody wrote."""
    return tuple(finding for finding in found if not (moved and finding.code == "GP206"))


def _wrong(document: Document, own: str | None, sides: Sequence[Side]) -> Sequence[Diagnostic]:
    """What is wrong with the spec itself: with its own `cloud`, or with the rest wherever it is read."""
    from groundplan.diagnostics import DiagnosticsError, Severity
    from groundplan.spec.parse import parse

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
