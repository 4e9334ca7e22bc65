"""From needs to machine types: the cheapest that fits under stated guards, and why the others were not taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from groundplan.catalog.catalog import Architecture, Catalog, InstanceType
from groundplan.diagnostics import Diagnostic
from groundplan.quantities import percent_above
from groundplan.stack.model import Alternative
from groundplan.stack.purchase import Buying, Market

RUNNERS_UP = 4
SPOT = ("spot", "spot_with_fallback")
SPOT_PRICE_FACTOR = Decimal("1.6")
"""An equivalent may cost this many times the winner's spot price at most."""
GENERATION_PENALTY = Decimal("0.05")
"""By what share of its price a type is compared dearer for each newer generation of its line that fits too.

An hour of an older processor does less. The makers name 15 to 35 % between two generations for some workloads
(https://aws.amazon.com/ec2/instance-types/m6i/, https://aws.amazon.com/ec2/instance-types/m6a/); this is a third of the
least of them, so that a newer type wins where prices are about equal and never far above them.
"""
ONE_ZONE_PENALTY = Decimal("0.10")
"""By what share of its price a type is compared dearer of a single zone: without it, no node is left."""
SEVERAL_ZONES = 2


@dataclass(frozen=True, slots=True)
class Needs:
    """What one node must have at least; zero and None ask for nothing."""

    vcpus: int = 0
    memory_gib: int = 0
    architecture: Architecture = "x86_64"
    gpu_count: int = 0
    gpu_type: str | None = None
    gpu_memory_gib: int = 0
    gpu_total_memory_gib: int = 0
    local_storage_gib: int = 0
    burstable: bool = False
    """Whether types with full CPU for part of the time only will do."""
    hosts: Callable[[InstanceType], bool] | None = None
    """Whether a node of the type has room for workloads beside the system's; None where anything does."""
    attaches: Callable[[InstanceType], bool] | None = None
    """Whether the local SSDs asked for can be attached to the type; None where none are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type that fits, with what an hour of it comes to, how many newer generations of its line fit too, and where."""

    instance: InstanceType
    usd_per_hour: Decimal
    newer_generations: int = 0
    zones: frozenset[str] = frozenset()

    @property
    def compared_usd_per_hour(self) -> Decimal:
        """The price by which types are compared; nobody pays it."""
        if not self.newer_generations and not self.one_zone:
            return self.usd_per_hour
        return self.usd_per_hour * (1 + GENERATION_PENALTY * self.newer_generations + ONE_ZONE_PENALTY * self.one_zone)

    @property
    def one_zone(self) -> bool:
        """Whether a single zone offers it."""
        return len(self.zones) == 1


