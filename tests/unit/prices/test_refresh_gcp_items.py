"""What SKUs of the Cloud Billing Catalog say of items: places, units, tiers, currencies, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.exceptions import RefreshError, TransportError
from google.cloud import billing_v1

from groundplan.clouds.gcp.refresh import questions_by
from groundplan.clouds.gcp.refresh.catalog import Catalog, client_of, credentials_of_process
from groundplan.clouds.gcp.refresh.compute import compute_question
from groundplan.clouds.gcp.refresh.flexible import flexible_question, pages_of
from groundplan.clouds.gcp.refresh.items import Items, item_question
from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import Answer, RefusedError, Wanted
from tests.unit.prices.books import cloud_named

GCP = cloud_named("gcp")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
REGIONS = ("europe-west3", "us-central1")
UNITS = {item: price.unit for (item, _), price in GCP.prices.items.items()}
WANTED = Wanted(GCP.catalog, UNITS, REGIONS, NOW)
Tiers = Iterable[tuple[float, str]]


def sku(
    description: str,
    unit: str,
    *tiers: tuple[float, str],
    regions: Iterable[str] = ("us-central1",),
    group: str = "",
    usage: str = "OnDemand",
    currency: str = "USD",
    effective: str = "2026-11-20T10:50:40.206Z",
    number: str = "0001",
) -> Any:
    """A SKU as the catalog lists it."""
    return billing_v1.Sku.from_json(
        json.dumps(
            {
                "name": f"services/0000-0000-0000/skus/{number}-0000-0000",
                "skuId": f"{number}-0000-0000",
                "description": description,
                "category": {
                    "serviceDisplayName": "A service",
                    "resourceFamily": "ApplicationServices",
                    "resourceGroup": group,
                    "usageType": usage,
                },
                "serviceRegions": list(regions),
                "pricingInfo": [pricing(unit, tiers, currency, effective)],
                "serviceProviderName": "Google",
                "geoTaxonomy": {"type": "GLOBAL"},
            }
        )
    )


def pricing(unit: str, tiers: Tiers, currency: str = "USD", effective: str = "2026-11-20T10:50:40.206Z") -> Any:
    return {
        "summary": "",
        "pricingExpression": {
            "usageUnit": unit,
            "displayQuantity": 1,
            "tieredRates": [{"startUsageAmount": start, "unitPrice": money(usd, currency)} for start, usd in tiers],
            "usageUnitDescription": "",
            "baseUnit": "",
            "baseUnitDescription": "",
            "baseUnitConversionFactor": 1,
        },
        "aggregationInfo": {
            "aggregationLevel": "ACCOUNT",
            "aggregationInterval": "MONTHLY",
            "aggregationCount": 1,
        },
        "currencyConversionRate": 1,
        "effectiveTime": effective,
    }


def money(usd: str, currency: str) -> dict[str, Any]:
    whole, _, fraction = usd.partition(".")
    return {"currencyCode": currency, "units": whole, "nanos": int(fraction.ljust(9, "0"))}


def of(service: str, *skus: Any) -> Answer:
    items = Items(WANTED, service)
    for one in skus:
        items.take(one)
    return items.answer()


def found(answer: Answer, item: str) -> dict[str, list[tuple[Decimal, int]]]:
    """Prices and tiers by region."""
    stated: dict[str, list[tuple[Decimal, int]]] = {}
    for price in answer.prices:
        if price.item == item:
            stated.setdefault(price.region, []).append((price.usd, price.tier_from))
    return stated


def test_a_sku_of_all_regions_counts_in_each_and_a_regions_own_before_it() -> None:
    answer = of(
        "Kubernetes Engine",
        sku("Zonal Kubernetes Clusters", "h", (0, "0.10"), regions=("global",)),
        sku("Regional Kubernetes Clusters", "h", (0, "0.11"), regions=("europe-west3",)),
        sku("Autopilot Kubernetes Clusters", "h", (0, "9"), regions=("global",)),
    )
    assert found(answer, "cluster.control_plane") == {
        "europe-west3": [(Decimal("0.11"), 0)],
        "us-central1": [(Decimal("0.1"), 0)],
    }


def test_tiers_and_the_free_one_before_them() -> None:
    dns = of("Cloud DNS", sku("ManagedZone", "mo", (0, "0.20"), (25, "0.10"), (10000, "0.03"), regions=("global",)))
    assert found(dns, "dns.zone")["us-central1"] == [
        (Decimal("0.2"), 0),
        (Decimal("0.1"), 25),
        (Decimal("0.03"), 10000),
    ]
    logs = of("Cloud Logging", sku("Log Storage cost", "GiBy", (0, "0"), (50, "0.50")))
    assert found(logs, "logs.ingested") == {"us-central1": [(Decimal("0.5"), 0)]}


def test_tiers_are_in_the_items_own_unit() -> None:
    """Samples are listed one by one and booked by the million."""
    answer = of(
        "Cloud Monitoring",
        sku("Prometheus Samples Ingested", "count", (0, "0.00000006"), (5e10, "0.000000048"), regions=("global",)),
    )
    assert found(answer, "metrics.samples_ingested")["us-central1"] == [
        (Decimal("0.06"), 0),
        (Decimal("0.048"), 50000),
    ]


@pytest.mark.parametrize(
    ("unit", "usd", "hourly"),
    [("s", "0.000018", "0.0648"), ("h", "0.0648", "0.0648"), ("min", "0.00108", "0.0648")],
)
def test_what_is_billed_by_the_second_is_booked_by_the_hour(unit: str, usd: str, hourly: str) -> None:
    description = "Services CPU (Instance-based billing) in us-central1"
    answer = of("Cloud Run", sku(description, unit, (0, usd)))
    assert found(answer, "serverless.vcpu") == {"us-central1": [(Decimal(hourly), 0)]}


def test_a_gigabyte_is_not_a_gibibyte() -> None:
    answer = of("Artifact Registry", sku("Artifact Registry Storage", "GBy.mo", (0, "0.1"), regions=("global",)))
    ((usd, _),) = found(answer, "registry.stored")["us-central1"]
    assert usd == Decimal("0.1073741824")


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (sku("Log Storage cost", "count", (0, "0.5")), "the catalog counts it in count, not in GiBy"),
        (sku("Log Storage cost", "GiBy", (0, "0")), "the catalog has it for nothing"),
        (sku("Log Storage cost", "GiBy", (0, "0.45"), currency="EUR"), "its SKU has no price in US dollars"),
        (sku("Log Storage cost", "GiBy"), "its SKU has no price in US dollars"),
        (
            sku("Log Storage cost", "GiBy", (0, "0.5"), effective="2027-01-01T00:00:00Z"),
            "its SKU has no price in US dollars",
        ),
    ],
    ids=["unit", "free", "currency", "no tiers", "not in force yet"],
)
def test_what_has_no_price_is_told_with_the_reason(one: Any, reason: str) -> None:
    answer = of("Cloud Logging", one)
    assert answer.prices == ()
    assert [(silent.item, silent.reason) for silent in answer.unmapped] == [("logs.ingested", reason)]


def test_what_is_in_force_counts_not_what_will_be() -> None:
    one = sku("Log Storage cost", "GiBy", (0, "0.5"))
    later = billing_v1.PricingInfo.from_json(json.dumps(pricing("GiBy", [(0, "9")], effective="2027-01-01T00:00:00Z")))
    one.pricing_info.append(later)
    assert found(of("Cloud Logging", one), "logs.ingested") == {"us-central1": [(Decimal("0.5"), 0)]}


def test_other_classes_locations_and_ways_to_pay_are_left_out() -> None:
    answer = of(
        "Cloud Storage",
        sku("Standard Storage Iowa", "GiBy.mo", (0, "0"), (5, "0.02"), group="RegionalStorage"),
        sku("Standard Storage Iowa Dual-region", "GiBy.mo", (0, "0.022"), group="RegionalStorage"),
        sku("Standard Storage US Multi-region", "GiBy.mo", (0, "0.026"), group="MultiRegionalStorage"),
        sku("Nearline Storage Iowa (Early Delete)", "GiBy.mo", (0, "9"), group="NearlineStorage"),
        sku("Nearline Storage Iowa", "GiBy.mo", (0, "0.01"), group="NearlineStorage"),
        sku("Regional Standard Class A Operations", "count", (0, "0"), (5000, "0.000005"), regions=("global",)),
        sku("Regional Standard Tagging Class A Operations", "count", (0, "9"), regions=("global",)),
        sku("Multi-Region Standard Class A Operations", "count", (0, "0.00001"), regions=("global",)),
        sku("Standard Storage Iowa", "GiBy.mo", (0, "9"), group="RegionalStorage", usage="Commit1Yr"),
    )
    assert found(answer, "object_store.standard") == {"us-central1": [(Decimal("0.02"), 0)]}
    assert found(answer, "object_store.infrequent") == {"us-central1": [(Decimal("0.01"), 0)]}
    assert found(answer, "object_store.standard_write")["europe-west3"] == [(Decimal("0.000005"), 0)]


def test_places_of_several_regions_have_skus_of_their_own() -> None:
    items = Items(
        replace(WANTED, places={"us": ["object_store.standard", "object_store.standard_write"]}), "Cloud Storage"
    )
    for one in (
        sku("Standard Storage Iowa", "GiBy.mo", (0, "0.02"), group="RegionalStorage"),
        sku("Standard Storage US Multi-region", "GiBy.mo", (0, "0.026"), group="MultiRegionalStorage", regions=("us",)),
        sku(
            "Standard Storage Europe Multi-region",
            "GiBy.mo",
            (0, "9"),
            group="MultiRegionalStorage",
            regions=("europe",),
        ),
        sku("Multi-Region Standard Class A Operations", "count", (0, "0.00001"), regions=("global",)),
        sku("Regional Standard Class A Operations", "count", (0, "0.000005"), regions=("global",)),
    ):
        items.take(one)
    answer = items.answer()
    assert found(answer, "object_store.standard") == {
        "us-central1": [(Decimal("0.02"), 0)],
        "us": [(Decimal("0.026"), 0)],
    }
    assert found(answer, "object_store.standard_write") == {
        "europe-west3": [(Decimal("0.000005"), 0)],
        "us-central1": [(Decimal("0.000005"), 0)],
        "us": [(Decimal("0.00001"), 0)],
    }


def test_regions_that_are_not_asked_for_are_left_out() -> None:
    assert of("Cloud Logging", sku("Log Storage cost", "GiBy", (0, "0.5"), regions=("asia-east1",))).prices == ()


class Client:
    """Lists those services and SKUs, or raises."""

    def __init__(self, *skus: Any, error: Exception | None = None) -> None:
        self.skus, self.error = skus, error

    def list_services(self, **_: Any) -> Iterator[Any]:
        yield SimpleNamespace(display_name="Cloud Logging", name="services/5490-F7B7-8DF6")

    def list_skus(self, **_: Any) -> Iterator[Any]:
        yield from self.skus
        if self.error:
            raise self.error


def test_memory_by_the_gigabyte_belongs_to_machines_with_gibibytes() -> None:
    """C4D's memory is listed in GB hours: https://cloud.google.com/compute/all-pricing."""
    name = next(name for name in sorted(GCP.catalog.instances) if name.startswith("c4d-standard-"))
    machine = GCP.catalog.instances[name]
    (region,) = [one for one in REGIONS if GCP.catalog.offer(one, name)][:1]
    client = Client(
        sku("C4D Instance Core running in Iowa", "h", (0, "0.03"), regions=(region,)),
        sku("C4D Instance Ram running in Iowa", "GBy.h", (0, "0.003"), regions=(region,)),
    )
    (question,) = compute_question(Catalog(client), WANTED)
    (usd,) = {p.usd for p in question.ask().prices if (p.item, p.option, p.region) == (name, "on_demand", region)}
    listed = machine.vcpus * Decimal("0.03") + machine.memory_gib * Decimal("1.073741824") * Decimal("0.003")
    assert usd == listed.quantize(Decimal("0.000001"))


