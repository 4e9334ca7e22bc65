"""What an environment costs by its spec and by its own plan: the same lines, wherever both can know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from groundplan.app.pipeline import Resolved
from groundplan.components.node_pool.component import node_pool
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.cost.plan import price_plan
from groundplan.cost.report import CostReport, Line
from groundplan.quantities import NO_USD, Band, millionths
from groundplan.stack.purchase import blend
from tests.lifecycle.plans import Plans

Key = tuple[str, str]
"""A module call and an item of the price book."""

BY_USE = {
    "load_balancer.application_capacity": "grows with traffic",
    "load_balancer.data": "traffic",
    "logs.flow_ingested": "what the network writes",
    "logs.ingested": "what is written",
    "logs.stored": "what is kept of it; known where nothing of that is billed",
    "metrics.samples_collected": "series and how often they are looked at",
    "metrics.samples_ingested": "the same",
    "metrics.samples_stored": "the same",
    "network.endpoint_data": "traffic",
    "network.nat_data": "traffic",
    "network.nat_vm": "hours of the pools' machines",
    "object_store.standard": "what is in buckets",
    "object_store.standard_read": "requests",
    "object_store.standard_write": "requests",
    "registry.stored": "images",
}
"""Items of which a spec states or assumes the use, and a plan cannot: it has to say so."""

NO_RESOURCE = {
    "egress.internet": "traffic is no resource",
    "egress.zone": "traffic is no resource",
    "egress.region": "traffic is no resource",
}
"""Items of a spec that no resource of a plan stands for."""
IN_CHARTS = {("monitoring", "disk.general"): "volumes that the charts claim"}
"""What a plan does not show, because Helm makes it."""

NOT_COUNTED = {
    "dns.queries": "names of Google's APIs are kept by nodes",
    "metrics.container_insights": "a few metrics of one service",
    "metrics.ingested": "one or two series",
    "notifications.email": "mails of alerts",
    "notifications.published": "alerts",
}
"""Items that are billed by a use which docs/cost.md says is not counted."""
NOT_COUNTED_IN = {
    ("managed_prometheus", "logs.ingested"): "errors of the managed service",
    ("managed_prometheus", "logs.stored"): "errors of the managed service",
    ("mlflow_serverless", "metrics.alarm"): "alarms that its scaling makes",
    ("mlflow_serverless", "object_store.standard_read"): "an access log is read by people",
    ("mlflow_serverless", "object_store.standard_write"): "and written in large pieces",
    ("state_store", "logs.ingested"): "who reads Terraform's state",
    ("state_store", "logs.stored"): "who reads Terraform's state",
    ("state_store", "object_store.standard_read"): "Terraform's state",
    ("state_store", "object_store.standard_write"): "Terraform's state",
}

MADE_IN = {("managed_prometheus", "metrics.samples_ingested"): "cluster"}
"""Where a plan has what a spec counts elsewhere: on GCP the cluster collects for the managed service."""


@dataclass
class Side:
    """What a spec or a plan says of an item in a module call."""

    lines: list[Line] = field(default_factory=list)
    unstated: int = 0
    no_price: int = 0

    @property
    def usd(self) -> Band:
        return sum((line.monthly_usd for line in self.lines), NO_USD)

    @property
    def options(self) -> set[str | None]:
        """How machines among them are bought."""
        return {line.option for line in self.lines}

    @property
    def prices(self) -> set[tuple[object, ...]]:
        """Each with its unit, source and day."""
        return {(line.option, line.unit, millionths(line.unit_usd), line.source, line.as_of) for line in self.lines}


def sides(*reports: CostReport) -> dict[Key, Side]:
    """By module call and item."""
    found: dict[Key, Side] = {}
    for report in reports:
        for line in report.lines:
            found.setdefault((_call(line.address), line.item), Side()).lines.append(line)
        for item in report.unpriced:
            side = found.setdefault((_call(item.address), item.item), Side())
            assert item.reason in ("usage not stated", "no price in the book"), item
            side.unstated += item.reason == "usage not stated"
            side.no_price += item.reason == "no price in the book"
    return found


def _call(address: str) -> str:
    """`network` of `module.network.aws_vpc.this`."""
    return address.split(".")[1].partition("[")[0]


def check_consumption(resolved: Resolved, plans: Plans) -> None:
    """Asserts that spec and plan agree, and that each says of what only the other knows that it does not."""
    spec = sides(resolved.estimate())
    plan = sides(*(price_plan(plan, f"{root}.json").cost for root, plan in plans.items()))
    for (call, item), where in MADE_IN.items():
        if (call, item) not in plan and (where, item) in plan and (call, item) in spec:
            plan[call, item] = plan.pop((where, item))
    pools = {_call(node_pool(pool).address): pool for pool in pools_of(resolved.stack)}
    only_spec = {key for key in spec.keys() - plan.keys() if key[1] not in NO_RESOURCE and key not in IN_CHARTS}
    assert not only_spec, "the plan does not have these"
    only_plan = plan.keys() - spec.keys()
    assert {key for key in only_plan if key[1] not in NOT_COUNTED and key not in NOT_COUNTED_IN} == set()
    assert all(not plan[key].lines and not plan[key].no_price for key in only_plan), "these cost something for certain"
    for key in spec.keys() & plan.keys():
        call, item = key
        if item in BY_USE:
            known = plan[key].lines != []
            assert (spec[key].usd == plan[key].usd) if known else plan[key].unstated, key
        elif call in pools:
            _check_nodes(pools[call], spec[key], plan[key])
        else:
            cent = _rounding(spec[key], plan[key])
            cases = zip(spec[key].usd.cases, plan[key].usd.cases, strict=True)
            assert all(abs(one - other) <= cent for one, other in cases), key
            assert spec[key].prices == plan[key].prices, key
            assert spec[key].no_price == plan[key].no_price, key


def _rounding(spec: Side, plan: Side) -> Decimal:
    """Half a cent for each line, as each is rounded by itself; none where there is one on each side."""
    lines = len(spec.lines) + len(plan.lines)
    return Decimal("0.005") * lines if lines > 2 else Decimal(0)


def _check_nodes(pool: Pool, spec: Side, plan: Side) -> None:
    """Nodes that are always there are the same; how long others run, a plan knows no more than the bounds of."""
    assert plan.unstated == plan.no_price == 0, pool.path
    cent = _rounding(spec, plan)
    least, most = plan.usd.low, plan.usd.high
    assert least - cent <= spec.usd.low <= spec.usd.high <= most + cent, pool.path
    if pool.kind == "system":
        assert abs(spec.usd.low - least) <= cent, pool.path
        assert abs(spec.usd.expected - plan.usd.expected) <= cent, pool.path
    if pool.kind == "serving" and pool.capacity != "spot_with_fallback":
        assert abs(spec.usd.low - least) <= cent, pool.path
        assert abs(spec.usd.high - most) <= cent, pool.path
    if pool.capacity != "spot_with_fallback" or not spec.options & {"spot_with_fallback"}:
        assert spec.prices == plan.prices, pool.path
        return
    hour = {line.option: line.unit_usd for line in plan.lines}
    assert hour.keys() == {"spot", "on_demand"}, pool.path
    assert [line.unit_usd for line in spec.lines] == [blend(hour["spot"], hour["on_demand"])], pool.path
