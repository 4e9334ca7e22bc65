"""Rewrites the rows of GCP's prices/items.csv that follow from public lists; every other row stays as it is.

    python tools/prices/gcp_items.py --list FILE

--list    pricing.yml of the gcosts calculator, which tables the Cloud Billing catalog
Beside this file:
gcp_cloud_sql.csv   how many times the rates of us-central1 Cloud SQL costs in a region
gcp_item_rates.csv  prices of regions, read on pages and in recorded tables

What has one price in every region, as its source says, is copied from us-central1.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from gcp_lists import loaded, rows_of

HERE = Path(__file__).parent
GCP = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "gcp"
ITEMS = GCP / "prices/items.csv"
HOME = "us-central1"
DATES = {row["id"]: row["as_of"] for row in rows_of(GCP / "prices/sources.csv")}
REGIONS = {row["region"] for row in rows_of(GCP / "regions.csv")}
PLACES = {
    "us-multi": "us", "europe-multi": "eu", "asia-multi": "asia", "nam4": "nam4", "eur4": "eur4", "asia1": "asia1",
}  # fmt: skip
"""Locations of buckets that are several regions: the list's word, and that of the bucket."""
DISKS = {
    "balanced": "general", "balanced-replicated": "general_regional", "ssd": "ssd", "ssd-replicated": "ssd_regional",
    "hdd": "standard", "hdd-replicated": "standard_regional", "extreme": "extreme", "local": "local",
    "snapshot": "snapshot", "hyperdisk-extreme": "hyperdisk_extreme",
}  # fmt: skip
CLASSES = {"standard": "standard", "nearline": "infrequent", "coldline": "coldline", "archiv": "archive"}
ADDRESSES = {"unused": "network.public_ipv4_unused", "vm": "network.public_ipv4"}
HYPERDISK = {  # rates of us-central1, scaled by what Hyperdisk Extreme costs in the region
    "disk.hyperdisk_balanced": ("gib_month", "0.08"),
    "disk.hyperdisk_balanced_iops": ("iops_month", "0.005"),
    "disk.hyperdisk_balanced_throughput": ("mibps_month", "0.04"),
    "disk.hyperdisk_extreme_iops": ("iops_month", "0.032"),
}
AS_HOME = {"us-central1", "us-east1", "us-west1"}
CLOUD_SQL = {
    "database.db-custom.vcpu": ("hour", "0.0413"),
    "database.db-custom.vcpu_ha": ("hour", "0.0826"),
    "database.db-custom.memory": ("hour", "0.007"),
    "database.db-custom.memory_ha": ("hour", "0.014"),
    "database.storage": ("gib_month", "0.17"),
    "database.storage_ha": ("gib_month", "0.34"),
    "database.backup": ("gib_month", "0.08"),
}
CLASSES_SQL = {  # an hour in us-central1; twice that with a standby
    "db-f1-micro": "0.0105", "db-g1-small": "0.035",
    "db-n1-standard-1": "0.06755", "db-n1-standard-2": "0.1351", "db-n1-standard-4": "0.2702",
    "db-n1-standard-8": "0.5404", "db-n1-standard-16": "1.08115", "db-n1-standard-32": "2.16195",
    "db-n1-standard-64": "4.3239", "db-n1-standard-96": "6.4859",
    "db-n1-highmem-2": "0.17605", "db-n1-highmem-4": "0.3521", "db-n1-highmem-8": "0.7042",
    "db-n1-highmem-16": "1.4084", "db-n1-highmem-32": "2.8168", "db-n1-highmem-64": "5.6336",
    "db-n1-highmem-96": "8.4504",
}  # fmt: skip
CLOUD_SQL |= {f"database.{name}": ("hour", usd) for name, usd in CLASSES_SQL.items()}
CLOUD_SQL |= {f"database.{name}_ha": ("hour", f"{2 * Decimal(usd)}") for name, usd in CLASSES_SQL.items()}
CLOUD_SQL |= {"database.storage_hdd": ("gib_month", "0.09"), "database.storage_hdd_ha": ("gib_month", "0.18")}
INTERNET = ("0-1", "1-10", "10n")
TIERS = {"0-1": 0, "1-10": 1024, "10n": 10240, "0-100000": 0, "100000-250000": 100_000, "250000n": 250_000}
WORLDWIDE = {
    "cluster.control_plane", "cluster.control_plane_extended", "dns.zone", "egress.zone", "keys.key", "keys.request",
    "logs.flow_ingested", "logs.ingested", "logs.stored", "metrics.alarm", "metrics.alarm_series",
    "metrics.samples_ingested", "network.nat_vm", "object_store.infrequent_read", "object_store.infrequent_write",
    "object_store.standard_read", "object_store.standard_write", "registry.stored", "secrets.request",
    "secrets.secret", "serverless.requests",
}  # fmt: skip

Row = tuple[str, str, str, str, int, str]
"""Item, region, unit, US dollars, where the tier starts, source."""


