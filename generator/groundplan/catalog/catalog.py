"""What a cloud offers: instance types, where they are offered, regions and Kubernetes versions. No prices here.

A catalog is a folder of tables: `instances.csv`, `offers.csv`, `regions.csv`, `kubernetes_versions.csv` and others;
`docs/prices.md` describes every column. Nothing is read before it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from importlib.resources.abc import Traversable
from math import acos, ceil, cos, radians, sin
from types import MappingProxyType
from typing import Literal, TypeAlias, cast, get_args

from groundplan.catalog.engines import EngineVersion, engine_versions
from groundplan.catalog.series import Series, parse_series
from groundplan.catalog.tables import (
    Dates,
    Line,
    amount,
    by_first_cell,
    filled,
    flag,
    malformed,
    one_of,
    parse_lines,
    parts,
    read_lines,
    read_table,
    whole,
)

Architecture: TypeAlias = Literal["x86_64", "arm64"]
Generation: TypeAlias = Literal["current", "previous"]
Support: TypeAlias = Literal["upcoming", "standard", "extended", "ended"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)
GENERATIONS: tuple[str, ...] = get_args(Generation)
MIB_PER_GIB = 1024
EARTH_KM = 6371


@dataclass(frozen=True, slots=True)
class InstanceType:
    """One machine type, in the cloud's own spelling. Memory in GiB; GPU memory per device, as its maker states it."""

    name: str
    family: str
    generation: Generation
    vcpus: int
    memory_gib: Decimal
    architecture: Architecture
    burstable: bool
    """Whether sustained use of the CPU is throttled or billed apart (CPU credits)."""
    gpu_manufacturer: str | None
    gpu_type: str | None
    """GPU model in the words of the spec (`groundplan.components.node_pool.spec.GpuType`)."""
    gpu_count: int
    gpu_memory_gib: int
    local_storage_gib: int
    """Local NVMe storage of the whole machine."""
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Offer:
    """That a region sells an instance type; `zones` are zone ids, empty when no source names them."""

    region: str
    instance_type: str
    zones: tuple[str, ...]
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Region:
    """One region. `cluster_zones` are the zones in which a managed Kubernetes control plane may have its subnets."""

    name: str
    title: str
    partition: str
    zones: tuple[str, ...]
    cluster_zones: tuple[str, ...]
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class KubernetesVersion:
    """One minor version of the managed Kubernetes service and the days its support changes."""

    version: str
    standard_from: date
    standard_until: date
    extended_until: date
    source: str
    as_of: date

    def support(self, on: date) -> Support:
        """How the version is supported on that day; extended support is billed higher."""
        if on < self.standard_from:
            return "upcoming"
        if on < self.standard_until:
            return "standard"
        return "extended" if on < self.extended_until else "ended"


@dataclass(frozen=True, slots=True)
class DatabaseClass:
    """One size of the managed PostgreSQL service. Memory in GiB."""

    name: str
    vcpus: int
    memory_gib: Decimal
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class CustomDatabase:
    """Sizes of the managed PostgreSQL service that share their vCPUs: any memory from least to most, in steps."""

    name: str
    """What the class of each is called, before a hyphen and its memory in MiB."""
    vcpus: int
    least_gib: Decimal
    most_gib: Decimal
    step_mib: int
    source: str
    as_of: date

    def smallest(self, memory_gib: int | Decimal) -> DatabaseClass | None:
        """The smallest class with so much memory, None where the vCPUs take less."""
        step = Decimal(self.step_mib) / MIB_PER_GIB
        wanted = max(ceil(memory_gib / step) * step, self.least_gib)
        if wanted > self.most_gib:
            return None
        return DatabaseClass(f"{self.name}-{wanted * MIB_PER_GIB:.0f}", self.vcpus, wanted, self.source, self.as_of)


@dataclass(frozen=True, slots=True)
class FreeAmount:
    """What a cloud does not bill of an item, for everything in an account or project together."""

    item: str
    amount: Decimal
    """In the item's unit, a month."""
    unit: str
    regions: tuple[str, ...]
    """Where that holds; empty for everywhere."""
    only: str
    """The location of clusters that it is for; empty for any."""
    words: str
    source: str
    as_of: date


