"""A user's book laid over a cloud's own tables, and over the books before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from groundplan.catalog.catalog import Catalog, Offer, Region
from groundplan.diagnostics import Diagnostic, DiagnosticsError, bounded, did_you_mean
from groundplan.prices.book import COMMITMENTS, Commitment, Option, Price, PriceBook, PurchaseOption, Tier
from groundplan.prices.model import MOST_TIERS, Discount, PricedCatalog, Row, UserBook

TERMS: Mapping[Option, int] = {option: term for term, option in COMMITMENTS.items()}
OPTIONS: tuple[PurchaseOption, ...] = get_args(PurchaseOption)
MOST_SUGGESTIONS = 20
"""Unknown names of a book for which near ones are looked up."""


def lay_over(cloud: PricedCatalog, book: UserBook) -> tuple[Catalog, PriceBook]:
    """The cloud's catalog and prices with a book about it over them.

    The book first takes its discounts off what lies below it, then puts its own prices over that. Raises
    DiagnosticsError with everything that is wrong with it.
    """
    catalog = _catalog(cloud.catalog, book)
    problems = bounded([*_unknown(cloud, catalog, book), *_twice(book)])
    if problems:
        raise DiagnosticsError(problems)
    below = cloud.prices
    if unmatched := bounded(map(_nothing, _unmatched(book.discounts, catalog, below))):
        raise DiagnosticsError(unmatched)
    layers = (*_layers_of(below), Layer(book, catalog, below))
    return catalog, PriceBook(below.folder, Layers(layers))


class Layers:
    """Books over a price book, the last one on top."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    @property
    def regions(self) -> frozenset[str]:
        """Regions with a machine's price in any of the books."""
        return frozenset(region for layer in self.layers for region in layer.regions)

    @property
    def dates(self) -> frozenset[date]:
        """Dates of the books' own prices."""
        return frozenset(row.as_of for layer in self.layers for row in layer.book.rows)

    def instances(self, region: str, prices: Mapping[tuple[str, Option], Price]) -> Mapping[tuple[str, Option], Price]:
        """The prices of machines in a region as they are with the books."""
        for layer in self.layers:
            prices = layer.instances(region, prices)
        return prices

    def commitments(
        self, region: str, commitments: Mapping[str, tuple[Commitment, ...]]
    ) -> Mapping[str, tuple[Commitment, ...]]:
        """The payment options for commitments in a region as they are with the books."""
        for layer in self.layers:
            commitments = layer.commitments(region, commitments)
        return commitments

    def items(self, prices: Mapping[tuple[str, str], Price]) -> Mapping[tuple[str, str], Price]:
        """The prices of all other items as they are with the books."""
        for layer in self.layers:
            prices = layer.items(prices)
        return prices

    def item(self, price: Price) -> Price:
        """The price of an item that none of the books states, less their discounts."""
        for layer in self.layers:
            price = layer.item(price)
        return price


