"""What things cost: list prices of instances and of everything else, each with its date and its source.

A price book is a folder of tables: `instances.csv`, `items.csv`, `unpriced.csv`, `sources.csv` and, where a
commitment can be paid upfront, `commitments.csv`; `docs/prices.md` describes every column. What has no row has no
price: it is unknown, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias, get_args

from groundplan.catalog.tables import (
    Dates,
    Line,
    amount,
    by_first_cell,
    filled,
    malformed,
    parse_lines,
    read_lines,
    read_table,
    whole,
)
from groundplan.prices.services import ServicePrices
from groundplan.prices.zones import ZonePrices, read_zones
from groundplan.quantities import Band

PurchaseOption: TypeAlias = Literal["on_demand", "spot", "commit_1y", "commit_3y"]
Option: TypeAlias = Literal["on_demand", "spot", "commit_1y", "commit_3y", "list"]
"""`list` is the one price of an item that is not an instance."""
PURCHASE_OPTIONS: tuple[str, ...] = get_args(PurchaseOption)
SOLD: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "no source states the price in this region": frozenset(PURCHASE_OPTIONS),
        "created as spot or flex-start only; an on-demand machine of this size is refused": frozenset({"spot"}),
        "sold by reservation and flex-start and spot; not on demand": frozenset({"spot"}),
        "sold as capacity blocks only; AWS publishes no on-demand price": frozenset(),
    }
)
"""How types without an on-demand price are sold all the same, by the reason that `unpriced.csv` gives."""
Payment: TypeAlias = Literal["none", "partial", "all"]
PAYMENTS: tuple[str, ...] = get_args(Payment)
"""How much of a commitment is paid upfront."""
COMMITMENTS: Mapping[int, PurchaseOption] = MappingProxyType({1: "commit_1y", 3: "commit_3y"})
HOURS_PER_YEAR = 8760
SERVICE_TABLE = "services.csv"
MACHINE_TABLE = "machines.csv"
MIB_PER_GIB = 1024
TO_MEASURE = re.compile(r"(?P<series>[a-z_.-]+)-(?P<vcpus>[0-9]{1,4})-(?P<mib>[0-9]{1,9})(?P<ending>_ha)?", re.ASCII)
"""Name of an item whose price is that of its vCPUs and of its memory."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The price of a unit once a month's quantity has reached `start`, in the item's unit."""

    start: int
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs in US dollars, without tax. A list price has low = expected = high; spot is a band."""

    item: str
    region: str
    option: Option
    unit: str
    usd_low: Decimal
    usd_expected: Decimal
    usd_high: Decimal
    tiers: tuple[Tier, ...]
    """By rising start, the first at 0; empty for an instance. The three amounts above are those of the first tier."""
    as_of: date
    source: str

    @property
    def band(self) -> Band:
        """What one unit costs at the least, as expected and at the most."""
        return Band(self.usd_low, self.usd_expected, self.usd_high)

    def total(self, quantity: Decimal) -> Decimal:
        """What `quantity` units of one month cost at the expected price, tier by tier."""
        if not self.tiers:
            return self.usd_expected * quantity
        ends = [Decimal(tier.start) for tier in self.tiers[1:]] + [max(quantity, Decimal(self.tiers[-1].start))]
        return sum(
            (
                (min(quantity, end) - tier.start) * tier.usd
                for tier, end in zip(self.tiers, ends, strict=True)
                if quantity > tier.start
            ),
            start=Decimal(0),
        )


@dataclass(frozen=True, slots=True)
class Commitment:
    """One payment option for an instance type that is committed to for a term, used or not."""

    region: str
    instance_type: str
    term_years: int
    payment: Payment
    upfront_usd: Decimal
    usd_per_hour: Decimal
    """Due every hour of the term, besides what was paid upfront."""
    plan: str
    """What is bought, in the cloud's words."""
    as_of: date
    source: str

    @property
    def usd_effective(self) -> Decimal:
        """US dollars an hour of the term, the upfront payment spread over its hours."""
        return self.usd_per_hour + self.upfront_usd / (HOURS_PER_YEAR * self.term_years)


