"""What changes when one set of prices takes the place of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from groundplan.prices.book import PURCHASE_OPTIONS, Option, Price, PriceBook, PurchaseOption
from groundplan.prices.model import PricedCatalog, UserBook

Effect = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price before and after; None: there is none."""

    cloud: str
    item: str
    region: str
    option: Option
    before: Price | None
    after: Price | None

    @property
    def effect(self) -> Effect:
        """What becomes of the price."""
        if self.before is None:
            return "added"
        return "changed" if self.after else "removed"

    @property
    def percent(self) -> Decimal | None:
        """By how much the expected price rises; None where there is none to compare."""
        if self.before is None or self.after is None or not self.before.usd_expected:
            return None
        return (self.after.usd_expected / self.before.usd_expected - 1) * 100


@dataclass(frozen=True, slots=True)
class Changes:
    """The prices that differ, the largest rise or fall first, and how many were compared."""

    changes: Sequence[PriceChange]
    compared: int

    def count(self, effect: Effect) -> int:
        """How many there are of an effect."""
        return sum(change.effect == effect for change in self.changes)


def changes_between(
    before: PricedCatalog, after: PricedCatalog, books: Iterable[UserBook]
) -> tuple[list[PriceChange], int]:
    """What differs of all that the books speak of, and how much that is."""
    keys = {key for book in books if book.cloud == after.name for key in _keys(book, before, after)}
    found = [_change(before, after, *key) for key in sorted(keys)]
    return [change for change in found if _amounts(change.before) != _amounts(change.after)], len(keys)


def in_order(changes: Iterable[PriceChange]) -> list[PriceChange]:
    """The largest rise or fall first, then what is new or gone."""
    return sorted(changes, key=lambda one: (one.percent is None, -abs(one.percent or Decimal(0))))


def _keys(book: UserBook, before: PricedCatalog, after: PricedCatalog) -> Iterator[tuple[str, str, Option]]:
    """Every price that a book states, or takes a discount off."""
    for row in book.rows:
        machine = row.item in after.catalog.instances
        yield row.region, row.item, (row.option or "on_demand") if machine else "list"
    if book.discounts:
        for prices in (before.prices, after.prices):
            yield from ((region, item, option) for region, item, option in prices.instances)
            yield from ((region, item, "list") for item, region in prices.items)
            yield from ((region, item, "list") for item, region in prices.services.places)
            yield from ((region, item, "on_demand") for item, region in prices.machines.places)


def _change(before: PricedCatalog, after: PricedCatalog, region: str, item: str, option: Option) -> PriceChange:
    old, new = (_price(cloud.prices, region, item, option) for cloud in (before, after))
    return PriceChange(after.name, item, region, option, old, new)


def _price(prices: PriceBook, region: str, item: str, option: Option) -> Price | None:
    if option in PURCHASE_OPTIONS:
        return prices.instance_price(region, item, cast(PurchaseOption, option))
    return prices.item_price(item, region)


def _amounts(price: Price | None) -> object:
    return price and (price.usd_low, price.usd_expected, price.usd_high, price.tiers)
