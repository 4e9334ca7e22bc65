"""`groundplan prices`: formats, exit codes, help."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, OK
from groundplan.cli.prices import OPTIONS as OFFERED_OPTIONS
from groundplan.prices.query import OPTIONS
from tests.conftest import Golden

HERE = Path(__file__).parent


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    run(["prices", "show", *arguments, "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("command", ["show", "check", "refresh", "diff"])
def test_help(
    command: str, golden: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["prices", command, "--help"]) == OK
    golden(HERE / "help" / f"prices-{command}.txt", capsys.readouterr().out)


def test_options_are_those_of_the_books() -> None:
    assert OFFERED_OPTIONS == OPTIONS


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--cloud", "aws", "--region", "us-east-1", "--item", "g6.xlarge", "--option", "on_demand")
    (price,) = shown(capsys, *arguments)["prices"]
    assert price == {
        "cloud": "aws",
        "item": "g6.xlarge",
        "region": "us-east-1",
        "option": "on_demand",
        "unit": "hour",
        "usd": {"low": 0.8048, "expected": 0.8048, "high": 0.8048},
        "tiers": [],
        "offered": True,
        "as_of": "2026-07-20",
        "source": "karpenter",
        "reason": None,
    }


def test_everything_of_both_clouds(capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys)
    assert {price["cloud"] for price in found["prices"]} == {"aws", "gcp"}
    assert found["age"]["oldest"] <= found["age"]["newest"]
    assert all(price["usd"] is None or price["usd"]["low"] > 0 for price in found["prices"])
    assert all(price["offered"] or price["usd"] is None for price in found["prices"])


def test_several_names_in_one_value(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--region", "us-east-1, us-west-2", "--item", "g6.xlarge,m6a.large", "--option", "on_demand")
    assert {(price["item"], price["region"]) for price in shown(capsys, *arguments)["prices"]} == {
        (item, region) for item in ("g6.xlarge", "m6a.large") for region in ("us-east-1", "us-west-2")
    }


def test_tiers_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (price,) = shown(capsys, "--region", "us-east-1", "--item", "egress.internet")["prices"]
    assert [tier["from"] for tier in price["tiers"]][:2] == [0, 10240]


def test_not_offered_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["prices", "show", "--region", "eu-north-1", "--item", "p4de.24xlarge"]
    assert run([*arguments, "--format", "json"]) == FINDINGS
    found = json.loads(capsys.readouterr().out)
    assert {(p["usd"], p["offered"]) for p in found["prices"]} == {(None, False)}
    assert run(arguments) == FINDINGS
    assert "not offered" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [("--cloud", "azure"), ("--region", "us-east-9"), ("--item", "g6.xlrge"), ("--option", "reserved")]
)
def test_unknown_names(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "show", *wrong]) == BAD_SPEC
    captured = capsys.readouterr()
    assert captured.out == ""
    assert wrong[1] in captured.err


@pytest.mark.parametrize("output_format", ["text", "csv", "markdown"])
def test_every_format_shows_date_and_price(output_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "show", "--item", "g2-standard-4", "--format", output_format]) == OK
    out = capsys.readouterr().out
    assert "us-central1" in out
    assert "2026-07-30" in out


def test_csv_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "show", "--region", "us-east-1", "--item", "g6.xlarge", "--format", "csv"]) == OK
    first, *_ = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (first["usd_expected"], first["as_of"], first["offered"]) == ("0.8048", "2026-07-20", "true")
    assert int(first["age_days"]) > 100


def test_without_a_filter_the_text_is_an_overview(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "show"]) == OK
    out = capsys.readouterr().out
    assert "days old" in out
    assert len(out.splitlines()) < 100


def test_a_long_table_ends_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "show", "--cloud", "gcp", "--option", "spot"]) == OK
    *rows, last = capsys.readouterr().out.splitlines()
    assert len(rows) < 600
    assert last.endswith("more: filter further, or take `--format csv` or `json`")


def test_check_of_the_embedded_books(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prices", "check", "--format", "json"]) == OK
    found = json.loads(capsys.readouterr().out)
    assert [(book["name"], book["findings"]) for book in found["books"]] == [("aws", 0), ("gcp", 0)]
    assert {finding["severity"] for finding in found["diagnostics"]} <= {"warning"}


BOOK = """\
apiVersion: groundplan-prices/v1
cloud: aws
currency: USD
source: agreement
as_of: 2026-11-01
prices: [{item: g6.xlarge, region: us-east-1, option: on_demand, usd: 0.61}]
"""


def test_own_prices_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(BOOK)
    arguments = ("--region", "us-east-1", "--item", "g6.xlarge", "--option", "on_demand", "--prices", str(path))
    (price,) = shown(capsys, *arguments)["prices"]
    assert (price["usd"]["expected"], price["source"]) == (0.61, f"agreement [{path}:6]")


def test_check_of_a_book(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("contract.yaml")
    path.write_text(BOOK)
    assert run(["prices", "check", str(path)]) == OK
    assert str(path) in capsys.readouterr().out
    path.write_text(BOOK.replace("0.61", "0"))
    assert run(["prices", "check", str(path)]) == FINDINGS
    assert f"{path}:6:" in capsys.readouterr().err
    assert run(["prices", "check", "none.yaml"]) == BAD_SPEC
