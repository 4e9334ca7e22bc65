"""What other prices change, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from groundplan.app.price_changes import Difference, Side, SpecChange
from groundplan.prices.book import Price
from groundplan.prices.changes import PriceChange
from groundplan.views.tables import Column, bold, number, numbers, table, unit_price, usd

MAX_ROWS = 50
"""Changes in a terminal; `--format json` has all."""
_COLUMNS = (
    Column("cloud"),
    Column("item"),
    Column("region"),
    Column("option"),
    Column("unit"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
)
_SPECS = (
    Column("spec"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
    Column("machines and budgets"),
)


def text(found: Difference, *, color: bool) -> str:
    """How many prices differ and which most, then the specs."""
    changes = found.prices
    rest = len(changes.changes) - MAX_ROWS
    parts = [bold(_heading(found), color=color)]
    if changes.changes:
        parts.append(table(_COLUMNS, [_row(one) for one in changes.changes[:MAX_ROWS]], color=color).rstrip("\n"))
    if rest > 0:
        parts.append(f"{rest:,} more: `--format json` lists all")
    if found.specs:
        parts.append(bold("US dollars a month", color=color))
        parts.append(table(_SPECS, [_spec_row(spec) for spec in found.specs], color=color).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def as_json(found: Difference) -> dict[str, Any]:
    """Every change of a price, and what specs come to."""
    return {
        "compared": found.prices.compared,
        "changes": [_change(change) for change in found.prices.changes],
        "specs": [_spec(spec) for spec in found.specs],
    }


def _heading(found: Difference) -> str:
    changes = found.prices
    words = ", ".join(f"{changes.count(effect):,} {effect}" for effect in ("changed", "added", "removed"))
    return f"{changes.compared:,} prices compared: {words}"


def _row(change: PriceChange) -> tuple[str, ...]:
    price = change.after or change.before
    names = (change.cloud, change.item, change.region, change.option, price.unit if price else "")
    return (*names, _amount(change.before), _amount(change.after), _percent(change.percent) or change.effect)


def _amount(price: Price | None) -> str:
    return unit_price(price.usd_expected) if price else ""


def _percent(share: Decimal | None) -> str:
    """`+4.2 %`; of a change in low, high or further tiers alone, `band or tiers`."""
    if share is None:
        return ""
    return f"{share:+.1f} %" if share else "band or tiers"


def _spec_row(spec: SpecChange) -> tuple[str, ...]:
    return (spec.spec, _total(spec.before), _total(spec.after), _rise(spec), "; ".join(_notes(spec)))


def _total(side: Side) -> str:
    return usd(side.total.expected) if side.complete else f"at least {usd(side.total.expected)}"


def _rise(spec: SpecChange) -> str:
    return "" if spec.percent is None else f"{spec.percent:+.1f} %"


def _notes(spec: SpecChange) -> list[str]:
    machines = [
        f"{pool}: {', '.join(before) or 'none'} -> {', '.join(after) or 'none'}"
        for pool, (before, after) in spec.machines.items()
    ]
    budgets = [f"{path}: {before or 'none'} -> {after or 'none'}" for path, (before, after) in spec.verdicts.items()]
    return [*machines, *budgets]


def _change(change: PriceChange) -> dict[str, Any]:
    price = change.after or change.before
    return {
        "cloud": change.cloud,
        "item": change.item,
        "region": change.region,
        "option": change.option,
        "unit": price.unit if price else None,
        "effect": change.effect,
        "before": _price(change.before),
        "after": _price(change.after),
        "percent": None if change.percent is None else round(float(change.percent), 4),
    }


def _price(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {
        "usd": {**numbers(price.band)},
        "tiers": [{"from": tier.start, "usd": number(tier.usd)} for tier in price.tiers],
        "as_of": price.as_of.isoformat(),
        "source": price.source,
    }


def _spec(spec: SpecChange) -> dict[str, Any]:
    return {
        "spec": spec.spec,
        "before": _side(spec.before),
        "after": _side(spec.after),
        "percent": None if spec.percent is None else round(float(spec.percent), 4),
        "machines": [
            {"pool": pool, "before": list(before), "after": list(after)}
            for pool, (before, after) in spec.machines.items()
        ],
        "budgets": [
            {"path": path, "before": before, "after": after} for path, (before, after) in spec.verdicts.items()
        ],
    }


def _side(side: Side) -> Mapping[str, Any]:
    return {"usd_month": numbers(side.total), "complete": side.complete}
