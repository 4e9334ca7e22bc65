"""What a Terraform plan costs that groundplan did not render: priced where known, listed where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Use
from groundplan.clouds.planned import ExcessError, Planned, PlanPrices
from groundplan.components.base import Meter, MeterKind
from groundplan.cost.estimate import priced_lines, without_figure
from groundplan.cost.report import CostReport, Line, Unpriced
from groundplan.cost.resources import PlanResources
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.reading import MalformedJSONError, parse_json

FORMAT_MAJOR = "1"
"""Major version of the plan format: https://developer.hashicorp.com/terraform/internals/json-format."""
MOST_REGIONS = 20
"""Regions that an estimate names."""
LONGEST_NAME = 300
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


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The estimate of a plan, and the resources of it that are not billed."""

    cost: CostReport
    resources: int
    """Resources that will be there after apply."""
    free: tuple[str, ...]
    """Addresses of those that cost nothing by themselves."""

    @property
    def priced(self) -> int:
        """Resources of which every part that is there without use has a price."""
        missing = {item.address for item in self.cost.unpriced if item.reason != "usage not stated"}
        return len({line.address for line in self.cost.lines} - missing)

    @property
    def by_use(self) -> int:
        """Resources that cost only what they are used for, which no plan says."""
        lines = {line.address for line in self.cost.lines}
        missing = {item.address for item in self.cost.unpriced if item.reason != "usage not stated"}
        return len({item.address for item in self.cost.unpriced} - lines - missing)

    @property
    def unknown(self) -> int:
        """Resources with a part that has no price, or of a type that is not known."""
        return self.resources - self.priced - self.by_use - len(self.free)


def read_plan(text: str, file: str) -> Mapping[str, Any]:
    """The plan in the output of `terraform show -json`; raises DiagnosticsError with the place of what is wrong."""
    hint = "write it with `terraform show -json plan.bin > plan.json`"
    try:
        plan = parse_json(text)
    except MalformedJSONError as error:
        raise _refused(error.reason, hint, Place(file, error.line, error.column)) from None
    if not isinstance(plan, dict):
        raise _refused("not a plan: the file holds no object", hint, Place(file, 1))
    version = plan.get("format_version")
    if not isinstance(version, str):
        raise _refused("not a plan of Terraform: it has no `format_version`", hint, Place(file, 1))
    if version.partition(".")[0] != FORMAT_MAJOR:
        message = f"a plan in format {version}; only {FORMAT_MAJOR}.x can be read"
        line = text[: text.index('"format_version"')].count("\n") + 1
        raise _refused(message, "use a Terraform or OpenTofu that writes format 1", Place(file, line))
    if plan.get("errored") is True:
        hint = f"fix what the plan reports, then {hint}"
        raise _refused("a plan that failed: it does not hold everything", hint, Place(file, 1))
    if "planned_values" not in plan:
        what = "a state, not a plan" if "values" in plan else "a plan without `planned_values`"
        raise _refused(what, f"make a plan with `terraform plan -out plan.bin` and {hint}", Place(file, 1))
    return plan


def price_plan(plan: Mapping[str, Any], file: str, region: str | None = None) -> PlanReport:
    """What the resources of `plan` cost a month; `region` is for those that the plan says no region of.

    Raises DiagnosticsError when the plan is not of the form that Terraform writes.
    """
    try:
        defaults = {prices.prefix: _default_region(plan, prices.prefix) or region or "" for _, prices in _clouds()}
        resources = PlanResources(plan, lambda type_, values: _region(type_, values, defaults)).all
    except (AttributeError, KeyError, TypeError):
        raise _not_of_the_form("a value is of the wrong kind", file) from None
    except ValueError as error:
        raise _not_of_the_form(str(error), file) from None
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    free: list[str] = []
    clouds: dict[str, None] = {}
    regions: dict[str, None] = {}
    costs_nothing, figures = _Free(), _Figures()
    for resource in resources:
        try:
            billed = _billed(resource, defaults)
        except ExcessError as error:
            raise _not_of_the_form(f"{resource.address}: {error}", file) from None
        if billed is not None:
            clouds[billed.cloud.name] = regions[billed.resource.region] = None
            for one in figures.of(billed):
                if isinstance(one, Unpriced):
                    unpriced.append(one)
                else:
                    lines.append(one)
        elif costs_nothing[resource.type]:
            free.append(resource.address)
        else:
            unpriced.append(_nothing_known(resource))
    return PlanReport(_report(lines, unpriced, clouds, regions), len(resources), tuple(free))


def _region(type_: str, values: Mapping[str, Any], defaults: Mapping[str, str]) -> str:
    """Where a resource of a cloud will be: as it says itself, or as the provider does."""
    owner = next((prices for _, prices in _clouds() if type_.startswith(prices.prefix)), None)
    return "" if owner is None else owner.region_of(values) or defaults[owner.prefix]


@dataclass(frozen=True, slots=True)
class _Billed:
    """A resource with what it uses, and the cloud that bills it."""

    resource: Planned
    cloud: Cloud
    uses: tuple[Use, ...]


def _billed(resource: Planned, defaults: Mapping[str, str]) -> _Billed | None:
    """What a cloud bills for the resource, be it its own or something that Kubernetes has made there."""
    for cloud, prices in _clouds():
        rule = prices.uses.get(resource.type) or prices.on_cluster.get(resource.type)
        if rule is not None and (uses := tuple(map(_readable, rule(resource, cloud.catalog)))):
            inside = resource.type in prices.on_cluster
            return _Billed(replace(resource, region=defaults[prices.prefix]) if inside else resource, cloud, uses)
    return None


def _readable(use: Use) -> Use:
    """The use under a name that can be shown: it has texts of the plan in it, which may be of any length."""
    if max(len(use.item), len(use.assumption)) <= LONGEST_NAME:
        return use
    return replace(use, item=shortened(use.item, LONGEST_NAME), assumption=shortened(use.assumption, LONGEST_NAME))


class _Free(dict[str, bool]):
    """Whether a resource of a type that uses nothing is known to cost nothing, found out once for each type."""

    def __missing__(self, type_: str) -> bool:
        known = any(type_ in prices.uses or prices.is_free(type_) for _, prices in _clouds())
        self[type_] = known or type_.startswith((*INSIDE, *LOCAL))
        return self[type_]


class _Figures(dict[tuple[str, str, Use], tuple[Line | Unpriced, ...]]):
    """What a use costs at a cloud in a region, found once: most resources of a large plan are like others."""

    def of(self, billed: _Billed) -> Iterator[Line | Unpriced]:
        """The lines of a resource under its own address."""
        resource = billed.resource
        for use in billed.uses:
            for one in self[billed.cloud.name, resource.region, use]:
                yield replace(one, component=resource.type, path=resource.address, address=resource.address)

    def __missing__(self, key: tuple[str, str, Use]) -> tuple[Line | Unpriced, ...]:
        name, region, use = key
        cloud = next(cloud for cloud, _ in _clouds() if cloud.name == name)
        self[key] = tuple(_figures(use, region, cloud))
        return self[key]


def _figures(use: Use, region: str, cloud: Cloud) -> Iterable[Line | Unpriced]:
    if use.amount is not None and region not in cloud.catalog.regions:
        where = f"`{shortened(region)}` is not in the tables" if region else "the plan does not say it"
        hint = f"{where}; give --region with one of {', '.join(sorted(cloud.catalog.regions))}"
        return (Unpriced("", use.item, use.unit, reason="region not known", hint=hint, path="", address=""),)
    kind: MeterKind = "fixed" if use.amount is not None and use.amount.is_flat else "usage"
    meter = Meter(use, component="", kind=kind, path="", address="")
    offered = use.option is None or cloud.catalog.offer(region, use.item) is not None
    return (priced_lines(meter, region, cloud) if offered else ()) or (without_figure(meter, region),)


def _report(
    lines: Sequence[Line], unpriced: Sequence[Unpriced], clouds: Iterable[str], regions: Iterable[str]
) -> CostReport:
    dates = [line.as_of for line in lines]
    if not dates:
        dates = [day for cloud, _ in _clouds() for day in cloud.prices.as_of]
    return CostReport(
        provider=", ".join(sorted(clouds)) or "no cloud",
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


def _default_region(plan: Mapping[str, Any], prefix: str) -> str:
    """The region of the provider's configuration, a constant or a variable with a value."""
    for provider in plan.get("configuration", {}).get("provider_config", {}).values():
        if f"{provider.get('name', '')}_" != prefix or "alias" in provider:
            continue
        said = provider.get("expressions", {}).get("region", {})
        if isinstance(constant := said.get("constant_value"), str):
            return constant
        for reference in said.get("references", ()):
            value = plan.get("variables", {}).get(reference.removeprefix("var."), {}).get("value")
            if isinstance(value, str):
                return value
    return ""


@cache
def _clouds() -> tuple[tuple[Cloud, PlanPrices], ...]:
    """Each cloud with what it bills for in a plan."""
    found = []
    for name in CLOUDS:
        cloud = find_cloud(name)
        planned = cloud.extension("planned") if cloud is not None else None
        if cloud is not None and planned is not None:
            found.append((cloud, planned.PLANNED))
    return tuple(found)


def check_region(region: str) -> None:
    """Raises DiagnosticsError for a region that no cloud has."""
    known = sorted({name for cloud, _ in _clouds() for name in cloud.catalog.regions})
    if region not in known:
        hint = f"known: {', '.join(known)}"
        raise DiagnosticsError([Diagnostic("GP305", f"no region `{region}` in the tables", hint=hint)])


def _not_of_the_form(reason: str, file: str) -> DiagnosticsError:
    message = f"not of the form that Terraform writes: {reason}"
    return _refused(message, "write it again with `terraform show -json`", Place(file, 1))


def _refused(message: str, hint: str, place: Place) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP703", message, hint=hint, place=place)])
