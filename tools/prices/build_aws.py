"""Builds instances.csv, offers.csv, prices/instances.csv and prices/unpriced.csv of AWS from public tables.

    python tools/prices/build_aws.py --list FILE --specs FILE --libcloud DIR

--list      instance_type,usd_per_hour: Linux on demand in us-east-1, as karpenter-provider-aws generates it
--specs     vCPUs, memory, architecture, GPUs and local disks of instance types
--libcloud  an unpacked apache-libcloud package: regional prices (often dedicated-tenancy ones) and regional offers
aws_observed.csv beside this file: rows read from the SkyPilot catalog: price, zones and spot price of each zone

AWS prices a family linearly, and a region multiplies a family by one factor. So a regional price is libcloud's own row
where it fits the factor of its family within half a percent, else the us-east-1 price times that factor; a row read
from SkyPilot wins over both. docs/prices.md says what each source is good for.
"""

from __future__ import annotations

import argparse
import csv
import json
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
AWS = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws"
HOME = "us-east-1"
REGIONS = (HOME, "us-west-2", "eu-west-1", "eu-central-1")
DATES = {
    "karpenter": "2026-07-20",
    "sparecores": "2026-01-31",
    "libcloud": "2025-03-02",
    "libcloud-offers": "2025-03-02",
    "skypilot": "2025-12-01",
    "aws-factor": "2026-07-20",
    "spot-class": "2025-12-01",
}

CPU_FAMILIES = (
    "t3 t3a t4g m5 m5d m6i m6a m6g m6id m7i m7i-flex m7a m7g m8g m8gd m8i m8i-flex m8a c5 c5d c6i c6a c6g c6id c7i "
    "c7i-flex c7a c7g c8g c8i c8i-flex c8a r5 r5d r6i r6a r6g r6id r7i r7a r7g r8g r8i r8i-flex r8a i4i"
).split()  # noqa: SIM905 - a list of forty short words reads better as text
GPU_FAMILIES = "g4dn g5 g5g g6 g6e g7e gr6 p3 p3dn p4d p4de p5 p5e p5en p6-b200 p6-b300".split()  # noqa: SIM905
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
NOT_ON_LIST = {("us-west-2", "p5e.48xlarge"): "sold as capacity blocks only; AWS publishes no on-demand price"}


@dataclass(frozen=True)
class Observed:
    """One row of aws_observed.csv."""

    usd: Decimal | None
    zones: str
    spot: tuple[Decimal, ...]


def family_of(name: str) -> str:
    """`m6i` of `m6i.xlarge`."""
    return name.split(".", maxsplit=1)[0]


