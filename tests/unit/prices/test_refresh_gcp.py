"""What the Cloud Billing Catalog answers becomes a price book: Google's client against a server of this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import billing_v1
from google.cloud.billing_v1.services.cloud_catalog.transports import CloudCatalogRestTransport

from groundplan.app.books import with_books
from groundplan.clouds.gcp import refresh
from groundplan.clouds.gcp.refresh.compute import parts_of
from groundplan.prices.csv_book import read_csv
from groundplan.prices.fresh import Fresh, Wanted
from groundplan.prices.refresh import refusals, write_book
from groundplan.prices.survey import Forgotten, settle, survey
from tests.unit.prices.books import cloud_named

GCP = cloud_named("gcp")
REGION = "us-central1"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
UNITS = {item: price.unit for (item, _), price in GCP.prices.items.items()}
WANTED = Wanted(GCP.catalog, UNITS, (REGION,), NOW)
COMPUTE = replace(WANTED, patterns=("*-*", "disk.*"))
"""What Compute Engine has, and Cloud SQL's sizes made to measure."""
MACHINES = replace(WANTED, kinds=("on_demand", "spot", "commitments"))


NUMBERS = count(1)


def sku(description: str, usd: str, usage: str = "OnDemand", unit: str = "h", region: str = REGION) -> dict[str, Any]:
    whole, _, fraction = usd.partition(".")
    money = {"currencyCode": "USD", "units": whole, "nanos": int(fraction.ljust(9, "0"))}
    expression = {
        "usageUnit": unit,
        "displayQuantity": 1,
        "tieredRates": [{"startUsageAmount": 0, "unitPrice": money}],
        "usageUnitDescription": unit,
        "baseUnit": "s",
        "baseUnitDescription": "second",
        "baseUnitConversionFactor": 3600,
    }
    sku_id = f"{next(NUMBERS):04X}-0000-0000"
    return {
        "name": f"services/6F81-5844-456A/skus/{sku_id}",
        "skuId": sku_id,
        "description": description,
        "category": {
            "serviceDisplayName": "Compute Engine",
            "resourceFamily": "Compute",
            "resourceGroup": "CPU",
            "usageType": usage,
        },
        "serviceRegions": [region],
        "pricingInfo": [
            {
                "summary": "",
                "pricingExpression": expression,
                "currencyConversionRate": 1,
                "effectiveTime": "2026-11-20T10:50:40.206Z",
            }
        ],
        "serviceProviderName": "Google",
        "geoTaxonomy": {"type": "REGIONAL", "regions": [region]},
    }


SKUS = [
    sku("G2 Instance Core running in Americas", "0.024988"),
    sku("G2 Instance Ram running in Americas", "0.002927", unit="GiBy.h"),
    sku("Nvidia L4 GPU running in Americas", "0.560040"),
    sku("Spot Preemptible G2 Instance Core running in Americas", "0.01", "Preemptible"),
    sku("Spot Preemptible G2 Instance Ram running in Americas", "0.001", "Preemptible", "GiBy.h"),
    sku("Nvidia L4 GPU attached to Spot Preemptible VMs running in Americas", "0.2", "Preemptible"),
    sku("Commitment v1: G2 Cpu in Americas for 1 Year", "0.015742", "Commit1Yr"),
    sku("Commitment v1: G2 Ram in Americas for 1 Year", "0.001844", "Commit1Yr", "GiBy.h"),
    sku("Commitment v1: Nvidia L4 GPU running in Americas for 1 Year", "0.35282", "Commit1Yr"),
    sku("Reserved Nvidia L4 GPU in Americas", "9"),
    sku("Nvidia L4 GPU attached to DWS Defined Duration VMs running in Americas", "9"),
    sku("N1 Predefined Instance Core running in Americas", "0.031611"),
    sku("N1 Predefined Instance Ram running in Americas", "0.004237", unit="GiBy.h"),
    sku("Custom Instance Core running in Americas", "9"),
    sku("Nvidia Tesla T4 GPU running in Americas", "0.35"),
    sku("Commitment v1: Cpu in Americas for 3 Years", "0.014225", "Commit3Yr"),
    sku("Commitment v1: Ram in Americas for 3 Years", "0.001907", "Commit3Yr", "GiBy.h"),
    sku("E2 Instance Core running in Americas", "0.021811"),
    sku("E2 Instance Ram running in Americas", "0.002923", unit="GiBy.h"),
    sku("C3 Instance Core running in Americas", "0.03398"),
    sku("C3 Instance Ram running in Americas", "0.004456", unit="GiBy.h"),
    sku("SSD backed Local Storage", "0.08", unit="GiBy.mo"),
    sku("A4 Nvidia B200 (1 gpu slice) running in Americas", "16.1"),
    sku("A3Plus Instance Core running in Americas", "0.03"),
    sku("A3Plus Instance Ram running in Americas", "0.003", unit="GiBy.h"),
    sku("Nvidia H100 80GB Plus GPU running in Americas", "9.5"),
    sku("N2 Instance Core running in Frankfurt", "9", region="europe-west3"),
    sku("N2 Instance Core running in Americas", "0"),
    sku("T2D AMD Instance Core running in Americas", "0.027502"),
    sku("T2D AMD Instance Core running in Iowa", "0.03"),
    sku("T2D AMD Instance Ram running in Americas", "0.003686", unit="GiBy.h"),
    sku("Balanced PD Capacity", "0.10", unit="GiBy.mo"),
    sku("NAT Gateway: Data processing charge in Americas", "0.045", unit="GiBy"),
]


