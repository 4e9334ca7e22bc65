"""Spot prices: a band over the zones of a region and some days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from groundplan.clouds.aws.refresh.clients import Client, ask
from groundplan.prices.fresh import Answer, FreshPrice, Question, Wanted
from groundplan.quantities import millionths

DAYS = 7
"""Days of spot prices that make the band."""
SOURCE = f"EC2 spot price history of {DAYS} days"
MOST_TYPES = 100
"""Machine types that one call names; more are asked for by asking for all."""


def spot_questions(client: Client, wanted: Wanted, region: str) -> list[Question]:
    """What machines of one region cost as spot."""
    names = {machine.name for machine in wanted.machines(region)}
    if "spot" not in wanted.kinds or not names:
        return []

    def answer() -> Answer:
        zones = dict(ask("ec2:DescribeAvailabilityZones", lambda: _zones(client, region)))
        rows = ask("ec2:DescribeSpotPriceHistory", lambda: _history(client, region, names, wanted.now))
        return Answer(tuple(_bands(rows, region, names, zones, wanted)))

    return [Question(f"spot prices in {region}", region, frozenset({"spot"}), answer)]


def _zones(client: Client, region: str) -> Iterator[tuple[str, str]]:
    """The ids of the zones by the names that they have in this account; local zones are left out."""
    only = [{"Name": "zone-type", "Values": ["availability-zone"]}]
    for zone in client("ec2", region).describe_availability_zones(Filters=only)["AvailabilityZones"]:
        yield zone["ZoneName"], zone["ZoneId"]


def _history(client: Client, region: str, names: set[str], now: datetime) -> Iterator[Any]:
    arguments: dict[str, Any] = {
        "StartTime": now - timedelta(days=DAYS),
        "EndTime": now,
        "ProductDescriptions": ["Linux/UNIX"],
    }
    if len(names) <= MOST_TYPES:
        arguments["InstanceTypes"] = sorted(names)
    for page in client("ec2", region).get_paginator("describe_spot_price_history").paginate(**arguments):
        yield from page["SpotPriceHistory"]


def _bands(
    rows: Iterator[Any], region: str, names: set[str], zones: dict[str, str], wanted: Wanted
) -> Iterator[FreshPrice]:
    """Of each machine the lowest and the highest price of any zone that has it, and the mean of what zones ask last."""
    lows: dict[str, Decimal] = {}
    highs: dict[str, Decimal] = {}
    last: dict[str, dict[str, tuple[Any, Decimal]]] = defaultdict(dict)
    for row in rows:
        name, usd = row["InstanceType"], Decimal(row["SpotPrice"])
        zone = zones.get(row["AvailabilityZone"])
        offer = wanted.catalog.offer(region, name) if name in names else None
        if zone is None or offer is None or (offer.zones and zone not in offer.zones) or usd <= 0:
            continue
        lows[name], highs[name] = min(usd, lows.get(name, usd)), max(usd, highs.get(name, usd))
        moment = (row["Timestamp"], usd)
        last[name][zone] = max(moment, last[name].get(zone, moment))
    for name, latest in last.items():
        usd = millionths(sum((amount for _, amount in latest.values()), Decimal(0)) / len(latest))
        yield FreshPrice(region, name, "spot", "hour", SOURCE, usd, min(lows[name], usd), max(highs[name], usd))
