"""Units of the Cloud Billing Catalog, such as `GiBy.mo`: what a price in one is in another.

https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list and https://ucum.org/ucum
"""

from __future__ import annotations

from decimal import Decimal

from groundplan.quantities import HOURS_PER_MONTH

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "mo": int(HOURS_PER_MONTH) * 3600}
BYTES = {
    "By": 1,
    **{f"{prefix}By": 10**power for prefix, power in (("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15))},
    **{f"{prefix}iBy": 2**power for prefix, power in (("K", 10), ("M", 20), ("G", 30), ("T", 40), ("P", 50))},
}
COUNT = {"count": 1, "1": 1}


def factor(unit: str, other: str) -> Decimal | None:
    """How many of `unit` one of `other` is: 1.073741824 `GBy.h` is a `GiBy.h`; None where they measure other things."""
    own, others = _parsed(unit), _parsed(other)
    if own is None or others is None or own[0] != others[0]:
        return None
    return others[1] / own[1]


def _parsed(unit: str) -> tuple[tuple[str, ...], Decimal] | None:
    """What a unit measures, and how much of the smallest unit of that it is."""
    measures: list[str] = []
    size = Decimal(1)
    for part in unit.split("."):
        for name, table in (("time", SECONDS), ("bytes", BYTES), ("count", COUNT)):
            if part in table:
                measures.append(name)
                size *= table[part]
                break
        else:
            return None
    return tuple(sorted(measures)), size
