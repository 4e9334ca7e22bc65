"""How old the prices of a rendered environment are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from groundplan.check.freshness import rendered_text
from groundplan.check.report import CostAge
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.environment.lock import Lock
from groundplan.prices.age import STALE_DAYS
from groundplan.render.cost_page import COST_FILE, price_dates


def cost_age(folder: Path, lock: Lock, today: date) -> CostAge | None:
    """How old the prices in the folder's COST.md are; None where there is no such page as it was rendered."""
    page = rendered_text(folder / COST_FILE, folder) if COST_FILE in lock.sealed else None
    dates = price_dates(page) if page else None
    return CostAge(*dates, today) if dates else None


def old_prices(age: CostAge | None) -> list[Diagnostic]:
    """A warning (GP707) where some of the prices on the page are older than a year: no environment is stale by that."""
    if age is None or age.oldest_days <= STALE_DAYS:
        return []
    message = f"{COST_FILE} has prices of {age.oldest}: older than {STALE_DAYS} days"
    return [Diagnostic("GP707", message, Severity.WARNING, hint="`groundplan prices refresh` fetches current prices")]