@dataclass(frozen=True, slots=True)
class Source:
    """Where prices were read."""

    id: str
    title: str
    citation: str
    as_of: date


class Overlay(Protocol):
    """What changes the prices of a book: discounts, other prices, further regions."""

    @property
    def regions(self) -> Collection[str]:
        """Regions in which it has machines' prices."""

    @property
    def dates(self) -> Collection[date]:
        """Dates of its own prices."""

    def instances(self, region: str, prices: Mapping[tuple[str, Option], Price]) -> Mapping[tuple[str, Option], Price]:
        """The prices of machines in a region, instead of those given; commitments with payment options are apart."""

    def commitments(
        self, region: str, commitments: Mapping[str, tuple[Commitment, ...]]
    ) -> Mapping[str, tuple[Commitment, ...]]:
        """The payment options for commitments in a region, instead of those given."""

    def items(self, prices: Mapping[tuple[str, str], Price]) -> Mapping[tuple[str, str], Price]:
        """The prices of everything else, instead of those given."""

    def item(self, price: Price) -> Price:
        """The price of an item that it has no price of its own of."""


class PriceBook:
    """Lookups in the price tables of one cloud. Raises DiagnosticsError when a table is broken, on first use of it.

    An `overlay` is asked for the rows of a region after they were read, and before anything is made of them.
    """

    def __init__(self, folder: Traversable, overlay: Overlay | None = None) -> None:
        self._folder = folder
        self.overlay = overlay
        self._date = Dates()
        self._regions: dict[str, Mapping[tuple[str, Option], Price]] = {}
        self._commitments: dict[str, Mapping[str, tuple[Commitment, ...]]] = {}

    @property
    def folder(self) -> Traversable:
        """Where the tables are."""
        return self._folder

    def instance_price(self, region: str, instance_type: str, option: PurchaseOption) -> Price | None:
        """The price of an hour of the type, or None when it is unknown.

        A commitment is the band over its payments, expected without upfront payment.
        """
        found = self._region(region).get((instance_type, option))
        return self._of_machine(instance_type, region) if found is None and option == "on_demand" else found

    def _of_machine(self, name: str, region: str) -> Price | None:
        row = self.machines.row(name, region)
        if row is None:
            return None
        usd = row.tiers[0][1]
        price = Price(name, region, "on_demand", row.unit, usd, usd, usd, (), row.as_of, row.source)
        return self.overlay.item(price) if self.overlay else price

    @cached_property
    def machines(self) -> ServicePrices:
        """Prices on demand of types that are not in the catalog and only plans use."""
        return ServicePrices(self._folder / MACHINE_TABLE, self._day_of)

    def item_price(self, item: str, region: str) -> Price | None:
        """The price of an item (a name such as `network.nat_gateway`), with its tiers, or None when it is unknown.

        A size made to measure without a price of its own, `<series>-<vCPUs>-<MiB>`, costs what its vCPUs and GiB do.
        """
        return self.items.get((item, region)) or self._of_service(item, region) or self._to_measure(item, region)

    def _of_service(self, item: str, region: str) -> Price | None:
        row = self.services.row(item, region)
        if row is None:
            return None
        tiers = tuple(Tier(start, usd) for start, usd in row.tiers)
        first = tiers[0].usd
        price = Price(item, region, "list", row.unit, first, first, first, tiers, row.as_of, row.source)
        return self.overlay.item(price) if self.overlay else price

    @cached_property
    def services(self) -> ServicePrices:
        """Prices of services that only plans use; without rows where the cloud has none."""
        return ServicePrices(self._folder / SERVICE_TABLE, self._day_of)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The units of everything that is no machine, by name."""
        return {**self.services.units, **{item: price.unit for (item, _), price in self.items.items()}}

    def _to_measure(self, item: str, region: str) -> Price | None:
        size = TO_MEASURE.fullmatch(item)
        if size is None:
            return None
        vcpu = self.items.get((f"{size['series']}.vcpu{size['ending'] or ''}", region))
        memory = self.items.get((f"{size['series']}.memory{size['ending'] or ''}", region))
        if vcpu is None or memory is None:
            return None
        gib = Decimal(size["mib"]) / MIB_PER_GIB
        low, expected, high = (
            int(size["vcpus"]) * of_vcpu + gib * of_gib
            for of_vcpu, of_gib in (
                (vcpu.usd_low, memory.usd_low),
                (vcpu.usd_expected, memory.usd_expected),
                (vcpu.usd_high, memory.usd_high),
            )
        )
        tiers = (Tier(0, expected),)
        as_of = min(vcpu.as_of, memory.as_of)
        return Price(item, region, vcpu.option, vcpu.unit, low, expected, high, tiers, as_of, vcpu.source)

    def commitments(self, region: str, instance_type: str) -> tuple[Commitment, ...]:
        """Every known payment option for a commitment to the type, by term and payment; empty when none is known."""
        return self._region_commitments(region).get(instance_type, ())

    @cached_property
    def as_of(self) -> tuple[date, date]:
        """The dates of the oldest and of the newest price in the book, without parsing the prices."""
        dates = {price.as_of for price in self.items.values()}
        if self.overlay is not None:
            dates |= set(self.overlay.dates)
        dates |= _dates(self._folder / INSTANCE_TABLE, self._instance_lines, _sources_of, self._day_of)
        dates |= _dates(self._folder / COMMITMENT_TABLE, self._commitment_lines, _source_of, self._day_of)
        return min(dates), max(dates)

    @cached_property
    def instances(self) -> MappingProxyType[tuple[str, str, Option], Price]:
        """Every price of an instance hour, by region, type and purchase option."""
        names = [*self._instance_lines, *self._commitment_lines, *(self.overlay.regions if self.overlay else ())]
        regions = {region: self._region(region) for region in names}
        return MappingProxyType(
            {(region, *key): price for region, prices in regions.items() for key, price in prices.items()}
        )

    def _region(self, region: str) -> Mapping[tuple[str, Option], Price]:
        """Instance prices of one region: a comparison of two regions does not parse thirty."""
        known = self._regions.get(region)
        if known is None:
            found: dict[tuple[str, Option], Price] = {}
            table = self._folder / INSTANCE_TABLE
            lines = self._instance_lines.get(region, ())
            for line, prices in parse_lines(table, lines, len(INSTANCE_COLUMNS), self._instance):
                for price in prices:
                    if found.setdefault((price.item, price.option), price) is not price:
                        raise malformed(table, line, f"{price.item} has two {price.option} prices in {region}")
            if self.overlay is not None:
                found = dict(self.overlay.instances(region, found))
            for price in self._committed(region):
                if found.setdefault((price.item, price.option), price) is not price:
                    raise malformed(table, 1, f"{price.item} has two {price.option} prices in {region}")
            known = self._regions[region] = found
        return known

    def _committed(self, region: str) -> Iterator[Price]:
        """What the commitments of a region come to, an hour."""
        for name, commitments in self._region_commitments(region).items():
            for term, option in COMMITMENTS.items():
                offers = {commitment.payment: commitment for commitment in commitments if commitment.term_years == term}
                if offers:
                    effective = sorted(commitment.usd_effective for commitment in offers.values())
                    plain = (
                        offers["none"]
                        if "none" in offers
                        else max(offers.values(), key=lambda commitment: commitment.usd_effective)
                    )
                    yield Price(
                        name,
                        region,
                        option,
                        "hour",
                        effective[0],
                        plain.usd_effective,
                        effective[-1],
                        (),
                        min(commitment.as_of for commitment in offers.values()),
                        plain.source,
                    )

    def _region_commitments(self, region: str) -> Mapping[str, tuple[Commitment, ...]]:
        known = self._commitments.get(region)
        if known is None:
            found: dict[str, tuple[Commitment, ...]] = {}
            table = self._folder / COMMITMENT_TABLE
            lines = self._commitment_lines.get(region, ())
            for line, commitments in parse_lines(table, lines, len(COMMITMENT_COLUMNS), self._commitment):
                name = commitments[0].instance_type
                if found.setdefault(name, commitments) is not commitments:
                    raise malformed(table, line, f"{name} has two rows of commitments in {region}")
            laid = self.overlay.commitments(region, found) if self.overlay else found
            known = self._commitments[region] = laid
        return known

    @cached_property
    def _instance_lines(self) -> dict[str, list[Line]]:
        return by_first_cell(read_lines(self._folder / INSTANCE_TABLE, INSTANCE_COLUMNS))

    @cached_property
    def _commitment_lines(self) -> dict[str, list[Line]]:
        table = self._folder / COMMITMENT_TABLE
        return by_first_cell(read_lines(table, COMMITMENT_COLUMNS)) if table.is_file() else {}

    @cached_property
    def items(self) -> MappingProxyType[tuple[str, str], Price]:
        """Prices of everything that is not an instance, by item and region."""
        table = self._folder / "items.csv"
        found: dict[tuple[str, str], Price] = {}
        for line, price in read_table(table, ITEM_COLUMNS, self._item):
            key = (price.item, price.region)
            known = found.get(key)
            if known is None and price.tiers[0].start != 0:
                raise malformed(table, line, f"the first tier of {price.item} in {price.region} does not start at 0")
            if known is not None and (known.unit != price.unit or price.tiers[0].start <= known.tiers[-1].start):
                raise malformed(
                    table, line, f"tiers of {price.item} in {price.region} are out of order or differ in unit"
                )
            found[key] = price if known is None else _with_tier(known, price)
        return MappingProxyType(dict(self.overlay.items(found)) if self.overlay else found)

    @cached_property
    def unpriced(self) -> MappingProxyType[tuple[str, str], str]:
        """Why an offered type has no on-demand price, by region and type."""
        rows = read_table(self._folder / "unpriced.csv", UNPRICED_COLUMNS, lambda *cells: tuple(map(filled, cells)))
        return MappingProxyType({(region, name): reason for _, (region, name, reason) in rows})

    def not_sold(self, region: str, name: str, option: PurchaseOption) -> str | None:
        """Why an offered type cannot be bought so; None where it can, or where only its price is unknown."""
        reason = self.unpriced.get((region, name))
        if reason is None or option in SOLD[reason] or self.instance_price(region, name, option):
            return None
        return reason

    @cached_property
    def spot_by_zone(self) -> MappingProxyType[tuple[str, str], ZonePrices]:
        """What spot was observed to cost in each zone, by region and type; a region costs what the middle one does."""
        return MappingProxyType(read_zones(self._folder))

    @cached_property
    def sources(self) -> MappingProxyType[str, Source]:
        """Sources by id."""
        rows = read_table(self._folder / SOURCE_TABLE, SOURCE_COLUMNS, self._source)
        return MappingProxyType({source.id: source for _, source in rows})

    def _instance(self, region: str, name: str, *cells: str) -> tuple[Price, ...]:
        """The prices of one row, one for each purchase option that the row has an amount for."""
        on_demand, spot_low, spot, spot_high, year, three_years, *sources = cells
        amounts: tuple[tuple[PurchaseOption, tuple[str, str, str], str], ...] = (
            ("on_demand", (on_demand,) * 3, sources[0]),
            ("spot", (spot_low, spot, spot_high), sources[1]),
            ("commit_1y", (year,) * 3, sources[2] if year else ""),
            ("commit_3y", (three_years,) * 3, sources[2] if three_years else ""),
        )
        if sources[2] and not (year or three_years):
            raise ValueError(f"source {sources[2]!r} belongs to no price")
        prices = tuple(
            self._hour(region, name, option, usd, source) for option, usd, source in amounts if any(usd) or source
        )
        if not prices:
            raise ValueError(f"{name} has no price; a type without any belongs into unpriced.csv")
        return prices

    def _hour(self, region: str, name: str, option: PurchaseOption, usd: tuple[str, str, str], source: str) -> Price:
        low, expected, high = usd
        usd_expected = amount(expected)
        usd_low = usd_expected if low == expected else amount(low)
        usd_high = usd_expected if high == expected else amount(high)
        if (usd_low is not usd_expected or usd_high is not usd_expected) and not usd_low <= usd_expected <= usd_high:
            raise ValueError("low, expected and high are not in order")
        day = self._day_of(filled(source))
        return Price(filled(name), filled(region), option, "hour", usd_low, usd_expected, usd_high, (), day, source)

    def _day_of(self, source: str) -> date:
        """The day a source was read, for prices without a date of their own: of machines, of services."""
        known = self.sources.get(source)
        if known is None:
            raise ValueError(f"source `{source}` is not in {SOURCE_TABLE}")
        return known.as_of

    def _commitment(self, region: str, name: str, *cells: str) -> tuple[Commitment, ...]:
        """The commitments of one row, one for each term and payment that the row has an amount for."""
        *amounts, plan, source = cells
        what = (filled(region), filled(name), filled(plan), self._day_of(filled(source)), source)
        found = (*_payments(what, 1, *amounts[:4]), *_payments(what, 3, *amounts[4:]))
        if not found:
            raise ValueError(f"{name} has no price")
        return found

    def _item(  # noqa: PLR0913, PLR0917 - one parameter per column
        self, item: str, region: str, unit: str, usd: str, tier_from: str, as_of: str, source: str
    ) -> Price:
        price = amount(usd)
        tiers = (Tier(whole(tier_from), price),)
        return Price(
            filled(item),
            filled(region),
            "list",
            filled(unit),
            price,
            price,
            price,
            tiers,
            self._date(as_of),
            filled(source),
        )

    def _source(self, id: str, title: str, citation: str, as_of: str) -> Source:
        return Source(filled(id), filled(title), filled(citation), self._date(as_of))


INSTANCE_TABLE = "instances.csv"
INSTANCE_COLUMNS = (
    "region",
    "instance_type",
    "on_demand",
    "spot_low",
    "spot",
    "spot_high",
    "commit_1y",
    "commit_3y",
    "on_demand_source",
    "spot_source",
    "commitment_source",
)
COMMITMENT_TABLE = "commitments.csv"
COMMITMENT_COLUMNS = (
    "region",
    "instance_type",
    *("none_1y", "partial_1y_upfront", "partial_1y", "all_1y_upfront"),
    *("none_3y", "partial_3y_upfront", "partial_3y", "all_3y_upfront"),
    "plan",
    "source",
)
ITEM_COLUMNS = ("item", "region", "unit", "usd", "tier_from", "as_of", "source")
UNPRICED_COLUMNS = ("region", "instance_type", "reason")
SOURCE_TABLE = "sources.csv"
SOURCE_COLUMNS = ("id", "title", "citation", "as_of")


def _dates(
    table: Traversable,
    regions: Mapping[str, list[Line]],
    words: Callable[[str], Iterable[str]],
    day: Callable[[str], date],
) -> set[date]:
    """The dates of a table's rows: `words` are what of a line says them, `day` reads a word."""
    written = {word: number for lines in regions.values() for number, text in lines for word in words(text)}
    found = set()
    for word, number in written.items():
        try:
            found.add(day(word))
        except ValueError as error:
            raise malformed(table, number, str(error)) from error
    return found


