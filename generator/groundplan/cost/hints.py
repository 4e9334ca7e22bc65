"""What would cost less: each proposal is resolved and estimated anew, and only a real saving is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from groundplan.clouds.base import Cloud
from groundplan.components.load import components
from groundplan.components.network.part import ExistingNetwork, network_of
from groundplan.components.node_pool.commitments import committed
from groundplan.components.proposal import Proposal
from groundplan.cost.report import CostReport
from groundplan.cost.uncertainty import at_expected_use
from groundplan.diagnostics import DiagnosticsError
from groundplan.quantities import CENT
from groundplan.spec.model import Spec
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Stack

CODE = "GP704"
Kind = Literal["setting", "commitment", "region"]
MOST_COMMITMENTS = 12
MOST_REGIONS = 5
"""What is priced at the most, so that an estimate of many pools takes no longer than one of few."""
NEAR_KM = 5000
"""How far another region may be: across a continent, and over no ocean but narrow ones."""
WORTH_MOVING = Decimal("0.02")
"""The part of the total that another region has to save to be told."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A proposal that saves money. `path` is the line of the spec to change; each saving is of that change alone."""

    code: str
    message: str
    saving_usd: Decimal
    """US dollars off the expected month."""
    path: str
    change: str
    kind: Kind = "setting"
    """What changes: the spec, a contract beside it, or where everything is."""


@dataclass(frozen=True, slots=True)
class Estimator:
    """How a changed spec, and a changed stack, are priced."""

    resolve: Callable[[Spec], Stack]
    price: Callable[[Stack], CostReport]

    def of(self, spec: Spec) -> CostReport | None:
        """The estimate of a spec; None where it cannot be built, which saves nothing."""
        try:
            return self.price(self.resolve(spec))
        except DiagnosticsError:
            return None


@dataclass(frozen=True, slots=True)
class Subject:
    """What may cost less: the spec with its stack, its estimate, and what the last render decided."""

    spec: Spec
    stack: Stack
    cloud: Cloud
    report: CostReport
    kept: Kept = NOTHING

    def saving(self, after: CostReport | None) -> Decimal:
        """US dollars off the expected month; none where the other estimate leaves more out."""
        if after is None or len(after.unpriced) > len(self.report.unpriced):
            return Decimal(0)
        return self.report.total.expected - after.total.expected


def hints(subject: Subject, estimator: Estimator) -> tuple[Hint, ...]:
    """The proposals that save money, the largest saving first."""
    found = [
        *_settings(subject, estimator),
        *_commitments(subject, estimator),
        *_regions(subject, estimator),
    ]
    worth = (hint for hint in found if hint.saving_usd >= CENT)
    return tuple(sorted(worth, key=lambda hint: (-hint.saving_usd, hint.path, hint.kind)))


def _settings(subject: Subject, estimator: Estimator) -> Iterator[Hint]:
    for proposal in _proposals(subject.spec, subject.stack, subject.cloud):
        saving = subject.saving(estimator.of(changed(subject.spec, proposal.values)))
        yield Hint(CODE, proposal.message, saving, proposal.path, proposal.change)


def _commitments(subject: Subject, estimator: Estimator) -> Iterator[Hint]:
    offers = list(committed(subject.stack, subject.cloud))[:MOST_COMMITMENTS]
    for offer in offers:
        saving = subject.saving(estimator.price(offer.stack)) - offer.discount_usd
        yield Hint(CODE, offer.message, saving, offer.path, offer.change, "commitment")


def _regions(subject: Subject, estimator: Estimator) -> Iterator[Hint]:
    """The region nearby where everything costs least, for what nothing has been made of yet.

    A region that spot prices could make the dearer one is not told.
    """
    there = {name: estimator.of(changed(subject.spec, {"cloud.region": name})) for name in _regions_nearby(subject)}
    savings = {name: subject.saving(after) for name, after in there.items() if after and _for_sure(subject, after)}
    region = min(savings, key=lambda name: (-savings[name], name), default="")
    if region and savings[region] > subject.report.total.expected * WORTH_MOVING:
        message = f"the same in {region} costs less; latency, and where data may be, change with it"
        yield Hint(
            CODE, message, savings[region], "cloud.region", f"region: {region}, before the first apply", "region"
        )


def _for_sure(subject: Subject, after: CostReport) -> bool:
    """Whether the other estimate is lower at its highest spot prices than this one at its lowest."""
    prices = subject.cloud.prices
    return at_expected_use(after, prices).high < at_expected_use(subject.report, prices).low


def _regions_nearby(subject: Subject) -> list[str]:
    """Regions of the same partition that are not far away; none for a spec that is bound to its own."""
    home, catalog = subject.stack.region, subject.cloud.catalog
    if subject.kept.region or _bound(subject):
        return []
    partition = catalog.regions[home].partition
    near = (name for name in catalog.near(home, NEAR_KM) if catalog.regions[name].partition == partition)
    return list(near)[:MOST_REGIONS]


def _bound(subject: Subject) -> bool:
    """Whether the spec names something of its region beside that: a network, a certificate, a key."""
    said = subject.spec.model_dump(exclude_unset=True, by_alias=True)
    said["cloud"] = {key: value for key, value in said["cloud"].items() if key != "region"}
    return subject.stack.region in repr(said) or isinstance(network_of(subject.stack), ExistingNetwork)


def changed(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """The spec with these places set, and those with None removed."""
    said = spec.model_dump(exclude_unset=True, by_alias=True)
    for path, value in values.items():
        *parents, last = path.split(".")
        block = said
        for key in parents:
            block = block.setdefault(key, {})
        if value is None:
            block.pop(last, None)
        else:
            block[last] = value
    return type(spec).model_validate(said)


def _proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    for component in components():
        yield from component.proposals(spec, stack, cloud)
