"""The charts of a folder, and what a pull has done."""

from __future__ import annotations

from typing import Any

from groundplan.app.charts import Charts, Pulled
from groundplan.charts.find import Found
from groundplan.charts.releases import ChartName
from groundplan.escaping import for_text
from groundplan.views.tables import Column, table

_COLUMNS = (Column("release"), Column("chart"), Column("repository"), Column("archive"), Column("sha256"))
_DIGITS = 12


def text(charts: Charts, *, color: bool) -> str:
    """A row for each release."""
    if not charts.found:
        return "no releases of Helm\n"
    return table(_COLUMNS, [_row(charts, found) for found in charts.found], color=color)


def _row(charts: Charts, found: Found) -> tuple[str, ...]:
    release = found.release
    chart = str(release.chart) if release.local is None else "of this folder"
    archive = found.reason or found.origin.value
    return release.address, chart, release.chart.shown.repository, archive, _digest(charts, release.chart)[:_DIGITS]


def _digest(charts: Charts, name: ChartName) -> str:
    record = charts.records.get(name)
    return record.sha256 if record else ""


def as_json(charts: Charts) -> dict[str, Any]:
    """The releases, each with its chart and where that is."""
    return {
        "releases": [
            {
                "root": found.release.root,
                "address": found.release.address,
                "name": found.release.name,
                "namespace": found.release.namespace,
                **_name(found.release.chart),
                "archive": found.origin.value,
                "reason": found.reason or None,
                "sha256": _digest(charts, found.release.chart) or None,
            }
            for found in charts.found
        ]
    }


def pulled_text(pulled: Pulled) -> str:
    """A line for each chart and for each file of the folder."""
    lines = [f"fetched  {name} of {name.shown.repository}" for name in pulled.fetched]
    lines += [f"at hand  {name} of {name.shown.repository}" for name in pulled.at_hand]
    lines += [f"written  {name}" for name in pulled.written]
    lines += [f"removed  {name}" for name in pulled.removed]
    if not lines and not pulled.diagnostics:
        lines = ["no charts of a repository"]
    return "".join(f"{for_text(line)}\n" for line in lines)


def pulled_json(pulled: Pulled) -> dict[str, Any]:
    """The same as data."""
    return {
        "fetched": [_name(name) for name in pulled.fetched],
        "at_hand": [_name(name) for name in pulled.at_hand],
        "written": list(pulled.written),
        "removed": list(pulled.removed),
    }


def _name(name: ChartName) -> dict[str, str]:
    shown = name.shown
    return {"repository": shown.repository, "chart": shown.chart, "version": shown.version}