@pytest.mark.parametrize(
    "error", [exceptions.Unauthenticated("expired"), exceptions.Unauthorized("expired"), RefreshError("invalid_grant")]
)
def test_expired_credentials_end_everything(error: Exception) -> None:
    with pytest.raises(UnreachableError):
        item_question(Catalog(Client(error=error)), WANTED, "Cloud Logging").ask()


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (exceptions.Forbidden("SERVICE_DISABLED"), False),
        (exceptions.TooManyRequests("quota"), True),
        (exceptions.InternalServerError("oops"), True),
        (TransportError("no route"), True),
        (ConnectionResetError("reset"), True),
    ],
)
def test_a_refusal_leaves_other_services(error: Exception, passing: bool) -> None:
    client = Client(sku("Log Storage cost", "GiBy", (0, "0.5")), error=error)
    with pytest.raises(RefusedError) as raised:
        item_question(Catalog(client), WANTED, "Cloud Logging").ask()
    assert raised.value.passing == passing


def test_a_service_that_is_not_there_any_more_is_a_refusal() -> None:
    with pytest.raises(RefusedError, match="no service called Cloud DNS"):
        item_question(Catalog(Client()), WANTED, "Cloud DNS").ask()


def test_only_what_is_wanted_is_asked() -> None:
    one = Wanted(GCP.catalog, UNITS, REGIONS, NOW, ("items",), ("logs.*",))
    assert [question.title for question in questions_by(Client(), one)] == [
        "SKUs of Cloud Logging in the Cloud Billing Catalog"
    ]