def listed(tables: Mapping[str, Any]) -> Iterator[Row]:
    """What the list has of disks, buckets, addresses, traffic and metrics."""
    compute = tables["compute"]
    for key, kind in DISKS.items():
        yield from _regions(f"disk.{kind}", "gib_month", compute["storage"][key]["cost"])
    for key, name in CLASSES.items():
        for ending in ("", "-multi", "-dual"):
            cost = tables["storage"]["bucket"][f"{key}{ending}"]["cost"]
            yield from _regions(f"object_store.{name}", "gib_month", cost)
            if key != "standard":
                cost = tables["storage"]["retrieval"][f"{key}{ending}"]["cost"]
                yield from _regions(f"object_store.{name}_retrieval", "gib", cost)
    network = compute["network"]
    for key, item in ADDRESSES.items():
        yield from _regions(item, "hour", network["ip"][key]["cost"], "hour")
    yield from _regions("network.nat_data", "gib", network["nat"]["data"]["cost"])
    yield from _regions("network.nat_gateway", "hour", network["nat"]["gateway"]["cost"], "hour")
    yield from _regions("network.vpn_tunnel", "hour", network["vpn"]["tunnel"]["cost"], "hour")
    internet = network["traffic"]["egress"]["internet"]
    yield from _traffic("egress.internet", internet["cost"])
    yield from _traffic("egress.internet_china", internet["china"]["cost"])
    yield from _traffic("egress.internet_australia", internet["australia"]["cost"])
    for tier, cost in tables["monitoring"]["data"]["cost"].items():
        yield from _regions("metrics.ingested", "mib", cost, tier=TIERS[tier])


def _regions(
    item: str, unit: str, cost: Mapping[str, Mapping[str, str]], key: str = "month", tier: int = 0
) -> Iterator[Row]:
    for place, prices in cost.items():
        region = PLACES.get(place, place)
        if region in REGIONS or place in PLACES:
            yield item, region, unit, prices[key], tier, "gcosts"


def _traffic(item: str, cost: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[Row]:
    """Traffic tier by tier. Where the list has the last tier first and the first one second, the three are those of
    the regions that pay the same for their first and their last."""
    found = {region: tuple(Decimal(cost[tier][region]["month"]) for tier in INTERNET) for region in cost["0-1"]}
    whole = {(usd[0], usd[-1]): usd for usd in found.values() if usd[0] >= usd[1]}
    for region, usd in found.items():
        tiers = usd if usd[0] >= usd[1] else whole.get((usd[1], usd[-1]), ())
        for tier, each in zip(INTERNET, tiers, strict=False):
            if region in REGIONS:
                yield item, region, "gib", f"{each:f}", TIERS[tier], "gcosts"


def scaled(tables: Mapping[str, Any]) -> Iterator[Row]:
    """Hyperdisk and Cloud SQL: the rates of us-central1 times the factor of the region."""
    extreme = tables["compute"]["storage"]["hyperdisk-extreme"]["cost"]
    for region in sorted(REGIONS):
        factor = Decimal(extreme[region]["month"]) / Decimal(extreme[HOME]["month"])
        for item, (unit, usd) in HYPERDISK.items():
            home = region in AS_HOME
            price = Decimal(usd) * (1 if home else factor)
            yield item, region, unit, _text(price, "0.00000001"), 0, "disk-price" if home else "hyperdisk-factor"
    for row in rows_of(HERE / "gcp_cloud_sql.csv"):
        factor = Decimal(row["factor"])
        source = "cloud-sql-rates" if factor == 1 else "cloud-sql-factor"
        for item, (unit, usd) in CLOUD_SQL.items():
            yield item, row["region"], unit, _text(Decimal(usd) * factor, "0.0001"), 0, source


def _text(usd: Decimal, step: str) -> str:
    return f"{usd.quantize(Decimal(step), ROUND_HALF_UP).normalize():f}"


def stated() -> Iterator[Row]:
    """Prices of gcp_item_rates.csv."""
    for row in rows_of(HERE / "gcp_item_rates.csv"):
        for region in row["regions"].split("|"):
            yield row["item"], region, row["unit"], row["usd"], int(row["tier_from"]), row["source"]


def _order(row: Sequence[str]) -> tuple[str, str, int]:
    return row[0], row[1], int(row[4])


def main() -> None:
    """Reads the sources and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True)
    tables = loaded(parser.parse_args().list)

    made = [*listed(tables), *scaled(tables), *stated()]
    before = rows_of(ITEMS)
    for row in before:
        if row["item"] in WORLDWIDE and row["region"] == HOME:
            tail = (row["unit"], row["usd"], int(row["tier_from"]), row["source"])
            made += [(row["item"], region, *tail) for region in sorted(REGIONS)]
    owned = {(item, region) for item, region, *_ in made}
    rows: list[list[str]] = []
    rows += [[item, region, unit, usd, str(tier), DATES[id], id] for item, region, unit, usd, tier, id in made]
    rows += [list(row.values()) for row in before if (row["item"], row["region"]) not in owned]
    rows.sort(key=_order)
    with ITEMS.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["item", "region", "unit", "usd", "tier_from", "as_of", "source"])
        writer.writerows(rows)
    print(f"{len(rows)} rows, {len(owned)} of them prices from these sources")


if __name__ == "__main__":
    main()
