"""From a spec on several clouds to the parity report. Knows no cloud: everything comes from its tables and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from groundplan.app.parity.machines import database, pools
from groundplan.app.parity.report import (
    ComponentParity,
    DecisionParity,
    Driver,
    Given,
    Money,
    ParityReport,
    Setting,
    Side,
    Status,
)
from groundplan.clouds.base import Cloud
from groundplan.components.base import AnyComponent
from groundplan.components.cluster.part import cluster_of
from groundplan.components.network.part import Network, network_of
from groundplan.cost.report import CostReport
from groundplan.quantities import NO_USD
from groundplan.spec.document import Document, dotted
from groundplan.stack.model import Origin, Stack

DRIVERS = 3
"""Items named as the dearest of a component."""


def compare(name: str, document: Document, sides: Sequence[Side], components: Sequence[AnyComponent]) -> ParityReport:
    """The report of one spec on the clouds of `sides`; complete even where a cloud cannot express it."""
    reference = [_reference(side, sides) for side in sides]
    resolved_on = next((side.cloud for side in sides if side.stack is not None), sides[0].cloud)
    return ParityReport(
        name=name,
        sides=tuple(sides),
        components=tuple(
            ComponentParity(
                component.name,
                tuple(
                    _given(component, side, stack, side.cloud if side.stack else resolved_on)
                    for side, stack in zip(sides, reference, strict=True)
                ),
            )
            for component in components
        ),
        pools=pools(sides),
        database=database(sides),
        decisions=tuple(_decisions(sides)),
        limits=tuple(_limits(sides)),
        settings=tuple(
            setting
            for side, stack in zip(sides, reference, strict=True)
            for setting in _settings(side, stack, document, components)
        ),
    )


def _reference(side: Side, sides: Sequence[Side]) -> Stack | None:
    """The side's stack or, where there is none, what another cloud makes of the same spec."""
    other = next((other.stack for other in sides if other.stack is not None), None)
    if side.stack is not None or other is None:
        return side.stack
    cluster = cluster_of(other)
    neutral = other.with_part(replace(cluster, options={})) if cluster else other
    return replace(neutral, provider=side.cloud.name, region=side.region, account=side.account)


def _given(component: AnyComponent, side: Side, reference: Stack | None, resolved_on: Cloud) -> Given:
    """What the side's cloud gives; `resolved_on` is the cloud that the stack was resolved on."""
    if reference is None:
        return Given("unresolved", (), "", {}, None, ())
    calls = list(component.calls(reference, resolved_on))
    aspects = component.on(side.cloud).gives(reference)
    money = _money(component.name, side.cost) if side.cost else None
    drivers = tuple(_drivers(component.name, side.cost)) if side.cost else ()
    instead = component.on(side.cloud).built_in if calls else ""
    modules = () if instead else tuple(dict.fromkeys(call.source for call in calls))
    status: Status = "built_in" if instead else "module" if modules else "unused"
    return Given(status, modules, instead, aspects, money, drivers)


def _money(component: str, cost: CostReport) -> Money:
    band = sum((line.monthly_usd for line in cost.lines if line.component == component), NO_USD)
    return Money(band, not any(item.component == component for item in cost.unpriced))


def _drivers(component: str, cost: CostReport) -> Iterable[Driver]:
    """The items that make up most of what the component is expected to cost."""
    items: dict[str, Decimal] = {}
    for line in cost.lines:
        if line.component == component:
            items[line.item] = items.get(line.item, Decimal(0)) + line.monthly_usd.expected
    dearest = sorted(items.items(), key=lambda entry: (-entry[1], entry[0]))[:DRIVERS]
    return (Driver(item, usd) for item, usd in dearest if usd)


def _decisions(sides: Sequence[Side]) -> Iterable[DecisionParity]:
    """Decisions that differ; names made of account and region differ always and are left out."""
    found = [_decided(side.stack, side.cloud) if side.stack else {} for side in sides]
    return _differing(found, [side.stack is not None for side in sides])


def _decided(stack: Stack, cloud: Cloud) -> Mapping[str, str]:
    network = network_of(stack)
    cluster = cluster_of(stack)
    made = {d.path: d.value for d in stack.decisions if d.origin is not Origin.DERIVED}
    if isinstance(network, Network):
        made["nodes that network.cidr holds"] = str(network.plan.max_nodes)
    if cluster is not None:
        made["support of cluster.version"] = _support(cloud)[f"Kubernetes {cluster.version}"]
    return made


def _limits(sides: Sequence[Side]) -> Iterable[DecisionParity]:
    """What the clouds themselves bound, whatever the spec says."""
    return _differing([_bounds(side) for side in sides], [True] * len(sides))


def _bounds(side: Side) -> Mapping[str, str]:
    cloud = side.cloud
    bounds = {"owner, labels": cloud.names.tag_hint}
    bounds |= {
        f"{kind.replace('_', ' ')} name": f"{limit.max_length} characters{f'; {limit.hint}' if limit.hint else ''}"
        for kind, limit in cloud.names.limits.items()
    }
    bounds["machine types of a spot pool"] = str(cloud.spot.types)
    bounds["regions"] = str(len(cloud.catalog.regions))
    return {**bounds, **_support(cloud)}


def _support(cloud: Cloud) -> Mapping[str, str]:
    """Until when each Kubernetes version is supported, and until when for more money."""
    return {
        f"Kubernetes {version.version}": f"until {version.standard_until}, extended {version.extended_until}"
        for version in cloud.catalog.kubernetes_versions
        if version.support(version.as_of) in ("standard", "extended")
    }


def _differing(found: Sequence[Mapping[str, str]], known: Sequence[bool]) -> Iterable[DecisionParity]:
    """The entries that are not the same everywhere; a cloud of which nothing is known makes no difference."""
    for what in dict.fromkeys(name for values in found for name in values):
        values = tuple(entries.get(what) for entries in found)
        if len({value for value, counts in zip(values, known, strict=True) if counts}) > 1:
            yield DecisionParity(what, values)


def _settings(
    side: Side, reference: Stack | None, document: Document, components: Sequence[AnyComponent]
) -> Iterable[Setting]:
    if reference is None:
        return
    said = {dotted(path): entry.key for path, entry in document.places.items()}
    for component in components:
        for note in component.on(side.cloud).notes(reference):
            if note.paths:
                places = tuple(str(said[path]) for path in note.paths if path in said)
                yield Setting(side.cloud.name, component.name, note.effect, note.words, note.paths, places)