def test_a_key_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    client = client_of(credentials_of_process("AIzaNotAKey"))
    headers: dict[str, str] = {}
    client.transport._session.credentials.apply(headers)
    assert headers == {"x-goog-api-key": "AIzaNotAKey"}


def of_model(sku_id: str, *models: tuple[str, str, str, str]) -> dict[str, Any]:
    """A price of the Pricing API: consumption model, its description, dollars and unit."""
    return {
        "name": f"skus/{sku_id}/price",
        "currencyCode": "USD",
        "skuPrices": [
            {
                "consumptionModel": f"consumptionModels/{model}",
                "consumptionModelDescription": description,
                "valueType": "rate",
                "rate": {
                    "tiers": [{"startAmount": {"value": "0"}, "listPrice": money(usd, "USD")}],
                    "unitInfo": {"unit": unit, "unitDescription": "", "unitQuantity": {"value": "1"}},
                    "aggregationInfo": {"level": "LEVEL_ACCOUNT", "interval": "INTERVAL_MONTHLY"},
                },
            }
            for model, description, usd, unit in models
        ],
    }


def models(default: str, one: str, three: str, unit: str) -> list[tuple[str, str, str, str]]:
    return [
        ("7754-699E-0EBF", "Default", default, unit),
        ("D97B-0795-975B", "Compute Flexible CUD - 1 Year", one, unit),
        ("70D7-D1AB-12A4", "Compute Flexible CUD - 3 Year", three, unit),
    ]


