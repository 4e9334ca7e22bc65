"""What several components share on Google Cloud."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from groundplan.clouds.gcp.facts import FREE_LOG_DAYS
from groundplan.components.base import Meter

LOG_BUCKET_CAUTION = "The names of log buckets are free again seven days after a destroy"


def beyond_free_days(meter: Meter) -> Meter:
    """Stored logs as they are billed, without the free days; any other meter as it is."""
    if meter.item != "logs.stored" or meter.quantity is None or not meter.kept_days:
        return meter
    billed = Decimal(max(meter.kept_days - FREE_LOG_DAYS, 0)) / meter.kept_days
    words = f"{meter.assumption}; the first {FREE_LOG_DAYS} days are not billed"
    return replace(meter, quantity=meter.quantity.times(billed), assumption=words)
