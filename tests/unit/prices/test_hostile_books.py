"""Price books whose numbers, names, rows and patterns are chosen to break or to stall what reads them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from groundplan.app import books
from groundplan.app.books import check_books
from groundplan.cli import run
from groundplan.cli.common import OK
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.prices import csv_book, overlay

TODAY = date(2026, 11, 29)
HEAD = "apiVersion: groundplan-prices/v1\ncloud: aws\ncurrency: USD\nsource: contract\nas_of: 2026-11-01\n"
CSV_HEAD = f"{','.join(csv_book.COLUMNS)}\n"
ROW = "aws,us-east-1,g6.xlarge,on_demand,,,,0.61,,hour,,2026-11-01,contract\n"


def findings(tmp_path: Path, text: str) -> tuple[Diagnostic, ...]:
    """What `prices check` says of a book, which is a table where its text starts like one."""
    path = tmp_path / ("book.csv" if text.startswith(CSV_HEAD) else "book.yaml")
    path.write_text(text if path.suffix == ".csv" else HEAD + text, encoding="utf-8")
    (checked,) = check_books([path], TODAY)
    return checked.findings


def price(usd: str, more: str = "") -> str:
    return f"prices: [{{item: g6.2xlarge, region: us-east-1, usd: {usd}{more}}}]\n"


@pytest.mark.parametrize("usd", ["1.0e-30", "1e-10", "0.0000000001", "1.0e+12", "99999999999", "-0.0", "1e400"])
def test_an_amount_that_is_no_price_in_yaml(usd: str, tmp_path: Path) -> None:
    [found, *_] = findings(tmp_path, price(usd))
    assert (found.code[:4], found.place and found.place.line) == ("GP20", 6)


@pytest.mark.parametrize(
    "usd",
    ["9" * 33, "9" * 10_000, "0." + "0" * 30 + "1", "0.0000000001", "10000000.01", "1" + "0" * 400, "0." + "0" * 9_000],
)
def test_an_amount_that_is_no_price_in_a_table(usd: str, tmp_path: Path) -> None:
    [found] = findings(tmp_path, CSV_HEAD + ROW.replace("0.61", usd))
    assert (found.code, found.place and (found.place.line, found.place.column)) == ("GP705", (2, 38))
    assert len(found.message) < 500


@pytest.mark.parametrize("usd", ["0.000000001", "10000000"])
@pytest.mark.parametrize("command", ["cost", "resolve", "compare", "explain"])
def test_the_least_and_the_most_are_prices(usd: str, command: str, tmp_path: Path, spec: Callable[[], Path]) -> None:
    """With discounts on top, which make of the least no less."""
    texts = [price(usd) + "discounts: [{percent: 99.99}]\n", *["discounts: [{percent: 99.99}]\n"] * 3]
    options = []
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(HEAD + text)
        options += ["--prices", str(tmp_path / f"{number}.yaml")]
    assert run([command, str(spec()), *options]) == OK


@pytest.fixture
def spec(repository: Path, tmp_path: Path) -> Callable[[], Path]:
    def write() -> Path:
        path = tmp_path / "spec.yaml"
        assert run(["init", str(tmp_path / "new"), "--blueprint", "gpu-training", "--cloud", "aws"]) == OK
        text = (tmp_path / "new" / "groundplan.yaml").read_text()
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("start", [10**16, int("9" * 40)])
def test_a_tier_from_more_than_there_is(start: int, tmp_path: Path) -> None:
    [found, *_] = findings(
        tmp_path, f"prices: [{{item: egress.zone, region: us-east-1, tiers: [{{from: {start}, usd: 1}}]}}]\n"
    )
    assert found.code.startswith("GP20")
    [found, *_] = findings(tmp_path, CSV_HEAD + ROW.replace("hour,,", f"hour,{start},"))
    assert (found.code, "tier_from" in found.message) == ("GP705", True)


def test_tiers_without_end(tmp_path: Path) -> None:
    row = "aws,us-east-1,egress.zone,list,,,,1,,gib,{},2026-11-01,s\n"
    text = CSV_HEAD + "".join(row.format(start or "") for start in range(1_000))
    assert findings(tmp_path, text)[0].message == "egress.zone in us-east-1 has more than 20 tiers"


def test_unknown_rows_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Near names are looked up for a few of them, findings are counted."""
    compared: list[str] = []

    def suggestion(name: str, known: object, most: int) -> str:
        compared.append(name)
        return "did you mean `x`?"

    monkeypatch.setattr(overlay, "did_you_mean", suggestion)
    text = CSV_HEAD + "".join(ROW.replace("g6.xlarge", f"g6-{number}.xlarge") for number in range(1_000))
    found = findings(tmp_path, text)
    assert (len(found), found[-1].message) == (101, "and 900 more")
    assert (len(compared), found[0].hint, found[50].hint) == (overlay.MOST_SUGGESTIONS, "did you mean `x`?", None)


def test_rows_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_book, "MOST_ROWS", 10)
    [found] = findings(tmp_path, CSV_HEAD + ROW * 11)
    assert (found.code, found.message) == ("GP105", "more than 10 rows")


def test_prices_of_the_future_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [f"g6.{size}xlarge" for size in ("", 2, 4, 8, 16)]
    text = CSV_HEAD + "".join(ROW.replace("2026-11-01", "2030-01-01").replace("g6.xlarge", item) for item in items)
    assert [one.code for one in findings(tmp_path, text)] == ["GP708"] * 5
    monkeypatch.setattr(books, "bounded", lambda every: list(every)[:2])
    assert len(findings(tmp_path, text)) == 2


class TestDiscounts:
    @pytest.mark.parametrize(
        "percent", ["1.0e-30", "99.999999999999", "100", "0", "-1", ".nan", ".inf", "true", "1e400"]
    )
    def test_a_percentage_that_is_none(self, percent: str, tmp_path: Path) -> None:
        [found, *_] = findings(tmp_path, f"discounts: [{{percent: {percent}}}]\n")
        assert found.code.startswith("GP20")

    def test_patterns_made_to_be_slow(self, tmp_path: Path) -> None:
        text = "discounts:\n" + "".join(f"  - {{percent: 1, item: '{'*a' * 130}{number}'}}\n" for number in range(200))
        found = findings(tmp_path, text)
        assert ([one.code for one in found[:2]], found[-1].message) == (["GP709", "GP709"], "and 100 more")

    def test_more_than_a_contract_has(self, tmp_path: Path) -> None:
        [found] = findings(tmp_path, "discounts:\n" + "  - {percent: 1}\n" * 201)
        assert (found.code, "at most 200" in found.message) == ("GP204", True)

    @pytest.mark.parametrize("length", [301, 100_000])
    def test_a_long_pattern(self, length: int, tmp_path: Path) -> None:
        [found] = findings(tmp_path, f"discounts: [{{percent: 1, item: '{'*' * length}'}}]\n")
        assert found.code == "GP204"


@pytest.mark.parametrize("name", ["book.csv", "book.yaml"])
def test_a_pipe_is_no_book(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(DiagnosticsError, match="is not a regular file"):
        check_books([tmp_path / name], TODAY)


def test_a_long_key_is_not_repeated_at_length(tmp_path: Path) -> None:
    [found] = findings(tmp_path, f"{'k' * 1_000}: 1\n")
    assert (found.code, len(found.message) < 200) == ("GP201", True)


def test_aliases_that_multiply(tmp_path: Path) -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert {one.code for one in findings(tmp_path, f"a0: &a0 [1]\n{levels}prices: *a11\n")} == {"GP105"}
