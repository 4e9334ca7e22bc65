"""Builds instances.csv, offers.csv, prices/instances.csv and prices/unpriced.csv of GCP from public tables.

    python tools/prices/build_gcp.py --list FILE

--list          machine_type,vcpus,memory_gib,gpu_model,gpu_count,region and prices: an hour on demand and spot, a month
                under a commitment of one and three years, as the gcosts calculator tables the Cloud Billing catalog
Beside this file:
gcp_zones.csv     the machine series of each zone, from Google's page of regions and zones
gcp_shapes.csv    the zones of shapes that are not in every zone of their series, and of GPUs attached to N1
gcp_gpus.csv      what an attached GPU costs by region: an hour on demand and spot
gcp_observed.csv  rows of the SkyPilot catalog, a second witness of prices on demand and an earlier one of spot

A price list says nothing about offers: it has A3 High in us-east1, where no zone has the machines. So a type is offered
in the zones that both of Google's series and its shape name, and priced only there. docs/prices.md says more.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).parent
GCP = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "gcp"
HOME = "us-central1"
HOURS = 730
DATES = {
    "gcosts": "2026-07-30",
    "google-zones": "2026-01-31",
    "google-machines": "2026-07-30",
    "skypilot": "2026-01-31",
    "skypilot-sum": "2026-01-31",
    "gcosts-gpu": "2026-01-31",
    "google-gpu": "2026-01-31",
}

# fmt: off
SERIES = (
    "e2", "n1", "n2", "n2d", "n4", "n4a", "n4d", "t2a", "t2d", "c2", "c2d", "c3", "c3d", "c4", "c4a", "c4d", "g2", "g4",
    "a2", "a3", "a4",
)
# fmt: on
PREVIOUS = {"n1", "c2", "t2a"}
ARM = {"t2a", "c4a", "n4a"}
SHARED_CORE = {"e2-micro", "e2-small", "e2-medium"}
UNOFFERED = re.compile(r".*-metal|g4-standard-(6|12|24)|c4a-.*-lssd")
"""Bare metal, fractions of a GPU, and what no source places in a zone."""
GPUS = {  # model in the list: the spec's word, GiB of one device as its maker states it
    "l4": ("l4", 24),
    "a100": ("a100", 40),
    "a100-80gb": ("a100-80", 80),
    "h100-80gb": ("h100", 80),
    "h200-141gb": ("h200", 141),
    "b200": ("b200", 180),
    "rtx6000": ("rtx-pro-6000", 96),
}
GPU_MODELS = (("a2-ultragpu", "a100-80gb"), ("a2-", "a100"), ("a3-ultragpu", "h200-141gb"), ("a3-", "h100-80gb"))
DISK_GIB = {"a2-ultragpu": 375, "a3-highgpu": 750, "a3-megagpu": 750, "a3-ultragpu": 1500, "a4-highgpu": 1500}
"""Local SSD that comes with each GPU."""
ATTACHED = {  # GPU attached to N1: GiB of one device, and the largest host in vCPUs and GiB for each count
    "t4": (16, {1: (48, 312), 2: (48, 312), 4: (96, 624)}),
    "p4": (8, {1: (24, 156), 2: (48, 312), 4: (96, 624)}),
    "v100": (16, {1: (12, 78), 2: (24, 156), 4: (48, 312), 8: (96, 624)}),
}
BY_HAND = {  # machines without an hour on demand on the list: vCPUs, GiB, GPU model, GPUs
    "a3-megagpu-8g": (208, Decimal(1872), "h100-80gb", 8),
    "a3-ultragpu-8g": (224, Decimal(2952), "h200-141gb", 8),
    "a4-highgpu-8g": (224, Decimal(3968), "b200", 8),
}
MEGA_HOME = Decimal("9.46006") + Decimal("82.75421") + Decimal(6000) * Decimal("0.08") / HOURS
"""a3-megagpu-8g where us-central1's prices hold: host, eight GPUs, 6,000 GiB of local SSD."""
ON_REQUEST = {
    "a3-highgpu-1g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-highgpu-2g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-highgpu-4g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-ultragpu-8g": "sold by reservation and flex-start and spot; not on demand",
    "a4-highgpu-8g": "sold by reservation and flex-start and spot; not on demand",
}
A4_SPOT = {  # SkyPilot: the eight GPUs with their host
    "us-central1": "32.6064", "us-east1": "32.6064", "us-east4": "32.6064", "europe-west4": "35.8672",
    "asia-northeast1": "39.128", "asia-southeast1": "35.5712",
}  # fmt: skip

