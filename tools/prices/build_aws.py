"""Builds instances.csv, offers.csv and the instance tables of prices/ of AWS from public tables.

    python tools/prices/build_aws.py --list FILE --specs FILE --libcloud DIR --moto DIR

--list      instance_type,usd_per_hour: Linux on demand in us-east-1, as karpenter-provider-aws generates it
--specs     vCPUs, memory, architecture, GPUs and local disks of instance types
--libcloud  an unpacked apache-libcloud package: regional prices (often dedicated-tenancy ones)
--moto      an unpacked moto package: what EC2 answered when asked which types each zone offers
aws_observed.csv beside this file: rows read from the SkyPilot catalog: price, and spot price of each zone

AWS prices a family linearly, and a region multiplies a family by one factor. So a regional price is libcloud's own row
where it fits the factor of its family within half a percent, else the us-east-1 price times that factor; a row read
from SkyPilot wins over both. A family too new for libcloud takes the factor of the one before it: wherever both
factors are known they are the same. docs/prices.md says what each source is good for.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
AWS = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws"
HOME = "us-east-1"
REGIONS = (
    HOME,
    "us-east-2",
    "us-west-2",
    "ca-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
)
DATES = {
    "karpenter": "2026-07-20",
    "sparecores": "2026-01-31",
    "libcloud": "2025-03-02",
    "libcloud-specs": "2025-03-02",
    "moto": "2026-10-27",
    "skypilot": "2025-11-18",
    "aws-factor": "2026-07-20",
    "spot-class": "2025-11-18",
    "vantage": "2026-10-01",
    "vantage-2025": "2025-04-28",
    "ec2-shop": "2024-09-26",
}

# fmt: off
CPU_FAMILIES = (
    "t3", "t3a", "t4g", "m5", "m5a", "m5d", "m6i", "m6a", "m6g", "m6id", "m7i", "m7i-flex", "m7a", "m7g", "m8g", "m8gd",
    "m8i", "m8i-flex", "m8a", "c5", "c5a", "c5d", "c6i", "c6a", "c6g", "c6id", "c7i", "c7i-flex", "c7a", "c7g", "c8g",
    "c8i", "c8i-flex", "c8a", "r5", "r5a", "r5d", "r6i", "r6a", "r6g", "r6id", "r7i", "r7a", "r7g", "r8g", "r8i",
    "r8i-flex", "r8a", "i4i",
)
GPU_FAMILIES = (
    "g4dn", "g5", "g5g", "g6", "g6e", "g7e", "gr6", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200",
    "p6-b300",
)
# fmt: on
ELDER = {  # a family and the one whose regional factor it shares, older families first
    "r6a": "r6i",
    "m7a": "m6a",
    "c7a": "c6a",
    "r7a": "r6a",
    "m8a": "m7a",
    "c8a": "c7a",
    "r8a": "r7a",
    "m8g": "m7g",
    "c8g": "c7g",
    "r8g": "r7g",
    "m8gd": "m6id",
    "m8i": "m7i",
    "c8i": "c7i",
    "r8i": "r7i",
    "m8i-flex": "m7i-flex",
    "c8i-flex": "c7i-flex",
    "r8i-flex": "r7i",
    "g6e": "g6",
    "gr6": "g6",
}
LOCAL_DISCOUNT = Decimal(
    "0.99"
)  # Mumbai sells AMD and Graviton below us-east-1, each generation at a factor of its own
AS_HOME = ("us-west-2",)  # where every family costs what it costs in us-east-1
BURSTABLE = {"t3", "t3a", "t4g"}
PREVIOUS = {"p3", "p3dn"}
GPUS = {  # family: type in the words of the spec, GiB of one device as its maker states it
    "g4dn": ("t4", 16),
    "g5": ("a10g", 24),
    "g5g": ("t4g", 16),
    "g6": ("l4", 24),
    "gr6": ("l4", 24),
    "g6e": ("l40s", 48),
    "g7e": ("rtx-pro-6000", 96),
    "p3": ("v100", 16),
    "p3dn": ("v100", 32),
    "p4d": ("a100", 40),
    "p4de": ("a100-80", 80),
    "p5": ("h100", 80),
    "p5e": ("h200", 141),
    "p5en": ("h200", 141),
    "p6-b200": ("b200", 180),
    "p6-b300": ("b300", 268),
}
SPREAD = {  # how far spot has moved below and above what was observed; GPU machines move most
    "gpu": (Decimal("0.5"), Decimal("1.8")),
    "small": (Decimal("0.6"), Decimal("1.6")),
    "large": (Decimal("0.6"), Decimal("1.6")),
}
CLASS_SPREAD = (Decimal("0.75"), Decimal("1.3"))  # around the 5th and 95th percentile of a class, which is wide itself
PLAN = "Standard Reserved Instance"
TERMS = ("1", "3")  # years
SAME_PRICE = Decimal("0.0005")  # how far two sources round one price apart
ROUNDED_AWAY = Decimal("0.002")
ENOUGH_ZONES = 12  # observed spot prices of a class from which a region has a middle of its own
NOT_ON_LIST = {
    (region, "p5e.48xlarge"): "sold as capacity blocks only; AWS publishes no on-demand price" for region in REGIONS
}


@dataclass(frozen=True)
class Observed:
    """One row of aws_observed.csv."""

    usd: Decimal
    spot: tuple[Decimal, ...]


@dataclass(frozen=True)
class Spec:
    """What a machine has."""

    vcpus: int
    memory_gib: Decimal
    arm: bool
    gpus: int
    local_storage_gb: int
    source: str = "sparecores"


@dataclass(frozen=True)
class Sources:
    """The tables read: home-region prices, and regional prices by type."""

    home: Mapping[str, Decimal]
    regional: Mapping[str, Mapping[str, float]]


def family_of(name: str) -> str:
    """`m6i` of `m6i.xlarge`."""
    return name.split(".", maxsplit=1)[0]


def read_observed(path: Path) -> dict[tuple[str, str], Observed]:
    """Rows by region and type."""
    with path.open(newline="") as stream:
        return {
            (row["region"], row["instance_type"]): Observed(
                Decimal(row["usd_per_hour"]),
                tuple(Decimal(text) for text in row["spot"].split("|") if text),
            )
            for row in csv.DictReader(stream)
        }


def family_factors(
    home: Mapping[str, Decimal],
    regional: Mapping[str, Mapping[str, float]],
    observed: Mapping[tuple[str, str], Observed],
) -> dict[tuple[str, str], Decimal]:
    """What a region multiplies a family's us-east-1 price by.

    An observed price decides. Else the lowest factor that two sizes share, or one size if the next factor above it is
    5 to 11 % higher: that one is dedicated tenancy, the lower one the list price.
    """
    factors: dict[tuple[str, str], Decimal] = {}
    for region in REGIONS:
        seen: dict[str, Counter[Decimal]] = defaultdict(Counter)
        for name, usd in home.items():
            value = Decimal(str(regional.get(name, {}).get(region) or 0))
            if value and usd > Decimal("0.01"):
                seen[family_of(name)][(value / usd).quantize(Decimal("0.01"))] += 1
        for family, counts in seen.items():
            ordered = sorted(counts)
            for low in ordered:
                dedicated = any(Decimal("1.045") < high / low < Decimal("1.115") for high in ordered)
                if counts[low] + counts[low + Decimal("0.01")] >= 2 or dedicated:
                    exact = [
                        Decimal(str(regional[name][region])) / usd
                        for name, usd in home.items()
                        if family_of(name) == family
                        and regional.get(name, {}).get(region)
                        and abs(Decimal(str(regional[name][region])) / usd / low - 1) < Decimal("0.009")
                    ]
                    factors[family, region] = median(exact)
                    break
        for (where, name), row in sorted(
            observed.items(), key=lambda item: item[1].usd
        ):  # the dearest is rounded least
            if where == region and name in home:
                family, factor = family_of(name), row.usd / home[name]
                factors[family, region] = factor if family in CPU_FAMILIES else factors.get((family, region), factor)
        for family, elder in ELDER.items():
            if factors.get((elder, region), Decimal(0)) > LOCAL_DISCOUNT:
                factors.setdefault((family, region), factors[elder, region])
        if region in AS_HOME:
            factors |= {(family_of(name), region): Decimal(1) for name in home}
    return factors


def read_specs(path: Path, libcloud: Mapping[str, Any]) -> dict[str, Spec]:
    """Specifications by type: libcloud's (the AWS Price List) where it has the type, the other table's for newer types.

    Where both have a type they must agree; of the local disks, rounded differently, the smaller amount counts.
    """
    specs = {}
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream):
            name = row["instance_type"]
            arm = row["architecture"] == "ARM64"
            spec = Spec(
                int(row["vcpus"]), Decimal(row["memory_gib"]), arm, int(row["gpu_count"]), int(row["local_storage_gb"])
            )
            attributes = libcloud.get(name, {}).get("extra", {})
            if "vcpu" in attributes:
                disks = re.match(r"(?:(\d+) *x *)?(\d+)", attributes["storage"], re.IGNORECASE)
                amount = int(disks[1] or 1) * int(disks[2]) if disks else 0
                listed = Spec(
                    int(attributes["vcpu"]),
                    Decimal(libcloud[name]["ram"]) / 1024,
                    "Graviton" in attributes["physicalProcessor"],
                    int(attributes.get("gpu") or 0),
                    min(amount, spec.local_storage_gb),
                    "libcloud-specs",
                )
                if family_of(name) in {*CPU_FAMILIES, *GPU_FAMILIES} and listed != replace(
                    spec, local_storage_gb=listed.local_storage_gb, source=listed.source
                ):
                    raise SystemExit(f"{name}: the two sources differ: {spec} {listed}")
                spec = listed
            specs[name] = spec
    return specs


def specs_row(name: str, spec: Spec) -> list[str]:
    """One row of instances.csv."""
    family = family_of(name)
    kind, gib = GPUS.get(family, ("", 0))
    gpus = spec.gpus if kind else 0
    return [
        name,
        family,
        "previous" if family in PREVIOUS else "current",
        str(spec.vcpus),
        f"{spec.memory_gib.normalize():f}",
        "arm64" if spec.arm else "x86_64",
        "true" if family in BURSTABLE or family.endswith("-flex") else "false",
        "nvidia" if gpus else "",
        kind,
        str(gpus),
        str(gib if gpus else 0),
        str(int(Decimal(spec.local_storage_gb) * 10**9 / 2**30)),
        spec.source,
        DATES[spec.source],
    ]


def spot_class(spec: Spec) -> str:
    """The class whose spot band a type takes when it was not observed itself: GPU machines, small and large others."""
    if spec.gpus:
        return "gpu"
    return "small" if spec.vcpus <= 16 else "large"


Band = tuple[Decimal, Decimal, Decimal]


def spot_band(usd: Decimal, kind: str, spot: Iterable[Decimal]) -> Band:
    """Low, expected and high of an observed type: the zones' extremes, spread, and the middle zone; at most `usd`."""
    values, (down, up) = sorted(spot), SPREAD[kind]
    return values[0] * down, min(median(values), usd), min(values[-1] * up, usd)


