"""What a SKU says of its price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from groundplan.prices.book import Option

GLOBAL = "global"
OPTIONS: Mapping[str, Option] = {
    "OnDemand": "on_demand",
    "Preemptible": "spot",
    "Commit1Yr": "commit_1y",
    "Commit3Yr": "commit_3y",
}
"""Purchase options by the usage type of a SKU."""


@dataclass(frozen=True, slots=True)
class Tier:
    """What a unit costs from a quantity on."""

    start: Decimal
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a SKU that are in force; no tiers where it has none in US dollars."""

    unit: str
    tiers: tuple[Tier, ...]

    @property
    def paid(self) -> tuple[Tier, ...]:
        """The tiers that cost anything; the first begins at 0, as no price here counts free amounts."""
        priced = [tier for tier in self.tiers if tier.usd > 0]
        return tuple(Tier(tier.start if index else Decimal(0), tier.usd) for index, tier in enumerate(priced))


NONE = Rates("", ())


def rates_of(sku: Any, now: datetime) -> Rates:
    """The rates of a SKU: the newest that are in force."""
    valid = [info for info in sku.pricing_info if not _begins(info) or _begins(info) <= now]
    if not valid:
        return NONE
    expression = valid[-1].pricing_expression
    rates = expression.tiered_rates
    if not rates or any(rate.unit_price.currency_code != "USD" for rate in rates):
        return NONE
    tiers = sorted((Decimal(str(rate.start_usage_amount)), _usd(rate.unit_price)) for rate in rates)
    return Rates(expression.usage_unit, tuple(Tier(start, usd) for start, usd in tiers))


def _begins(info: Any) -> Any:
    """When a price begins to be in force; None where that is not stated."""
    return getattr(info, "effective_time", None) or None


def _usd(money: Any) -> Decimal:
    return Decimal(money.units) + Decimal(money.nanos) / 1_000_000_000