FLOOR, CEILING = Decimal("0.09"), Decimal("0.6001")
"""The least and the most that spot has been of the price on demand, in every row of the list."""
DOWN, KNOWN_DOWN, UP, QUARTER = Decimal("0.4"), Decimal("0.7"), Decimal("1.9"), Decimal("0.25")
"""How far spot moves in half a year: 126 pairs of observations, 0.50 to 2.00 either way; less below an earlier low.

What is cheap may become dear again: a band reaches to a quarter of the price on demand at least."""


@dataclass(frozen=True)
class Machine:
    """What a machine type has."""

    vcpus: int
    memory_gib: Decimal
    gpu: str
    gpus: int
    source: str = "gcosts"


@dataclass(frozen=True)
class Listed:
    """A machine's prices of one hour in one region; None where the list has none."""

    on_demand: Decimal | None
    spot: Decimal | None
    commit_1y: Decimal | None
    commit_3y: Decimal | None
    source: str = "gcosts"


@dataclass(frozen=True)
class Tables:
    """What was read: machines by name, and prices by region and name."""

    machines: dict[str, Machine]
    prices: dict[tuple[str, str], Listed]


def series_of(name: str) -> str:
    """`c3d` of `c3d-standard-4-lssd`."""
    return name.partition("-")[0]


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this file."""
    with (HERE / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def read_list(path: Path, regions: Iterable[str]) -> Tables:
    """Machines of the catalog's series, and their prices in `regions`."""
    wanted, tables = set(regions), Tables({}, {})
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream):
            name = row["machine_type"]
            if series_of(name) not in SERIES or UNOFFERED.fullmatch(name) or row["region"] not in wanted:
                continue
            model = row["gpu_model"] or next((model for start, model in GPU_MODELS if name.startswith(start)), "")
            vcpus = 2 if name in SHARED_CORE else int(row["vcpus"])
            tables.machines[name] = Machine(vcpus, Decimal(row["memory_gib"]), model, int(row["gpu_count"]))
            month = [Decimal(row[f"cud_{years}y_usd_per_month"] or 0) / HOURS or None for years in (1, 3)]
            hour = [Decimal(row[f"{prefix}usd_per_hour"] or 0) or None for prefix in ("", "spot_")]
            tables.prices[row["region"], name] = Listed(hour[0], hour[1], month[0], month[1])
    return tables


def add_by_hand(tables: Tables, regions: Iterable[str]) -> None:
    """The machines that the list lacks, everywhere or in some regions."""
    for name, (vcpus, memory, gpu, count) in BY_HAND.items():
        tables.machines[name] = Machine(vcpus, memory, gpu, count, "google-machines")
    for region in regions:
        if region in {"us-central1", "us-west1"}:
            spot = tables.prices[region, "a3-highgpu-8g"].spot
            tables.prices[region, "a3-megagpu-8g"] = Listed(MEGA_HOME, spot, None, None, "skypilot-sum")
        spot = Decimal(A4_SPOT[region]) if region in A4_SPOT else None
        tables.prices[region, "a4-highgpu-8g"] = Listed(None, spot, None, None, "skypilot")
        tables.prices.setdefault((region, "a3-ultragpu-8g"), Listed(None, None, None, None))