def read_observed(path: Path) -> dict[tuple[str, str], Observed]:
    """Rows by region and type."""
    with path.open(newline="") as stream:
        return {
            (row["region"], row["instance_type"]): Observed(
                Decimal(row["usd_per_hour"]) if row["usd_per_hour"] else None,
                row["zones"],
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
        for (where, name), row in observed.items():
            if where == region and row.usd and name in home:
                family, factor = family_of(name), row.usd / home[name]
                factors[family, region] = factor if family in CPU_FAMILIES else factors.get((family, region), factor)
    return factors


def specs_row(name: str, spec: Mapping[str, str]) -> list[str]:
    """One row of instances.csv."""
    family = family_of(name)
    kind, gib = GPUS.get(family, ("", 0))
    gpus = int(spec["gpu_count"]) if kind else 0
    local = int(Decimal(spec["local_storage_gb"]) * 10**9 / 2**30)
    memory = Decimal(spec["memory_gib"]).normalize()
    return [
        name,
        family,
        "previous" if family in PREVIOUS else "current",
        spec["vcpus"],
        f"{memory:f}",
        {"X86_64": "x86_64", "ARM64": "arm64"}[spec["architecture"]],
        "true" if family in BURSTABLE else "false",
        "nvidia" if gpus else "",
        kind,
        str(gpus),
        str(gib if gpus else 0),
        str(local),
        "sparecores",
        DATES["sparecores"],
    ]


def spot_class(family: str) -> str:
    """Spot of a type without its own observation is taken from its class: GPU machines, or the others."""
    return "gpu" if family in GPU_FAMILIES else "cpu"


def spot_band(usd: Decimal, spot: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected, high: three quarters of the cheapest zone, the middle zone, 1.3 times the dearest, at most list."""
    values = sorted(spot)
    return values[0] * Decimal("0.75"), min(median(values), usd), min(values[-1] * Decimal("1.3"), usd)


def class_bands(
    prices: Mapping[tuple[str, str], tuple[Decimal, str]], observed: Mapping[tuple[str, str], Observed]
) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    """Spot over on demand for each class and region: the 5th percentile x 0.75, the median, the 95th x 1.3."""
    shares: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for (region, name), row in observed.items():
        if (region, name) in prices:
            usd = prices[region, name][0]
            shares[spot_class(family_of(name)), region] += [value / usd for value in row.spot]
    bands = {}
    for key, values in shares.items():
        ordered = sorted(values)
        low, high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
        bands[key] = (low * Decimal("0.75"), median(ordered), min(high * Decimal("1.3"), Decimal(1)))
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


def main() -> None:
    """Reads the sources and writes the four tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("list", "specs", "libcloud"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()

    families = {*CPU_FAMILIES, *GPU_FAMILIES}
    with options.list.open(newline="") as stream:
        home = {
            row["instance_type"]: Decimal(row["usd_per_hour"])
            for row in csv.DictReader(stream)
            if family_of(row["instance_type"]) in families and ".metal" not in row["instance_type"]
        }
    with options.specs.open(newline="") as stream:
        specs = {row["instance_type"]: row for row in csv.DictReader(stream)}
    regional = json.loads((options.libcloud / "libcloud/data/pricing.json").read_text())["compute"]["ec2_linux"]
    details: dict[str, Any] = runpy.run_path(
        str(options.libcloud / "libcloud/compute/constants/ec2_region_details_complete.py")
    )["REGION_DETAILS"]
    observed = read_observed(HERE / "aws_observed.csv")
    factors = family_factors(home, regional, observed)

    offers: dict[tuple[str, str], list[str]] = {}
    prices: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for region in REGIONS:
        listed = set(details[region]["instance_types"])
        seen_families = {family_of(name) for where, name in observed if where == region}
        for name in sorted({*home, *(name for where, name in observed if where == region)} & specs.keys()):
            family = family_of(name)
            row = observed.get((region, name))
            like = family in CPU_FAMILIES and family in seen_families
            if region == HOME and name in home:
                source = "karpenter"
            elif row:
                source = "skypilot"
            elif name in listed:
                source = "libcloud-offers"
            elif like:
                source = "skypilot"
            else:
                continue
            zones = row.zones if row else family_zones(family, region, observed)
            offers[region, name] = [region, name, zones, source, DATES[source]]
            price = on_demand(region, name, home, regional, observed, factors)
            if price:
                prices[region, name] = price

    bands = class_bands(prices, observed)
    rows = []
    for (region, name), (usd, source) in prices.items():
        text = money(usd)
        rows.append([region, name, "on_demand", text, text, text, "hour", DATES[source], source])
        row = observed.get((region, name))
        if row and row.spot:
            band, source = spot_band(usd, row.spot), "skypilot"
        else:
            low, expected, high = bands[spot_class(family_of(name)), region]
            band, source = (usd * low, usd * expected, usd * high), "spot-class"
        rows.append([region, name, "spot", *map(money, band), "hour", DATES[source], source])

    types = {name for _, name in offers}
    header = "instance_type,family,generation,vcpus,memory_gib,architecture,burstable,gpu_manufacturer,gpu_type"
    header += ",gpu_count,gpu_memory_gib,local_storage_gib,source,as_of"
    write(AWS / "instances.csv", header, (specs_row(name, specs[name]) for name in types))
    write(AWS / "offers.csv", "region,instance_type,zones,source,as_of", offers.values())
    header = "region,instance_type,option,usd_low,usd_expected,usd_high,unit,as_of,source"
    write(AWS / "prices/instances.csv", header, rows)
    missing = (key for key in offers if key not in prices)
    unpriced = ([*key, NOT_ON_LIST.get(key, "no regional price found in two agreeing sources")] for key in missing)
    write(AWS / "prices/unpriced.csv", "region,instance_type,reason", unpriced)
    print({region: sum(1 for where, _ in offers if where == region) for region in REGIONS}, len(rows), len(types))


def family_zones(family: str, region: str, observed: Mapping[tuple[str, str], Observed]) -> str:
    """The zones of a CPU family, where every observed size of it agrees; else empty."""
    zones = {row.zones for (where, name), row in observed.items() if where == region and family_of(name) == family}
    return zones.pop() if len(zones) == 1 and family in CPU_FAMILIES else ""


def on_demand(  # noqa: PLR0913 - the sources
    region: str,
    name: str,
    home: Mapping[str, Decimal],
    regional: Mapping[str, Mapping[str, float]],
    observed: Mapping[tuple[str, str], Observed],
    factors: Mapping[tuple[str, str], Decimal],
) -> tuple[Decimal, str] | None:
    """The on-demand price and its source, or None."""
    row = observed.get((region, name))
    if region == HOME and name in home:
        return home[name], "karpenter"
    if row:
        return (row.usd, "skypilot") if row.usd else None
    factor = factors.get((family_of(name), region))
    if factor is None or name not in home:
        return None
    listed = Decimal(str(regional.get(name, {}).get(region) or 0))
    if listed and abs(listed / (home[name] * factor) - 1) < Decimal("0.005"):
        return listed, "libcloud"
    return home[name] * factor, "aws-factor"


if __name__ == "__main__":
    main()
