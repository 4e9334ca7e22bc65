"""What things that are left cost, by the price book of the environment's cloud."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from groundplan.app.live.connected import Connected
from groundplan.app.live.destroy.stays import Aftermath
from groundplan.clouds import find_cloud


def aftermath_of(at: Connected, today: date) -> Aftermath:
    """With prices of the environment's region on that day."""
    location = at.standing.lock.cloud
    cloud = find_cloud(location.provider)

    dates: list[date] = []

    def price(item: str) -> Decimal | None:
        found = cloud.prices.item_price(item, location.region) if cloud else None
        dates.extend([found.as_of] if found else ())
        return found.usd_expected if found else None

    return Aftermath(today, price, dates)