def add_attached(tables: Tables, gpus: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """N1 hosts with GPUs, named like `n1-standard-8+1xt4`: the host's prices and so many times the GPU's."""
    hosts = {n: m for n, m in tables.machines.items() if re.match(r"n1-(standard|highmem)-", n) and m.vcpus > 1}
    for gpu, (_, largest) in ATTACHED.items():
        for count, (vcpus, memory) in largest.items():
            for host, machine in hosts.items():
                if machine.vcpus > vcpus or machine.memory_gib > memory:
                    continue
                name = f"{host}+{count}x{gpu}"
                tables.machines[name] = Machine(machine.vcpus, machine.memory_gib, gpu, count, "google-gpu")
                for (where, kind), row in gpus.items():
                    base = tables.prices.get((where, host))
                    if kind == gpu and base and base.on_demand and base.spot:
                        tables.prices[where, name] = Listed(
                            base.on_demand + count * Decimal(row["usd_per_hour"]),
                            base.spot + count * Decimal(row["spot"]),
                            with_gpus(base.commit_1y, count, row["commit_1y"]),
                            with_gpus(base.commit_3y, count, row["commit_3y"]),
                            "gcosts-gpu",
                        )


def with_gpus(host: Decimal | None, count: int, gpu: str) -> Decimal | None:
    """An hour of the host and its GPUs, or None where one of them has no price."""
    return host + count * Decimal(gpu) if host and gpu else None


def zones_of(name: str, series: Mapping[str, set[str]], shapes: Mapping[str, set[str]]) -> set[str]:
    """The zones that have the type: those of its series, of its shape and of its GPU."""
    host, _, attached = name.partition("+")
    parts = host.split("-")
    found = set(series[parts[0]])
    keys = [f"{parts[0]}-lssd" if parts[-1] == "lssd" else f"{parts[0]}-{parts[1]}"]
    if parts[0] == "c4" and parts[2] in {"144", "288"}:
        keys.append("c4-lssd")
    if attached:
        keys.append(attached.partition("x")[2])
    for key in keys:
        found &= shapes.get(key, found)
    return found


def local_storage(name: str, tables: Tables) -> int:
    """GiB of local SSD that come with the machine: with each GPU, or what the `-lssd` type costs above its twin."""
    machine = tables.machines[name]
    for start, gib in DISK_GIB.items():
        if name.startswith(start):
            return gib * machine.gpus
    if not name.endswith("-lssd"):
        return 0
    usd = Decimal("0.16") if series_of(name) in {"c4", "c4d"} else Decimal("0.08")
    here, twin = (tables.prices[HOME, which].on_demand for which in (name, name.removesuffix("-lssd")))
    assert here is not None and twin is not None
    return round((here - twin) * HOURS / usd)


def instance_row(name: str, tables: Tables) -> list[str]:
    """One row of instances.csv."""
    machine, series = tables.machines[name], series_of(name)
    word, gib = GPUS.get(machine.gpu, (machine.gpu, ATTACHED.get(machine.gpu, (0,))[0]))
    return [
        name,
        series,
        "previous" if series in PREVIOUS else "current",
        str(machine.vcpus),
        f"{machine.memory_gib.normalize():f}",
        "arm64" if series in ARM else "x86_64",
        "true" if name in SHARED_CORE else "false",
        "nvidia" if machine.gpus else "",
        word if machine.gpus else "",
        str(machine.gpus),
        str(gib if machine.gpus else 0),
        str(local_storage(name, tables)),
        machine.source,
        DATES[machine.source],
    ]


def spot_band(on_demand: Decimal | None, spot: Decimal, before: Decimal | None) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected and high: how far spot has moved, around the newest price and, where known, the earlier share."""
    down = KNOWN_DOWN if before and before < spot else DOWN
    low, high = min(spot, before or spot) * down, max(spot, before or spot) * UP
    if on_demand is None:
        return low, spot, high
    high = min(max(high, on_demand * QUARTER), on_demand * CEILING)
    return min(max(low, on_demand * FLOOR), spot * Decimal("0.9")), spot, max(spot, high)


def money(value: Decimal) -> str:
    """At most six decimals, no trailing zeros."""
    return f"{value.quantize(Decimal('0.000001'), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


def price_rows(
    offers: Iterable[tuple[str, str]], tables: Tables, shares: Mapping[tuple[str, str], Decimal]
) -> Iterator[list[str]]:
    """One row for each offer that has a price."""
    for region, name in offers:
        listed = tables.prices.get((region, name))
        if listed is None:
            continue
        here = name not in ON_REQUEST
        plain = [money(usd) if usd and here else "" for usd in (listed.on_demand, listed.commit_1y, listed.commit_3y)]
        spot = [""] * 3
        if listed.spot:
            share = shares.get((region, series_of(name)))
            before = listed.spot * share if share and "+" not in name else None
            spot = [money(usd) for usd in spot_band(listed.on_demand, listed.spot, before)]
        given = (plain[0], listed.spot, plain[1] or plain[2])
        if any(given):
            yield [region, name, plain[0], *spot, *plain[1:], *(listed.source if one else "" for one in given)]


def write(path: Path, header: str, rows: Iterable[Iterable[str]]) -> None:
    """Writes sorted rows under `header`."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(sorted(map(list, rows)))


def main() -> None:
    """Reads the sources and writes the four tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True)
    options = parser.parse_args()

    series: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows_of("gcp_zones.csv"):
        for one in row["series"].split("|"):
            series[row["zone"].rpartition("-")[0]][one].add(row["zone"])
    shapes: dict[str, dict[str, set[str]]] = {region: {} for region in series}
    for row in rows_of("gcp_shapes.csv"):
        for region in series:
            shapes[region].setdefault(row["shape"], set())
        shapes[row["region"]][row["shape"]] = set(row["zones"].split("|"))

    tables = read_list(options.list, series)
    add_by_hand(tables, series)
    add_attached(tables, {(row["region"], row["gpu"]): row for row in rows_of("gcp_gpus.csv")})
    shares = {}
    for row in rows_of("gcp_observed.csv"):
        spot = tables.prices[row["region"], row["instance_type"]].spot
        if spot:
            shares[row["region"], series_of(row["instance_type"])] = Decimal(row["spot"]) / spot

    offers: dict[tuple[str, str], list[str]] = {}
    for region, zoned in series.items():
        for name in tables.machines:
            zones = zones_of(name, zoned, shapes[region])
            if zones and (region, name) in tables.prices:
                offers[region, name] = [region, name, "|".join(sorted(zones)), "google-zones", DATES["google-zones"]]
    rows = list(price_rows(offers, tables, shares))
    priced = {(row[0], row[1]) for row in rows if row[2]}

    header = "instance_type,family,generation,vcpus,memory_gib,architecture,burstable,gpu_manufacturer,gpu_type"
    header += ",gpu_count,gpu_memory_gib,local_storage_gib,source,as_of"
    write(GCP / "instances.csv", header, (instance_row(name, tables) for name in {name for _, name in offers}))
    write(GCP / "offers.csv", "region,instance_type,zones,source,as_of", offers.values())
    header = "region,instance_type,on_demand,spot_low,spot,spot_high,commit_1y,commit_3y"
    header += ",on_demand_source,spot_source,commitment_source"
    write(GCP / "prices/instances.csv", header, rows)
    unpriced = ([*key, ON_REQUEST.get(key[1], "no source has a price")] for key in offers.keys() - priced)
    write(GCP / "prices/unpriced.csv", "region,instance_type,reason", unpriced)
    print({region: sum(1 for where, _ in offers if where == region) for region in sorted(series)})


if __name__ == "__main__":
    main()