OTHERS: dict[str, tuple[str, list[dict[str, Any]]]] = {"E505-1604-58F8": ("Networking", [])}
"""Other services and their SKUs."""


def named(name: str, number: str) -> dict[str, str]:
    """A service as the catalog lists it."""
    return {
        "name": f"services/{number}",
        "serviceId": number,
        "displayName": name,
        "businessEntityName": "businessEntities/GCP",
    }


class Catalog:
    """A server that answers as the catalog does: pages of the SKUs, or first the given errors."""

    def __init__(self, errors: list[int], page: int) -> None:
        self.errors, self.page = errors, page
        self.services = {"6F81-5844-456A": ("Compute Engine", SKUS), **OTHERS}
        self.asked: list[str] = []

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if self.errors:
            status = self.errors.pop(0)
            return status, {"error": {"code": status, "message": "refused here"}}
        if path.startswith("/v1/services?"):
            return 200, {"services": [named(name, number) for number, (name, _) in self.services.items()]}
        skus = self.services[path.split("/")[3]][1]
        start = int(parse_qs(urlsplit(path).query).get("pageToken", ["0"])[0])
        body: dict[str, Any] = {"skus": skus[start : start + self.page]}
        if start + self.page < len(skus):
            body["nextPageToken"] = str(start + self.page)
        return 200, body


