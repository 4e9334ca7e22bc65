"""Needs, requirements and findings: what passes between the stack, a cloud's own preflight and the views.

`Needs` is the stack in the few terms a cloud's quotas speak of. A cloud turns it into `Requirement`s, which can be
handed to an administrator as they are, and with access to the account turns each of those into a `Finding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol, TypeVar, cast

T = TypeVar("T")
Option = Literal["on_demand", "spot"]
Kind = Literal["account", "policy", "network", "machine", "quota", "api", "permission", "bucket"]
Phase = Literal["make", "change", "destroy"]
PHASES: tuple[Phase, ...] = ("make", "change", "destroy")
"""What a permission is needed for: to make a thing and read it back, to change what is there, to destroy it."""
KINDS: tuple[Kind, ...] = ("account", "policy", "network", "machine", "quota", "api", "permission", "bucket")
"""In the order in which they are reported: without the first, the others say nothing."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine type that a pool may run on."""

    name: str
    vcpus: int
    gpu_type: str | None = None
    gpu_count: int = 0


@dataclass(frozen=True, slots=True)
class Purchase:
    """How many nodes of a pool have a purchase option: at the first apply, and when the pool is at its largest."""

    purchase_option: Option
    at_once: int
    most: int


@dataclass(frozen=True, slots=True)
class PoolNeed:
    """One pool of nodes; `machines` are alternatives of which a node is one."""

    path: str
    machines: tuple[Machine, ...]
    purchases: tuple[Purchase, ...]
    most: int
    """Nodes at the largest, whatever their purchase option."""
    disk_gib: int
    zones: tuple[str, ...]
    """Zones its nodes may be in; none where the subnets of an existing network decide that."""
    local_storage_gib: int = 0
    groups: int = 1
    """Node groups for each purchase option: one, or one in each zone."""

    @property
    def at_once(self) -> int:
        """Nodes of the first apply."""
        return sum(purchase.at_once for purchase in self.purchases)


@dataclass(frozen=True, slots=True)
class NetworkNeed:
    """A network to make, or by its `id` one that must be there."""

    id: str = ""
    subnet_ids: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    """Names of the ranges that an existing subnet must have beside its own."""
    gateway_zones: tuple[str, ...] = ()
    """Zones that get a gateway to the internet."""


@dataclass(frozen=True, slots=True)
class DatabaseNeed:
    """A managed PostgreSQL server."""

    path: str
    instance_class: str
    storage_gib: int
    high_availability: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What one environment takes from an account."""

    name: str
    region: str
    account: str
    network: NetworkNeed | None
    cluster: str
    """Name of the Kubernetes cluster; empty without one."""
    pools: tuple[PoolNeed, ...]
    buckets: Mapping[str, str]
    """Names of the buckets to make and the spec path of each."""
    state_bucket: str
    """Bucket for Terraform's state that must be there already; empty when none must."""
    database: DatabaseNeed | None
    servers: Mapping[str, int]
    """Servers that run without the cluster, at the most, by the spec path that causes them."""
    load_balancers: Mapping[str, int]
    """Load balancers by spec path."""
    volumes_gib: Mapping[str, int]
    """Volumes beside the nodes' disks, by spec path."""
    apis: Mapping[str, str]
    """APIs of the cloud that the environment turns on, and the spec path of each."""
    resources: Mapping[str, str]
    """Terraform types that the environment makes, and after `data` reads, and the spec path that first causes each."""
    states: str = ""
    """Bucket and folder of Terraform's states, `bucket/folder`; empty where they are files."""
    outsiders: Mapping[str, str] = field(default_factory=dict)
    """Principals of nobody's account that are granted something, and the spec path of each."""
    cluster_zones: tuple[str, ...] = ()
    """Zones of the cluster's nodes; none where the subnets of an existing network decide that."""
    permissions: Mapping[str, str] = field(default_factory=dict)
    """Permissions that whoever applies takes beside those of the resources, and the spec path of each."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the account must have, allow or leave free.

    `code` is what the cloud's own tools call it: a quota code, a permission, a machine type, a name. `amount` counts
    `unit`s at full size and `at_once` those that the first apply takes; both are None for what is not counted.
    """

    kind: Kind
    name: str
    code: str
    where: str
    path: str
    service: str = ""
    unit: str = ""
    amount: Decimal | None = None
    at_once: Decimal | None = None
    because: tuple[str, ...] = ()
    phase: Phase = "make"
    """What a permission is needed for first."""

    def counted(self, amount: int | Decimal, at_once: int | Decimal | None = None, because: str = "") -> Requirement:
        """The same with its amounts; without `at_once` the first apply takes all."""
        first = amount if at_once is None else at_once
        reasons = (because,) if because else ()
        return replace(self, amount=Decimal(amount), at_once=Decimal(first), because=reasons)


