"""What a comparison says: a row for every combination, with figures or with the reason why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from groundplan.app.target import Home, Location
from groundplan.components.base import MeterKind
from groundplan.cost.report import CostReport, Unpriced
from groundplan.diagnostics import Diagnostic
from groundplan.prices.age import Age, stale
from groundplan.quantities import NO_USD, Band

PurchaseChoice: TypeAlias = Literal["spec", "on_demand", "spot", "commit_1y", "commit_3y"]
"""The purchase option of every pool; `spec` leaves each pool as the spec sets it."""
PURCHASE_CHOICES: tuple[PurchaseChoice, ...] = get_args(PurchaseChoice)


@dataclass(frozen=True, slots=True)
class Combination:
    """One question: what does this spec cost there, with this purchase option. `subject` is how the spec is called."""

    subject: str
    location: Location
    purchase_option: PurchaseChoice


@dataclass(frozen=True, slots=True)
class Shape:
    """The machine a pool gets. `rates` are its prices by purchase option, without those that nobody knows."""

    pool: str
    path: str
    instance_type: str
    vcpus: int
    memory_gib: Decimal
    gpu_type: str | None
    gpu_count: int
    gpu_memory_gib: int
    rates: Mapping[str, Band]
    works: bool
    """Whether the spec asks for the pool; the others carry what the cluster itself needs."""


@dataclass(frozen=True, slots=True)
class Priced:
    """An available combination, and what it costs."""

    at: Combination
    report: CostReport
    shapes: tuple[Shape, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Things without a price: the total leaves them out, so it is not to be held against complete ones."""
        return tuple(dict.fromkeys(u.item for u in self.report.unpriced if u.reason == "no price in the book"))

    @property
    def unstated(self) -> tuple[Unpriced, ...]:
        """Things that nobody said the use of: every location leaves them out alike."""
        return tuple(item for item in self.report.unpriced if item.reason == "usage not stated")

    @property
    def uncommitted(self) -> bool:
        """Whether a commitment was asked for and none of the pools that the spec asks for is worth one."""
        pools = {shape.path for shape in self.shapes if shape.works}
        asked = self.at.purchase_option.startswith("commit") and bool(pools)
        return asked and not any(
            line.option == self.at.purchase_option and line.path in pools for line in self.report.lines
        )

    @property
    def spread(self) -> Decimal:
        """How far low and high lie apart, as a share of the expected total; 0 for a total of 0."""
        total = self.report.total
        return (total.high - total.low) / total.expected if total.expected else Decimal(0)

    def components(self) -> dict[str, Band]:
        """Totals by component, in the order of the estimate."""
        return {name: sum(kinds.values(), NO_USD) for name, kinds in self.components_by_kind().items()}

    def components_by_kind(self) -> dict[str, dict[MeterKind, Band]]:
        """Totals by component, and in it by what makes it due."""
        found: dict[str, dict[MeterKind, Band]] = {}
        for line in self.report.lines:
            kinds = found.setdefault(line.component, {})
            kinds[line.kind] = kinds.get(line.kind, NO_USD) + line.monthly_usd
        return found


@dataclass(frozen=True, slots=True)
class Refused:
    """An unavailable combination, and why."""

    at: Combination
    reasons: tuple[Diagnostic, ...]


Row: TypeAlias = Priced | Refused


Unit: TypeAlias = Literal["usd_month", "usd_hour", "share"]


@dataclass(frozen=True, slots=True)
class Best:
    """The best combination of one spec by one criterion. `value` is in the criterion's unit."""

    criterion: str
    unit: Unit
    value: Decimal
    at: Combination
    rivals: tuple[Combination, ...] = ()
    """Others that may be better: spot prices move by more than what lies between them and this one."""


Change: TypeAlias = Literal[
    "new", "gone", "quantity", "price", "quantity and price", "different purchase option", "different item"
]


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that costs more or less than before, and why. Items are empty where there is no line."""

    component: str
    path: str
    item_before: str
    item_after: str
    before: Band
    after: Band
    change: Change
    detail: str

    @property
    def usd(self) -> Decimal:
        """US dollars a month more, as expected; negative for less."""
        return self.after.expected - self.before.expected


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """What one component cost and costs."""

    component: str
    before: Band
    after: Band

    @property
    def usd(self) -> Decimal:
        """US dollars a month more, as expected; negative for less."""
        return self.after.expected - self.before.expected


@dataclass(frozen=True, slots=True)
class Difference:
    """One spec against another, same location and purchase option. Changes come with the largest first."""

    before: Combination
    after: Combination
    total_before: Band
    total_after: Band
    components: tuple[ComponentChange, ...]
    lines: tuple[LineChange, ...]
    newly_unpriced: tuple[str, ...]
    """Things without a figure that only the later one has."""

    @property
    def usd(self) -> Decimal:
        """US dollars a month more, as expected; negative for less."""
        return self.total_after.expected - self.total_before.expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every combination in the order asked for: specs, then clouds and their regions, then purchase options."""

    title: str
    """What is compared, in the user's words."""
    subjects: tuple[str, ...]
    homes: tuple[Home, ...]
    """Cloud and region that each of them names itself."""
    locations: tuple[Location, ...]
    purchase_options: tuple[PurchaseChoice, ...]
    rows: tuple[Row, ...]
    best: tuple[Best, ...]
    differences: tuple[Difference, ...]
    age: Age | None
    """How old the prices used are; None when no prices available."""

    @property
    def priced(self) -> tuple[Priced, ...]:
        """The rows with figures."""
        return tuple(row for row in self.rows if isinstance(row, Priced))

    def as_it_stands(self, subject: str) -> Priced | None:
        """The spec where and how it says itself; None where that is not among the rows, or is unavailable."""
        home = dict(zip(self.subjects, self.homes, strict=True))[subject]
        for row in self.priced:
            at = row.at
            if (at.subject, at.location.cloud, at.location.region, at.purchase_option) == (subject, *home, "spec"):
                return row
        return None

    @property
    def ranking(self) -> tuple[Row, ...]:
        """Rows by what a reader looks for: complete totals, the cheapest first, then incomplete ones, then none."""
        return tuple(sorted(self.rows, key=_rank))

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """A warning about old prices; the reasons where no prices available."""
        if self.priced:
            return stale(self.age, "prices used")
        return tuple(dict.fromkeys(reason for row in self.refused for reason in row.reasons))

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The rows without."""
        return tuple(row for row in self.rows if isinstance(row, Refused))


def _rank(row: Row) -> tuple[int, Decimal]:
    if isinstance(row, Refused):
        return 2, Decimal(0)
    return int(bool(row.missing)), row.report.total.expected
