"""The days on a page of COST.md, which anybody can write and seal."""

from __future__ import annotations

from datetime import date

import pytest

from groundplan.environment.files import seal
from groundplan.render.cost_page import price_dates


def test_the_days_of_a_sealed_page() -> None:
    page = seal("# Cost\n\nlist prices of 2026-01-02 to 2026-11-01\n")
    assert price_dates(page) == (date(2026, 1, 2), date(2026, 11, 1))
    assert price_dates(page.replace("2026-11-01", "2026-11-02")) is None


@pytest.mark.parametrize("day", ["9999-99-99", "0000-00-00", "2026-02-30", "٢٠٢٦-01-01", "later"])
def test_days_that_no_calendar_has(day: str) -> None:
    assert price_dates(seal(f"list prices of {day} to 2026-11-01\n")) is None