def class_bands(
    prices: Mapping[tuple[str, str], tuple[Decimal, str]],
    observed: Mapping[tuple[str, str], Observed],
    specs: Mapping[str, Spec],
) -> dict[tuple[str, str], Band]:
    """Spot over on demand by class and region: the region's median within the 5th to 95th percentile of all regions.

    A region with few observed prices takes the median of all regions.
    """
    shares: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for (region, name), row in observed.items():
        if (region, name) in prices:
            usd = prices[region, name][0]
            shares[spot_class(specs[name]), region] += [value / usd for value in row.spot]
    bands = {}
    down, up = CLASS_SPREAD
    for kind in SPREAD:
        pooled = sorted(value for (key, _), values in shares.items() if key == kind for value in values)
        low, high = pooled[len(pooled) // 20] * down, min(pooled[-1 - len(pooled) // 20] * up, Decimal(1))
        for region in REGIONS:
            here = shares[kind, region]
            bands[kind, region] = (low, median(here if len(here) >= ENOUGH_ZONES else pooled), high)
    return bands


def money(value: Decimal) -> str:
    """At most five decimals, as AWS rounds; no trailing zeros."""
    text = f"{value.quantize(Decimal('0.00001'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


def write(path: Path, header: str, rows: Iterable[Iterable[str]]) -> None:
    """Writes sorted rows under `header`."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(sorted(map(list, rows)))


def read_home(path: Path) -> dict[str, Decimal]:
    """On-demand prices of the home region, for the families of the catalog, without bare-metal sizes."""
    families = {*CPU_FAMILIES, *GPU_FAMILIES}
    with path.open(newline="") as stream:
        rows = [(row["instance_type"], Decimal(row["usd_per_hour"])) for row in csv.DictReader(stream)]
    return {name: usd for name, usd in rows if family_of(name) in families and ".metal" not in name}


def read_offers(package: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Zone ids by region and type, as EC2's DescribeInstanceTypeOfferings gave them."""
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    for region in REGIONS:
        table = package / f"moto/ec2/resources/instance_type_offerings/availability-zone-id/{region}.json.gz"
        for row in json.loads(gzip.decompress(table.read_bytes())):
            zones[region, row["InstanceType"]].add(row["Location"])
    return {key: tuple(sorted(ids)) for key, ids in zones.items()}


def spot_rows(
    prices: Mapping[tuple[str, str], tuple[Decimal, str]],
    observed: Mapping[tuple[str, str], Observed],
    specs: Mapping[str, Spec],
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Low, expected, high and source of spot, of every priced type."""
    bands = class_bands(prices, observed, specs)
    for (region, name), (usd, _) in prices.items():
        kind, row = spot_class(specs[name]), observed.get((region, name))
        if row and row.spot:
            band, source = spot_band(usd, kind, row.spot), "skypilot"
        else:
            low, expected, high = bands[kind, region]
            band, source = (usd * low, usd * expected, usd * high), "spot-class"
        yield (region, name), (*map(money, band), source)


def main() -> None:
    """Reads the sources and writes the four tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("list", "specs", "libcloud", "moto"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()

    home = read_home(options.list)
    types = runpy.run_path(str(options.libcloud / "libcloud/compute/constants/ec2_instance_types.py"))["INSTANCE_TYPES"]
    specs = read_specs(options.specs, types)
    regional = json.loads((options.libcloud / "libcloud/data/pricing.json").read_text())["compute"]["ec2_linux"]
    sources = Sources(home, regional)
    observed = read_observed(HERE / "aws_observed.csv")
    factors = family_factors(home, regional, observed)

    offers: dict[tuple[str, str], list[str]] = {}
    prices: dict[tuple[str, str], tuple[Decimal, str]] = {}
    families = {*CPU_FAMILIES, *GPU_FAMILIES}
    for (region, name), zones in read_offers(options.moto).items():
        if family_of(name) in families and ".metal" not in name and name in specs:
            offers[region, name] = [region, name, "|".join(zones), "moto", DATES["moto"]]
            price = on_demand(region, name, sources, observed, factors)
            if price:
                prices[region, name] = price

    header = "instance_type,family,generation,vcpus,memory_gib,architecture,burstable,gpu_manufacturer,gpu_type"
    header += ",gpu_count,gpu_memory_gib,local_storage_gib,source,as_of"
    write(AWS / "instances.csv", header, (specs_row(name, specs[name]) for name in {name for _, name in offers}))
    write(AWS / "offers.csv", "region,instance_type,zones,source,as_of", offers.values())
    spot = dict(spot_rows(prices, observed, specs))
    rows = [
        [*key, money(usd), *spot[key][:3], "", "", source, spot[key][3], ""] for key, (usd, source) in prices.items()
    ]
    header = "region,instance_type,on_demand,spot_low,spot,spot_high,commit_1y,commit_3y"
    header += ",on_demand_source,spot_source,commitment_source"
    write(AWS / "prices/instances.csv", header, rows)
    unknown = "no source states the price in this region"
    unpriced = ([*key, NOT_ON_LIST.get(key, unknown)] for key in offers.keys() - prices)
    write(AWS / "prices/unpriced.csv", "region,instance_type,reason", unpriced)
    print({region: sum(1 for where, _ in offers if where == region) for region in REGIONS})


def on_demand(
    region: str,
    name: str,
    sources: Sources,
    observed: Mapping[tuple[str, str], Observed],
    factors: Mapping[tuple[str, str], Decimal],
) -> tuple[Decimal, str] | None:
    """The on-demand price and its source, or None."""
    home, row = sources.home, observed.get((region, name))
    if region == HOME and name in home:
        return home[name], "karpenter"
    if row:
        return row.usd, "skypilot"
    factor = factors.get((family_of(name), region))
    if factor is None or name not in home:
        return None
    listed = Decimal(str(sources.regional.get(name, {}).get(region) or 0))
    if listed and abs(listed / (home[name] * factor) - 1) < Decimal("0.005"):
        return listed, "libcloud"
    return home[name] * factor, "aws-factor"


if __name__ == "__main__":
    main()
