"""A difference between plans for machines to read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from groundplan.cost.plan import PlanDiff
from groundplan.cost.plan.diff import ItemChange, ResourceChange
from groundplan.cost.report import Unpriced
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.views.tables import numbers


def as_json(diff: PlanDiff) -> dict[str, Any]:
    """The difference as the JSON of `groundplan cost --plan --against`; money as numbers with cents."""
    return {
        "currency": "USD",
        "hours_per_month": int(HOURS_PER_MONTH),
        "against": diff.against,
        "complete": diff.complete,
        "total": _three(diff.before.cost.total, diff.after.cost.total),
        "resources": {
            **{action: diff.count(action) for action in ("added", "changed", "removed")},
            "unchanged": diff.unchanged,
        },
        "changes": [_change(change) for change in diff.changes],
    }


def _change(change: ResourceChange) -> dict[str, Any]:
    return {
        "address": change.address,
        "previous_address": change.previous_address or None,
        "type": change.type,
        "action": change.action,
        "complete": change.complete,
        "monthly_usd": _three(change.before, change.after),
        "items": [_item(item) for item in change.items],
        "unpriced": [_gap(gap) for gap in change.gaps],
    }


def _three(before: Band, after: Band) -> dict[str, Any]:
    return {"before": numbers(before), "after": numbers(after), "change": numbers(after + -before)}


def _item(item: ItemChange) -> dict[str, Any]:
    return {
        "item": item.item,
        "option": item.option,
        "unit": item.unit,
        "before": _amount(item.quantity_before, item.before),
        "after": _amount(item.quantity_after, item.after),
    }


def _amount(quantity: Decimal | None, usd: Band | None) -> dict[str, Any] | None:
    return None if quantity is None or usd is None else {"quantity": float(quantity), "monthly_usd": numbers(usd)}


def _gap(gap: Unpriced) -> dict[str, Any]:
    return {"item": gap.item, "unit": gap.unit, "reason": gap.reason, "hint": gap.hint}
