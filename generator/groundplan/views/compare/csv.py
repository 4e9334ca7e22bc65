"""A comparison as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

from groundplan.app.compare.model import (
    Comparison,
    Refused,
    Row,
)
from groundplan.escaping import for_csv
from groundplan.quantities import Band
from groundplan.views.cost.content import KINDS


def as_csv(comparison: Comparison) -> str:
    """A row for each combination; cells of what has no figure are empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_CSV)
    writer.writerows(map(for_csv, _cells(row)) for row in comparison.rows)
    return stream.getvalue()


def _cells(row: Row) -> list[Any]:
    at = row.at
    where = [at.subject, at.location.cloud, at.location.region, at.purchase_option]
    if isinstance(row, Refused):
        reasons = "; ".join(dict.fromkeys(d.message for d in row.reasons))
        return [*where, "no", *[""] * (len(_CSV) - 6), reasons]
    report = row.report
    figures: list[Any] = [*report.total.cases]
    figures += [report.total_of(kind).expected for kind in KINDS]
    figures += [*_rate(report.usd_per_gpu_hour), *_rate(report.usd_per_vcpu_hour)]
    figures += [report.gpu_hours.expected, report.vcpu_hours.expected]
    machines = " ".join(f"{shape.pool}={shape.instance_type}" for shape in row.shapes)
    dates = [report.as_of.isoformat(), report.newest.isoformat()]
    return [*where, "yes", *figures, machines, " ".join(row.missing), *dates, ""]


_CSV = (
    *("spec", "cloud", "region", "capacity", "available"),
    *("low_usd", "expected_usd", "high_usd"),
    *(f"{kind}_expected_usd" for kind in KINDS),
    *("gpu_hour_low_usd", "gpu_hour_expected_usd", "gpu_hour_high_usd"),
    *("vcpu_hour_low_usd", "vcpu_hour_expected_usd", "vcpu_hour_high_usd"),
    *("gpu_hours", "vcpu_hours", "machines", "without_price", "oldest_price", "newest_price", "reason"),
)


def _rate(rate: Band | None) -> tuple[Any, Any, Any]:
    return rate.cases if rate else ("", "", "")
