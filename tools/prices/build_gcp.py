"""Builds instances.csv, offers.csv, prices/instances.csv and prices/unpriced.csv of GCP from public tables.

    python tools/prices/build_gcp.py --list FILE --offered FILE --history FILE...

--list          pricing.yml of the gcosts calculator, which tables the Cloud Billing catalog
--offered       its tools/machinetyperegion.csv: what `gcloud compute machine-types list` has in each region
--history       earlier pricing.yml, of which the band of a spot price is made
Beside this file:
gcp_zones.csv     the machine series of each zone, from Google's page of regions and zones and the SkyPilot catalog
gcp_shapes.csv    the zones of shapes that are not in every zone of their series, and of GPUs attached to N1
gcp_gpus.csv      what an attached GPU costs by region: an hour on demand and spot
gcp_observed.csv  rows of the SkyPilot catalog, a second witness of prices on demand and an earlier one of spot

A price list says nothing about offers: it has A3 High in us-east1, where nobody can create one. So a type is offered
where Google's list of machine types has it, and priced only there. docs/prices.md says more.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from gcp_lists import Listed, Machine, Tables, Zones, loaded, read_list, read_offered, read_spot, rows_of, series_of

HERE = Path(__file__).parent
GCP = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "gcp"
HOURS = 730
DATES = {row["id"]: row["as_of"] for row in rows_of(GCP / "prices/sources.csv")}

PREVIOUS = {"f1", "g1", "n1", "c2", "t2a"}
ARM = {"t2a", "c4a", "n4a"}
SHARED_CORE = {"e2-micro", "e2-small", "e2-medium", "f1-micro", "g1-small"}
GPUS = {  # model in the list: the spec's word, GiB of one device as its maker states it
    "l4": ("l4", 24),
    "a100": ("a100", 40),
    "a100-80gb": ("a100-80", 80),
    "h100-80gb": ("h100", 80),
    "h100-80gb-mega": ("h100", 80),
    "h200-141gb": ("h200", 141),
    "b200": ("b200", 180),
    "rtx6000": ("rtx-pro-6000", 96),
}
ATTACHED = {  # GPU attached to N1: GiB of one device, and the largest host in vCPUs and GiB for each count
    "t4": (16, {1: (48, 312), 2: (48, 312), 4: (96, 624)}),
    "p4": (8, {1: (24, 156), 2: (48, 312), 4: (96, 624)}),
    "v100": (16, {1: (12, 78), 2: (24, 156), 4: (48, 312), 8: (96, 624)}),
}
BY_HAND = {  # GPUs and local SSD of machines that the list lacks
    "a3-ultragpu-8g": ("h200-141gb", 8, 12000),
    "a4-highgpu-8g": ("b200", 8, 12000),
}
MEGA_GPUS = {  # eight GPUs of a3-megagpu-8g in SkyPilot's rows, and the host of the same rows
    "us-central1": ("82.75421", "9.46006"), "us-west1": ("82.75421", "9.46006"), "us-east4": ("82.75424", "9.46006"),
    "us-west4": ("93.20608", "10.65487"), "europe-west4": ("107.58048", "9.93306"),
    "australia-southeast1": ("103.44272", "11.82508"),
}  # fmt: skip
MEGA_SSD_GIB = 6000
GOOGLE_ZONES = {  # regions whose zones were read on Google's own page
    "asia-northeast1", "asia-south1", "asia-southeast1", "europe-west1", "europe-west2", "europe-west3", "europe-west4",
    "us-central1", "us-east1", "us-east4", "us-west1", "us-west4",
}  # fmt: skip
ON_REQUEST = {
    "a3-highgpu-1g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-highgpu-2g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-highgpu-4g": "created as spot or flex-start only; an on-demand machine of this size is refused",
    "a3-ultragpu-8g": "sold by reservation and flex-start and spot; not on demand",
    "a4-highgpu-8g": "sold by reservation and flex-start and spot; not on demand",
}
UNKNOWN = "no source states the price in this region"
A4_SPOT = {  # SkyPilot: the eight GPUs with their host
    "us-central1": "32.6064", "us-east1": "32.6064", "us-east4": "32.6064", "europe-west4": "35.8672",
    "asia-northeast1": "39.128", "asia-southeast1": "35.5712",
}  # fmt: skip

FLOOR, CEILING = Decimal("0.079"), Decimal("0.6001")
"""The least and the most that spot has been of the price on demand, in every row of the list."""
DOWN, UP, QUARTER = Decimal("0.6"), Decimal("1.6"), Decimal("0.25")
"""How far spot moves beyond the lowest and the highest price of the last months; docs/prices.md has the figures.

What is cheap may become dear again: a band reaches to a quarter of the price on demand at least."""


def add_by_hand(tables: Tables, offered: Mapping[str, Sequence[tuple[str, int, Decimal]]]) -> None:
    """Types of Google's list of types that the price list lacks, everywhere or in some regions."""
    local_ssd = local_ssd_rates(tables)
    for region, types in offered.items():
        for name, vcpus, memory in types:
            if name not in tables.machines:
                gpu, gpus, disk = BY_HAND.get(name, ("", 0, 0))
                tables.machines[name] = Machine(vcpus, memory, gpu, gpus, disk, "gcloud-types")
        mega = tables.prices.get((region, "a3-megagpu-8g"))
        if region in MEGA_GPUS and not (mega and mega.on_demand):
            spot = tables.prices[region, "a3-highgpu-8g"].spot
            usd = sum(map(Decimal, MEGA_GPUS[region])) + MEGA_SSD_GIB * local_ssd[region] / HOURS
            tables.prices[region, "a3-megagpu-8g"] = Listed(usd, spot, None, None, "skypilot-sum")
        if region in A4_SPOT:
            tables.prices[region, "a4-highgpu-8g"] = Listed(None, Decimal(A4_SPOT[region]), None, None, "skypilot")


