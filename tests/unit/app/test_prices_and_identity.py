"""Prices are no part of what a rendered environment is: when they change, its COST.md does and nothing else."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from groundplan.app import pipeline
from groundplan.app.pipeline import Overrides, rerender, resolve_spec
from groundplan.check.freshness import stale
from groundplan.check.report import StepName, exit_code
from groundplan.check.run import Checker
from groundplan.clouds.base import Cloud
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, digest
from groundplan.environment.lock import read_lock
from groundplan.environment.write import Changes, write
from groundplan.prices.book import PriceBook
from tests.sizes import CASES, spec_text
from tests.unit.prices.books import cloud_named

Row = dict[str, str]
Change = Callable[[Row], Iterable[Row]]
SPOT = ("spot_low", "spot", "spot_high")
USD = ("usd", "on_demand", *SPOT, "commit_1y", "commit_3y")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "environment"


def rendered(folder: Path, text: str) -> Path:
    """The environment of a spec, rendered in place with the prices as they are."""
    folder.mkdir(parents=True)
    (folder / SPEC_FILE).write_text(text, encoding="utf-8")
    write(resolve_spec(folder / SPEC_FILE).render(folder), folder)
    return folder


def repriced(cloud: Cloud, tables: Path, change: Change) -> Cloud:
    """The cloud with every row of its price tables changed, left out or given again."""
    shutil.copytree(str(cloud.prices.folder), tables)
    for table in ("instances.csv", "items.csv", "sources.csv"):
        path = tables / table
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = list(reader.fieldnames or ())
            rows = [new for row in reader for new in change(row)]
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns)
            writer.writeheader()
            writer.writerows(rows)
    return replace(cloud, load_prices=lambda: PriceBook(tables))


def sold_by(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the cloud is this one."""
    monkeypatch.setattr(pipeline, "find_cloud", lambda name: cloud if name == cloud.name else cloud_named(name))


def each(row: Row, change: Callable[[Decimal], Decimal], columns: Iterable[str] = USD) -> list[Row]:
    """The row with every amount in these columns changed."""
    priced = {column: f"{change(Decimal(row[column])):.9f}" for column in columns if row.get(column)}
    if "spot" in priced:
        priced |= zip(SPOT, sorted((priced[column] for column in SPOT), key=Decimal), strict=True)
    return [{**row, **priced}]


def turned_round(row: Row) -> list[Row]:
    """The dearest becomes the cheapest, so that every choice by price would be another one."""
    return each(row, lambda usd: 1 / usd)


def tripled(row: Row) -> list[Row]:
    return each(row, lambda usd: usd * 3)


def refreshed(row: Row) -> list[Row]:
    return [{**row, "as_of": "2026-11-01"} if "as_of" in row else row]


def test_changes_of_prices_here_are_changes() -> None:
    [row] = turned_round({"spot_low": "0.1", "spot": "0.2", "spot_high": "0.5", "on_demand": ""})
    assert row == {"spot_low": "2.000000000", "spot": "5.000000000", "spot_high": "10.000000000", "on_demand": ""}


CHANGES = [(case, turned_round) for case in CASES if case[2] == "maximal" or case == CASES[0]] + [
    (CASES[0], tripled),
    (CASES[0], refreshed),
]


