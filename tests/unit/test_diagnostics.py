"""Findings and suggestions of any number and length stay few and quick."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import pytest

from groundplan.diagnostics import Diagnostic, Place, Severity, bounded, close_matches, did_you_mean, first
from groundplan.spec.near import closest


def findings(count: int) -> Iterator[Diagnostic]:
    return (Diagnostic("GP201", f"number {index}", place=Place("f", index + 1)) for index in range(count))


class TestBounded:
    @pytest.mark.parametrize("count", [0, 1, 99, 100])
    def test_few_are_all_there(self, count: int) -> None:
        assert bounded(findings(count)) == list(findings(count))

    def test_the_rest_is_counted(self) -> None:
        *shown, last = bounded(findings(12_345), 3)
        assert [one.message for one in shown] == ["number 0", "number 1", "number 2"]
        assert (last.code, last.message, last.place) == ("GP201", "and 12,342 more", Place("f", 4))

    def test_an_error_among_the_rest_stays_one(self) -> None:
        notes = [Diagnostic("GP201", "x", Severity.NOTE)] * 3
        assert bounded([*notes, Diagnostic("GP202", "y"), *notes], 2)[-1].severity is Severity.ERROR


class TestFirst:
    def test_few_are_all_there(self) -> None:
        assert list(first(findings(3), 3)) == list(findings(3))

    def test_no_more_are_looked_for(self) -> None:
        found = findings(10**9)
        assert [one.message for one in first(found, 2)] == ["number 0", "number 1", "and more, not listed"]
        assert next(found).message == "number 3"


class TestSuggestions:
    def test_what_is_near(self) -> None:
        assert did_you_mean("g6.xlrge", ["g6.xlarge", "g5"]) == "did you mean `g6.xlarge`?"

    def test_nothing_long_is_compared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        compared: list[tuple[str, int]] = []
        monkeypatch.setattr(
            difflib, "get_close_matches", lambda name, known, **_: compared.append((name, len(known))) or []
        )
        close_matches("a" * 1_000_000, ["b"])
        close_matches("a", (f"a{number}" for number in range(1_000_000)))
        closest("a" * 1_000_000, ["b"])
        assert compared == []
        close_matches("a", ["b", "a" * 1_000_000])
        assert compared == [("a", 1)]
