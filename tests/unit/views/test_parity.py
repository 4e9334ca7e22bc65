"""How a parity report looks: as text of 120 columns, as Markdown of a pull request, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.app.blueprints import blueprints
from groundplan.app.parity.report import ParityReport
from groundplan.views import parity as view
from groundplan.views.parity.content import WIDTH
from tests.conftest import Golden
from tests.unit.app.parity.sides import laid_out, of_blueprint, pools

GOLDEN = Path(__file__).parent / "parity"
ONE_CANNOT = {**pools(gpu={"type": "a10g"}), "owner": "ML Platform"}


@pytest.fixture(scope="module")
def report() -> ParityReport:
    return with_few_unused(without_paths(of_blueprint("gpu-training")))


UNUSED = ("load_balancer", "pod_monitoring")


def with_few_unused(report: ParityReport) -> ParityReport:
    """The same, with these two of the components that it has no use for: a further one rewrites no golden."""
    return replace(report, components=tuple(c for c in report.components if c.used or c.name in UNUSED))


def without_paths(report: ParityReport) -> ParityReport:
    """The same, with the file of each place as its name alone: tests run from any folder."""
    sides = [
        replace(
            side,
            diagnostics=tuple(
                replace(found, place=replace(found.place, file=Path(found.place.file).name)) if found.place else found
                for found in side.diagnostics
            ),
        )
        for side in report.sides
    ]
    settings = [
        replace(setting, places=tuple(Path(place).name for place in setting.places)) for setting in report.settings
    ]
    return replace(report, sides=tuple(sides), settings=tuple(settings))


def test_text(report: ParityReport, golden: Golden) -> None:
    golden(GOLDEN / "gpu-training.txt", view.text(report, color=False))


def test_markdown(report: ParityReport, golden: Golden) -> None:
    golden(GOLDEN / "gpu-training.md", view.markdown(report))


def test_json(report: ParityReport, golden: Golden) -> None:
    golden(GOLDEN / "gpu-training.json", json.dumps(view.as_json(report), indent=2, ensure_ascii=False) + "\n")


def test_one_that_cannot(golden: Golden) -> None:
    report = with_few_unused(laid_out(ONE_CANNOT))
    golden(GOLDEN / "one-cannot.txt", view.text(report, color=False))
    golden(GOLDEN / "one-cannot.md", view.markdown(report))


def test_components_without_use_are_all_named() -> None:
    report = laid_out(ONE_CANNOT)
    unused = [component.name for component in report.components if not component.used]
    assert {*UNUSED, "mlflow", "monitoring"} <= set(unused)
    for text in (view.text(report, color=False), view.markdown(report)):
        assert f"Not requested by this spec: {', '.join(unused)}" in " ".join(text.split())


@pytest.mark.parametrize("blueprint", blueprints())
def test_text_fits_120_columns(blueprint: str) -> None:
    lines = view.text(of_blueprint(blueprint), color=False).splitlines()
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("blueprint", blueprints())
def test_markdown_fits_a_comment_and_its_tables_hold(blueprint: str) -> None:
    text = view.markdown(of_blueprint(blueprint))
    assert len(text) < 65536, "which is the most a comment on GitHub takes"
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert len(tables) >= 6
    for rows in tables:
        cells = {row.replace("\\|", "").count("|") for row in rows if row.startswith("|")}
        assert len(cells) == 1, rows[0]


def test_colour_only_when_asked(report: ParityReport) -> None:
    assert "\x1b" not in view.text(report, color=False)
    assert "\x1b[1m" in view.text(report, color=True)


def test_findings_name_their_cloud() -> None:
    report = laid_out(ONE_CANNOT)
    messages = [found.message for found in view.diagnostics(report)]
    assert messages and all(message.startswith("on GCP: ") for message in messages)


def test_json_numbers_are_those_of_the_report(report: ParityReport) -> None:
    made = view.as_json(report)
    for index, side in enumerate(report.sides):
        assert side.cost is not None
        parts = [part["clouds"][side.cloud.name]["monthly_usd"] for part in made["components"]]
        total = made["clouds"][index]["monthly_usd"]
        assert total["expected"] == float(side.cost.total.expected)
        assert abs(sum(part["expected"] for part in parts) - total["expected"]) < 0.005