@pytest.mark.parametrize(("case", "change"), CHANGES, ids=[f"{'-'.join(c)}-{change.__name__}" for c, change in CHANGES])
def test_a_folder_stays_fresh_whatever_prices_do(
    case: tuple[str, str, str], change: Change, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(folder, spec_text(*case))
    sold_by(repriced(cloud_named(case[1]), tmp_path / "tables", change), monkeypatch)
    lock = read_lock(folder)
    assert lock is not None
    assert stale(folder, lock.outline, rerender) == ([], [])
    again = write(rerender(folder), folder)
    assert (again.added, again.changed, again.removed) == ((), ("COST.md",), ())


ONE_ROW = {
    "a machine": ({"instance_type": "t3a.large", "region": "us-east-1"}, USD),
    "a spot price": ({"instance_type": "g6.2xlarge", "region": "us-east-1"}, (*SPOT, "spot_source")),
    "a database": ({"item": "database.storage_ha", "region": "us-east-1"}, USD),
    "a key": ({"item": "keys.key", "region": "us-east-1"}, USD),
}
"""Which row, and which of its columns are touched."""


@pytest.mark.parametrize("gone", [False, True], ids=["dearer", "gone"])
@pytest.mark.parametrize("which", ONE_ROW.values(), ids=ONE_ROW.keys())
def test_one_row_makes_no_check_fail(
    which: tuple[Row, tuple[str, ...]], gone: bool, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = []

    def change(row: Row) -> Iterable[Row]:
        cells, columns = which
        if any(row.get(column) != value for column, value in cells.items()):
            return [row]
        touched.append(row)
        if not gone:
            return each(row, lambda usd: usd * 3, [column for column in columns if column in USD])
        return [] if columns == USD else [{**row, **dict.fromkeys(columns, "")}]

    rendered(folder, spec_text("gpu-training", "aws"))
    sold_by(repriced(cloud_named("aws"), tmp_path / "tables", change), monkeypatch)
    with Checker(steps=frozenset({StepName.FRESHNESS})) as checker:
        report = checker.check(folder, rerender=rerender)
    assert len(touched) == 1
    assert report.diagnostics == ()
    assert exit_code(report) == 0
    assert write(rerender(folder), folder).changed == ("COST.md",)


def test_no_price_of_any_machine_is_left(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was chosen stays, and what it costs is said to be unknown."""
    rendered(folder, spec_text("gpu-training", "aws"))
    cloud = repriced(cloud_named("aws"), tmp_path / "tables", lambda row: [] if "instance_type" in row else [row])
    sold_by(cloud, monkeypatch)
    again = rerender(folder)
    assert write(again, folder) == Changes((), ("COST.md",), (), len(again) - 1)
    assert "kept from the last render, no current price" in again["COST.md"]
    assert "**at least**" in again["COST.md"]


def test_an_upgrade_takes_what_prices_say_today(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered(folder, spec_text("gpu-training", "aws"))
    sold_by(repriced(cloud_named("aws"), tmp_path / "tables", turned_round), monkeypatch)
    files = resolve_spec(folder / SPEC_FILE, folder, Overrides(upgrade=True)).render(folder)
    changed = write(files, folder).changed
    assert {"10-foundation/main.tf", "20-platform/main.tf", "README.md", LOCK_FILE} <= set(changed)


def test_an_environment_of_the_release_before_is_old_and_rendered_again_as_it_was_decided(folder: Path) -> None:
    """Costs stood in its README, its lock had their date and no word of the prices for the dashboard."""
    rendered(folder, spec_text("gpu-training", "aws"))
    (folder / "COST.md").unlink()
    (folder / "README.md").write_text("# gpu-training\n\nlist prices of 2025-11-18\n", encoding="utf-8")
    lock = json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))
    del lock["sealed"]
    lock["prices_as_of"] = "2025-11-18"
    lock["files"]["README.md"] = digest((folder / "README.md").read_text(encoding="utf-8"))
    lock["decisions"] = [one for one in lock["decisions"] if one["path"] != "monitoring.node_usd_per_hour"]
    next(one for one in lock["decisions"] if one["path"] == "cluster.system_pool")["value"] = "m5.large"
    (folder / LOCK_FILE).write_text(json.dumps(lock), encoding="utf-8")
    read = read_lock(folder)
    assert read is not None
    found, _ = stale(folder, read.outline, rerender)
    assert {d.code for d in found} == {"GP404"}
    assert {"COST.md", "README.md"} <= {d.place.file for d in found if d.place}
    files = rerender(folder)
    assert write(files, folder).added == ("COST.md",)
    assert '"m5.large"' in files["10-foundation/main.tf"]
    again = read_lock(folder)
    assert again is not None
    assert stale(folder, again.outline, rerender) == ([], [])


def test_no_dollars_outside_of_the_cost_page(folder: Path) -> None:
    rendered(folder, spec_text("gpu-training", "aws"))
    for name in ("README.md", LOCK_FILE):
        text = (folder / name).read_text(encoding="utf-8")
        assert "$" not in text
        assert "list prices" not in text
    assert "prices_as_of" not in json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))
