"""Holding an embedded price book to account: complete, without contradictions, dated, in known units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import permutations

from groundplan.catalog.catalog import Catalog, InstanceType
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet
from groundplan.prices.age import Age, age_of
from groundplan.prices.book import COMMITMENTS, MACHINE_TABLE, SERVICE_TABLE, Option, Price, PriceBook, PurchaseOption
from groundplan.prices.model import PricedCatalog
from groundplan.prices.services import ServicePrices
from groundplan.prices.zones import ZONE_TABLE, zone_sources

UNITS = frozenset(
    {
        *("hour", "gib", "gib_hour", "gib_month", "request", "iops_month", "mibps_month", "key_month", "secret_month"),
        *(
            "lcu_hour",
            "alarm_month",
            "zone_month",
            "metric_month",
            "million_samples",
            "billion_samples",
            "million_series",
            "million_queries",
            "mib",
            "vcpu_hour",
            "policy_month",
            "rule_month",
            "job_month",
            "ghz_second",
            "gib_second",
            "tib",
            "rotation",
            *("acl_month", "acu_hour", "authority_month", "bucket_month", "certificate", "change_record", "check"),
            *("check_month", "dashboard_month", "dpu_hour", "evaluation", "event", "item", "mbps_month"),
            *("minute", "object", "object_month", "option_month", "parameter_month", "run", "scan"),
            *("subscription_month", "trace", "transition", "unit_hour", "update", "user_month"),
            "vcpu_month",
        ),
    }
)
"""What a price may be for; a meter of another unit would never find it."""
CHEAPER: tuple[tuple[PurchaseOption, PurchaseOption], ...] = (
    ("spot", "on_demand"),
    ("commit_1y", "on_demand"),
    ("commit_3y", "on_demand"),
    ("commit_3y", "commit_1y"),
)
"""Purchase options of which the first is expected to cost no more than the second."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at in one book, and what is wrong with it."""

    name: str
    files: tuple[str, ...]
    regions: int
    prices: int
    unpriced: int
    age: Age | None
    findings: tuple[Diagnostic, ...]
    discounts: int = 0


def check_cloud(cloud: PricedCatalog, today: date) -> Checked:
    """Every finding about the tables of one cloud, each with file and line."""
    catalog, prices = cloud.catalog, cloud.prices
    broken = _broken(catalog, prices)
    if broken:
        return Checked(cloud.name, (), 0, 0, 0, None, tuple(broken))
    tables = _Tables(prices.folder, catalog.folder)
    every = [*prices.instances.values(), *prices.items.values()]
    found = [
        *_offers(catalog, prices, tables),
        *_monotone(catalog, prices, tables),
        *_options(prices, tables),
        *_zones(catalog, prices, tables),
        *_rows(every, prices, today, tables),
        *_services(prices.services, "services", today, tables),
        *_services(prices.machines, "machines", today, tables),
    ]
    age = age_of((price.as_of for price in every), today)
    findings = tuple(sorted(found, key=lambda finding: (finding.place is None, finding.place, finding.message)))
    regions = len({price.region for price in every})
    return Checked(cloud.name, tables.files, regions, len(every), len(prices.unpriced), age, findings)


def _broken(catalog: Catalog, prices: PriceBook) -> list[Diagnostic]:
    """The first broken row of each table; without whole tables there is nothing to compare."""
    readers: tuple[Callable[[], object], ...] = (
        lambda: catalog.instances,
        lambda: catalog.regions,
        lambda: catalog.offers,
        lambda: prices.instances,
        lambda: prices.items,
        lambda: prices.unpriced,
        lambda: prices.spot_by_zone,
        lambda: _first_broken(prices.services),
        lambda: _first_broken(prices.machines),
        lambda: prices.sources,
    )
    found: list[Diagnostic] = []
    for read in readers:
        try:
            read()
        except DiagnosticsError as error:
            found += [problem for problem in error.diagnostics if problem not in found]
    return found


def _first_broken(table: ServicePrices) -> None:
    """Reads the table of services to its end; raises DiagnosticsError."""
    for _ in table.all():
        pass


class _Tables:
    """Where a row stands: tables are read as text once, and only when something is wrong."""

    def __init__(self, prices: Traversable, catalog: Traversable) -> None:
        self._tables = {
            "prices": prices / "instances.csv",
            "commitments": prices / "commitments.csv",
            "items": prices / "items.csv",
            "unpriced": prices / "unpriced.csv",
            "spot": prices / ZONE_TABLE,
            "services": prices / SERVICE_TABLE,
            "machines": prices / MACHINE_TABLE,
            "offers": catalog / "offers.csv",
        }
        self._lines: dict[str, Mapping[str, tuple[int, str]]] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(str(table) for table in self._tables.values() if table.is_file())

    def finding(self, message: str, table: str, *cells: str) -> Diagnostic:
        """GP708 at the row of `table` that starts with `cells`, or at the table."""
        number, text = self._rows(table).get(",".join(cells), (1, ""))
        snippet = Snippet(text, len(text)) if text else None
        return Diagnostic("GP708", message, place=Place(str(self._tables[table]), number), snippet=snippet)

    def price(self, message: str, price: Price) -> Diagnostic:
        """The finding at the row of `price`."""
        if price.option == "list":
            return self.finding(message, "items", price.item, price.region)
        committed = price.option in COMMITMENTS.values() and f"{price.region},{price.item}" in self._rows("commitments")
        return self.finding(message, "commitments" if committed else "prices", price.region, price.item)

    def _rows(self, table: str) -> Mapping[str, tuple[int, str]]:
        known = self._lines.get(table)
        if known is None:
            path = self._tables[table]
            found: dict[str, tuple[int, str]] = {}
            lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
            for number, text in enumerate(lines, start=1):
                found.setdefault(",".join(text.split(",")[:2]), (number, text))
            known = self._lines[table] = found
        return known