def _sources_of(line: str) -> Iterable[str]:
    """The sources of a machine's prices."""
    return filter(None, line.split(",")[-3:])


def _source_of(line: str) -> Iterable[str]:
    """The source of a row of commitments."""
    return (line.rsplit(",", 1)[1],)


def _payments(  # noqa: PLR0913, PLR0917 - one parameter per column
    what: tuple[str, str, str, date, str], term_years: int, none: str, upfront: str, partial: str, whole: str
) -> Iterator[Commitment]:
    """The commitments for a term that have an amount."""
    region, name, plan, as_of, source = what
    paid: tuple[tuple[Payment, str, str], ...] = (("none", "", none), ("partial", upfront, partial), ("all", whole, ""))
    for payment, once, hourly in paid:
        if once or hourly:
            usd_once = Decimal(0) if payment == "none" else amount(once)
            usd_hourly = Decimal(0) if payment == "all" else amount(hourly)
            yield Commitment(region, name, term_years, payment, usd_once, usd_hourly, plan, as_of, source)


def _with_tier(price: Price, further: Price) -> Price:
    return Price(
        price.item,
        price.region,
        price.option,
        price.unit,
        price.usd_low,
        price.usd_expected,
        price.usd_high,
        price.tiers + further.tiers,
        min(price.as_of, further.as_of),
        price.source,
    )
