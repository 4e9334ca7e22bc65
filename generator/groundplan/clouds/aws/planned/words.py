"""Words that the rules of all services share."""

from __future__ import annotations

from groundplan.clouds.billing import Amount, Use, use


def without_price(item: str, unit: str, words: str) -> Use:
    """Something that is billed and that the price book does not hold: its resource costs at least what is priced."""
    return use(item, unit, Amount.of(1, words))