QUARTERS_DIFFER = Decimal("0.001")
"""By how much the mean of the parts of a month may miss the factor of all of it, which pages round."""


@dataclass(frozen=True, slots=True)
class SustainedUse:
    """Parts of the on-demand price that a machine costs by itself, without any contract."""

    full_month: Decimal
    """Of every hour, where it runs all month."""
    quarters: tuple[Decimal, ...]
    """Of an hour in each equal part of the month, one after the other."""


NO_DISCOUNT = SustainedUse(Decimal(1), (Decimal(1),))


class Catalog:
    """Lookups in the tables of one cloud. Raises DiagnosticsError when a table is broken, on first use of it."""

    def __init__(
        self,
        folder: Traversable,
        own_regions: Mapping[str, Region] = MappingProxyType({}),
        own_offers: Mapping[str, Mapping[str, Offer]] = MappingProxyType({}),
        *,
        processors: str | None = None,
    ) -> None:
        """`processors` are the letters by which names of families tell makers of processors apart (`parse_series`);
        None where names do not state a generation."""
        self._folder = folder
        self._date = Dates()
        self._offers: dict[str, Mapping[str, Offer]] = {}
        self._zones: dict[str, Mapping[str, frozenset[str]]] = {}
        self._offered: dict[str, tuple[InstanceType, ...]] = {}
        self._own_regions = own_regions
        self._own_offers = own_offers
        self._processors = processors

    def extended(self, regions: Mapping[str, Region], offers: Mapping[str, Mapping[str, Offer]]) -> Catalog:
        """The catalog with further regions by name, and further offers by region and type."""
        everywhere = {*self._own_offers, *offers}
        both = {region: {**self._own_offers.get(region, {}), **offers.get(region, {})} for region in everywhere}
        return Catalog(self._folder, {**self._own_regions, **regions}, both, processors=self._processors)

    def series(self, family: str) -> Series | None:
        """The line of machines a family belongs to and its generation; None where the name does not say."""
        return None if self._processors is None else parse_series(family, self._processors)

    @property
    def folder(self) -> Traversable:
        """Where the tables are."""
        return self._folder

    def instance(self, name: str) -> InstanceType | None:
        """The instance type of that name, or None when the catalog does not hold it."""
        return self.instances.get(name)

    def offer(self, region: str, instance_type: str) -> Offer | None:
        """The offer of a type in a region, or None: then it must not be chosen there."""
        return self._region_offers(region).get(instance_type)

    def offered(self, region: str) -> tuple[InstanceType, ...]:
        """Every type offered in the region, sorted by name; empty for a region the catalog does not hold."""
        known = self._offered.get(region)
        if known is None:
            known = tuple(self.instances[name] for name in sorted(self._region_offers(region)))
            self._offered[region] = known
        return known

    def zones(self, region: str) -> Mapping[str, frozenset[str]]:
        """The zones for clusters that offer each type of the region.

        All of them where no source names a zone of any type of the region; none of a type whose zones are not named
        where those of others are.
        """
        known = self._zones.get(region)
        if known is None:
            offers, everywhere = self._region_offers(region), frozenset(self.regions[region].cluster_zones)
            named = any(offer.zones for offer in offers.values())
            known = self._zones[region] = {
                name: everywhere.intersection(offer.zones) if named else everywhere for name, offer in offers.items()
            }
        return known

    def nearest(self, point: tuple[float, float]) -> str:
        """The region nearest to a point, given by its latitude and longitude in degrees."""
        return min(self.coordinates, key=lambda region: _angle(point, self.coordinates[region]))

    def near(self, region: str, most_km: int) -> list[str]:
        """Regions that are no further from one than that, nearest first; none for a region without a place."""
        home = self.coordinates.get(region)
        if home is None:
            return []
        away = {name: _angle(home, point) * EARTH_KM for name, point in self.coordinates.items() if name != region}
        near = (name for name, km in away.items() if km <= most_km and name in self.regions)
        return sorted(near, key=lambda name: (away[name], name))

    @cached_property
    def coordinates(self) -> MappingProxyType[str, tuple[float, float]]:
        """Latitude and longitude of each region, in degrees, as near as the cloud says."""
        rows = read_table(self._folder / "coordinates.csv", COORDINATE_COLUMNS, _coordinates)
        return MappingProxyType({region: point for _, (region, point) in rows})

    @cached_property
    def instances(self) -> MappingProxyType[str, InstanceType]:
        """Instance types by name."""
        table = self._folder / "instances.csv"
        found: dict[str, InstanceType] = {}
        for line, item in read_table(table, INSTANCE_COLUMNS, self._instance):
            if found.setdefault(item.name, item) is not item:
                raise malformed(table, line, f"{item.name} stands in the table twice")
        return MappingProxyType(found)

    @cached_property
    def offers(self) -> MappingProxyType[tuple[str, str], Offer]:
        """Every offer, by region and instance type."""
        return MappingProxyType(
            {
                (region, name): offer
                for region in dict.fromkeys((*self._offer_lines, *self._own_offers))
                for name, offer in self._region_offers(region).items()
            }
        )

    @cached_property
    def regions(self) -> MappingProxyType[str, Region]:
        """Regions by name."""
        rows = read_table(self._folder / "regions.csv", REGION_COLUMNS, self._region)
        return MappingProxyType({**{region.name: region for _, region in rows}, **self._own_regions})

    def databases(self, vcpus: int, memory_gib: int) -> tuple[DatabaseClass, ...]:
        """Classes of managed PostgreSQL with so much or more; of those made to measure the smallest of each."""
        listed = (row for row in self.database_classes.values() if row.vcpus >= vcpus and row.memory_gib >= memory_gib)
        custom = (row.smallest(memory_gib) for row in self.custom_databases.values() if row.vcpus >= vcpus)
        return (*listed, *(found for found in custom if found))

    def database(self, name: str) -> DatabaseClass | None:
        """The class of that name, or None when the service has none."""
        series, _, mib = name.rpartition("-")
        custom = self.custom_databases.get(series)
        if custom is None or not mib.isdecimal():
            return self.database_classes.get(name)
        found = custom.smallest(Decimal(mib) / MIB_PER_GIB)
        return found if found and found.name == name else None

    @cached_property
    def database_classes(self) -> MappingProxyType[str, DatabaseClass]:
        """Listed sizes of the managed PostgreSQL service by name."""
        table = self._folder / "databases.csv"
        rows = read_table(table, DATABASE_COLUMNS, self._database) if table.is_file() else ()
        return MappingProxyType({row.name: row for _, row in rows})

    @cached_property
    def custom_databases(self) -> MappingProxyType[str, CustomDatabase]:
        """Sizes that the service makes to measure, by name; empty where it has listed sizes only."""
        table = self._folder / "custom_databases.csv"
        rows = read_table(table, CUSTOM_DATABASE_COLUMNS, self._custom_database) if table.is_file() else ()
        return MappingProxyType({row.name: row for _, row in rows})

    @cached_property
    def engine_versions(self) -> tuple[EngineVersion, ...]:
        """Major versions of database engines, oldest of each engine first; empty where the cloud has no table."""
        return engine_versions(self._folder)

    @cached_property
    def full_month_factors(self) -> MappingProxyType[str, Decimal]:
        """What part of the on-demand price a machine that runs all month costs, by family; empty where that is all."""
        return MappingProxyType({family: use.full_month for family, use in self.sustained_use.items()})

    @cached_property
    def sustained_use(self) -> MappingProxyType[str, SustainedUse]:
        """What the cloud takes off by itself the longer a machine runs in a month, by family."""
        table = self._folder / "sustained_use.csv"
        rows = read_table(table, SUSTAINED_USE_COLUMNS, self._sustained_use) if table.is_file() else ()
        return MappingProxyType(dict(row for _, row in rows))

    def sustained_use_of(self, instance_type: str) -> SustainedUse:
        """What the cloud takes off a machine of that type by itself."""
        machine = self.instance(instance_type)
        return self.sustained_use.get(machine.family, NO_DISCOUNT) if machine else NO_DISCOUNT

    def local_ssd_counts(self, machine: InstanceType) -> tuple[int, ...]:
        """How many local SSDs may be attached to a machine of the type; none where it has its own, or takes none."""
        if machine.local_storage_gib:
            return ()
        steps = [counts for least, counts in self._local_ssds.get(machine.family, ()) if machine.vcpus >= least]
        return steps[-1] if steps else ()

    @cached_property
    def _local_ssds(self) -> Mapping[str, Sequence[tuple[int, tuple[int, ...]]]]:
        """By family: numbers of SSDs from so many vCPUs on, in rising order."""
        table = self._folder / "local_ssds.csv"
        found: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
        for line, (family, step) in read_table(table, LOCAL_SSD_COLUMNS, self._local_ssd) if table.is_file() else ():
            steps = found.setdefault(family, [])
            if steps and steps[-1][0] >= step[0]:
                raise malformed(table, line, f"{family} from {step[0]} vCPUs on is out of order")
            steps.append(step)
        return MappingProxyType(found)

    @cached_property
    def free_amounts(self) -> tuple[FreeAmount, ...]:
        """What is free every month, for good; offers for a first year are left out."""
        rows = read_table(self._folder / "free_tiers.csv", FREE_COLUMNS, self._free)
        return tuple(row for _, row in rows)

    @cached_property
    def kubernetes_versions(self) -> tuple[KubernetesVersion, ...]:
        """Versions of the managed Kubernetes service, oldest first."""
        rows = read_table(self._folder / "kubernetes_versions.csv", KUBERNETES_COLUMNS, self._kubernetes)
        return tuple(sorted((version for _, version in rows), key=lambda version: version.standard_from))

    def _region_offers(self, region: str) -> Mapping[str, Offer]:
        """Offers of one region by type: who asks for one region does not parse the others."""
        known = self._offers.get(region)
        if known is None:
            table = self._folder / OFFER_TABLE
            found: dict[str, Offer] = {}
            for line, offer in parse_lines(table, self._offer_lines.get(region, ()), len(OFFER_COLUMNS), self._offer):
                if region not in self.regions or offer.instance_type not in self.instances:
                    raise malformed(table, line, f"{region} {offer.instance_type}: unknown region or type")
                if found.setdefault(offer.instance_type, offer) is not offer:
                    raise malformed(table, line, f"{offer.instance_type} is offered twice in {region}")
            known = self._offers[region] = {**found, **self._own_offers.get(region, {})}
        return known

    @cached_property
    def _offer_lines(self) -> dict[str, list[Line]]:
        return by_first_cell(read_lines(self._folder / OFFER_TABLE, OFFER_COLUMNS))

    def _instance(  # noqa: PLR0913, PLR0917 - one parameter per column
        self,
        name: str,
        family: str,
        generation: str,
        vcpus: str,
        memory_gib: str,
        architecture: str,
        burstable: str,
        gpu_manufacturer: str,
        gpu_type: str,
        gpu_count: str,
        gpu_memory_gib: str,
        local_storage_gib: str,
        source: str,
        as_of: str,
    ) -> InstanceType:
        gpus = whole(gpu_count)
        if (gpus > 0) != bool(gpu_type and gpu_manufacturer and whole(gpu_memory_gib)):
            raise ValueError("GPU maker, type, count and memory belong together")
        return InstanceType(
            filled(name),
            filled(family),
            cast(Generation, one_of(generation, GENERATIONS)),
            whole(vcpus),
            _memory(memory_gib),
            cast(Architecture, one_of(architecture, ARCHITECTURES)),
            flag(burstable),
            gpu_manufacturer or None,
            gpu_type or None,
            gpus,
            whole(gpu_memory_gib),
            whole(local_storage_gib),
            filled(source),
            self._date(as_of),
        )

    def _offer(self, region: str, instance_type: str, zones: str, source: str, as_of: str) -> Offer:
        return Offer(region, instance_type, parts(zones), filled(source), self._date(as_of))

    def _region(  # noqa: PLR0913, PLR0917 - one parameter per column
        self, name: str, title: str, partition: str, zones: str, cluster_zones: str, source: str, as_of: str
    ) -> Region:
        return Region(
            filled(name),
            filled(title),
            filled(partition),
            parts(filled(zones)),
            parts(filled(cluster_zones)),
            filled(source),
            self._date(as_of),
        )

    def _database(self, name: str, vcpus: str, memory_gib: str, source: str, as_of: str) -> DatabaseClass:
        return DatabaseClass(filled(name), whole(vcpus), _memory(memory_gib), filled(source), self._date(as_of))

    def _custom_database(  # noqa: PLR0913, PLR0917 - one parameter per column
        self, name: str, vcpus: str, least_gib: str, most_gib: str, step_mib: str, source: str, as_of: str
    ) -> CustomDatabase:
        least, most = _memory(least_gib), _memory(most_gib)
        if least > most:
            raise ValueError("the least memory is more than the most")
        return CustomDatabase(
            filled(name), whole(vcpus), least, most, whole(step_mib), filled(source), self._date(as_of)
        )

    def _free(  # noqa: PLR0913, PLR0917 - one parameter per column
        self, item: str, quantity: str, unit: str, regions: str, only: str, words: str, source: str, as_of: str
    ) -> FreeAmount:
        return FreeAmount(
            filled(item),
            amount(quantity),
            filled(unit),
            parts(regions),
            only,
            filled(words),
            filled(source),
            self._date(as_of),
        )

    def _sustained_use(
        self, family: str, factor: str, quarters: str, source: str, as_of: str
    ) -> tuple[str, SustainedUse]:
        use = SustainedUse(amount(factor), tuple(map(amount, parts(filled(quarters)))))
        if max(use.full_month, *use.quarters) > 1:
            raise ValueError(f"{factor!r} or {quarters!r} is not a part of the price")
        if abs(sum(use.quarters, Decimal(0)) / len(use.quarters) - use.full_month) > QUARTERS_DIFFER:
            raise ValueError(f"{quarters!r} do not come to {factor!r}")
        self._date(as_of)
        filled(source)
        return filled(family), use

    def _local_ssd(
        self, family: str, least_vcpus: str, counts: str, source: str, as_of: str
    ) -> tuple[str, tuple[int, tuple[int, ...]]]:
        filled(source)
        self._date(as_of)
        return filled(family), (whole(least_vcpus), tuple(whole(count) for count in parts(filled(counts))))

    def _kubernetes(  # noqa: PLR0913, PLR0917 - one parameter per column
        self, version: str, standard_from: str, standard_until: str, extended_until: str, source: str, as_of: str
    ) -> KubernetesVersion:
        start, end, last = (self._date(text) for text in (standard_from, standard_until, extended_until))
        if not start < end < last:
            raise ValueError("support dates are not in order")
        return KubernetesVersion(filled(version), start, end, last, filled(source), self._date(as_of))