class Layer:
    """One book over what lies below it."""

    def __init__(self, book: UserBook, catalog: Catalog, below: PriceBook) -> None:
        self.book = book
        self._catalog = catalog
        self._instances: dict[str, dict[tuple[str, Option], Price]] = defaultdict(dict)
        self._commitments_of: dict[str, dict[tuple[str, int], tuple[Commitment, ...]]] = defaultdict(dict)
        self._items: dict[tuple[str, str], Price] = {}
        self._by_item: dict[str, frozenset[int]] = {}
        self._by_sale: dict[tuple[str, Option], frozenset[int]] = {}
        for row in book.rows:
            self._take(row, below.units)

    @property
    def regions(self) -> frozenset[str]:
        """Regions with a machine's price."""
        return frozenset((*self._instances, *self._commitments_of))

    def instances(self, region: str, prices: Mapping[tuple[str, Option], Price]) -> Mapping[tuple[str, Option], Price]:
        """What lies below, discounted, without what this book says otherwise, and with what it says."""
        commitments = self._commitments_of.get(region, {})
        kept = {key: price for key, price in prices.items() if (key[0], TERMS.get(key[1], 0)) not in commitments}
        return {**{key: self._less(price) for key, price in kept.items()}, **self._instances.get(region, {})}

    def commitments(
        self, region: str, commitments: Mapping[str, tuple[Commitment, ...]]
    ) -> Mapping[str, tuple[Commitment, ...]]:
        """The same for payment options; a book's word on a term replaces every payment option of that term."""
        own, plain = self._commitments_of.get(region, {}), self._instances.get(region, {})
        found: dict[str, tuple[Commitment, ...]] = {}
        for name, below in commitments.items():
            found[name] = tuple(
                self._discounted(commitment)
                for commitment in below
                if (name, commitment.term_years) not in own and (name, COMMITMENTS[commitment.term_years]) not in plain
            )
        for (name, _), further in own.items():
            found[name] = (*found.get(name, ()), *further)
        return found

    def items(self, prices: Mapping[tuple[str, str], Price]) -> Mapping[tuple[str, str], Price]:
        """The same for items."""
        return {**{key: self._less(price) for key, price in prices.items()}, **self._items}

    def item(self, price: Price) -> Price:
        """What lies below, discounted."""
        return self._less(price)

    def _less(self, price: Price) -> Price:
        discount = self._discount(price.item, price.region, price.option)
        if discount is None:
            return price
        return replace(
            price,
            usd_low=discount.off(price.usd_low),
            usd_expected=discount.off(price.usd_expected),
            usd_high=discount.off(price.usd_high),
            tiers=tuple(Tier(tier.start, discount.off(tier.usd)) for tier in price.tiers),
            source=f"{price.source}, {discount.words}",
        )

    def _discounted(self, commitment: Commitment) -> Commitment:
        discount = self._discount(commitment.instance_type, commitment.region, COMMITMENTS[commitment.term_years])
        if discount is None:
            return commitment
        return replace(
            commitment,
            upfront_usd=discount.off(commitment.upfront_usd),
            usd_per_hour=discount.off(commitment.usd_per_hour),
            source=f"{commitment.source}, {discount.words}",
        )

    def _discount(self, item: str, region: str, option: Option) -> Discount | None:
        """The last discount that fits, as the last line of an ignore file wins."""
        if not self.book.discounts:
            return None
        last = max(self._on_item(item) & self._on_sale(region, option), default=None)
        return None if last is None else self.book.discounts[last]

    def _on_item(self, item: str) -> frozenset[int]:
        """Which discounts are on the item; found once, for an item has many prices."""
        if item not in self._by_item:
            machine = self._catalog.instances.get(item)
            fitting = (index for index, one in enumerate(self.book.discounts) if one.fits_item(item, machine))
            self._by_item[item] = frozenset(fitting)
        return self._by_item[item]

    def _on_sale(self, region: str, option: Option) -> frozenset[int]:
        """Which discounts are on the option in the region."""
        if (region, option) not in self._by_sale:
            fitting = (index for index, one in enumerate(self.book.discounts) if one.fits_sale(region, option))
            self._by_sale[region, option] = frozenset(fitting)
        return self._by_sale[region, option]

    def _take(self, row: Row, units: Mapping[str, str]) -> None:
        if row.item not in self._catalog.instances:
            known = self._items.get((row.item, row.region))
            tiers = (*(known.tiers if known else ()), Tier(row.tier_from, row.usd_expected))
            self._items[row.item, row.region] = _price(row, "list", units[row.item], tiers)
        elif row.payment is not None:
            key = (row.item, TERMS[_option(row)])
            commitments = self._commitments_of[row.region]
            commitments[key] = (*commitments.get(key, ()), _as_commitment(row, key[1]))
        else:
            self._instances[row.region][row.item, _option(row)] = _price(row, _option(row), "hour", ())


def _option(row: Row) -> Option:
    return row.option or "on_demand"


def _price(row: Row, option: Option, unit: str, tiers: tuple[Tier, ...]) -> Price:
    usd = tiers[0].usd if tiers else None
    return Price(
        row.item,
        row.region,
        option,
        unit,
        usd or row.usd_low,
        usd or row.usd_expected,
        usd or row.usd_high,
        tiers,
        row.as_of,
        row.source,
    )


def _as_commitment(row: Row, term: int) -> Commitment:
    assert row.payment is not None
    return Commitment(
        row.region,
        row.item,
        term,
        row.payment,
        row.upfront_usd,
        row.usd_expected,
        row.source,
        row.as_of,
        row.source,
    )


def _layers_of(prices: PriceBook) -> tuple[Layer, ...]:
    return prices.overlay.layers if isinstance(prices.overlay, Layers) else ()


def _catalog(below: Catalog, book: UserBook) -> Catalog:
    """The catalog with the book's own regions and offers.

    A region that the catalog has come to know since the book was written is as the catalog has it.
    """
    if not book.regions and not book.offers:
        return below
    regions: dict[str, Region] = {
        name: region for name, (region, _) in book.regions.items() if name not in below.regions
    }
    offers: dict[str, dict[str, Offer]] = defaultdict(dict)
    for offer, _ in book.offers:
        offers[offer.region][offer.instance_type] = offer
    return below.extended(regions, offers)


def _unknown(cloud: PricedCatalog, catalog: Catalog, book: UserBook) -> Iterator[Diagnostic]:
    """What the book speaks of and the cloud does not have, and units that no meter knows."""
    units = cloud.prices.units
    near = _Near(region=catalog.regions, machine=catalog.instances, item=[*catalog.instances, *units])
    for name, (region, spot) in book.regions.items():
        here = cloud.catalog.regions.get(name)
        if here is not None and not set(region.zones) <= set(here.zones):
            yield spot.problem("GP708", f"region `{name}` is already in the catalog", "leave it out")
    for offer, spot in book.offers:
        if offer.region not in catalog.regions:
            yield spot.problem("GP706", f"no region `{offer.region}`", near["region", offer.region])
        if offer.instance_type not in catalog.instances:
            hint = near["machine", offer.instance_type]
            yield spot.problem("GP706", f"no machine type `{offer.instance_type}`", hint)
    places = {region for _, region in cloud.prices.items}
    for row in book.rows:
        if row.item in units and row.region in places:
            yield from _unknown_item(row, units)
        else:
            yield from _unknown_row(row, catalog, units, near)