class Outcome(StrEnum):
    """What is known of a requirement."""

    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Stops(StrEnum):
    """What a missing requirement stops."""

    APPLY = "apply"
    GROWTH = "growth"
    """The apply succeeds, and a pool cannot become as large as the spec allows."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the account says about a requirement; `limit` and `used` count the requirement's unit."""

    requirement: Requirement
    outcome: Outcome
    reason: str
    stops: Stops = Stops.NOTHING
    limit: Decimal | None = None
    used: Decimal | None = None

    @property
    def short_by(self) -> Decimal | None:
        """How much more the quota would have to allow; None when nothing is known to be short."""
        wanted = self.raise_to
        if self.outcome is not Outcome.MISSING or wanted is None or self.limit is None:
            return None
        return wanted - self.limit

    @property
    def raise_to(self) -> Decimal | None:
        """The limit that would do, beside what is in use; None for what is not counted."""
        amount = self.requirement.amount
        return None if amount is None else amount + (self.used or Decimal(0))


def met(requirement: Requirement, reason: str) -> Finding:
    """It is there."""
    return Finding(requirement, Outcome.MET, reason)


def missing(requirement: Requirement, reason: str, stops: Stops = Stops.APPLY) -> Finding:
    """It is not there."""
    return Finding(requirement, Outcome.MISSING, reason, stops)


def unknown(requirement: Requirement, reason: str) -> Finding:
    """Nobody could say."""
    return Finding(requirement, Outcome.UNKNOWN, reason)


def compare(requirement: Requirement, limit: Decimal, used: Decimal | None, why_unknown: str = "") -> Finding:
    """A quota against its limit and what is in use; `why_unknown` says why that is None."""
    amount, at_once = requirement.amount or Decimal(0), requirement.at_once or Decimal(0)
    free = limit - (used or Decimal(0))
    if amount <= free:
        if used is None:
            words = f"the limit of {limit:f} is high enough, but current usage is unknown: {why_unknown}"
            return Finding(requirement, Outcome.UNKNOWN, words, limit=limit)
        return Finding(requirement, Outcome.MET, f"{free:f} of {limit:f} are available", limit=limit, used=used)
    in_use = "usage unknown" if used is None else f"{used:f} in use"
    words = f"needs {amount:f}, the limit is {limit:f}, {in_use}"
    stops = Stops.APPLY if at_once > free else Stops.GROWTH
    return Finding(requirement, Outcome.MISSING, words, stops, limit, used)


class UnansweredError(Exception):
    """The cloud gave no answer to one question; the text says why. It makes findings unknown, and ends nothing."""


def first_line(error: Exception) -> str:
    """What an error says, without what a server's page or a stack of causes adds."""
    return str(error).partition("\n")[0]


class Once:
    """Answers by question: asked the first time only, a refusal included."""

    def __init__(self) -> None:
        self._answers: dict[object, object] = {}

    def __call__(self, question: object, ask: Callable[[], T]) -> T:
        """The answer; raises the `UnansweredError` of the first time."""
        if question not in self._answers:
            try:
                self._answers[question] = ask()
            except UnansweredError as refused:
                self._answers[question] = refused
        answer = self._answers[question]
        if isinstance(answer, UnansweredError):
            raise answer
        return cast(T, answer)


