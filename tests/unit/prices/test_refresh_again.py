"""A book that is there already, and a refresh that was cut short: what stays, what is replaced, what is asked again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, OK, STALE
from groundplan.preflight.model import UnreachableError
from groundplan.prices.csv_book import COLUMNS
from groundplan.prices.fresh import Answer, FreshPrice, Kind, Question, RefusedError, Wanted
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
EAST, WEST = "us-east-1", "us-west-2"
SECRET = "AIzaNotToBeSeen"


class Cloud:
    """AWS as it answers in a test: what is said to each question, and which were asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.usd = Decimal("0.80")
        self.says: dict[str, Callable[[], Answer]] = {}
        self.wanted: Wanted | None = None

    def questions(self, wanted: Wanted) -> Sequence[Question]:
        self.wanted = wanted
        kinds: tuple[Kind, ...] = ("on_demand", "spot", "items")
        return [self._question(region, kind) for region in wanted.regions for kind in kinds if kind in wanted.kinds]

    def _question(self, region: str, kind: Kind) -> Question:
        title = f"{kind} in {region}"

        def ask() -> Answer:
            self.asked.append(title)
            return self.says[title]() if title in self.says else self._answer(region, kind)

        only = frozenset({"keys.key"}) if kind == "items" else None
        return Question(title, region, frozenset({kind}), ask, only)

    def _answer(self, region: str, kind: Kind) -> Answer:
        if kind == "items":
            return Answer((FreshPrice(region, "keys.key", "list", "key_month", "list", self.usd),))
        option: Any = kind
        return Answer((FreshPrice(region, "g6.xlarge", option, "hour", "list", self.usd),))


def raising(error: BaseException) -> Callable[[], Answer]:
    def ask() -> Answer:
        raise error

    return ask


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    made = Cloud()
    module = ModuleType("refresh")
    module.questions = made.questions  # type: ignore[attr-defined]
    module.explain = lambda _, item: f"nothing is said of {item}"  # type: ignore[attr-defined]
    aws = replace(AWS)
    object.__setattr__(aws, "extension", {"refresh": module}.__getitem__)
    monkeypatch.setattr("groundplan.app.prices.find_cloud", lambda _: aws)
    monkeypatch.setattr("groundplan.prices.survey.AT_ONCE", 1)
    return made


def refresh(book: Path, *arguments: str) -> int:
    return run(["prices", "refresh", "--cloud", "aws", "-o", str(book), *arguments])


def prices(book: Path) -> dict[tuple[str, str, str], str]:
    """The expected price by region, item and option; the day for those of other days."""
    rows = [dict(zip(COLUMNS, line.split(","), strict=True)) for line in book.read_text().splitlines()[1:]]
    return {(row["region"], row["item"], row["option"]): row["usd_expected"] for row in rows}


def test_rows_that_are_not_asked_for_stay(cloud: Cloud, tmp_path: Path) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", f"{EAST},{WEST}") == OK
    other = "gcp,us-central1,g2-standard-4,on_demand,,,,0.7,,hour,,2026-01-02,mine"
    book.write_text(f"{book.read_text()}{other}\n")
    cloud.usd = Decimal("0.90")
    assert refresh(book, "--region", EAST, "--only", "spot") == OK
    found = prices(book)
    assert found.pop((EAST, "g6.xlarge", "spot")) == "0.9"
    assert found.pop(("us-central1", "g2-standard-4", "on_demand")) == "0.7"
    assert set(found.values()) == {"0.8"}
    assert len(found) == 5
    assert other in book.read_text()


def test_what_is_asked_for_and_gone_does_not_stay(cloud: Cloud, tmp_path: Path) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", EAST) == OK
    cloud.says[f"spot in {EAST}"] = Answer
    assert refresh(book, "--region", EAST) == OK
    assert set(prices(book)) == {(EAST, "g6.xlarge", "on_demand"), (EAST, "keys.key", "list")}


def test_what_is_refused_stays_as_it_was(cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", EAST) == OK
    cloud.usd = Decimal("0.90")
    cloud.says[f"spot in {EAST}"] = raising(RefusedError("AccessDenied", "allow ec2:DescribeSpotPriceHistory"))
    assert refresh(book, "--region", EAST) == FINDINGS
    assert prices(book) == {
        (EAST, "g6.xlarge", "on_demand"): "0.9",
        (EAST, "g6.xlarge", "spot"): "0.8",
        (EAST, "keys.key", "list"): "0.9",
    }
    shown = capsys.readouterr()
    assert "1 further rows of the file stay as they were" in shown.out
    assert "GP803" in shown.err
    assert [path.name for path in tmp_path.iterdir()] == ["today.csv"], "nothing to go on from: it stays refused"


def test_names_narrow_what_is_replaced(cloud: Cloud, tmp_path: Path) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", EAST) == OK
    cloud.usd = Decimal("0.90")
    assert refresh(book, "--region", EAST, "--item", "keys.*") == OK
    assert cloud.wanted is not None
    assert cloud.wanted.machines(EAST) == []
    assert prices(book)[EAST, "keys.key", "list"] == "0.9"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), UnreachableError("the token has expired", "log in again")])