PRICES = [
    of_model("0001-0000-0000", *models("0.031611", "0.02276", "0.01707", "h")),
    of_model("0002-0000-0000", *models("0.004237", "0.003051", "0.002288", "GiBy.h")),
    of_model("0003-0000-0000", ("7754-699E-0EBF", "Default", "0.35", "h")),
    of_model("9999-0000-0000", *models("9", "9", "9", "h")),
    {"name": "skus/0001-0000-0000/price"},
    {"name": "", "skuPrices": [{}]},
]


def test_flexible_commitments_are_sums_of_cores_and_memory() -> None:
    client = Client(
        sku("N1 Predefined Instance Core running in Americas", "h", (0, "0.031611"), number="0001"),
        sku("N1 Predefined Instance Ram running in Americas", "GiBy.h", (0, "0.004237"), number="0002"),
        sku("Nvidia Tesla T4 GPU running in Americas", "h", (0, "0.35"), number="0003"),
    )
    one = Wanted(GCP.catalog, UNITS, REGIONS, NOW, ("commitments",), ("n1-standard-8*",))
    (question,) = flexible_question(
        Catalog(client), lambda: iter([{"prices": PRICES[:2]}, {"prices": PRICES[2:]}]), one
    )
    prices = {(price.item, price.option): price for price in question.ask().prices}
    assert prices["n1-standard-8", "commit_1y"].usd == 8 * Decimal("0.02276") + 30 * Decimal("0.003051")
    assert prices["n1-standard-8", "commit_3y"].usd == 8 * Decimal("0.01707") + 30 * Decimal("0.002288")
    assert {price.rank for price in prices.values()} == {1}
    assert {name for name, _ in prices} == {"n1-standard-8"}, "a GPU has no flexible rate"


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_the_pricing_api_refuses(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Response:
        status_code = status
        request = SimpleNamespace(method="GET", url="https://cloudbilling.googleapis.com/v2beta")
        text = "no"

        def json(self) -> Any:
            return {"error": {"code": status, "message": "not here", "status": "NO"}}

    monkeypatch.setattr("google.auth.transport.requests.AuthorizedSession.get", lambda *_, **__: Response())
    one = Wanted(GCP.catalog, UNITS, REGIONS, NOW, ("commitments",), ("n1-standard-8",))
    (question,) = flexible_question(Catalog(Client()), pages_of(credentials_of_process("AIza")), one)
    with pytest.raises((UnreachableError, RefusedError)) as raised:
        question.ask()
    assert isinstance(raised.value, UnreachableError) == (status == 401)
    assert "AIza" not in str(raised.value)
