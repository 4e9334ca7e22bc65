"""What a Terraform plan costs that groundplan did not render: priced where known, listed where not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Use
from groundplan.clouds.planned import ExcessError, Planned, PlanPrices, Uses
from groundplan.components.base import Meter, MeterKind
from groundplan.cost.estimate import priced_lines, without_figure
from groundplan.cost.plan.billed import left_out
from groundplan.cost.plan.clouds import Billing, billing_clouds, owner_of, region_for, usage_keys, with_prices
from groundplan.cost.plan.read import not_of_the_form
from groundplan.cost.plan.report import PlanReport
from groundplan.cost.plan.resources import PlanResources
from groundplan.cost.plan.usage import UsageFile
from groundplan.cost.plan.versions import VersionsInUse
from groundplan.cost.report import CostReport, Line, Unpriced
from groundplan.diagnostics import shortened

MOST_REGIONS = 20
"""Regions that an estimate names."""
LONGEST_NAME = 300
MOST_LINES = 300_000
"""Of an estimate: what a template says is billed with every group of it, so that a short plan may have any number."""
INSIDE = ("kubernetes_", "helm_", "kubectl_")
"""Types of things that run on machines which are billed already."""
LOCAL = (
    "random_",
    "tls_",
    "time_",
    "null_",
    "local_",
    "terraform_",
    "archive_",
    "external_",
    "template_",
    "cloudinit_",
)
"""Types of things that are in no cloud."""


def price_plan(  # noqa: PLR0913 - what a command says beside the plan
    plan: Mapping[str, Any],
    file: str,
    region: str | None = None,
    usage: UsageFile | None = None,
    today: date | None = None,
    *,
    clouds: Mapping[str, Cloud] | None = None,
) -> PlanReport:
    """What the resources of `plan` cost a month; `region` is for those that the plan says no region of, `usage` says
    what no plan does. Versions are supported as they are on the day `today`; without one, on that of the tables.
    `clouds` are those with prices of the user's, by name.

    Raises DiagnosticsError when the plan is not of the form that Terraform writes.
    """
    usage = usage or UsageFile(None, usage_keys())
    billing = with_prices(clouds)
    resources = _resources(plan, file, usage, lambda prices: region_for(prices, region, billing))
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    free: list[str] = []
    names: dict[str, None] = {}
    regions: dict[str, None] = {}
    costs_nothing, figures, versions = _Free(), _Figures(billing), VersionsInUse(today)
    for resource in resources.all:
        try:
            billed = _billed(resource, resources, billing)
        except ExcessError as error:
            raise not_of_the_form(f"{resource.address}: {error}", file) from None
        if isinstance(billed, Unpriced):
            unpriced.append(billed)
            continue
        if billed is None:
            if costs_nothing[resource.type]:
                free.append(resource.address)
            else:
                unpriced.append(_nothing_known(resource))
            continue
        billed = replace(billed, uses=versions.billed(billed.resource, billed.cloud, billed.uses))
        names[billed.cloud.name] = regions[billed.resource.region] = None
        for one in figures.of(billed):
            if isinstance(one, Unpriced):
                unpriced.append(one)
            else:
                lines.append(one)
        if len(lines) + len(unpriced) > MOST_LINES:
            raise not_of_the_form(f"{resource.address}: what is billed comes to more than {MOST_LINES:,} lines", file)
    report = _report(lines, unpriced, billing, names, regions)
    usage.saw(resources.all)
    types = {resource.address: resource.type for resource in resources.all}
    found = tuple(versions.found)
    return PlanReport(report, types, tuple(free), resources.without_region, usage.asked, found)


def _resources(
    plan: Mapping[str, Any], file: str, usage: UsageFile, region_of: Callable[[PlanPrices], str]
) -> PlanResources:
    try:
        return PlanResources(plan, owner_of, region_of, usage)
    except (AttributeError, KeyError, TypeError):
        raise not_of_the_form("a value is of the wrong kind", file) from None
    except ValueError as error:
        raise not_of_the_form(str(error), file) from None


@dataclass(frozen=True, slots=True)
class _Billed:
    """A resource with what it uses, and the cloud that bills it."""

    resource: Planned
    cloud: Cloud
    uses: tuple[Use, ...]
    left_out: tuple[Unpriced, ...]


def _billed(resource: Planned, resources: PlanResources, billing: Billing) -> _Billed | Unpriced | None:
    """What a cloud bills for the resource, be it its own or something that Kubernetes has made there."""
    for cloud, prices in billing:
        if resource.type.startswith(prices.prefix):
            return _billed_by(resource, cloud, prices, prices.uses.get(resource.type))
    return _billed_on_cluster(resource, resources, billing)


def _billed_on_cluster(resource: Planned, resources: PlanResources, billing: Billing) -> _Billed | Unpriced | None:
    """What the cloud of the cluster bills: the only one that makes something for it, else one that the plan is of."""
    makers = []
    for cloud, prices in billing:
        rule = prices.on_cluster.get(resource.type)
        if rule is not None and any(True for _ in rule(resource, cloud.catalog)):
            makers.append((resources.on_cluster(resource, prices), cloud, prices, rule))
    with_cluster = [maker for maker in makers if resources.alike(maker[2].clusters)]
    with_region = [maker for maker in makers if maker[0].region]
    for several in (makers, with_cluster, with_region):
        if len(several) == 1:
            return _billed_by(*several[0])
    return _of_some_cloud(resource) if makers else None


def _billed_by(resource: Planned, cloud: Cloud, prices: PlanPrices, rule: Uses | None) -> _Billed | None:
    """What the rule says, and what it left out; None for a resource that costs nothing."""
    if rule is None and resource.type not in prices.billed:
        return None
    traced = resource.traced()
    uses = () if rule is None else tuple(map(_readable, rule(traced, cloud.catalog)))
    missing = tuple(left_out(traced, prices))
    return _Billed(resource, cloud, uses, missing) if uses or missing else None


def _readable(use: Use) -> Use:
    """The use under a name that can be shown: it has texts of the plan in it, which may be of any length."""
    if max(len(use.item), len(use.assumption)) <= LONGEST_NAME:
        return use
    return replace(use, item=shortened(use.item, LONGEST_NAME), assumption=shortened(use.assumption, LONGEST_NAME))


class _Free(dict[str, bool]):
    """Whether a resource of a type that uses nothing is known to cost nothing, found out once for each type."""

    def __missing__(self, type_: str) -> bool:
        known = any(type_ in prices.uses or prices.is_free(type_) for _, prices in billing_clouds())
        self[type_] = known or type_.startswith((*INSIDE, *LOCAL))
        return self[type_]


class _Figures(dict[tuple[str, str, Use], tuple[tuple[type[Line | Unpriced], Mapping[str, Any]], ...]]):
    """What a use costs at a cloud in a region, found once: most resources of a large plan are like others.

    Each is a line, or an entry without a figure, but for the resource that it is of.
    """

    def __init__(self, billing: Billing) -> None:
        super().__init__()
        self._clouds = {cloud.name: cloud for cloud, _ in billing}

    def of(self, billed: _Billed) -> Iterator[Line | Unpriced]:
        """The lines of a resource under its own address."""
        resource = billed.resource
        for use in billed.uses:
            for kind, values in self[billed.cloud.name, resource.region, use]:
                yield kind(**values, component=resource.type, path=resource.address, address=resource.address)
        yield from billed.left_out

    def __missing__(self, key: tuple[str, str, Use]) -> tuple[tuple[type[Line | Unpriced], Mapping[str, Any]], ...]:
        name, region, use = key
        own = ("component", "path", "address")
        self[key] = tuple(
            (type(one), {part.name: getattr(one, part.name) for part in fields(one) if part.name not in own})
            for one in _figures(use, region, self._clouds[name])
        )
        return self[key]


def _figures(use: Use, region: str, cloud: Cloud) -> Iterable[Line | Unpriced]:
    known = region in cloud.catalog.regions or cloud.prices.item_price(use.item, region) is not None
    if use.amount is not None and not known:
        where = f"`{shortened(region)}` is not in the tables" if region else "the plan does not say it"
        hint = f"{where}; give --region with one of {', '.join(sorted(cloud.catalog.regions))}"
        return (Unpriced("", use.item, use.unit, reason="region not known", hint=hint, path="", address=""),)
    kind: MeterKind = "fixed" if use.amount is not None and use.amount.is_flat else "usage"
    meter = Meter(use, component="", kind=kind, path="", address="")
    known = use.option is not None and cloud.catalog.instance(use.item) is not None
    offered = not known or cloud.catalog.offer(region, use.item) is not None
    offered = offered and not _is_other_unit(use, region, cloud)
    return (priced_lines(meter, region, cloud) if offered else ()) or (without_figure(meter, region),)


def _is_other_unit(use: Use, region: str, cloud: Cloud) -> bool:
    """Whether the book has something else under the name of the item, which may have a text of the plan in it."""
    price = cloud.prices.item_price(use.item, region) if use.option is None else None
    return price is not None and price.unit != use.unit


def _report(
    lines: Sequence[Line],
    unpriced: Sequence[Unpriced],
    billing: Billing,
    names: Iterable[str],
    regions: Iterable[str],
) -> CostReport:
    dates = [line.as_of for line in lines]
    if not dates:
        dates = [day for cloud, _ in billing for day in cloud.prices.as_of]
    return CostReport(
        provider=", ".join(sorted(names)) or "no cloud",
        region=_listed(region for region in regions if region) or "no region",
        currency="USD",
        as_of=min(dates),
        newest=max(dates),
        lines=tuple(lines),
        unpriced=tuple(unpriced),
        budget=None,
    )


def _listed(names: Iterable[str]) -> str:
    every = sorted(shortened(name) for name in names)
    more = len(every) - MOST_REGIONS
    return ", ".join(every[:MOST_REGIONS]) + (f" and {more:,} more" if more > 0 else "")


def _nothing_known(resource: Planned) -> Unpriced:
    return Unpriced(
        component=resource.type,
        item=resource.type,
        unit="",
        reason="type not known",
        hint="it may cost something: look it up",
        path=resource.address,
        address=resource.address,
    )


def _of_some_cloud(resource: Planned) -> Unpriced:
    hint = "the plan does not say in which cloud its cluster is; give --region"
    return replace(_nothing_known(resource), reason="region not known", hint=hint)
