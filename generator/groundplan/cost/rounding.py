"""Money in whole cents, rounded once per line so that totals are the sum of what is shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)
