"""Spot by zone: what was read is in the book, and how far a zone lies from what the others say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from groundplan.clouds.aws import load_catalog, load_prices

CATALOG, PRICES = load_catalog(), load_prices()
ESTIMATES = {"spot-advisor", "spot-kin"}


def left_out() -> Iterator[tuple[bool, Decimal, list[Decimal]]]:
    """Whether the type has GPUs, the price of one zone, and those of the others."""
    for (_, name), zones in PRICES.spot_by_zone.items():
        usd = list(zones.values())
        for index, one in enumerate(usd):
            if others := usd[:index] + usd[index + 1 :]:
                yield CATALOG.instances[name].gpu_count > 0, one, others


def test_a_zone_left_out_is_within_a_tenth_of_the_middle_of_the_others() -> None:
    errors = [abs(median(others) / usd - 1) for _, usd, others in left_out()]
    assert len(errors) > 600
    assert median(errors) <= Decimal("0.10")


def test_bands_of_the_others_hold_a_zone_left_out() -> None:
    """0.5 to 1.8 times the extremes with GPUs, 0.6 to 1.6 without, as the builder makes them."""
    held = []
    for gpu, usd, others in left_out():
        down, up = (Decimal("0.5"), Decimal("1.8")) if gpu else (Decimal("0.6"), Decimal("1.6"))
        held.append(min(others) * down <= usd <= max(others) * up)
    assert sum(held) / len(held) >= 0.95


def test_the_price_of_a_region_is_its_middle_zone() -> None:
    for (region, name), zones in PRICES.spot_by_zone.items():
        price = PRICES.instance_price(region, name, "spot")
        assert price is not None and price.source == "skypilot"
        assert abs(price.usd_expected - median(zones.values())) <= Decimal("0.00001")
        assert price.usd_low <= min(zones.values()) <= max(zones.values()) <= price.usd_high


def test_known_zones() -> None:
    assert PRICES.spot_by_zone["us-east-1", "g6.2xlarge"] == {
        "use1-az1": Decimal("0.5772"),
        "use1-az2": Decimal("0.4462"),
        "use1-az4": Decimal("0.5067"),
        "use1-az6": Decimal("0.4416"),
    }


def test_what_was_not_observed_says_that_it_is_an_estimate() -> None:
    spot = [price for (_, _, option), price in PRICES.instances.items() if option == "spot"]
    assert {price.source for price in spot} == {"skypilot", *ESTIMATES}
    assert all("estimate" in PRICES.sources[source].title.casefold() for source in ESTIMATES)
