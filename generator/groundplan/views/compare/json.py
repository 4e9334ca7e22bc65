"""A comparison for other programs."""

from __future__ import annotations

from typing import Any

from groundplan.app.compare.model import (
    Combination,
    Comparison,
    Difference,
    Refused,
    Row,
    Shape,
)
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.views.compare.content import GENERAL, assumptions
from groundplan.views.cost.content import KINDS
from groundplan.views.tables import numbers


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON, rows in the order asked for; money as numbers."""
    age = comparison.age
    return {
        "currency": "USD",
        "hours_per_month": int(HOURS_PER_MONTH),
        "as_of": age.oldest.isoformat() if age else None,
        "newest_price": age.newest.isoformat() if age else None,
        "today": age.today.isoformat() if age else None,
        "stale_prices": age.stale if age else 0,
        "title": comparison.title,
        "specs": list(comparison.subjects),
        "homes": [{"cloud": cloud, "region": region} for cloud, region in comparison.homes],
        "places": [
            {
                "cloud": location.cloud,
                "region": location.region,
                "cloud_title": location.cloud_title,
                "region_title": location.region_title,
            }
            for location in comparison.locations
        ],
        "capacities": list(comparison.purchase_options),
        "combinations": [_row_json(row) for row in comparison.rows],
        "best": [
            {
                "criterion": best.criterion,
                "unit": best.unit,
                "value": float(best.value),
                **_at(best.at),
                "within_uncertainty": [_at(other) for other in best.rivals],
            }
            for best in comparison.best
        ],
        "differences": [_difference_json(found) for found in comparison.differences],
        "assumptions": [*GENERAL, *assumptions(comparison)],
    }


def _at(at: Combination) -> dict[str, str]:
    return {
        "spec": at.subject,
        "cloud": at.location.cloud,
        "region": at.location.region,
        "capacity": at.purchase_option,
    }


def _row_json(row: Row) -> dict[str, Any]:
    if isinstance(row, Refused):
        reasons = [{"code": d.code, "message": d.message, "hint": d.hint, "path": d.path} for d in row.reasons]
        return {**_at(row.at), "available": False, "reasons": reasons}
    report = row.report
    gpu, cpu = report.usd_per_gpu_hour, report.usd_per_vcpu_hour
    return {
        **_at(row.at),
        "available": True,
        "total": numbers(report.total),
        "totals": {kind: numbers(report.total_of(kind)) for kind in KINDS},
        "components": {
            name: {kind: numbers(band) for kind, band in kinds.items()}
            for name, kinds in row.components_by_kind().items()
        },
        "usd_per_gpu_hour": numbers(gpu) if gpu else None,
        "usd_per_vcpu_hour": numbers(cpu) if cpu else None,
        "gpu_hours": float(report.gpu_hours.expected),
        "vcpu_hours": float(report.vcpu_hours.expected),
        "complete": report.complete,
        "uncommitted": row.uncommitted,
        "without_price": list(row.missing),
        "unpriced": [{"item": u.item, "path": u.path, "reason": u.reason, "hint": u.hint} for u in report.unpriced],
        "over_budget_usd": float(report.budget.over_usd) if report.budget else None,
        "within_budget": report.within_budget if report.budget else None,
        "machines": [_shape_json(shape) for shape in row.shapes],
        "as_of": report.as_of.isoformat(),
        "newest_price": report.newest.isoformat(),
    }


def _shape_json(shape: Shape) -> dict[str, Any]:
    return {
        "pool": shape.pool,
        "path": shape.path,
        "instance_type": shape.instance_type,
        "vcpus": shape.vcpus,
        "memory_gib": float(shape.memory_gib),
        "gpu_type": shape.gpu_type,
        "gpu_count": shape.gpu_count,
        "gpu_memory_gib": shape.gpu_memory_gib,
        "usd_per_hour": {option: numbers(rate) for option, rate in shape.rates.items()},
        "asked_for": shape.works,
    }


def _difference_json(found: Difference) -> dict[str, Any]:
    return {
        "before": _at(found.before),
        "after": _at(found.after),
        "total_before": numbers(found.total_before),
        "total_after": numbers(found.total_after),
        "change_usd": float(found.usd),
        "components": [
            {
                "component": change.component,
                "before": numbers(change.before),
                "after": numbers(change.after),
                "change_usd": float(change.usd),
            }
            for change in found.components
        ],
        "lines": [
            {
                "component": line.component,
                "path": line.path,
                "item_before": line.item_before or None,
                "item_after": line.item_after or None,
                "before": numbers(line.before),
                "after": numbers(line.after),
                "change_usd": float(line.usd),
                "change": line.change,
                "because": line.detail,
            }
            for line in found.lines
        ],
        "newly_unpriced": list(found.newly_unpriced),
    }