@dataclass(frozen=True, slots=True)
class Selection:
    """The types taken, first the winner, the runners-up, and why each other family was not taken."""

    types: tuple[InstanceType, ...]
    reason: str
    """Without prices, and the same for types that were kept: in a rendered environment it outlasts both."""
    priced_reason: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition on a type: the key of the spec that states it, the words for a refusal, the test."""

    key: str | None
    """None for a condition that holds although nobody stated it."""
    refusal: str
    accepts: Callable[[InstanceType], bool]


def guards(needs: Needs) -> tuple[Guard, ...]:
    """The conditions that `needs` puts on a type, the ones that do not depend on size first."""
    gpu = needs.gpu_count > 0
    conditions = [
        Guard("architecture", f"not {needs.architecture}", lambda i: i.architecture == needs.architecture),
        Guard(None, "GPUs that were not requested", lambda i: i.gpu_count == 0)
        if not gpu
        else Guard("gpu", "no NVIDIA GPU", lambda i: i.gpu_count > 0 and i.gpu_manufacturer == "nvidia"),
        Guard(None, "burstable CPU", lambda i: needs.burstable or not i.burstable),
    ]
    if gpu:
        conditions.append(
            Guard("gpu.count", f"fewer than {needs.gpu_count} GPUs", lambda i: i.gpu_count >= needs.gpu_count)
        )
    if needs.gpu_type:
        conditions.append(Guard("gpu.type", f"GPU is not {needs.gpu_type}", lambda i: i.gpu_type == needs.gpu_type))
    if needs.gpu_memory_gib:
        refusal = f"less than {needs.gpu_memory_gib} GiB per GPU"
        conditions.append(Guard("gpu.memory_gib", refusal, lambda i: i.gpu_memory_gib >= needs.gpu_memory_gib))
    if total := needs.gpu_total_memory_gib:
        refusal = f"less than {total} GiB in all GPUs together"
        conditions.append(Guard("gpu.total_memory_gib", refusal, lambda i: i.gpu_count * i.gpu_memory_gib >= total))
    if needs.vcpus:
        conditions.append(Guard("vcpus", f"fewer than {needs.vcpus} vCPUs", lambda i: i.vcpus >= needs.vcpus))
    if needs.memory_gib:
        refusal = f"less than {needs.memory_gib} GiB memory"
        conditions.append(Guard("memory_gib", refusal, lambda i: i.memory_gib >= needs.memory_gib))
    if needs.hosts:
        conditions.append(Guard(None, "no memory or CPU left beside the system's", needs.hosts))
    if needs.attaches:
        conditions.append(Guard("local_ssds", "does not take as many local SSDs", needs.attaches))
    if needs.local_storage_gib:
        refusal = f"less than {needs.local_storage_gib} GiB local storage"
        conditions.append(Guard("local_storage_gib", refusal, lambda i: i.local_storage_gib >= needs.local_storage_gib))
    return tuple(conditions)


class _Refusals(dict[str, int | None]):
    """By type, which of the conditions refuses it first, None when it fits; found once for all regions."""

    def __init__(self, conditions: Sequence[Guard]) -> None:
        super().__init__()
        self.conditions = conditions
        self.nowhere: dict[str, Diagnostic] = {}
        """Why no type that a region offers fits, for regions where that is so."""

    def of(self, instance: InstanceType) -> int | None:
        """The index of the condition."""
        if instance.name not in self:
            self[instance.name] = _refusal(instance, self.conditions)
        return self[instance.name]


@lru_cache(maxsize=32)
def _refusals(catalog: Catalog, needs: Needs) -> _Refusals:
    return _Refusals(guards(needs))


def select(  # noqa: PLR0913 - what is asked, and what of the answer
    needs: Needs, buying: Buying, market: Market, path: str, *, kept: Sequence[str] = (), explain: bool = True
) -> Selection | Diagnostic:
    """The types for a pool, or a GP301 error that says which need to relax.

    The cheapest wins, by what an hour of it in use comes to when it is bought that way, with `GENERATION_PENALTY` for
    types that have been succeeded and `ONE_ZONE_PENALTY` for those of a single zone.
    `kept` are the types an earlier render took; as long as all of them fit and share a zone they stay, whatever is
    cheapest today, and also when nothing that fits has a price any more.

    Ties go to the type with fewer vCPUs, less memory, then by name, so the same tables always give the same answer.
    Previous-generation types are taken only when no current one fits and has a price. Alternatives are left out of an
    answer that need not `explain` itself.
    """
    zones = market.catalog.zones(market.region)
    offered = [instance for instance in market.catalog.offered(market.region) if zones[instance.name]]
    known = _refusals(market.catalog, needs)
    conditions, refused = known.conditions, [known.of(instance) for instance in offered]
    fitting = [instance for instance, refusal in zip(offered, refused, strict=True) if refusal is None]
    priced = _priced(fitting, buying, market)
    candidates = [c for c in priced if c.instance.generation == "current"] or priced
    before = [i for name in kept for i in fitting if i.name == name]
    stays = bool(before) and len(before) == len(kept) and bool(frozenset.intersection(*map(market.zones, before)))
    if stays and not candidates:
        return _kept(before, candidates, buying)
    if not candidates:
        if fitting:
            return replace(_all_unpriced(fitting, buying, market), path=path)
        if market.region not in known.nowhere:
            known.nowhere[market.region] = _nothing_fits(offered, conditions, market)
        return replace(known.nowhere[market.region], path=path)
    winner = candidates[0]
    most = market.spot_types - 1 if buying.purchase_option in SPOT else 0
    equivalents = _equivalents(winner, candidates, most)
    types = (winner.instance, *(c.instance for c in equivalents))
    if stays and tuple(before) != types:
        return _kept(before, candidates, buying)
    return Selection(
        types=types,
        reason=_reason(buying),
        priced_reason=_priced_reason(candidates, buying),
        alternatives=(
            *(Alternative(c.instance.name, "also in the spot pool", c.usd_per_hour) for c in equivalents),
            *_runners_up(candidates, types),
            *_families(offered, refused, conditions, candidates, types, buying),
        )
        if explain
        else (),
    )


def _kept(types: Sequence[InstanceType], candidates: Sequence[Candidate], buying: Buying) -> Selection:
    price = next((c.usd_per_hour for c in candidates if c.instance == types[0]), None)
    costs = "no current price" if price is None else f"${price.normalize():f} an hour"
    today = "".join(f"; --upgrade takes {c.instance.name} at ${c.usd_per_hour.normalize():f}" for c in candidates[:1])
    return Selection(
        types=tuple(types),
        reason=_reason(buying),
        priced_reason=f"kept from the last render, {costs}{today}",
        alternatives=_runners_up(candidates, types) if candidates else (),
    )


def _priced(instances: Sequence[InstanceType], buying: Buying, market: Market) -> list[Candidate]:
    prices = ((instance, buying.usd_per_hour(instance, market)) for instance in instances)
    found = [(instance, usd) for instance, usd in prices if usd is not None]
    newer = _newer_generations([instance for instance, _ in found], market)
    zones = market.catalog.zones(market.region)
    candidates = [Candidate(instance, usd, newer[instance.family], zones[instance.name]) for instance, usd in found]
    return sorted(candidates, key=_rank)


def _rank(candidate: Candidate) -> tuple[Decimal, int, Decimal, str]:
    instance = candidate.instance
    return candidate.compared_usd_per_hour, instance.vcpus, instance.memory_gib, instance.name


def _newer_generations(instances: Sequence[InstanceType], market: Market) -> dict[str, int]:
    """By family, how many newer generations of its line are among the instances; another GPU is another line."""
    lines: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    gpus = {i.family: i.gpu_type for i in instances}
    families = {family: (market.catalog.series(family), gpu_type) for family, gpu_type in gpus.items()}
    for series, gpu_type in families.values():
        if series is not None:
            lines[series.line, gpu_type].add(series.generation)
    return {
        family: 0 if series is None else sum(one > series.generation for one in lines[series.line, gpu_type])
        for family, (series, gpu_type) in families.items()
    }


def _equivalents(winner: Candidate, candidates: Sequence[Candidate], most: int) -> tuple[Candidate, ...]:
    """Further types for a spot pool: at least as large as the winner in everything, so that what fits one fits all.

    The autoscaler simulates a group by its first type; a smaller one behind it would leave pods pending. A pool is in
    zones that offer all of its types, so none is taken that would leave it fewer than two.
    """
    first, shared, taken = winner.instance, winner.zones, list[Candidate]()
    for c in candidates:
        fits = (
            c is not winner
            and c.instance.vcpus >= first.vcpus
            and c.instance.memory_gib >= first.memory_gib
            and c.instance.gpu_count == first.gpu_count
            and c.instance.gpu_type == first.gpu_type
            and c.usd_per_hour <= winner.usd_per_hour * SPOT_PRICE_FACTOR
        )
        if fits and len(taken) < most and len(shared & c.zones) >= min(SEVERAL_ZONES, len(winner.zones)):
            taken.append(c)
            shared &= c.zones
    return tuple(taken)


def _reason(buying: Buying) -> str:
    return f"lowest {buying.price_title} among the types that fit, older generations counted dearer, when it was chosen"


def _priced_reason(candidates: Sequence[Candidate], buying: Buying) -> str:
    """Why the first candidate is taken, with its price."""
    winner, count = candidates[0], len(candidates)
    fits = "the only type that fits" if count == 1 else f"lowest {buying.price_title} among {count} types that fit"
    previous = "" if winner.instance.generation == "current" else "; previous generation, nothing current fits"
    return f"{fits}, ${winner.usd_per_hour.normalize():f} an hour{previous}{_passed_over(candidates)}"


def _passed_over(candidates: Sequence[Candidate]) -> str:
    """That the least price is not the winner's, and what the penalty is; nothing where it is."""
    winner, least = candidates[0], min(candidates, key=lambda c: c.usd_per_hour)
    if least.usd_per_hour == winner.usd_per_hour:
        return ""
    older = f"{GENERATION_PENALTY * 100:.0f} % added per newer generation" if least.newer_generations else ""
    one_zone = f"{ONE_ZONE_PENALTY * 100:.0f} % for a single zone" if least.one_zone else ""
    penalties = " and ".join(filter(None, (older, one_zone)))
    return f"; with {penalties}, {least.instance.name} at ${least.usd_per_hour.normalize():f} is more expensive"