def _unknown_item(row: Row, units: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What is wrong with a row about an item; some have places of their own beside the regions, such as `us`."""
    if row.option not in (None, "list"):
        yield row.spot.problem("GP705", f"{row.item} is no machine: it has one price, without a purchase option")
    elif row.unit not in (None, units[row.item]):
        message = f"{row.item} is priced by {units[row.item]}, not by {row.unit}"
        yield row.spot.problem("GP705", message, "convert the price")


def _unknown_row(row: Row, catalog: Catalog, units: Mapping[str, str], near: _Near) -> Iterator[Diagnostic]:
    machine = row.item in catalog.instances
    if row.region not in catalog.regions:
        hint = near["region", row.region] or "describe a region of your own under `regions`"
        yield row.spot.problem("GP706", f"no region `{row.region}`", hint)
    elif not machine and row.item not in units:
        yield row.spot.problem("GP706", f"no machine type or item `{row.item}`", near["item", row.item])
    elif machine and catalog.offer(row.region, row.item) is None:
        message = f"{row.item} is not offered in {row.region}"
        yield row.spot.problem("GP302", message, "if it is, say so under `offers` of a YAML book")
    elif machine and (row.option == "list" or row.tier_from):
        yield row.spot.problem(
            "GP705", "a machine has a purchase option and no tiers", "on_demand, spot, commit_1y or commit_3y"
        )
    elif not machine:
        yield from _unknown_item(row, units)
    elif row.unit not in (None, "hour"):
        yield row.spot.problem("GP705", f"{row.item} is priced by hour, not by {row.unit}", "convert the price")


def _twice(book: UserBook) -> Iterator[Diagnostic]:
    """Rows that say again what another has said, and tiers out of order."""
    last: dict[tuple[str, ...], Row] = {}
    plain: dict[tuple[str, ...], bool] = {}
    tiers: dict[tuple[str, ...], int] = {}
    for row in book.rows:
        key = (row.region, row.item, row.option or "")
        full = (*key, row.payment or "")
        known = last.get(full)
        if known is not None and (row.tier_from == 0 or row.payment):
            line = known.spot.place.line
            yield row.spot.problem(
                "GP705", f"{row.item} in {row.region} has two identical prices", f"the other is in line {line}"
            )
        elif tiers.setdefault(full, 0) >= MOST_TIERS:
            yield row.spot.problem("GP705", f"{row.item} in {row.region} has more than {MOST_TIERS} tiers")
        elif row.tier_from <= (known.tier_from if known else -1) or (known is None and row.tier_from):
            yield row.spot.problem("GP705", f"tiers of {row.item} in {row.region} do not rise from 0")
        elif plain.setdefault(key, row.payment is None) != (row.payment is None):
            yield row.spot.problem("GP705", f"{row.item} in {row.region} has a price with and one without a payment")
        last[full] = row
        tiers[full] = tiers.get(full, 0) + 1


def _unmatched(discounts: Sequence[Discount], catalog: Catalog, prices: PriceBook) -> Iterator[Discount]:
    """The discounts that no price is meant by."""
    sold = _Sold(catalog, prices)
    names = {*catalog.instances, *prices.units, *prices.machines.units} if discounts else ()
    places = {*catalog.regions, *(region for _, region in prices.items)} if discounts else ()
    for one in discounts:
        meant = {name for name in names if one.fits_item(name, catalog.instances.get(name))}
        if not any(
            one.fits_sale(region, option) and not meant.isdisjoint(there)
            for region in (places if meant else ())
            for option, there in sold[region].items()
        ):
            yield one


class _Sold(dict[str, dict[Option, set[str]]]):
    """What has a price in a region, by option; looks at one region after the other, as far as is asked."""

    def __init__(self, catalog: Catalog, prices: PriceBook) -> None:
        super().__init__()
        self._catalog, self._prices = catalog, prices

    def __missing__(self, region: str) -> dict[Option, set[str]]:
        offered = [machine.name for machine in self._catalog.offered(region)]
        beside = self._prices.machines.sold(region)
        made: dict[Option, set[str]] = {
            option: {name for name in offered if self._prices.instance_price(region, name, option)}
            for option in OPTIONS
        }
        made["on_demand"] |= beside
        made["list"] = {item for item, there in self._prices.items if there == region}
        made["list"] |= self._prices.services.sold(region)
        self[region] = made
        return made


def _nothing(discount: Discount) -> Diagnostic:
    hint = "patterns are of the cloud's own names, such as item `g6.*`, family `g6`, region `us-*`, option `on_demand`"
    return discount.spot.problem("GP709", "the discount matches no price", hint)


class _Near(dict[tuple[str, str], str | None]):
    """What an unknown name probably means, of the first unknown names: comparing 100,000 takes minutes."""

    def __init__(self, **known: Iterable[str]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, name: tuple[str, str]) -> str | None:
        what, word = name
        if len(self) >= MOST_SUGGESTIONS:
            return None
        self[name] = did_you_mean(word, self._known[what], most=2) or None
        return self[name]
