"""`prices diff`: what a book changes of the prices, and of what specs cost by them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK
from groundplan.prices.csv_book import COLUMNS
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
EAST = "us-east-1"
SPEC = """\
apiVersion: groundplan/v1
name: prices
owner: ml-platform
cloud: {provider: aws, region: us-east-1, account: "123456789012"}
training:
  pools:
    finetune: {gpu: {type: l4, count: 1}, capacity: on_demand, nodes: {min: 1, max: 1}}
budget: {monthly_usd: 100000}
"""


def book(path: Path, *rows: str, region: str = EAST) -> str:
    """A book with those rows: item, option, price."""
    lines = []
    for row in rows:
        item, option, usd = row.split()
        unit = "hour" if option != "list" else AWS.prices.items[item, EAST].unit
        lines.append(f"aws,{region},{item},{option},,,,{usd},,{unit},,2026-11-01,mine")
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    return str(path)


def listed(item: str) -> Decimal:
    price = AWS.prices.instance_price(EAST, item, "on_demand")
    assert price is not None
    return price.usd_expected


def diff(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = OK) -> dict[str, Any]:
    assert run(["prices", "diff", *arguments, "--format", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_what_differs_the_largest_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same, half = listed("g6.2xlarge"), listed("g6.xlarge") / 2
    mine = book(
        tmp_path / "mine.csv",
        f"g6.xlarge on_demand {half:f}",
        f"g6.2xlarge on_demand {same:f}",
        f"m6a.large on_demand {listed('m6a.large') * Decimal('1.1'):f}",
    )
    found = diff(capsys, mine)
    assert [(one["item"], one["effect"], round(one["percent"], 1)) for one in found["changes"]] == [
        ("g6.xlarge", "changed", -50.0),
        ("m6a.large", "changed", 10.0),
    ]
    assert found["compared"] == 3
    (first, _) = found["changes"]
    assert first["before"]["usd"]["expected"] == float(listed("g6.xlarge"))
    assert (first["after"]["source"], first["after"]["as_of"]) == ("mine", "2026-11-01")


def test_against_another_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = book(tmp_path / "old.csv", "g6.xlarge on_demand 1", "network.nat_gateway list 0.05")
    new = book(tmp_path / "new.csv", "g6.xlarge on_demand 1", "network.nat_gateway list 0.06")
    found = diff(capsys, new, "--against", old)
    assert [(one["item"], one["percent"]) for one in found["changes"]] == [("network.nat_gateway", 20.0)]


def test_prices_that_come_and_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region, name = next(iter(AWS.prices.unpriced))
    with_price = book(tmp_path / "with.csv", f"{name} on_demand 3", region=region)
    without = book(tmp_path / "without.csv", "g6.xlarge on_demand 1")
    effects = {one["item"]: one["effect"] for one in diff(capsys, with_price, "--against", without)["changes"]}
    assert effects[name] == "added"
    effects = {one["item"]: one["effect"] for one in diff(capsys, without, "--against", with_price)["changes"]}
    assert effects[name] == "removed"


def test_discounts_change_everything_that_they_match(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "contract.yaml"
    mine.write_text(
        "apiVersion: groundplan-prices/v1\ncloud: aws\ncurrency: USD\nsource: contract\nas_of: 2026-11-01\n"
        "discounts:\n- {percent: 10, item: g6.xlarge, region: us-east-1, option: on_demand}\n"
    )
    found = diff(capsys, str(mine))
    assert [(one["item"], one["region"], one["percent"]) for one in found["changes"]] == [("g6.xlarge", EAST, -10.0)]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "groundplan.yaml"
    path.write_text(SPEC)
    return path


def test_a_spec_at_both_prices(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another machine becomes the cheapest, and is taken."""
    mine = book(tmp_path / "mine.csv", f"g6.2xlarge on_demand {listed('g6.xlarge') / 2:f}")
    (found,) = diff(capsys, mine, "--spec", str(spec))["specs"]
    assert [(one["before"][0], one["after"][0]) for one in found["machines"]] == [("g6.xlarge", "g6.2xlarge")]
    assert found["after"]["usd_month"]["expected"] < found["before"]["usd_month"]["expected"]
    assert found["budgets"] == []
    assert run(["prices", "diff", mine, "--spec", str(spec)]) == OK
    assert "g6.xlarge -> g6.2xlarge" in " ".join(capsys.readouterr().out.split())


def test_a_budget_that_is_exceeded_by_the_new_prices(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = sorted({machine.name for machine in AWS.catalog.offered(EAST) if machine.gpu_type == "l4"})
    priced = [name for name in names if AWS.prices.instance_price(EAST, name, "on_demand")]
    dear = book(tmp_path / "dear.csv", *(f"{name} on_demand {1000 * listed(name):f}" for name in priced))
    found = diff(capsys, dear, "--spec", str(spec))
    assert [(one["path"], one["before"], one["after"]) for one in found["specs"][0]["budgets"]] == [
        ("budget.monthly_usd", "kept", "exceeded")
    ]
    assert [(one["code"], one["severity"]) for one in found["diagnostics"]] == [("GP701", "warning")]


def test_what_cannot_be_compared(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = book(tmp_path / "mine.csv", "g6.xlarge on_demand 1")
    assert run(["prices", "diff", str(tmp_path / "none.csv")]) == BAD_SPEC
    spec.write_text("nothing of the kind\n")
    assert run(["prices", "diff", mine, "--spec", str(spec)]) != OK
    shown = capsys.readouterr()
    assert "g6.xlarge" in shown.out, "the prices are compared all the same"
    assert "GP" in shown.err


def test_places_of_several_regions_are_known_for_items_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bucket is in `us`; a machine is not."""
    mine = tmp_path / "mine.csv"
    rows = ["gcp,us,object_store.standard,list,,,,0.03,,gib_month,,2026-11-01,mine"]
    mine.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    found = diff(capsys, str(mine))
    assert [(one["item"], one["region"]) for one in found["changes"]] == [("object_store.standard", "us")]
    for wrong in (
        "gcp,us,g2-standard-4,on_demand,,,,0.03,,hour,,2026-11-01,mine",
        "gcp,nowhere,object_store.standard,list,,,,0.03,,gib_month,,2026-11-01,mine",
        "gcp,us,object_store.standard,list,,,,0.03,,hour,,2026-11-01,mine",
        "gcp,us,object_store.standard,spot,,,,0.03,,gib_month,,2026-11-01,mine",
    ):
        mine.write_text("\n".join([",".join(COLUMNS), wrong]) + "\n")
        assert run(["prices", "diff", str(mine)]) == BAD_SPEC
        assert "GP70" in capsys.readouterr().err


def test_discounts_on_services_are_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(
        "apiVersion: groundplan-prices/v1\ncloud: aws\ncurrency: USD\nsource: page 4\nas_of: 2026-11-01\n"
        "discounts:\n"
        "- {percent: 10, item: airflow.2xlarge, region: us-east-1}\n"
        "- {percent: 10, item: c5n.large, region: us-east-1}\n"
    )
    found = diff(capsys, str(path))["changes"]
    assert {(one["item"], round(one["percent"])) for one in found} == {("airflow.2xlarge", -10), ("c5n.large", -10)}