INSTANCE_COLUMNS = (
    "instance_type",
    "family",
    "generation",
    "vcpus",
    "memory_gib",
    "architecture",
    "burstable",
    "gpu_manufacturer",
    "gpu_type",
    "gpu_count",
    "gpu_memory_gib",
    "local_storage_gib",
    "source",
    "as_of",
)
OFFER_TABLE = "offers.csv"
OFFER_COLUMNS = ("region", "instance_type", "zones", "source", "as_of")
REGION_COLUMNS = ("region", "title", "partition", "zone_ids", "cluster_zone_ids", "source", "as_of")
COORDINATE_COLUMNS = ("region", "latitude", "longitude")
DATABASE_COLUMNS = ("class", "vcpus", "memory_gib", "source", "as_of")
CUSTOM_DATABASE_COLUMNS = ("class", "vcpus", "least_gib", "most_gib", "step_mib", "source", "as_of")
FREE_COLUMNS = ("item", "amount", "unit", "regions", "only", "words", "source", "as_of")
SUSTAINED_USE_COLUMNS = ("family", "full_month_factor", "quarters", "source", "as_of")
LOCAL_SSD_COLUMNS = ("family", "least_vcpus", "counts", "source", "as_of")
KUBERNETES_COLUMNS = ("version", "standard_from", "standard_until", "extended_until", "source", "as_of")


def _memory(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount of memory") from None
    if not value > 0:
        raise ValueError(f"{text!r} is not an amount of memory")
    return value


def _coordinates(region: str, latitude: str, longitude: str) -> tuple[str, tuple[float, float]]:
    return filled(region), (float(latitude), float(longitude))


def _angle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two points on the globe, in radians."""
    (north, east), (north2, east2) = (tuple(map(radians, point)) for point in (one, other))
    cosine = sin(north) * sin(north2) + cos(north) * cos(north2) * cos(east - east2)
    return acos(max(-1.0, min(1.0, cosine)))
