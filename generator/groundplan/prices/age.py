"""How old prices are; the day they are looked at comes in from the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from groundplan.diagnostics import Diagnostic, Severity

STALE_DAYS = 365
"""Prices of machines change about once a year; an older row may have missed a change."""

OLD = "GP707"


@dataclass(frozen=True, slots=True)
class Age:
    """The dates of the oldest and the newest of some prices, and how many of them are stale on the day `today`."""

    today: date
    oldest: date
    newest: date
    prices: int
    stale: int

    @property
    def oldest_days(self) -> int:
        """Days since the oldest price was read."""
        return (self.today - self.oldest).days

    @property
    def newest_days(self) -> int:
        """Days since the newest price was read."""
        return (self.today - self.newest).days


def age_of(dates: Iterable[date], today: date) -> Age | None:
    """How old prices of these dates are; None without any."""
    known = list(dates)
    if not known:
        return None
    stale = sum((today - day).days > STALE_DAYS for day in known)
    return Age(today, min(known), max(known), len(known), stale)


def stale(age: Age | None, what: str) -> list[Diagnostic]:
    """A warning (GP707) when some of the prices are stale, else nothing; `what` says which prices: `prices shown`."""
    if age is None or not age.stale:
        return []
    message = f"{age.stale} of {age.prices} {what}: older than {STALE_DAYS} days"
    hint = f"the oldest is from {age.oldest}; `groundplan prices refresh` fetches current prices"
    return [Diagnostic(OLD, message, Severity.WARNING, hint)]