def test_what_was_answered_before_the_end_is_not_asked_again(
    cloud: Cloud, error: BaseException, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, partial = tmp_path / "today.csv", tmp_path / "today.csv.partial"
    assert refresh(book, "--region", EAST) == OK
    before = book.read_text()
    cloud.usd, cloud.asked = Decimal("0.90"), []
    cloud.says[f"spot in {EAST}"] = raising(error)
    assert refresh(book, "--region", EAST) == (MISSING if isinstance(error, UnreachableError) else 130)
    assert book.read_text() == before, "no half book in the place of a good one"
    assert len(partial.read_text().splitlines()) == 2
    cloud.says.clear()
    capsys.readouterr()
    assert refresh(book, "--region", EAST) == OK
    assert cloud.asked == [f"on_demand in {EAST}", f"spot in {EAST}", f"spot in {EAST}", f"items in {EAST}"]
    assert "1 queries had been answered before" in capsys.readouterr().out
    assert set(prices(book).values()) == {"0.9"}
    assert not partial.exists()


def test_restart_asks_everything_again(cloud: Cloud, tmp_path: Path) -> None:
    book = tmp_path / "today.csv"
    cloud.says[f"spot in {EAST}"] = raising(UnreachableError("the token has expired", "log in again"))
    assert refresh(book, "--region", EAST) == MISSING
    cloud.says.clear()
    cloud.asked = []
    assert refresh(book, "--region", EAST, "--restart") == OK
    assert len(cloud.asked) == 3


def test_what_may_be_answered_later_is_left_to_the_next_run(cloud: Cloud, tmp_path: Path) -> None:
    book, partial = tmp_path / "today.csv", tmp_path / "today.csv.partial"
    cloud.says[f"spot in {EAST}"] = raising(RefusedError("Throttling", "retry later", passing=True))
    assert refresh(book, "--region", EAST) == FINDINGS
    assert partial.exists()
    cloud.says.clear()
    cloud.asked = []
    assert refresh(book, "--region", EAST) == OK
    assert cloud.asked == [f"spot in {EAST}"]
    assert len(prices(book)) == 3
    assert not partial.exists()


def test_a_book_that_is_broken_is_told_before_anything_is_asked(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "today.csv"
    book.write_text(f"{','.join(COLUMNS)}\naws,us-east-1,g6.xlarge,on_demand,,,,-1,,hour,,2026-01-02,mine\n")
    assert refresh(book) == BAD_SPEC
    assert cloud.asked == []
    assert "GP705" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--item", "g7.*"), ("--region", "us-eas-1"), ("--item", "")])
def test_names_of_nothing_are_told_before_anything_is_asked(
    cloud: Cloud, arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = refresh(tmp_path / "today.csv", *arguments)
    if arguments == ("--item", ""):
        assert code == OK
        return
    assert code == BAD_SPEC
    assert cloud.asked == []
    assert "GP706" in capsys.readouterr().err


def test_a_full_disk_leaves_the_book(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", EAST) == OK
    before = book.read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("groundplan.prices.partial.Partial._write", full)
    assert refresh(book, "--region", EAST) == STALE
    assert book.read_text() == before


def test_a_key_is_neither_shown_nor_written(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GROUNDPLAN_GOOGLE_API_KEY", SECRET)
    cloud.says[f"spot in {EAST}"] = raising(RefusedError("Throttling", "retry later", passing=True))
    refresh(tmp_path / "today.csv", "--region", EAST, "--format", "json")
    assert cloud.wanted is not None
    assert cloud.wanted.api_key == SECRET
    shown = capsys.readouterr()
    texts = [shown.out, shown.err, repr(cloud.wanted), *(path.read_text() for path in tmp_path.iterdir())]
    assert not [text for text in texts if SECRET in text]
    assert len(texts) == 5


def test_what_changed_is_told(cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "today.csv"
    assert refresh(book, "--region", EAST) == OK
    cloud.usd = Decimal("1.00")
    capsys.readouterr()
    assert refresh(book, "--region", EAST, "--diff", "--format", "json") == OK
    found = json.loads(capsys.readouterr().out)
    assert {(one["item"], one["option"], one["percent"]) for one in found["changes"]} == {
        ("g6.xlarge", "on_demand", 25.0),
        ("g6.xlarge", "spot", 25.0),
        ("keys.key", "list", 25.0),
    }
    assert (found["rows"], found["kept"], found["compared"]) == (3, 0, 3)


def test_without_a_book_the_embedded_prices_are_what_changes(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh(tmp_path / "today.csv", "--region", EAST, "--only", "items", "--diff") == OK
    assert "keys.key" in capsys.readouterr().out


def test_a_spec_is_of_use_with_the_changes_only(cloud: Cloud, tmp_path: Path) -> None:
    assert refresh(tmp_path / "today.csv", "--spec", "groundplan.yaml") == BAD_SPEC
    assert cloud.asked == []
