"""Where clouds' price lists have the items of the books: nothing is missing, and nothing is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from importlib import import_module
from typing import Any

import pytest

from groundplan.app.refresh import Scope, wanted_of
from groundplan.clouds.aws.refresh.table import places as aws_places
from groundplan.clouds.aws.refresh.table import reason_for as aws_reason
from groundplan.clouds.aws.refresh.table import reasons as aws_reasons
from groundplan.clouds.gcp.refresh.table import places as gcp_places
from groundplan.clouds.gcp.refresh.table import reason_for as gcp_reason
from groundplan.clouds.gcp.refresh.table import reasons as gcp_reasons
from groundplan.clouds.gcp.refresh.units import factor
from tests.architecture.sources import REPOSITORY
from tests.unit.prices.books import cloud_named

UNKNOWN = ("its place is not known", "its SKU is not known")
ITEMS = {name: sorted({item for item, _ in cloud_named(name).prices.items}) for name in ("aws", "gcp")}
EXPLAIN: dict[str, Callable[[str], str | None]] = {"aws": aws_reason, "gcp": gcp_reason}


@pytest.mark.parametrize("cloud", ITEMS)
def test_every_item_is_found_or_has_a_reason(cloud: str) -> None:
    lost = [item for item in ITEMS[cloud] if EXPLAIN[cloud](item) in UNKNOWN]
    assert not lost, f"clouds/{cloud}/refresh: add to items.csv, or with a reason to unmapped.csv: {', '.join(lost)}"


@pytest.mark.parametrize(
    ("cloud", "names"),
    [
        ("aws", [place.item for place in aws_places()]),
        ("aws", list(aws_reasons())),
        ("gcp", [place.item for place in gcp_places()]),
        ("gcp", list(gcp_reasons())),
    ],
)
def test_no_row_is_of_an_item_that_there_is_not(cloud: str, names: Iterable[str]) -> None:
    patterns = [name.replace("{instanceType}", "*") for name in names]
    assert not [name for name in patterns if not any(fnmatchcase(item, name) for item in ITEMS[cloud])]


def test_classes_of_databases_that_only_plans_use_are_asked_for() -> None:
    wanted = wanted_of(cloud_named("aws"), Scope(), datetime(2026, 11, 22, tzinfo=UTC))
    assert wanted.units["database.db.r6g.16xlarge"] == "hour"
    assert "cache.r6g.large" not in wanted.units


@pytest.mark.parametrize("cloud", ITEMS)
def test_a_reason_is_given_only_where_nothing_is_found(cloud: str) -> None:
    places, reasons = {"aws": (aws_places(), aws_reasons()), "gcp": (gcp_places(), gcp_reasons())}[cloud]
    fits: Callable[[Any, str], bool] = lambda place, item: getattr(place, "fits", lambda name: place.item == name)(item)  # noqa: E731
    assert not [item for item in reasons if any(fits(place, item) for place in places)]


def test_places_are_unambiguous_by_what_they_say() -> None:
    stated = [(place.service, place.family, place.usage, str(place.where), place.part) for place in aws_places()]
    whole = [one for one in stated if not one[-1]]
    assert len(set(whole)) == len(whole)
    assert all(unit == unit.lower() for place in aws_places() for unit in place.units)
    stated_skus = [(place.service, place.description.pattern, place.multi) for place in gcp_places()]
    assert len(set(stated_skus)) == len(stated_skus)


@pytest.mark.parametrize("cloud", ITEMS)
def test_what_a_refresh_needs_is_documented(cloud: str) -> None:
    text = (REPOSITORY / "docs" / "price-books.md").read_text()
    needs = import_module(f"groundplan.clouds.{cloud}.refresh").NEEDS
    assert not [action for action in needs if f"`{action}`" not in text and f'"{action}"' not in text]


@pytest.mark.parametrize(
    ("unit", "other", "count"),
    [
        ("h", "h", "1"),
        ("s", "h", "3600"),
        ("GBy.h", "GiBy.h", "1.073741824"),
        ("GiBy.s", "GiBy.h", "3600"),
        ("GiBy.h", "GiBy.mo", "730"),
        ("MiBy", "GiBy", "1024"),
        ("GBy", "GiBy", "1.073741824"),
        ("h", "mo", "730"),
        ("count", "count", "1"),
    ],
)
def test_units_of_the_same_measure_are_converted(unit: str, other: str, count: str) -> None:
    assert factor(unit, other) == Decimal(count)


@pytest.mark.parametrize(("unit", "other"), [("GiBy", "GiBy.mo"), ("count", "h"), ("", "h"), ("{vCPU}.h", "h")])
def test_units_of_other_measures_are_not(unit: str, other: str) -> None:
    assert factor(unit, other) is None
