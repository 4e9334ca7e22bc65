"""Asking price books: what one unit of a thing costs, where it is offered, and where it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean
from groundplan.prices.book import PURCHASE_OPTIONS, Option, Price, PurchaseOption
from groundplan.prices.model import PricedCatalog

LIST: Option = "list"
OPTIONS: tuple[str, ...] = (*PURCHASE_OPTIONS, LIST)
"""What a price may be asked by; `list` is that of an item that is no machine."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; an empty part asks for all there is."""

    regions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """Machine types in the cloud's own spelling, and names of items such as `network.nat_gateway`."""
    options: tuple[str, ...] = ()

    @property
    def whole_book(self) -> bool:
        """Whether everything is asked for."""
        return not (self.regions or self.items or self.options)


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer for one item, region and option. Without a price, `reason` says why."""

    cloud: str
    item: str
    region: str
    option: Option
    unit: str
    offered: bool
    price: Price | None
    reason: str | None = None


def ask(clouds: Sequence[PricedCatalog], query: Query) -> list[Quote]:
    """The quotes of every cloud that knows what is asked for, sorted.

    A machine that is not offered in a region has a quote without a price only when `query` names the machine.
    Raises DiagnosticsError (GP706) for a region or an item that no cloud knows, and when no cloud knows both.
    """
    _refuse_unknown("region", query.regions, [region for cloud in clouds for region in cloud.catalog.regions])
    _refuse_unknown("item", query.items, [name for cloud in clouds for name in _names(cloud, query.items)])
    quotes = [quote for cloud in clouds for quote in _of_cloud(cloud, query)]
    if not quotes and query.items and query.regions:
        message = f"no cloud has both {_words(query.items)} and {_words(query.regions)}"
        hint = "each item and each region is known, but of different clouds or without a price there"
        raise DiagnosticsError([Diagnostic("GP706", message, hint=hint)])
    return sorted(quotes, key=lambda quote: (quote.cloud, quote.item, quote.region, OPTIONS.index(quote.option)))


def _names(cloud: PricedCatalog, items: Collection[str]) -> set[str]:
    return {*cloud.catalog.instances, *cloud.prices.machines.units, *_units(cloud, items)}


def _units(cloud: PricedCatalog, items: Collection[str]) -> dict[str, str]:
    """The units of what is no machine, by name; of sizes made to measure, which are not listed, those asked for."""
    listed = {item: price.unit for (item, _), price in cloud.prices.items.items()}
    asked = (cloud.prices.item_price(item, region) for item in items for region in cloud.catalog.regions)
    return listed | {price.item: price.unit for price in asked if price}


def _refuse_unknown(what: str, wanted: Iterable[str], known: Collection[str]) -> None:
    problems = []
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, sorted(set(known)), most=3) or None
            problems.append(Diagnostic("GP706", f"no {what} `{name}` in the price books", hint=hint))
    if problems:
        raise DiagnosticsError(problems)


def _of_cloud(cloud: PricedCatalog, query: Query) -> Iterator[Quote]:
    regions = [region for region in query.regions or sorted(cloud.catalog.regions) if region in cloud.catalog.regions]
    options = query.options or OPTIONS
    purchases = [cast(PurchaseOption, option) for option in PURCHASE_OPTIONS if option in options]
    for region in regions:
        if purchases:
            yield from _machines(cloud, region, query.items, purchases)
        if LIST in options:
            yield from _items(cloud, region, query.items)


def _machines(
    cloud: PricedCatalog, region: str, items: Collection[str], purchases: Sequence[PurchaseOption]
) -> Iterator[Quote]:
    catalog, prices = cloud.catalog, cloud.prices
    names = [item.name for item in catalog.offered(region)]
    if items:
        names = [name for name in items if name in catalog.instances or name in prices.machines.units]
    for name in names:
        offered = catalog.offer(region, name) is not None or prices.machines.row(name, region) is not None
        for option in purchases:
            price = prices.instance_price(region, name, option) if offered else None
            reason = None if price else _why_not(cloud, region, name, option, offered)
            if price or items or ((region, name) in prices.unpriced and option == PURCHASE_OPTIONS[0]):
                yield Quote(cloud.name, name, region, option, "hour", offered, price, reason)


def _why_not(cloud: PricedCatalog, region: str, name: str, option: PurchaseOption, offered: bool) -> str:
    if not offered:
        return f"not offered in {region}"
    listed = cloud.prices.unpriced.get((region, name)) if option == PURCHASE_OPTIONS[0] else None
    return listed or "no price"


def _items(cloud: PricedCatalog, region: str, items: Collection[str]) -> Iterator[Quote]:
    for name, unit in _units(cloud, items).items():
        if items and name not in items:
            continue
        price = cloud.prices.item_price(name, region)
        if price or items:
            reason = None if price else f"no price in {region}"
            yield Quote(cloud.name, name, region, LIST, unit, price is not None, price, reason)


def _words(names: Sequence[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)
