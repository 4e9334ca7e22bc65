"""Every contradiction that a table can hold is found, at its row."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from groundplan.clouds import CLOUDS
from groundplan.prices.integrity import UNITS, check_cloud
from tests.architecture.sources import parsed
from tests.unit.prices.books import change, cloud_named, copied

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", CLOUDS)
def test_the_embedded_books_hold(name: str) -> None:
    checked = check_cloud(cloud_named(name), TODAY)
    assert checked.findings == ()
    assert checked.prices > 10_000
    assert checked.age is not None
    assert (checked.age.oldest, checked.age.newest) == cloud_named(name).prices.as_of


ROW = "us-east-1,g6.xlarge,"
SPOT = "0.2,0.3,0.4"
SOURCES = "karpenter,skypilot,"
ITEM = "network.nat_gateway,us-east-1,"


@pytest.mark.parametrize(
    ("table", "row", "new", "code", "message"),
    [
        (
            "prices/instances.csv",
            ROW,
            None,
            "GP708",
            "g6.xlarge is offered in us-east-1, but neither priced nor listed as unpriced",
        ),
        (
            "prices/instances.csv",
            ROW,
            f"{ROW}90,{SPOT},,,{SOURCES}",
            "GP708",
            "g6.xlarge costs 90 in us-east-1, more than g6.16xlarge, which is larger",
        ),
        (
            "prices/instances.csv",
            ROW,
            f"{ROW}0.8048,0.7,0.9,0.9,,,{SOURCES}",
            "GP708",
            "g6.xlarge costs more spot than on demand in us-east-1",
        ),
        (
            "prices/items.csv",
            ITEM,
            f"{ITEM}hour,0.045,0,2027-07-20,vpc-price",
            "GP708",
            "the price is dated 2027-07-20, in the future",
        ),
        (
            "prices/instances.csv",
            ROW,
            f"{ROW}0.8048,{SPOT},,,hearsay,skypilot,",
            "GP705",
            "source `hearsay` is not in sources.csv",
        ),
        (
            "prices/instances.csv",
            ROW,
            f"{ROW}0,{SPOT},,,{SOURCES}",
            "GP705",
            "'0' is not a price above zero",
        ),
        ("prices/instances.csv", ROW, f"{ROW}1,,,,,,,,", "GP705", "a cell that must be filled is empty"),
        ("prices/sources.csv", "karpenter,", "karpenter,a,b,", "GP705", "Invalid isoformat string: ''"),
        (
            "prices/items.csv",
            ITEM,
            f"{ITEM}hour,0.045,0,2026-09-24,hearsay",
            "GP708",
            "source `hearsay` is not in sources.csv",
        ),
        (
            "prices/spot.csv",
            "af-south-1,g4dn.xlarge,",
            "af-south-1,g4dn.xlarge,afs1-az2=0.1399|afs1-az3=0.1169,hearsay",
            "GP708",
            "source `hearsay` is not in sources.csv",
        ),
        ("prices/items.csv", ITEM, f"{ITEM}week,0.045,0,2026-09-24,vpc-price", "GP708", "unit `week` is unknown"),
        (
            "offers.csv",
            "us-east-1,g6.xlarge,",
            None,
            "GP708",
            "g6.xlarge has a price in us-east-1, where it is not offered",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_spoiled_row_is_found(  # noqa: PLR0917
    table: str, row: str, new: str | None, code: str, message: str, tmp_path: Path
) -> None:
    cloud = copied(cloud_named("aws"), tmp_path)
    number = change(tmp_path / table, row, new)
    found = {finding.message: finding for finding in check_cloud(cloud, TODAY).findings}
    assert message in found, list(found)
    finding = found[message]
    assert finding.code == code
    assert finding.place is not None
    if new is not None:
        assert (finding.place.file, finding.place.line) == (str(tmp_path / table), number)


def test_a_row_given_twice(tmp_path: Path) -> None:
    cloud = copied(cloud_named("aws"), tmp_path)
    table = tmp_path / "prices" / "instances.csv"
    table.write_text(table.read_text() + f"{ROW}1,{SPOT},,,{SOURCES}\n")
    (finding,) = check_cloud(cloud, TODAY).findings
    assert (finding.code, finding.message) == ("GP705", "g6.xlarge has two on_demand prices in us-east-1")


def test_priced_and_listed_as_unpriced(tmp_path: Path) -> None:
    cloud = copied(cloud_named("aws"), tmp_path)
    table = tmp_path / "prices" / "unpriced.csv"
    table.write_text(table.read_text() + "us-east-1,g6.xlarge,nobody knows\neu-north-1,p3.2xlarge,nobody knows\n")
    assert {finding.message for finding in check_cloud(cloud, TODAY).findings} == {
        "g6.xlarge in us-east-1 is listed as unpriced and has a price",
        "p3.2xlarge is listed as unpriced in eu-north-1, where it is not offered",
    }


def test_every_unit_that_something_is_metered_by_may_be_priced() -> None:
    """Units are the second argument of `use`, `Use` and `unstated` in the code of the clouds."""
    metered = {
        node.args[1].value
        for path, tree in parsed()
        if "clouds" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("use", "Use", "unstated")
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    }
    assert {"hour", "gib_month", "policy_month"} <= metered
    assert metered <= UNITS


@pytest.mark.parametrize("table", ["services.csv", "machines.csv"])
@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [(1, "week", "unit `week` is unknown"), (3, "hearsay", "source `hearsay` is not in sources.csv"), (-1, "x", "'x'")],
    ids=["unit", "source", "price"],
)
def test_a_spoiled_row_of_what_only_plans_use(table: str, column: int, cell: str, message: str, tmp_path: Path) -> None:
    cloud = copied(cloud_named("aws"), tmp_path)
    path = tmp_path / "prices" / table
    row = path.read_text().splitlines()[1]
    cells = row.split(",")
    cells[column] = cell
    number = change(path, row, ",".join(cells))
    [finding] = check_cloud(cloud, TODAY).findings
    assert message in finding.message
    assert finding.place is not None and (finding.place.file, finding.place.line) == (str(path), number)