def local_ssd_rates(tables: Tables) -> dict[str, Decimal]:
    """What a GiB of local SSD costs a month by region: how much more C3 with local SSD costs than without."""
    rates = {}
    for (region, name), listed in tables.prices.items():
        twin = tables.prices.get((region, name.removesuffix("-lssd")))
        if name == "c3-standard-8-lssd" and twin and listed.on_demand and twin.on_demand:
            disk = tables.machines[name].local_storage_gib
            rates[region] = round((listed.on_demand - twin.on_demand) * HOURS / disk, 6)
    return rates


def add_attached(tables: Tables, gpus: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """N1 hosts with GPUs, named like `n1-standard-8+1xt4`: the host's prices and so many times the GPU's."""
    hosts = {n: m for n, m in tables.machines.items() if re.match(r"n1-(standard|highmem)-", n) and m.vcpus > 1}
    for gpu, (_, largest) in ATTACHED.items():
        for count, (vcpus, memory) in largest.items():
            for host, machine in hosts.items():
                if machine.vcpus > vcpus or machine.memory_gib > memory:
                    continue
                name = f"{host}+{count}x{gpu}"
                tables.machines[name] = Machine(machine.vcpus, machine.memory_gib, gpu, count, 0, "google-gpu")
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


def offer_rows(
    offered: Mapping[str, Sequence[tuple[str, int, Decimal]]], tables: Tables, zones: Zones
) -> Iterator[list[str]]:
    """Every offer: what Google's list of types has, and GPUs attached to it where a zone has them."""
    attached = [name for name in tables.machines if "+" in name]
    for region, types in offered.items():
        hosts = [name for name, _, _ in types]
        with_gpu = [name for name in attached if name.partition("+")[0] in hosts and zones.of(region, name)]
        for name in (*hosts, *with_gpu):
            where = zones.of(region, name)
            source = "gcloud-types" if not where else "google-zones" if region in GOOGLE_ZONES else "skypilot-zones"
            yield [region, name, "|".join(where), source, DATES[source]]


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
        str(machine.local_storage_gib),
        machine.source,
        DATES[machine.source],
    ]


def spot_band(on_demand: Decimal | None, spot: Decimal, before: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected and high: as far as spot moves beyond the lowest and the highest of the known prices."""
    known = [spot, *before]
    low, high = min(known) * DOWN, max(known) * UP
    if on_demand is None:
        return low, spot, high
    high = min(max(high, on_demand * QUARTER), on_demand * CEILING)
    return min(max(low, on_demand * FLOOR), spot * Decimal("0.9")), spot, max(spot, high)


def money(value: Decimal) -> str:
    """At most six decimals, no trailing zeros."""
    return f"{value.quantize(Decimal('0.000001'), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


def price_rows(
    offers: Iterable[tuple[str, str]], tables: Tables, before: Mapping[tuple[str, str], Sequence[Decimal]]
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
            earlier = before.get((region, name), ())
            spot = [money(usd) for usd in spot_band(listed.on_demand, listed.spot, earlier)]
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
    parser.add_argument("--offered", type=Path, required=True)
    parser.add_argument("--history", type=Path, nargs="*", default=[])
    options = parser.parse_args()

    tables, offered = read_list(loaded(options.list)), read_offered(options.offered)
    add_by_hand(tables, offered)
    add_attached(tables, {(row["region"], row["gpu"]): row for row in rows_of(HERE / "gcp_gpus.csv")})
    before = read_spot(map(loaded, options.history))
    for row in rows_of(HERE / "gcp_observed.csv"):
        before[row["region"], row["instance_type"]].append(Decimal(row["spot"]))

    zones = Zones.read(HERE / "gcp_zones.csv", HERE / "gcp_shapes.csv")
    offers = list(offer_rows(offered, tables, zones))
    names = [(row[0], row[1]) for row in offers]
    rows = list(price_rows(names, tables, before))
    priced = {(row[0], row[1]) for row in rows if row[2]}

    header = "instance_type,family,generation,vcpus,memory_gib,architecture,burstable,gpu_manufacturer,gpu_type"
    header += ",gpu_count,gpu_memory_gib,local_storage_gib,source,as_of"
    write(GCP / "instances.csv", header, (instance_row(name, tables) for name in {name for _, name in names}))
    write(GCP / "offers.csv", "region,instance_type,zones,source,as_of", offers)
    header = "region,instance_type,on_demand,spot_low,spot,spot_high,commit_1y,commit_3y"
    header += ",on_demand_source,spot_source,commitment_source"
    write(GCP / "prices/instances.csv", header, rows)
    unpriced = ([*key, ON_REQUEST.get(key[1], UNKNOWN)] for key in set(names) - priced)
    write(GCP / "prices/unpriced.csv", "region,instance_type,reason", unpriced)
    print({region: sum(1 for where, _ in names if where == region) for region in sorted(offered)})


if __name__ == "__main__":
    main()
