"""Folders that no longer are what was rendered."""

from __future__ import annotations

import json
from datetime import date

import pytest

from groundplan.check.freshness import stale
from groundplan.check.price_age import cost_age
from groundplan.check.report import CostAge, NotChecked
from groundplan.diagnostics import Severity
from groundplan.environment.files import LOCK_FILE, seal
from groundplan.environment.lock import read_lock
from tests.unit.check.conftest import Make
from tests.unit.check.environments import FILES

CHANGED = "20-platform/main.tf"


def codes(folder, rerender=lambda _: FILES):
    lock = read_lock(folder)
    assert lock is not None
    found, not_checked = stale(folder, lock.outline, rerender)
    return [(d.code, d.place.file, d.severity) for d in found], not_checked


def test_an_untouched_folder_is_fresh(make: Make) -> None:
    assert codes(make()) == ([], [])


def test_an_edited_file_is_named_once_even_if_it_would_be_rendered_differently(make: Make) -> None:
    folder = make()
    (folder / CHANGED).write_text("# mine\n")
    assert codes(folder) == ([("GP401", CHANGED, Severity.ERROR)], [])


def test_a_missing_file_is_an_error(make: Make) -> None:
    folder = make()
    (folder / CHANGED).unlink()
    assert codes(folder)[0] == [("GP401", CHANGED, Severity.ERROR)]


def test_a_file_beside_the_rendered_ones_is_only_noted(make: Make) -> None:
    folder = make()
    (folder / "20-platform/own.tf").write_text("locals {}\n")
    (folder / "20-platform/.terraform").mkdir()
    (folder / "20-platform/.terraform/cached.tf").write_text("")
    assert codes(folder)[0] == [("GP401", "20-platform/own.tf", Severity.NOTE)]


def test_a_changed_spec_makes_the_folder_old(make: Make) -> None:
    folder = make()
    (folder / "groundplan.yaml").write_text("name: other\n")
    assert codes(folder)[0] == [("GP404", "groundplan.yaml", Severity.ERROR)]


def test_a_spec_that_is_not_there_is_said_to_be_unchecked(make: Make) -> None:
    folder = make()
    (folder / "groundplan.yaml").unlink()
    assert codes(folder) == ([], [NotChecked("freshness against groundplan.yaml", "the file is not there")])


def test_a_newer_renderer_makes_the_folder_old(make: Make) -> None:
    newer = FILES | {CHANGED: "# rendered anew\n", "20-platform/more.tf": "", LOCK_FILE: "{}"}
    assert codes(make(), lambda _: newer)[0] == [
        ("GP404", CHANGED, Severity.ERROR),
        ("GP404", "20-platform/more.tf", Severity.ERROR),
    ]


COST = "COST.md"
PRICED = {COST: seal("US dollars, list prices of 2025-11-18 to 2026-09-24.\n")}
TODAY = date(2026, 11, 29)


def test_a_cost_page_of_other_prices_is_fresh(make: Make) -> None:
    folder = make(PRICED)
    assert codes(folder, lambda _: FILES | {COST: seal("list prices of 2026-01-01 to 2026-11-01\n")}) == ([], [])


@pytest.mark.parametrize("text", ["mine\n", PRICED[COST].replace("2025", "2026")])
def test_a_cost_page_edited_by_hand_is_an_error(make: Make, text: str) -> None:
    folder = make(PRICED)
    (folder / COST).write_text(text)
    assert codes(folder, lambda _: FILES | PRICED)[0] == [("GP401", COST, Severity.ERROR)]
    lock = read_lock(folder)
    assert lock is not None
    assert cost_age(folder, lock, TODAY) is None


def test_a_missing_cost_page_is_an_error(make: Make) -> None:
    folder = make(PRICED)
    (folder / COST).unlink()
    assert codes(folder, lambda _: FILES | PRICED)[0] == [("GP401", COST, Severity.ERROR)]


def test_an_environment_from_before_there_was_a_cost_page_is_old(make: Make) -> None:
    assert codes(make(), lambda _: FILES | PRICED)[0] == [("GP404", COST, Severity.ERROR)]


def test_the_age_of_the_cost_page_is_that_of_its_oldest_price(make: Make) -> None:
    folder = make(PRICED)
    lock = read_lock(folder)
    assert lock is not None
    age = cost_age(folder, lock, TODAY)
    assert age == CostAge(date(2025, 11, 18), date(2026, 9, 24), TODAY)
    assert age.oldest_days == 376


def test_without_a_renderer_the_report_says_what_was_compared(make: Make) -> None:
    assert codes(make(), None) == (
        [],
        [NotChecked("fresh rendering", "the files were compared with the lock only")],
    )


def test_a_damaged_lock_is_a_finding(make: Make, checker) -> None:
    folder = make()
    for text in ("{", json.dumps({"format_version": "2"})):
        (folder / LOCK_FILE).write_text(text)
        report = checker.check(folder)
        assert [d.code for d in report.diagnostics if d.code.startswith("GP4")] == ["GP402"]
