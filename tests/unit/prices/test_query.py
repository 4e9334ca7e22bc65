"""Asking the embedded books."""

from __future__ import annotations

from datetime import date

import pytest

from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.prices.age import age_of, stale
from groundplan.prices.query import Query, ask
from tests.unit.prices.books import cloud_named

AWS, GCP = cloud_named("aws"), cloud_named("gcp")


def test_a_machine_has_a_quote_for_each_option() -> None:
    quotes = ask([AWS, GCP], Query(("us-east-1",), ("m6a.xlarge",)))
    assert [(q.cloud, q.option, q.unit, q.offered) for q in quotes] == [
        ("aws", option, "hour", True) for option in ("on_demand", "spot", "commit_1y", "commit_3y")
    ]
    assert all(q.price and q.price == AWS.prices.instance_price(q.region, q.item, q.option) for q in quotes)  # type: ignore[arg-type]


def test_an_item_has_its_list_price() -> None:
    (quote,) = ask([AWS], Query(("eu-central-1",), ("network.nat_gateway",)))
    assert (quote.option, quote.unit, quote.price) == (
        "list",
        "hour",
        AWS.prices.item_price("network.nat_gateway", "eu-central-1"),
    )


def test_not_offered_is_said_and_has_no_price() -> None:
    absent = sorted(set(AWS.catalog.instances) - {item.name for item in AWS.catalog.offered("eu-north-1")})[0]
    quotes = ask([AWS], Query(("eu-north-1",), (absent,)))
    assert len(quotes) == 4
    assert {(q.offered, q.price, q.reason) for q in quotes} == {(False, None, "not offered in eu-north-1")}


def test_what_is_not_offered_is_left_out_unless_it_is_named() -> None:
    quotes = ask([AWS], Query(("eu-north-1",)))
    assert {q.item for q in quotes if q.option != "list"} == {item.name for item in AWS.catalog.offered("eu-north-1")}
    assert all(q.offered for q in quotes)


def test_an_offer_without_a_price_says_why() -> None:
    (region, name), reason = next(iter(sorted(AWS.prices.unpriced.items())))
    quotes = ask([AWS], Query((region,), (), ("on_demand",)))
    assert [(q.price, q.offered, q.reason) for q in quotes if q.item == name] == [(None, True, reason)]


def test_options_are_a_filter() -> None:
    assert {q.option for q in ask([GCP], Query(("us-central1",), (), ("spot",)))} == {"spot"}


def test_a_region_of_one_cloud_asks_that_cloud_only() -> None:
    assert {q.cloud for q in ask([AWS, GCP], Query(("us-central1",)))} == {"gcp"}


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        (Query(("us-eas-1",)), ["no region `us-eas-1` in the price books"]),
        (Query((), ("g6.xlrge", "nat")), ["no item `g6.xlrge` in the price books", "no item `nat` in the price books"]),
        (Query(("us-east-1",), ("g2-standard-4",)), ["no cloud has both `g2-standard-4` and `us-east-1`"]),
    ],
    ids=["region", "items", "of two clouds"],
)
def test_unknown_names(query: Query, messages: list[str]) -> None:
    with pytest.raises(DiagnosticsError) as raised:
        ask([AWS, GCP], query)
    assert [(d.code, d.message) for d in raised.value.diagnostics] == [("GP706", message) for message in messages]


def test_near_names_are_suggested() -> None:
    with pytest.raises(DiagnosticsError) as raised:
        ask([AWS], Query((), ("g6.xlrge",)))
    assert "`g6.xlarge`" in (raised.value.diagnostics[0].hint or "")


def test_age() -> None:
    today = date(2026, 11, 22)
    age = age_of([date(2025, 11, 21), date(2025, 11, 22), date(2026, 11, 20)], today)
    assert age is not None
    assert (age.oldest_days, age.newest_days, age.stale, age.prices) == (366, 2, 1, 3)
    (warning,) = stale(age, "prices shown")
    assert (warning.code, warning.severity) == ("GP707", Severity.WARNING)
    assert warning.message == "1 of 3 prices shown: older than 365 days"
    assert stale(age_of([today], today), "prices shown") == []
    assert age_of([], today) is None
