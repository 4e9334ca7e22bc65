"""A broken table is an error with its file and line, whatever is broken; nothing is guessed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from groundplan.catalog.catalog import Catalog
from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.book import PriceBook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with_tables = tmp_path / "aws"
    shutil.copytree(str(files("groundplan.clouds.aws")), with_tables)
    return with_tables


def set_row(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text().splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n")


def load_all(folder: Path) -> None:
    catalog, book = Catalog(folder), PriceBook(folder / "prices")
    assert catalog.offers and catalog.kubernetes_versions
    assert book.instances and book.items and book.sources
    assert book.unpriced is not None


def test_the_shipped_tables_load(folder: Path) -> None:
    load_all(folder)


@pytest.mark.parametrize(
    ("table", "line", "old", "new", "message"),
    [
        ("instances.csv", 2, "c5.12xlarge", "", "must be filled"),
        ("instances.csv", 2, "x86_64", "sparc", "'sparc' is not one of x86_64, arm64"),
        ("instances.csv", 2, ",48,", ",many,", "'many' is not a whole number"),
        ("instances.csv", 2, ",96,", ",-96,", "not an amount of memory"),
        ("instances.csv", 2, "false", "no", "neither true nor false"),
        ("instances.csv", 2, "current", "ancient", "not one of current, previous"),
        ("instances.csv", 3, "c5.18xlarge", "c5.12xlarge", "stands in the table twice"),
        ("instances.csv", 2, ",,,0,0,", ",nvidia,,1,16,", "belong together"),
        ("offers.csv", 2, "af-south-1", "atlantis-1", "unknown region or type"),
        ("offers.csv", 1, "zones", "areas", "columns are"),
        ("offers.csv", 2, ",2026", ",extra,2026", "cells"),
        ("kubernetes_versions.csv", 2, "2026-03-23", "2029-01-01", "not in order"),
        ("regions.csv", 2, "2026", "26", "Invalid isoformat"),
        ("prices/instances.csv", 2, "c5.12xlarge,", "c5.12xlarge,0.01,", "cells"),
        ("prices/instances.csv", 1, "on_demand,", "at_whim,", "columns are"),
        ("prices/instances.csv", 2, "c5.12xlarge,2.736,", "c5.12xlarge,,", "not a decimal number"),
        ("prices/instances.csv", 2, ",aws-price,", ",,", "must be filled"),
        ("prices/instances.csv", 2, ",aws-price,", ",hearsay,", "source `hearsay` is not in sources.csv"),
        ("prices/instances.csv", 2, ",0.21341,", ",,", "not a decimal number"),
        ("prices/instances.csv", 2, ",spot-advisor,", ",spot-advisor,vantage", "source 'vantage' belongs to no price"),
        ("prices/instances.csv", 2, ",,,aws-price", ",1.5,,aws-price", "must be filled"),
        (
            "prices/instances.csv",
            2,
            "2.736,0.21341,0.35568,0.7825,,,aws-price,spot-advisor,",
            ",,,,,,,,",
            "c5.12xlarge has no price",
        ),
        ("prices/items.csv", 2, ",0.1,", ",0,", "not a price above zero"),
        ("prices/items.csv", 2, ",0.1,", ",free,", "not a decimal number"),
        ("prices/items.csv", 2, ",0.1,", ",NaN,", "not a decimal number"),
        ("prices/items.csv", 2, ",0.1,", ",-0.1,", "not a price above zero"),
        ("prices/items.csv", 2, ",0,2", ",5,2", "does not start at 0"),
        ("prices/instances.csv", 3, "4.104,", "4.104,9", "not in order"),
        ("prices/commitments.csv", 1, "none_1y,", "nothing_1y,", "columns are"),
        ("prices/commitments.csv", 2, ",1.724,", ",none,", "not a decimal number"),
        ("prices/commitments.csv", 2, ",1.724,", ",0,", "not a price above zero"),
        ("prices/commitments.csv", 2, ",1.724,,,,1.182,", ",,,,,,", "c5.12xlarge has no price"),
        ("prices/commitments.csv", 2, ",1.724,,", ",1.724,400,", "not a decimal number"),
        ("prices/commitments.csv", 2, ",ec2-shop", ",hearsay", "source `hearsay` is not in sources.csv"),
        ("prices/commitments.csv", 3, "c5.18xlarge", "c5.12xlarge", "has two rows of commitments"),
    ],
)
def test_a_broken_cell_names_file_and_line(  # noqa: PLR0917 - one parameter per column of the table above
    folder: Path, table: str, line: int, old: str, new: str, message: str
) -> None:
    set_row(folder / table, line, old, new)
    with pytest.raises(DiagnosticsError) as caught:
        load_all(folder)
    (found,) = caught.value.diagnostics
    assert found.code == "GP705"
    assert found.place is not None
    assert Path(found.place.file) == folder / table
    assert found.place.line == line
    assert message in found.message


def duplicate_last(path: Path) -> None:
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n")


@pytest.mark.parametrize("table", ["offers.csv", "prices/instances.csv", "prices/items.csv"])
def test_a_row_given_twice_is_an_error(folder: Path, table: str) -> None:
    duplicate_last(folder / table)
    with pytest.raises(DiagnosticsError) as caught:
        load_all(folder)
    assert caught.value.diagnostics[0].place is not None
    assert caught.value.diagnostics[0].place.line == len((folder / table).read_text().splitlines())


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_bytes(b"\xff\xfe\x00"), lambda path: path.write_text("")],
    ids=["not-utf8", "empty"],
)
def test_a_file_that_is_no_table_is_an_error(folder: Path, spoil: Callable[[Path], object]) -> None:
    spoil(folder / "prices" / "items.csv")
    with pytest.raises(DiagnosticsError):
        load_all(folder)


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    catalog, book = Catalog(tmp_path), PriceBook(tmp_path)
    with pytest.raises(FileNotFoundError):
        catalog.instance("m5.large")
    with pytest.raises(FileNotFoundError):
        book.item_price("disk.general", "us-east-1")


def test_a_commitment_stands_in_one_table(folder: Path) -> None:
    with (folder / "prices" / "instances.csv").open("a", encoding="utf-8") as stream:
        stream.write("eu-west-1,m6a.large,,,,,0.06,,,,vantage\n")
    with pytest.raises(DiagnosticsError, match=r"m6a\.large has two commit_1y prices in eu-west-1"):
        PriceBook(folder / "prices").instance_price("eu-west-1", "m6a.large", "commit_1y")


def test_a_book_without_payments_upfront_has_the_commitments_of_its_instances(folder: Path) -> None:
    (folder / "prices" / "commitments.csv").unlink()
    with (folder / "prices" / "instances.csv").open("a", encoding="utf-8") as stream:
        stream.write("eu-west-1,m6a.large,,,,,,0.04,,,vantage\n")
    book = PriceBook(folder / "prices")
    price = book.instance_price("eu-west-1", "m6a.large", "commit_3y")
    assert price is not None and price.usd_expected == Decimal("0.04")
    assert book.commitments("eu-west-1", "m6a.large") == ()
    assert book.instance_price("eu-west-1", "m6a.large", "commit_1y") is None


def test_a_broken_offer_of_a_region_spoils_no_other(folder: Path) -> None:
    set_row(folder / "offers.csv", 2, "c5.12xlarge", "c5.enormous")
    catalog = Catalog(folder)
    assert catalog.offered("us-east-1")
    with pytest.raises(DiagnosticsError):
        catalog.offered("af-south-1")
