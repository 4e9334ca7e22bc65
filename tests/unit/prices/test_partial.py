"""Answers of an interrupted refresh: kept one by one, read back, and of no other survey."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.fresh import Answer, FreshPrice, Unmapped, Wanted
from groundplan.prices.partial import SUFFIX, partial_of
from tests.unit.prices.books import cloud_named

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WANTED = Wanted(cloud_named("aws").catalog, {}, ("us-east-1",), NOW)
ANSWER = Answer(
    (
        FreshPrice("us-east-1", "g6.xlarge", "spot", "hour", "spot", Decimal("0.3"), Decimal("0.2"), Decimal("0.5")),
        FreshPrice(
            "us-east-1",
            "g6.xlarge",
            "commit_1y",
            "hour",
            "plan",
            Decimal(0),
            payment="all",
            upfront_usd=Decimal("4380.00"),
            rank=1,
            sku="BoxUsage:g6.xlarge",
            as_of=date(2026, 11, 21),
        ),
        FreshPrice("us-east-1", "logs.flow_ingested", "list", "gib", "list", Decimal("0.25"), tier_from=10240),
    ),
    (Unmapped("keys.key", "two prices", "us-east-1", ambiguous=True),),
)


def line(option: str = "list", usd: str = "1", tier: int | None = 0) -> bytes:
    cells = ["us-east-1", "keys.key", option, "key_month", "list", None, "", usd, None, None, "0", tier, 0, None]
    return json.dumps({"question": "x", "prices": [cells], "unmapped": []}).encode() + b"\n"


def begun(book: Path) -> Path:
    """The file of a survey with two answers."""
    partial = partial_of(book, "aws", WANTED)
    partial.keep("first", ANSWER)
    partial.keep("second", Answer())
    partial.close()
    return book.with_name(book.name + SUFFIX)


def test_answers_are_read_back_as_they_were(tmp_path: Path) -> None:
    begun(tmp_path / "today.csv")
    again = partial_of(tmp_path / "today.csv", "aws", replace(WANTED, now=NOW + timedelta(hours=2)))
    assert again.answers == {"first": ANSWER, "second": Answer()}
    assert again.started == NOW


def test_no_file_before_there_is_an_answer_and_none_after_it_is_done(tmp_path: Path) -> None:
    partial = partial_of(tmp_path / "today.csv", "aws", WANTED)
    assert list(tmp_path.iterdir()) == []
    partial.keep("first", ANSWER)
    assert [path.name for path in tmp_path.iterdir()] == ["today.csv.partial"]
    partial.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_was_cut_off_is_asked_again(tmp_path: Path) -> None:
    path = begun(tmp_path / "today.csv")
    path.write_bytes(path.read_bytes()[:-5])
    again = partial_of(tmp_path / "today.csv", "aws", WANTED)
    assert list(again.answers) == ["first"]
    again.keep("second", Answer())
    again.close()
    assert list(partial_of(tmp_path / "today.csv", "aws", WANTED).answers) == ["first", "second"]


@pytest.mark.parametrize(
    "wanted",
    [
        replace(WANTED, regions=("us-west-2",)),
        replace(WANTED, kinds=("spot",)),
        replace(WANTED, patterns=("g6.*",)),
        replace(WANTED, now=NOW + timedelta(hours=25)),
        replace(WANTED, now=NOW - timedelta(hours=1)),
    ],
    ids=["regions", "kinds", "items", "yesterday", "tomorrow"],
)
def test_answers_to_something_else_count_for_nothing(wanted: Wanted, tmp_path: Path) -> None:
    path = begun(tmp_path / "today.csv")
    assert partial_of(tmp_path / "today.csv", "aws", wanted).answers == {}
    assert not path.exists()


def test_another_cloud_and_a_fresh_start_count_for_nothing(tmp_path: Path) -> None:
    begun(tmp_path / "today.csv")
    assert partial_of(tmp_path / "today.csv", "gcp", WANTED).answers == {}
    begun(tmp_path / "today.csv")
    assert partial_of(tmp_path / "today.csv", "aws", WANTED, anew=True).answers == {}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\n",
        b"null\n",
        b"[]\n{}\n",
        b"{" * 5000,
        b'{"question": "x", "prices": [["r"]], "unmapped": []}\n',
        line(option="free"),
        line(usd="NaN"),
        line(usd="-1"),
        line(usd="x"),
        line(tier=None),
        b'{"question": "x"}\n',
    ],
)
def test_answers_of_anything_else_are_begun_anew(text: bytes, tmp_path: Path) -> None:
    path = begun(tmp_path / "today.csv")
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + text)
    assert partial_of(tmp_path / "today.csv", "aws", WANTED).answers == {}


@pytest.mark.parametrize("text", [b"", b'{"for', b'{"format": 0, "cloud": "aws"}\n'])
def test_a_survey_of_another_version_or_cut_off_is_begun_anew(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "today.csv.partial").write_bytes(text)
    assert partial_of(tmp_path / "today.csv", "aws", WANTED).answers == {}


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize(
    "text", [b"\xff\n", b"null\n", b"[]\n{}\n", b"{" * 5000, b"my notes\n", b'{"question": "x"}\n']
)
def test_a_file_that_no_survey_has_begun_is_left_alone(text: bytes, anew: bool, tmp_path: Path) -> None:
    path = tmp_path / "today.csv.partial"
    path.write_bytes(text)
    with pytest.raises(DiagnosticsError) as raised:
        partial_of(tmp_path / "today.csv", "aws", WANTED, anew=anew)
    assert [found.code for found in raised.value.diagnostics] == ["GP403"]
    assert path.read_bytes() == text


def test_a_line_as_it_is_written_counts(tmp_path: Path) -> None:
    path = begun(tmp_path / "today.csv")
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + line())
    assert list(partial_of(tmp_path / "today.csv", "aws", WANTED).answers) == ["x"]


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path: Path) -> None:
    mine = begun(tmp_path / "mine.csv").rename(tmp_path / "mine")
    before = mine.read_bytes()
    (tmp_path / "today.csv.partial").symlink_to(mine)
    partial = partial_of(tmp_path / "today.csv", "aws", WANTED)
    assert partial.answers == {}
    partial.keep("first", ANSWER)
    partial.close()
    assert mine.read_bytes() == before


def test_a_folder_in_its_place_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "today.csv.partial").mkdir()
    with pytest.raises(DiagnosticsError) as raised:
        partial_of(tmp_path / "today.csv", "aws", WANTED)
    assert [found.code for found in raised.value.diagnostics] == ["GP403"]