class UnreachableError(Exception):
    """No question can be asked at all: no credentials, or no way to the cloud. `hint` says what to do about it."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


class Account(Protocol):
    """An account that answers."""

    @property
    def identity(self) -> str:
        """Who asks, in the cloud's own words."""

    def findings(self, requirements: Sequence[Requirement]) -> Sequence[Finding]:
        """One finding for each requirement, in their order; never raises for what the cloud refuses to say."""


@dataclass(frozen=True)
class Preflight:
    """A cloud's part: what it asks of an account, and the way to ask one; `now` is the time of day.

    `connect` raises `UnreachableError`.
    """

    requirements: Callable[[Needs], Sequence[Requirement]]
    connect: Callable[[Needs, datetime], Account]


class Tally:
    """Requirements as they are gathered; counts of the same quota are added up."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], Requirement] = {}

    def add(self, requirement: Requirement) -> None:
        """Take it in: one more, or more of the same."""
        key = _key(requirement)
        before = self._found.get(key)
        self._found[key] = requirement if before is None else _sum(before, requirement)

    def at_least(self, requirement: Requirement) -> None:
        """Take it in where the larger of two counts holds, as for a limit on each of several things."""
        key = _key(requirement)
        before = self._found.get(key)
        if before is None or (requirement.amount or 0) > (before.amount or 0):
            self._found[key] = requirement

    def beforehand(self, requirement: Requirement) -> None:
        """Take in what the first apply needs and gives back before the rest comes: the larger of the two holds."""
        key = _key(requirement)
        after = self._found.get(key)
        self._found[key] = requirement if after is None else _larger(after, requirement)

    def requirements(self) -> tuple[Requirement, ...]:
        """All of them by kind, otherwise in the order they came in."""
        return tuple(sorted(self._found.values(), key=lambda found: KINDS.index(found.kind)))


def _key(requirement: Requirement) -> tuple[str, str, str, str]:
    return requirement.kind, requirement.service, requirement.code, requirement.where


def _sum(one: Requirement, other: Requirement) -> Requirement:
    because = tuple(dict.fromkeys((*one.because, *other.because)))
    if one.amount is None or other.amount is None:
        return replace(one, because=because)
    at_once = (one.at_once or Decimal(0)) + (other.at_once or Decimal(0))
    return replace(one, amount=one.amount + other.amount, at_once=at_once, because=because)


def _larger(after: Requirement, first: Requirement) -> Requirement:
    at_once = max(after.at_once or Decimal(0), first.at_once or Decimal(0))
    if at_once == after.at_once:
        return after
    because = tuple(dict.fromkeys((*after.because, *first.because)))
    return replace(after, amount=max(after.amount or Decimal(0), at_once), at_once=at_once, because=because)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a preflight has to say. `findings` is None when nothing was checked, and `why` says for what reason."""

    needs: Needs
    provider: str
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...] | None = None
    identity: str = ""
    why: str = ""

    def of(self, outcome: Outcome) -> tuple[Finding, ...]:
        """The findings with that outcome."""
        return tuple(finding for finding in self.findings or () if finding.outcome is outcome)

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """What keeps the environment from being what the spec says."""
        return tuple(finding for finding in self.of(Outcome.MISSING) if finding.stops is not Stops.NOTHING)

    @property
    def open(self) -> tuple[tuple[Requirement, Finding | None], ...]:
        """What is left to ask for: everything when nothing was checked, else what is missing or unknown."""
        if self.findings is None:
            return tuple((requirement, None) for requirement in self.requirements)
        return tuple((f.requirement, f) for f in self.findings if f.outcome is not Outcome.MET)


def examine(account: Account, needs: Needs, provider: str, requirements: Iterable[Requirement]) -> Report:
    """Every requirement with what the account says about it."""
    wanted = tuple(requirements)
    return Report(needs, provider, wanted, tuple(account.findings(wanted)), account.identity)