def _runners_up(candidates: Sequence[Candidate], taken: Sequence[InstanceType]) -> tuple[Alternative, ...]:
    rest = [c for c in candidates if c.instance not in taken][:RUNNERS_UP]
    return tuple(Alternative(c.instance.name, _difference(c, candidates[0]), c.usd_per_hour) for c in rest)


def _difference(candidate: Candidate, winner: Candidate) -> str:
    """How the price of an alternative differs from the winner's."""
    percent = percent_above(candidate.usd_per_hour, winner.usd_per_hour)
    if percent >= 0:
        return f"{percent:.0f} % more expensive"
    plural = "" if candidate.newer_generations == 1 else "s"
    older = f"{candidate.newer_generations} generation{plural} older" if candidate.newer_generations else ""
    return ", ".join(filter(None, (f"{-percent:.1f} % less expensive", older, "in one zone only" * candidate.one_zone)))


def _refusal(instance: InstanceType, conditions: Sequence[Guard]) -> int | None:
    """Which condition refuses the type first, or None when it fits."""
    for index, guard in enumerate(conditions):
        if not guard.accepts(instance):
            return index
    return None


def _families(  # noqa: PLR0913, PLR0917 - what a choice was made from
    offered: Sequence[InstanceType],
    refused: Sequence[int | None],
    conditions: Sequence[Guard],
    candidates: Sequence[Candidate],
    taken: Sequence[InstanceType],
    buying: Buying,
) -> Iterator[Alternative]:
    """Every family that has no part in the choice and the runners-up, those with the same reason together.

    A family is judged by its type that comes nearest: the one that most guards let pass.
    """
    reasons = [guard.refusal for guard in conditions]
    unpriced, previous, dearer = f"no {buying.purchase_option} price in the book", "previous generation", "dearer"
    order = [*reasons, unpriced, previous, dearer]
    priced = {c.instance.name for c in candidates}
    nearest: dict[str, int] = {}
    for instance, first in zip(offered, refused, strict=True):
        refusal = first
        if refusal is None:
            late = dearer if instance.name in priced else previous if _superseded(instance, candidates) else unpriced
            refusal = order.index(late, len(reasons))
        nearest[instance.family] = max(refusal, nearest.get(instance.family, 0))
    rest = [c for c in candidates if c.instance not in taken]
    named = {instance.family for instance in taken} | {c.instance.family for c in rest[:RUNNERS_UP]}
    for index, reason in enumerate(order):
        families = sorted(family for family, last in nearest.items() if last == index and family not in named)
        if families:
            words = _how_much_dearer(families, candidates) if reason == dearer else reason
            yield Alternative(", ".join(families), words)


