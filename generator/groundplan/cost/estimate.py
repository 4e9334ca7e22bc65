"""The one place where what is consumed meets what a unit costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Use
from groundplan.components.base import AnyComponent, Meter
from groundplan.components.budget.part import limits_of
from groundplan.cost.budget import budget, part_budgets
from groundplan.cost.free_tiers import Billed, credits, free_tiers
from groundplan.cost.machines import commitment_offers, machine_use
from groundplan.cost.report import CostReport, Line, Reason, Unpriced
from groundplan.prices.book import Price, PriceBook
from groundplan.quantities import Band, cents
from groundplan.stack.model import Stack
from groundplan.stack.purchase import FALLBACK_SHARE, blend


def estimate(
    stack: Stack,
    cloud: Cloud,
    components: Sequence[AnyComponent],
    *,
    apply_free_tiers: bool = False,
    today: date | None = None,
) -> CostReport:
    """What `stack` costs a month: a line per meter, or an entry under `unpriced` where a price or a use is unknown.

    `apply_free_tiers` takes off what the cloud gives away each month, as lines of their own. `today` is the day on
    which versions are supported or not any more; without one, that of the tables.
    """
    prices = cloud.prices
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    billed: list[Billed] = []
    ended = _ended(stack, cloud, components, today) if today else {}
    for component in components:
        for counted in component.consumption(stack, cloud):
            meter = replace(counted, use=ended.get(counted.use, counted.use))
            made = priced_lines(meter, stack.region, cloud)
            if not made:
                unpriced.append(without_figure(meter, stack.region))
                continue
            lines += made
            if meter.use.option is None and (price := prices.item_price(meter.use.item, stack.region)):
                billed.append((meter, price))
    limits = limits_of(stack)
    free = tuple(free_tiers(stack, cloud.catalog.free_amounts, billed))
    if apply_free_tiers:
        lines += credits(free, lines)
    return CostReport(
        provider=stack.provider,
        region=stack.region,
        currency="USD",
        as_of=min((line.as_of for line in lines), default=prices.as_of[0]),
        newest=max((line.as_of for line in lines), default=prices.as_of[1]),
        lines=tuple(lines),
        unpriced=tuple(unpriced),
        budget=budget(limits, lines, unpriced) if limits else None,
        part_budgets=tuple(part_budgets(limits, lines, unpriced)) if limits else (),
        purchase_option=stack.purchase_option,
        gpu=machine_use(stack, lines, unpriced, gpu=True),
        cpu=machine_use(stack, lines, unpriced, gpu=False),
        commitments=tuple(commitment_offers(stack, cloud)),
        free_tiers=free,
        free_tiers_applied=apply_free_tiers,
    )


def _ended(stack: Stack, cloud: Cloud, components: Sequence[AnyComponent], today: date) -> Mapping[Use, Use]:
    """What is billed of versions that have left standard support, by what was billed until then."""
    versions = (version for component in components for version in component.on(cloud).versions(stack, cloud.catalog))
    return {
        version.instead_of: version.then
        for version in versions
        if version.then and version.instead_of and today >= version.standard_until
    }


def priced_lines(meter: Meter, region: str, cloud: Cloud) -> tuple[Line, ...]:
    """The lines of a meter, a discount of the cloud's included; none where its use or its price is unknown."""
    price = None if meter.use.amount is None else _look_up(meter, region, cloud.prices)
    if price is None or meter.use.amount is None:
        return ()
    line = _line(meter, price, meter.use.amount)
    return (line, *_steady(meter, line, cloud.catalog))


def without_figure(meter: Meter, region: str) -> Unpriced:
    """The entry for a meter whose use or price is unknown."""
    if meter.use.amount is None:
        return _unpriced(meter, "usage not stated", meter.use.assumption)
    return _unpriced(
        meter, "no price in the book", f"no {meter.use.option or 'list'} price of {meter.use.item} in {region}"
    )


