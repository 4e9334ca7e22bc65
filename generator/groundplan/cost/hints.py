"""What would cost less: each proposal is resolved and estimated anew, and only a real saving is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundplan.clouds.base import Cloud
from groundplan.components.load import components
from groundplan.components.proposal import Proposal
from groundplan.cost.report import CostReport
from groundplan.diagnostics import DiagnosticsError
from groundplan.quantities import CENT
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack

CODE = "GP704"


@dataclass(frozen=True, slots=True)
class Hint:
    """A proposal that saves money. `path` is the line of the spec to change; each saving is of that change alone."""

    code: str
    message: str
    saving_usd: Decimal
    """US dollars off the expected month."""
    path: str
    change: str


def hints(
    spec: Spec, stack: Stack, cloud: Cloud, report: CostReport, estimate_of: Callable[[Spec], CostReport]
) -> tuple[Hint, ...]:
    """The proposals that save money, the largest saving first; `estimate_of` resolves and prices a changed spec."""
    found = []
    for proposal in _proposals(spec, stack, cloud):
        try:
            after = estimate_of(changed(spec, proposal.values))
        except DiagnosticsError:
            continue  # what cannot be built saves nothing
        saving = report.total.expected - after.total.expected
        if saving >= CENT and len(after.unpriced) <= len(report.unpriced):
            found.append(Hint(CODE, proposal.message, saving, proposal.path, proposal.change))
    return tuple(sorted(found, key=lambda hint: (-hint.saving_usd, hint.path)))


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
