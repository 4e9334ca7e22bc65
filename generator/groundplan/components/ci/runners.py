"""The machines that jobs run on: their type and disk."""

from __future__ import annotations

from decimal import Decimal

from groundplan.components.ci.part import Runners
from groundplan.components.ci.spec import RunnerMachines
from groundplan.diagnostics import Diagnostic
from groundplan.stack.model import Origin
from groundplan.stack.purchase import Buying, Duty, Market
from groundplan.stack.selection import Needs, select
from groundplan.stack.work import Work

PATH = "ci.runner.machines"
NEEDS = Needs(vcpus=2, memory_gib=8)
"""Terraform with the provider of AWS takes 1 to 2 GiB, and a check of groundplan 600 MB more."""
DISK_GIB = 30


def resolve_runners(work: Work, said: RunnerMachines) -> Runners:
    """What the spec asks for."""
    if "count" not in said.model_fields_set:
        work.decide(f"{PATH}.count", said.count, Origin.DEFAULT, "two jobs side by side")
    return Runners(said.count, _instance_type(work, said.count), DISK_GIB, said.group or "")


def _instance_type(work: Work, count: int) -> str:
    """The cheapest on demand, since a job that is interrupted leaves a lock; the one that it had stays."""
    path = f"{PATH}.instance_type"
    market = Market(work.spec.cloud.region, work.cloud.catalog, work.cloud.prices, work.cloud.spot.types)
    buying = Buying("on_demand", Duty(count, count, Decimal(0), all_or_always=False))
    kept = () if work.purchase_option else work.kept.names(path)
    chosen = select(NEEDS, buying, market, path, kept=kept, explain=work.explain)
    if isinstance(chosen, Diagnostic):
        work.diagnostics.append(chosen)
        return ""
    name = chosen.types[0].name
    work.decide(path, name, Origin.CATALOG, chosen.reason, chosen.alternatives, chosen.priced_reason)
    return name