def _offers(catalog: Catalog, prices: PriceBook, tables: _Tables) -> Iterator[Diagnostic]:
    """Every offer is priced on demand or listed as unpriced, never both; nothing else is priced."""
    priced = {(region, name) for region, name, option in prices.instances if option == "on_demand"}
    for region, name in sorted(set(catalog.offers) - priced - set(prices.unpriced)):
        yield tables.finding(
            f"{name} is offered in {region}, but neither priced nor listed as unpriced", "offers", region, name
        )
    for region, name in sorted(priced & set(prices.unpriced)):
        yield tables.finding(f"{name} in {region} is listed as unpriced and has a price", "unpriced", region, name)
    for region, name in sorted(set(prices.unpriced) - set(catalog.offers)):
        yield tables.finding(
            f"{name} is listed as unpriced in {region}, where it is not offered", "unpriced", region, name
        )
    for (region, name, _), price in prices.instances.items():
        if (region, name) not in catalog.offers:
            yield tables.price(f"{name} has a price in {region}, where it is not offered", price)


def _monotone(catalog: Catalog, prices: PriceBook, tables: _Tables) -> Iterator[Diagnostic]:
    """Of two machines of a family with the same GPUs, the one that has no less of anything costs no less."""
    for region in sorted(catalog.regions):
        for family in _families(catalog.offered(region)):
            priced = [(one, prices.instance_price(region, one.name, "on_demand")) for one in family]
            for (small, low), (large, high) in permutations(priced, 2):
                if low and high and _at_most(small, large) and low.usd_expected > high.usd_expected:
                    words = (
                        f"{small.name} costs {low.usd_expected} in {region}, more than {large.name}, which is larger"
                    )
                    yield tables.price(words, low)


def _families(types: Iterable[InstanceType]) -> list[list[InstanceType]]:
    found: dict[tuple[str, str | None, int, bool, str], list[InstanceType]] = defaultdict(list)
    for one in types:
        found[one.family, one.gpu_type, one.gpu_count, one.burstable, one.generation].append(one)
    return list(found.values())


def _at_most(one: InstanceType, other: InstanceType) -> bool:
    """Whether it has no more of anything and less of something; machines of one size differ in what no table says."""
    mine, others = _size(one), _size(other)
    return mine != others and all(less <= more for less, more in zip(mine, others, strict=True))


def _size(one: InstanceType) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(one.vcpus), one.memory_gib, Decimal(one.local_storage_gib)


def _options(prices: PriceBook, tables: _Tables) -> Iterator[Diagnostic]:
    """Spot and commitments cost no more than what they are meant to be cheaper than."""
    for (region, name, option), price in prices.instances.items():
        for cheaper, dearer in CHEAPER:
            other = prices.instances.get((region, name, dearer)) if option == cheaper else None
            if other and price.usd_expected > other.usd_expected:
                yield tables.price(f"{name} costs more {_words(cheaper)} than {_words(dearer)} in {region}", price)


def _zones(catalog: Catalog, prices: PriceBook, tables: _Tables) -> Iterator[Diagnostic]:
    """What spot costs in a zone lies in the band of the region, and the zone sells the type."""
    for region, name, source in zone_sources(prices.folder):
        if source not in prices.sources:
            yield tables.finding(f"source `{source}` is not in sources.csv", "spot", region, name)
    for (region, name), zones in prices.spot_by_zone.items():
        offer, spot = catalog.offer(region, name), prices.instance_price(region, name, "spot")
        strange = sorted(set(zones) - set(offer.zones if offer else ()))
        if strange:
            yield tables.finding(f"{name} is not offered in {', '.join(strange)}", "spot", region, name)
        if spot is None or not all(spot.usd_low <= usd <= spot.usd_high for usd in zones.values()):
            yield tables.finding(f"{name} costs more or less than spot of {region} in a zone", "spot", region, name)


def _services(table: ServicePrices, name: str, today: date, tables: _Tables) -> Iterator[Diagnostic]:
    """What each item of a table by regions has to be; that its sources are known, reading it says."""
    for item, unit in table.units.items():
        if unit not in UNITS:
            yield tables.finding(f"unit `{unit}` is unknown", name, item, unit)
    late = {(item, row.unit, row.as_of) for item, _, row in table.all() if row.as_of > today}
    for item, unit, day in sorted(late):
        yield tables.finding(f"the price is dated {day}, in the future", name, item, unit)


def _rows(prices: Iterable[Price], book: PriceBook, today: date, tables: _Tables) -> Iterator[Diagnostic]:
    """What each row has to be by itself."""
    for price in prices:
        if price.as_of > today:
            yield tables.price(f"the price is dated {price.as_of}, in the future", price)
        if price.unit not in UNITS:
            yield tables.price(f"unit `{price.unit}` is unknown", price)
        if price.source not in book.sources:
            yield tables.price(f"source `{price.source}` is not in sources.csv", price)


def _words(option: Option) -> str:
    return option.replace("_", " ")
