"""What an environment costs: lines that add up exactly, each with its price, source and assumption."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from groundplan.components.base import MeterKind
from groundplan.prices.book import Payment, PurchaseOption
from groundplan.quantities import NO_USD, Band, millionths

Reason = Literal[
    "no price in the book", "usage not stated", "type not known", "region not known", "attribute not counted"
]
CREDITS = ("sustained_use", "free_tier")
"""Options of lines that take something off other lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One priced line. `unit_usd` is the expected price of one `unit`; with tiers, the average over the quantity."""

    component: str
    item: str
    option: str | None
    kind: MeterKind
    unit: str
    quantity: Decimal
    unit_usd: Decimal
    monthly_usd: Band
    assumption: str
    source: str
    as_of: date
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Something that will cost money but has no figure: the price is not in the book, or nobody stated the use."""

    component: str
    item: str
    unit: str
    reason: Reason
    hint: str
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit, and what an estimate has against it."""

    monthly_usd: Decimal
    expected_usd: Decimal
    """The expected sum of the lines."""
    bounded_usd: Decimal
    """What items without a figure may come to at the most, as the user says."""
    unbounded: tuple[str, ...]
    """Items without a figure and without such a bound."""
    drivers: tuple[str, ...]
    """The dearest lines, in words, dearest first."""
    part: str = ""
    """The place in the spec or the component that it is for; empty for everything."""
    of_plan: bool = False
    """Whether a command names it for a plan, and no spec does."""

    @property
    def over_usd(self) -> Decimal:
        """By how much the expected sum and the bounds are over the limit; zero or less: within."""
        return self.expected_usd + self.bounded_usd - self.monthly_usd

    @property
    def exceeded(self) -> bool:
        """Whether what has a figure is above the limit already."""
        return self.over_usd > 0

    @property
    def holds(self) -> bool:
        """Whether it is kept: a sum that is "at least" shows that of no limit."""
        return not self.exceeded and not self.unbounded

    @property
    def path(self) -> str:
        """Where the spec says it; empty for that of a plan."""
        if self.of_plan:
            return ""
        return f"budget.components.{self.part}" if self.part else "budget.monthly_usd"


@dataclass(frozen=True, slots=True)
class Usage:
    """Machine hours of the pools that the spec asks for, and what one of them comes to."""

    hours: Band
    usd: Band
    """What the machines of those pools cost a month, without disks."""

    @property
    def rate(self) -> Band | None:
        """US dollars an hour; None when nothing runs or not everything is priced."""
        if not self.hours.expected:
            return None
        rates = [millionths(usd / hours) for usd, hours in zip(self.usd.cases, self.hours.cases, strict=True) if hours]
        return Band(min(rates), millionths(self.usd.expected / self.hours.expected), max(rates))


NO_USAGE = Usage(Band.of(0), NO_USD)


@dataclass(frozen=True, slots=True)
class CommitmentOffer:
    """What committing to one node of a pool would come to, whether the estimate does or not."""

    path: str
    instance_type: str
    option: PurchaseOption
    payment: Payment | None
    """How much is paid upfront; None where the price book has the hour's price alone."""
    upfront_usd: Decimal
    usd_per_hour: Decimal
    """An hour of the term, with the upfront payment spread over it."""
    on_demand_usd_per_hour: Decimal
    full_month_usd_per_hour: Decimal
    """An hour on demand of a node that runs all month, for which some clouds take off by themselves."""
    break_even_hours: Decimal
    """Hours a month in use from which on it is cheaper than on demand; over 730: never."""


@dataclass(frozen=True, slots=True)
class FreeTier:
    """What the cloud gives away of an item each month, to an account or project that uses none of it elsewhere."""

    item: str
    amount: Decimal
    unit: str
    words: str
    source: str
    as_of: date
    used: Decimal
    """What the lines take of it as expected."""
    saves: Band
    """US dollars a month off the lines of the item."""


@dataclass(frozen=True, slots=True)
class CostReport:
    """The estimate of one stack, in US dollars a month of 730 hours."""

    provider: str
    region: str
    currency: Literal["USD"]
    as_of: date
    """Date of the oldest price used."""
    newest: date
    """Date of the newest price used."""
    lines: tuple[Line, ...]
    unpriced: tuple[Unpriced, ...]
    budget: Budget | None
    purchase_option: PurchaseOption | None = None
    """Purchase option of all machines; None: as set in the spec."""
    gpu: Usage = NO_USAGE
    """Hours of single GPUs."""
    cpu: Usage = NO_USAGE
    """Hours of single vCPUs in pools without GPUs."""
    part_budgets: tuple[Budget, ...] = ()
    commitments: tuple[CommitmentOffer, ...] = ()
    free_tiers: tuple[FreeTier, ...] = ()
    """Free amounts that the lines have a use for."""
    free_tiers_applied: bool = False
    """Whether lines take them off, each with the option `free_tier`."""

    @property
    def priced(self) -> tuple[int, int]:
        """How many of the things that are billed have a figure, and how many there are."""
        billed = sum(line.option not in CREDITS for line in self.lines)
        return billed, billed + len(self.unpriced)

    @property
    def gpu_hours(self) -> Band:
        """Hours of single GPUs in a month."""
        return self.gpu.hours

    @property
    def vcpu_hours(self) -> Band:
        """Hours of single vCPUs in a month, of pools without GPUs."""
        return self.cpu.hours

    @property
    def usd_per_gpu_hour(self) -> Band | None:
        """What an hour of one GPU comes to: the machines of GPU pools, without disks."""
        return self.gpu.rate

    @property
    def usd_per_vcpu_hour(self) -> Band | None:
        """What an hour of one vCPU comes to in pools without GPUs: their machines, without disks."""
        return self.cpu.rate

    @property
    def total(self) -> Band:
        """The sum of all lines; "at least" when anything is unpriced."""
        return sum((line.monthly_usd for line in self.lines), NO_USD)

    def total_of(self, kind: MeterKind) -> Band:
        """The sum of the lines of one kind."""
        return sum((line.monthly_usd for line in self.lines if line.kind == kind), NO_USD)

    @property
    def complete(self) -> bool:
        """Whether every meter found a price and a quantity."""
        return not self.unpriced

    @property
    def within_budget(self) -> bool:
        """Whether the budget and those of parts hold; also without any."""
        return all(budget.holds for budget in self.budgets)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The budget of everything and those of parts."""
        return (*([self.budget] if self.budget else []), *self.part_budgets)