def _line(meter: Meter, price: Price, quantity: Band) -> Line:
    return Line(
        component=meter.component,
        item=meter.use.item,
        option=meter.use.option,
        kind=meter.kind,
        unit=meter.use.unit,
        quantity=quantity.expected,
        unit_usd=_unit_usd(price, quantity.expected),
        monthly_usd=_band(price, quantity),
        assumption=_assumption(meter),
        source=price.source,
        as_of=price.as_of,
        path=meter.path,
        address=meter.address,
    )


def _steady(meter: Meter, line: Line, catalog: Catalog) -> Iterator[Line]:
    """The discount that the cloud gives by itself to machines which run all month, as a line of its own."""
    instance = catalog.instance(meter.use.item) if meter.use.steady else None
    factor = Decimal(1) if instance is None else catalog.full_month_factors.get(instance.family, Decimal(1))
    if factor == 1:
        return
    saved = -cents(line.unit_usd * meter.use.steady * (1 - factor))
    yield replace(
        line,
        option="sustained_use",
        quantity=meter.use.steady,
        unit_usd=-line.unit_usd * (1 - factor),
        monthly_usd=Band.of(saved),
        assumption=f"discount of {1 - factor:.0%} by itself, for the nodes that are always on only",
    )


def _assumption(meter: Meter) -> str:
    if meter.use.option == "spot_with_fallback":
        share = f"{1 - FALLBACK_SHARE:.0%} of the hours on spot, all at the least, all or none at the most"
        return f"{meter.use.assumption}; {share}"
    return meter.use.assumption


def _unpriced(meter: Meter, reason: Reason, hint: str) -> Unpriced:
    return Unpriced(
        component=meter.component,
        item=meter.use.item,
        unit=meter.use.unit,
        reason=reason,
        hint=hint,
        path=meter.path,
        address=meter.address,
    )


def _look_up(meter: Meter, region: str, prices: PriceBook) -> Price | None:
    if meter.use.option is None:
        price = prices.item_price(meter.use.item, region)
    elif meter.use.option == "spot_with_fallback":
        price = _blend(
            meter.use,
            prices.instance_price(region, meter.use.item, "spot"),
            prices.instance_price(region, meter.use.item, "on_demand"),
        )
    else:
        price = prices.instance_price(region, meter.use.item, meter.use.option)
    if price is not None and price.unit != meter.use.unit:
        raise ValueError(f"{meter.use.item} is metered by {meter.use.unit} and priced by {price.unit}")
    return price


def _blend(use: Use, spot: Price | None, on_demand: Price | None) -> Price | None:
    """An hour of a spot pool with fallback: spot at the least, mostly spot as expected.

    At the most it is the dearer of a month on spot, which repeats work, and of one on demand, which nobody interrupts.
    """
    if spot is None or on_demand is None:
        return None
    of_hours = Decimal(1)
    if use.useful is not None and use.amount is not None and use.amount.high:
        of_hours = use.useful.high / use.amount.high
    return replace(
        spot,
        usd_expected=blend(spot.usd_expected, on_demand.usd_expected),
        usd_high=max(spot.usd_high, on_demand.usd_high * of_hours),
        as_of=min(spot.as_of, on_demand.as_of),
        source=" and ".join(dict.fromkeys([spot.source, on_demand.source])),
    )


def _band(price: Price, quantity: Band) -> Band:
    """Tiered items have one price; instances have a band of prices that the band of quantities is multiplied with."""
    if price.tiers:
        return quantity.each(lambda amount: cents(price.total(amount)))
    return Band(
        cents(price.usd_low * quantity.low),
        cents(price.usd_expected * quantity.expected),
        cents(price.usd_high * quantity.high),
    )


def _unit_usd(price: Price, quantity: Decimal) -> Decimal:
    if not price.tiers or not quantity:
        return price.usd_expected
    return price.usd_expected if len(price.tiers) == 1 else price.total(quantity) / quantity
