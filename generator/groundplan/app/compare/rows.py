"""Specs x locations x purchase options, each resolved and priced as if it stood alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from groundplan.app.compare.axes import Axes, Subject
from groundplan.app.compare.difference import difference
from groundplan.app.compare.model import (
    Best,
    Combination,
    Comparison,
    Difference,
    Priced,
    Refused,
    Row,
    Shape,
    Unit,
)
from groundplan.app.compare.uncertainty import at_expected_use, of_machines, rivals
from groundplan.app.target import Home, Location, retarget
from groundplan.clouds.base import Cloud
from groundplan.components.load import components
from groundplan.components.node_pool.part import Pool, pools_of, workload_pools_of
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.prices.age import age_of
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import Band
from groundplan.spec.model import Spec
from groundplan.spec.parse import parse
from groundplan.stack.model import Stack


def compare(
    title: str, subjects: Sequence[Subject], axes: Axes, clouds: Mapping[str, Cloud], today: date
) -> Comparison:
    """The cost of every combination; an unavailable one is a row with the reason and hides no other.

    Nothing of an earlier render is kept, so that every location and every spec is decided by the same tables.
    """
    rows: list[Row] = []
    for subject in subjects:
        for location, spec in _located(subject, axes.locations, clouds):
            for purchase_option in axes.purchase_options:
                at = Combination(subject.label, location, purchase_option)
                if isinstance(spec, Refused):
                    rows.append(replace(spec, at=at))
                else:
                    rows.append(_row(at, spec, clouds[location.cloud]))
    return assemble(title, {subject.label: subject.home for subject in subjects}, axes, rows, today)


def assemble(title: str, homes: Mapping[str, Home], axes: Axes, rows: Sequence[Row], today: date) -> Comparison:
    """The rows with what follows from them: the best of each spec, and what the further specs change.

    `homes` are the specs, each with the cloud and region that it names itself.
    """
    priced = [row for row in rows if isinstance(row, Priced)]
    subjects = tuple(homes)
    return Comparison(
        title=title,
        subjects=subjects,
        homes=tuple(homes.values()),
        locations=axes.locations,
        purchase_options=axes.purchase_options,
        rows=tuple(rows),
        best=tuple(best for label in subjects for best in _best([row for row in priced if row.at.subject == label])),
        differences=tuple(_differences(subjects, priced)),
        age=age_of((line.as_of for row in priced for line in row.report.lines), today),
    )


def _located(
    subject: Subject, locations: Sequence[Location], clouds: Mapping[str, Cloud]
) -> Iterator[tuple[Location, Spec | Refused]]:
    """The spec as it would be in each location. Its text is checked once for each cloud, not for each region."""
    known: dict[str, Spec | Refused] = {}
    for location in locations:
        if location.cloud not in known:
            try:
                known[location.cloud] = parse(retarget(subject.document, location.target))
            except DiagnosticsError as error:
                nowhere = Combination(subject.label, location, "spec")
                known[location.cloud] = Refused(nowhere, error.diagnostics)
        spec = known[location.cloud]
        if isinstance(spec, Spec):
            spec = spec.model_copy(update={"cloud": spec.cloud.model_copy(update={"region": location.region})})
        yield location, spec


def _row(at: Combination, spec: Spec, cloud: Cloud) -> Row:
    purchase_option: PurchaseOption | None = None if at.purchase_option == "spec" else at.purchase_option
    try:
        stack = resolve(spec, cloud, purchase_option=purchase_option, explain=False)
    except DiagnosticsError as error:
        errors = [d for d in error.diagnostics if d.severity is Severity.ERROR]
        return Refused(at, tuple(errors))
    return Priced(at, estimate(stack, cloud, components()), tuple(_shapes(stack, cloud)))


def _shapes(stack: Stack, cloud: Cloud) -> Iterator[Shape]:
    """The machine of each pool, the first type of its list, with its price by purchase option."""
    asked = {pool.path for pool in workload_pools_of(stack)}
    for pool in pools_of(stack):
        yield Shape(
            pool=pool.id,
            path=pool.path,
            instance_type=pool.instance_types[0],
            vcpus=pool.vcpus,
            memory_gib=pool.memory_gib,
            gpu_type=pool.gpu.type if pool.gpu else None,
            gpu_count=pool.gpu.count if pool.gpu else 0,
            gpu_memory_gib=pool.gpu.memory_gib if pool.gpu else 0,
            rates=_rates(pool, stack.region, cloud),
            works=pool.path in asked,
        )


def _rates(pool: Pool, region: str, cloud: Cloud) -> dict[str, Band]:
    name = pool.instance_types[0]
    options: tuple[PurchaseOption, ...] = get_args(PurchaseOption)
    prices = {option: cloud.prices.instance_price(region, name, option) for option in options}
    return {option: price.band for option, price in prices.items() if price is not None}


_CRITERIA: tuple[tuple[str, Unit, Callable[[Priced], Band | None]], ...] = (
    ("lowest expected", "usd_month", at_expected_use),
    (
        "cheapest on demand",
        "usd_month",
        lambda row: at_expected_use(row) if row.at.purchase_option == "on_demand" else None,
    ),
    ("lowest worst case", "usd_month", lambda row: Band.of(row.report.total.high)),
    ("lowest GPU-hour", "usd_hour", lambda row: of_machines(row, row.report.usd_per_gpu_hour)),
    ("lowest vCPU-hour", "usd_hour", lambda row: of_machines(row, row.report.usd_per_vcpu_hour)),
    ("lowest fixed floor", "usd_month", lambda row: Band.of(row.report.total_of("fixed").expected)),
    ("narrowest range", "share", lambda row: Band.of(row.spread)),
)
"""What may be best, in which unit, and the figure that the least of wins, with what prices can change about it."""


def _best(rows: Sequence[Priced]) -> Iterator[Best]:
    """The best row by each criterion; rows whose total leaves something out compete only where all of them do."""
    fair = [row for row in rows if not row.missing] or rows
    for criterion, unit, figure in _CRITERIA:
        known = [(band, row) for row in fair if (band := figure(row)) is not None]
        if known:
            band, row = min(known, key=lambda pair: (pair[0].expected, pair[1].report.total.expected))
            others = ((other.at, theirs) for theirs, other in known if other is not row)
            yield Best(criterion, unit, band.expected, row.at, rivals(band, others))


def _differences(labels: Sequence[str], rows: Sequence[Priced]) -> Iterator[Difference]:
    """Each further spec against the first, wherever both have figures."""
    by_location = {(row.at.subject, row.at.location, row.at.purchase_option): row for row in rows}
    for label in labels[1:]:
        for row in rows:
            if row.at.subject == labels[0]:
                other = by_location.get((label, row.at.location, row.at.purchase_option))
                if other is not None:
                    yield difference(row, other)