def _superseded(instance: InstanceType, candidates: Sequence[Candidate]) -> bool:
    return instance.generation != "current" and all(c.instance.generation == "current" for c in candidates)


def _how_much_dearer(families: Sequence[str], candidates: Sequence[Candidate]) -> str:
    """By how much the best type of each family is dearer than the winner, over the families."""
    winner = candidates[0].usd_per_hour
    first = {c.instance.family: c.usd_per_hour for c in reversed(candidates) if c.instance.family in families}
    least, most = min(first.values()), max(first.values())
    lowest, highest = (f"{percent_above(usd, winner):.0f}" for usd in (least, most))
    if least < winner:
        return f"fit, older generations, up to {highest} % more expensive"
    return f"fit, {lowest} % more expensive" if lowest == highest else f"fit, {lowest} to {highest} % more expensive"


def _all_unpriced(fitting: Sequence[InstanceType], buying: Buying, market: Market) -> Diagnostic:
    names = ", ".join(i.name for i in fitting[:5])
    return Diagnostic(
        code="GP301",
        message=f"types that fit in {market.region} have no {buying.purchase_option} price in the book: {names}",
        hint="name one under `instance_types`, or choose another `capacity`",
    )


def _refused_alone(
    offered: Sequence[InstanceType], conditions: Sequence[Guard]
) -> Mapping[int, Sequence[InstanceType]]:
    """By condition, the types that it alone refuses."""
    found: dict[int, list[InstanceType]] = defaultdict(list)
    for instance in offered:
        refusals = (index for index, guard in enumerate(conditions) if not guard.accepts(instance))
        first = next(refusals, None)
        if first is not None and next(refusals, None) is None:
            found[first].append(instance)
    return found


def _nothing_fits(offered: Sequence[InstanceType], conditions: Sequence[Guard], market: Market) -> Diagnostic:
    hints = []
    alone = _refused_alone(offered, conditions)
    for index, guard in enumerate(conditions):
        others = alone.get(index)
        if guard.key and others:
            names = ", ".join(i.name for i in sorted(others, key=lambda i: (i.vcpus, i.name))[:3])
            hints.append(f"without `{guard.key}` these would fit: {names}")
    missing = next((g for g in conditions if g.key == "gpu.type" and not any(map(g.accepts, offered))), None)
    if missing is not None:
        there = ", ".join(sorted({i.gpu_type for i in offered if i.gpu_type}))
        hints.insert(0, f"GPUs there: {there}")
        message = f"nothing offered in {market.region} fits: the {missing.refusal}, whatever the type"
        return Diagnostic(code="GP301", message=message, hint="; ".join(hints))
    refused = "; ".join(guard.refusal for guard in conditions)
    return Diagnostic(
        code="GP301",
        message=f"none of the {len(offered)} types offered in {market.region} satisfies all needs ({refused})",
        hint="; ".join(hints) or "relax several needs, or use another region",
    )
