"""A comparison as text, JSON, CSV and Markdown, from made-up prices."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from groundplan.app.compare.model import Priced
from groundplan.escaping import for_csv
from groundplan.views import compare as view
from groundplan.views.compare.content import assumptions
from tests.conftest import Golden
from tests.unit.app.compare.samples import HOSTILE, sample, two

GOLDEN = Path(__file__).parent / "golden"
FORMATS = {
    "txt": lambda comparison: view.text(comparison, color=False),
    "md": view.markdown,
    "csv": view.as_csv,
    "json": lambda comparison: json.dumps(view.as_json(comparison), indent=2) + "\n",
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("comparison", [sample(), two()], ids=["places", "specs"])
def test_formats(comparison: object, suffix: str, golden: Golden, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id.partition("-")[0]
    golden(GOLDEN / f"compare-{name}.{suffix}", FORMATS[suffix](comparison))


def test_every_total_is_the_sum_of_its_components() -> None:
    for row in view.as_json(sample())["combinations"]:
        if row["available"]:
            for figure in ("low", "expected", "high"):
                kinds = [kind for parts in row["components"].values() for kind in parts.values()]
                assert sum(Decimal(str(kind[figure])) for kind in kinds) == Decimal(str(row["total"][figure]))
                totals = sum(Decimal(str(kind[figure])) for kind in row["totals"].values())
                assert totals == Decimal(str(row["total"][figure]))


def test_csv_has_as_many_cells_in_every_row_and_no_formula() -> None:
    comparison = sample()
    rows = list(csv.reader(io.StringIO(view.as_csv(comparison))))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 1 + len(comparison.rows)
    hostile = two()
    assert for_csv("=1+1") == "'=1+1"
    assert len(hostile.rows) + 1 == len(view.as_csv(hostile).splitlines())


def test_markdown_takes_no_name_for_markup() -> None:
    text = view.markdown(sample())
    assert HOSTILE not in text
    assert "<img" not in text
    assert "<script" not in text
    assert "| ask" not in text


def test_a_refused_combination_never_has_a_number() -> None:
    (row,) = (row for row in view.as_json(sample())["combinations"] if not row["available"])
    assert set(row) == {"spec", "cloud", "region", "capacity", "available", "reasons"}
    (line,) = (line for line in view.as_csv(sample()).splitlines() if ",no," in line)
    assert not [cell for cell in line.split(",") if cell.replace(".", "").isdigit()]


def test_assumptions_are_those_of_the_lines() -> None:
    comparison = sample()
    lines = {
        f"{line.path}: {line.assumption}"
        for row in comparison.rows
        if isinstance(row, Priced)
        for line in row.report.lines
    }
    assert set(assumptions(comparison)) == lines