@contextmanager
def served(*errors: int, page: int = 1000) -> Iterator[tuple[Any, Catalog]]:
    catalog = Catalog(list(errors), page)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = catalog.answer(self.path)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    transport = CloudCatalogRestTransport(
        host=f"127.0.0.1:{server.server_port}", url_scheme="http", credentials=AnonymousCredentials()
    )
    try:
        yield billing_v1.CloudCatalogClient(transport=transport), catalog
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def fresh() -> Fresh:
    with served(page=7) as (client, catalog):
        found = read(client, replace(COMPUTE, patterns=(*COMPUTE.patterns, "network.*")))
    assert len([path for path in catalog.asked if "6F81-5844-456A" in path]) == -(-len(SKUS) // 7)
    assert catalog.asked[0].startswith("/v1/services/6F81-5844-456A/skus?")
    return found


def read(client: Any, wanted: Wanted) -> Fresh:
    answers, refused, unanswered = survey(refresh.questions_by(client, wanted), Forgotten(), at_once=1)
    return settle(answers, wanted, refresh.explain, refused, unanswered)


def usd(fresh: Fresh, item: str, option: str = "on_demand") -> Decimal | None:
    return next((price.usd for price in fresh.prices if (price.item, price.option) == (item, option)), None)


def test_a_machine_is_the_sum_of_its_parts(fresh: Fresh) -> None:
    cores, memory = 4 * Decimal("0.024988"), 16 * Decimal("0.002927")
    assert usd(fresh, "g2-standard-4") == cores + memory + Decimal("0.56004")
    listed = GCP.prices.instance_price(REGION, "g2-standard-4", "on_demand")
    assert listed is not None
    assert abs(cores + memory + Decimal("0.56004") - listed.usd_expected) < Decimal("0.001"), "as the table has it"


def test_spot_and_commitments_are_sums_of_their_own(fresh: Fresh) -> None:
    assert usd(fresh, "g2-standard-4", "spot") == Decimal("0.256")
    assert usd(fresh, "g2-standard-4", "commit_1y") == Decimal("0.445292")
    assert usd(fresh, "g2-standard-4", "commit_3y") is None


def test_gpus_attached_to_n1(fresh: Fresh) -> None:
    host = 8 * Decimal("0.031611") + 30 * Decimal("0.004237")
    assert usd(fresh, "n1-standard-8") == host
    assert usd(fresh, "n1-standard-8+1xt4") == host + Decimal("0.35")
    assert usd(fresh, "n1-standard-8", "commit_3y") == 8 * Decimal("0.014225") + 30 * Decimal("0.001907")


def test_shared_cores_are_billed_in_part(fresh: Fresh) -> None:
    assert usd(fresh, "e2-small") == (Decimal("0.5") * Decimal("0.021811") + 2 * Decimal("0.002923")).quantize(
        Decimal("0.000001")
    )


def test_local_ssd_belongs_to_the_machine(fresh: Fresh) -> None:
    plain, with_ssd = usd(fresh, "c3-standard-22"), usd(fresh, "c3-standard-22-lssd")
    assert plain is not None
    assert with_ssd is not None
    gib = GCP.catalog.instances["c3-standard-22-lssd"].local_storage_gib
    assert abs(with_ssd - plain - gib * Decimal("0.08") / 730) < Decimal("0.00001")


def test_all_in_machines_get_nothing_added(fresh: Fresh) -> None:
    machine = GCP.catalog.instances["a4-highgpu-8g"]
    assert parts_of(machine) == {("gpu", "b200-slice"): Decimal(8)}
    mega = GCP.catalog.instances["a3-megagpu-8g"]
    assert {key for key in parts_of(mega) if key[0] != "ssd"} == {
        ("core", "a3plus"),
        ("ram", "a3plus"),
        ("gpu", "h100-mega"),
    }


def test_items(fresh: Fresh) -> None:
    assert {(p.item, p.unit, p.usd) for p in fresh.prices if p.option == "list"} == {
        ("disk.general", "gib_month", Decimal("0.1")),
        ("disk.local", "gib_month", Decimal("0.08")),
        ("network.nat_data", "gib", Decimal("0.045")),
    }


def test_what_has_no_sku_is_listed(fresh: Fresh) -> None:
    reasons = {(one.item, one.region): one.reason for one in fresh.unmapped}
    assert reasons["n2-standard-4", REGION] == "no SKU of its core (n2)"
    assert re.fullmatch(
        r"several SKUs that differ, of its core \(t2d\): \$0\.027502 \([0-9A-F-]+\), \$0\.03 \([0-9A-F-]+\)",
        reasons["t2d-standard-4", REGION],
    )
    assert "network.nat_vm" in {one.item for one in fresh.unmapped}
    assert not {price.item for price in fresh.prices if price.option == "on_demand"} & {
        item for item, region in reasons if region
    }


def test_what_is_read_is_a_book_that_loads(fresh: Fresh, tmp_path: Path) -> None:
    path = tmp_path / "today.csv"
    write_book("gcp", fresh.prices, path, NOW.date())
    cloud = with_books(GCP, read_csv(path.read_text(), str(path)))
    price = cloud.prices.instance_price(REGION, "g2-standard-4", "spot")
    assert price is not None
    assert (price.usd_expected, price.source, price.as_of) == (Decimal("0.256"), "Cloud Billing Catalog", NOW.date())


def test_a_busy_catalog_is_asked_again() -> None:
    with served(429, 503) as (client, catalog):
        assert read(client, MACHINES).prices
    assert len(catalog.asked) == 3


def test_a_refusal_is_a_finding() -> None:
    with served(403) as (client, _):
        fresh = read(client, MACHINES)
    (found,) = refusals(fresh)
    assert fresh.prices == ()
    assert found.code == "GP803"
    assert "refused here" in found.message
    assert "cloudbilling.googleapis.com" in (found.hint or "")
