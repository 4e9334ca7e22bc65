"""Builds instances.csv, offers.csv and the instance tables of prices/ of AWS from public tables.

    python tools/prices/build_aws.py --list FILE --regions FILE --specs FILE --libcloud DIR --moto DIR --advisor FILE

--list      instance_type,usd_per_hour: Linux on demand in us-east-1, as karpenter-provider-aws generates it
--regions   Linux on demand of all regions, as lamngockhuong/aws-price keeps the AWS Price List (ec2-transformed.json)
--specs     vCPUs, memory, architecture, GPUs and local disks of instance types
--libcloud  an unpacked apache-libcloud package: specifications
--moto      an unpacked moto package: what EC2 answered when asked which types each zone offers
--advisor   the Spot Instance Advisor's file as spotinfo keeps it: savings of spot by type and region
aws_observed.csv beside this file: rows read from the SkyPilot catalog: price, and spot price of each zone
aws_spot.csv beside this file: further rows of it: spot price by zone id

AWS prices a family linearly, and a region multiplies a family by one factor. So a price that no source states is the
us-east-1 price times the factor of its family, or, for a family that is too new, of the one before it: wherever both
factors are known they are the same. docs/prices.md says what each source is good for.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import runpy
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
AWS = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws"
SAME_SHARE = Decimal("0.001")
"""Two lists agree on a price that differs by no larger share."""
HOME = "us-east-1"
DATES = {
    "karpenter": "2026-07-20",
    "sparecores": "2026-01-31",
    "libcloud-specs": "2025-03-02",
    "moto": "2026-10-27",
    "skypilot": "2025-11-18",
    "aws-price": "2025-10-28",
    "aws-factor": "2025-10-28",
    "spot-advisor": "2025-07-28",
    "spot-kin": "2025-07-28",
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
    "m7i": "m6i",
    "c7i": "c6i",
    "r7i": "r6i",
    "m7i-flex": "m7i",
    "c7i-flex": "c7i",
    "m8a": "m7a",
    "c8a": "c7a",
    "r8a": "r7a",
    "m8g": "m7g",
    "c8g": "c7g",
    "r8g": "r7g",
    "m8gd": "m7gd",
    "m8i": "m7i",
    "c8i": "c7i",
    "r8i": "r7i",
    "m8i-flex": "m7i-flex",
    "c8i-flex": "c7i-flex",
    "r8i-flex": "r7i",
    "g6e": "g6",
    "gr6": "g6",
    "p5en": "p5",
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
SPREAD, GPU_SPREAD = (Decimal("0.6"), Decimal("1.6")), (Decimal("0.5"), Decimal("1.8"))
"""How far spot moves below the cheapest and above the dearest zone observed."""
ESTIMATED = {  # source: how far zones lie from an estimate; docs/prices.md
    "spot-advisor": (Decimal("0.6"), Decimal("2.2")),
    "spot-kin": (Decimal("0.55"), Decimal("2.2")),
}
GPU_ESTIMATED = (Decimal("0.35"), Decimal("2.5"))
PLAN = "Standard Reserved Instance"
TERMS = ("1", "3")  # years
SAME_PRICE = Decimal("0.0005")  # how far two sources round one price apart
CAPACITY_BLOCKS_ONLY = {"p5e.48xlarge"}
BLOCKS = "sold as capacity blocks only; AWS publishes no on-demand price"
SLUGS = {  # regions that the price list names by their title
    "africa-(cape-town)": "af-south-1",
    "asia-pacific-(hong-kong)": "ap-east-1",
    "asia-pacific-(hyderabad)": "ap-south-2",
    "asia-pacific-(jakarta)": "ap-southeast-3",
    "asia-pacific-(malaysia)": "ap-southeast-5",
    "asia-pacific-(melbourne)": "ap-southeast-4",
    "asia-pacific-(mumbai)": "ap-south-1",
    "asia-pacific-(osaka)": "ap-northeast-3",
    "asia-pacific-(seoul)": "ap-northeast-2",
    "canada-(central)": "ca-central-1",
    "canada-west-(calgary)": "ca-west-1",
    "eu-(milan)": "eu-south-1",
    "eu-(paris)": "eu-west-3",
    "eu-(spain)": "eu-south-2",
    "eu-(stockholm)": "eu-north-1",
    "eu-(zurich)": "eu-central-2",
    "israel-(tel-aviv)": "il-central-1",
    "middle-east-(bahrain)": "me-south-1",
    "middle-east-(uae)": "me-central-1",
    "south-america-(sao-paulo)": "sa-east-1",
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
    """Prices on demand as read: of the home region by type, of others by region and type, and factors of families."""

    home: Mapping[str, Decimal]
    regional: Mapping[tuple[str, str], Decimal]
    observed: Mapping[tuple[str, str], Observed]
    factors: Mapping[tuple[str, str], Decimal]


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


def read_regions(path: Path) -> dict[tuple[str, str], Decimal]:
    """Prices on demand by region and type; Local Zones and other places keep the name that the list gives them."""
    rows = json.loads(path.read_text())
    return {
        (SLUGS.get(row["region"], row["region"]), row["attributes"]["instanceType"]): Decimal(row["pricePerUnit"])
        for row in rows
    }


def family_factors(
    home: Mapping[str, Decimal],
    regional: Mapping[tuple[str, str], Decimal],
    observed: Mapping[tuple[str, str], Observed],
    regions: Iterable[str],
) -> dict[tuple[str, str], Decimal]:
    """What a region multiplies a family's us-east-1 price by: the largest size of which both are known tells.

    Raises SystemExit where a price of the home region has moved since the others were read.
    """
    moved = [name for name in home if abs(regional.get((HOME, name), home[name]) / home[name] - 1) > SAME_PRICE]
    if moved:
        raise SystemExit(f"prices in {HOME} have changed since those of the regions were read: {moved}")
    known = {key: row.usd for key, row in observed.items()} | dict(regional)
    largest: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for (region, name), usd in known.items():
        if name in home:
            key = (family_of(name), region)
            largest[key] = max(largest.get(key, (Decimal(0), Decimal(1))), (home[name], usd))
    factors = {key: usd / at_home for key, (at_home, usd) in largest.items()}
    for region in regions:
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


Band = tuple[Decimal, Decimal, Decimal]
NO_SPOT = ("",) * 4


def spot_band(usd: Decimal, gpu: bool, spot: Iterable[Decimal]) -> Band:
    """Low, expected and high of an observed type: the zones' extremes, spread, and the middle zone; at most `usd`."""
    values, (down, up) = sorted(spot), GPU_SPREAD if gpu else SPREAD
    return values[0] * down, min(median(values), usd), min(values[-1] * up, usd)


@dataclass(frozen=True)
class Advisor:
    """What share of the price on demand spot has been on average of a month, by region and type."""

    shares: Mapping[tuple[str, str], Decimal]

    def share(self, region: str, name: str) -> tuple[Decimal, str] | None:
        """The share and how it is known: of the type, or of the family before it (its size, or the middle one)."""
        known = self.shares.get((region, name))
        if known:
            return known, "spot-advisor"
        elder = ELDER.get(family_of(name))
        while elder:
            sizes = {n: share for (where, n), share in self.shares.items() if where == region and family_of(n) == elder}
            if sizes:
                return sizes.get(f"{elder}.{name.partition('.')[2]}") or median(sizes.values()), "spot-kin"
            elder = ELDER.get(elder)
        return None


def read_zones(path: Path) -> dict[tuple[str, str], dict[str, Decimal]]:
    """Spot prices by zone id of each region and type."""
    with path.open(newline="") as stream:
        return {
            (row["region"], row["instance_type"]): {
                zone: Decimal(usd) for zone, _, usd in (part.partition("=") for part in row["zones"].split("|"))
            }
            for row in csv.DictReader(stream)
        }


def read_advisor(path: Path) -> Advisor:
    """The shares for Linux. A type without savings has no spot to speak of, and no row."""
    regions = json.loads(path.read_text())["spot_advisor"]
    return Advisor(
        {
            (region, name): 1 - Decimal(row["s"]) / 100
            for region, systems in regions.items()
            for name, row in systems["Linux"].items()
            if row["s"]
        }
    )


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
    """On-demand prices of the home region, bare-metal sizes too."""
    with path.open(newline="") as stream:
        return {row["instance_type"]: Decimal(row["usd_per_hour"]) for row in csv.DictReader(stream)}


def read_offers(package: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Zone ids by region and type, as EC2's DescribeInstanceTypeOfferings gave them."""
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    tables = package / "moto/ec2/resources/instance_type_offerings/availability-zone-id"
    for table in tables.glob("*.json.gz"):
        for row in json.loads(gzip.decompress(table.read_bytes())):
            zones[table.name.partition(".")[0], row["InstanceType"]].add(row["Location"])
    return {key: tuple(sorted(ids)) for key, ids in zones.items()}


def spot_rows(
    prices: Mapping[tuple[str, str], tuple[Decimal, str]],
    observed: Mapping[tuple[str, str], Observed],
    read: Mapping[tuple[str, str], Mapping[str, Decimal]],
    advisor: Advisor,
    specs: Mapping[str, Spec],
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Low, expected, high and source of spot: what zones were observed to cost, else an estimate; GPUs have no kin."""
    for (region, name), (usd, _) in prices.items():
        gpu, row, share = specs[name].gpus > 0, observed.get((region, name)), advisor.share(region, name)
        zones = tuple(read.get((region, name), {}).values()) or (row.spot if row else ())
        if zones:
            band, source = spot_band(usd, gpu, zones), "skypilot"
        elif share and not (gpu and share[1] == "spot-kin"):
            expected, (down, up) = usd * share[0], GPU_ESTIMATED if gpu else ESTIMATED[share[1]]
            band, source = (expected * down, expected, min(expected * up, usd)), share[1]
        else:
            continue
        yield (region, name), (*map(money, band), source)


def further_machines(
    home: Mapping[str, Decimal],
    regional: Mapping[tuple[str, str], Decimal],
    catalog: Collection[str],
    regions: Sequence[str],
) -> Iterator[list[str]]:
    """Prices on demand of the types that no pool is made of, a row a type: those that both lists agree on in the home
    region, or that only the newer one has there."""
    listed: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for (region, name), usd in regional.items():
        if region in regions and usd:
            listed[name][region] = usd
    for name in sorted({*listed, *home} - {*catalog}):
        prices, now = listed.get(name, {}), home.get(name)
        if HOME in prices and now is not None and abs(now / prices[HOME] - 1) > SAME_SHARE:
            prices = {}
        source = "aws-price" if prices else "karpenter"
        prices = prices or ({} if now is None else {HOME: now})
        if prices:
            cells = (money(prices[region]) if region in prices else "" for region in regions)
            yield [name, "hour", "0", source, *cells]


def main() -> None:
    """Reads the sources and writes the five tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("list", "regions", "specs", "libcloud", "moto", "advisor"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()

    listed = read_home(options.list)
    home = {name: usd for name, usd in listed.items() if ".metal" not in name}
    types = runpy.run_path(str(options.libcloud / "libcloud/compute/constants/ec2_instance_types.py"))["INSTANCE_TYPES"]
    specs = read_specs(options.specs, types)
    regional, observed = read_regions(options.regions), read_observed(HERE / "aws_observed.csv")
    offered = read_offers(options.moto)
    regions = sorted({region for region, _ in offered})
    sources = Sources(home, regional, observed, family_factors(home, regional, observed, regions))

    offers: dict[tuple[str, str], list[str]] = {}
    prices: dict[tuple[str, str], tuple[Decimal, str]] = {}
    families = {*CPU_FAMILIES, *GPU_FAMILIES}
    for (region, name), zones in offered.items():
        if family_of(name) in families and ".metal" not in name and name in specs:
            offers[region, name] = [region, name, "|".join(zones), "moto", DATES["moto"]]
            price = on_demand(region, name, sources)
            if price:
                prices[region, name] = price

    header = "instance_type,family,generation,vcpus,memory_gib,architecture,burstable,gpu_manufacturer,gpu_type"
    header += ",gpu_count,gpu_memory_gib,local_storage_gib,source,as_of"
    write(AWS / "instances.csv", header, (specs_row(name, specs[name]) for name in {name for _, name in offers}))
    write(AWS / "offers.csv", "region,instance_type,zones,source,as_of", offers.values())
    read = read_zones(HERE / "aws_spot.csv")
    spot = dict(spot_rows(prices, observed, read, read_advisor(options.advisor), specs))
    rows = [
        [*key, money(usd), *spot.get(key, NO_SPOT)[:3], "", "", source, spot.get(key, NO_SPOT)[3], ""]
        for key, (usd, source) in prices.items()
    ]
    header = "region,instance_type,on_demand,spot_low,spot,spot_high,commit_1y,commit_3y"
    header += ",on_demand_source,spot_source,commitment_source"
    write(AWS / "prices/instances.csv", header, rows)
    by_zone = (
        [*key, "|".join(f"{zone}={money(min(usd, prices[key][0]))}" for zone, usd in sorted(found.items())), "skypilot"]
        for key, found in read.items()
        if key in prices
    )
    write(AWS / "prices/spot.csv", "region,instance_type,zones,source", by_zone)
    unknown = "no source states the price in this region"
    unpriced = ([*key, BLOCKS if key[1] in CAPACITY_BLOCKS_ONLY else unknown] for key in offers.keys() - prices)
    write(AWS / "prices/unpriced.csv", "region,instance_type,reason", unpriced)
    further = further_machines(listed, regional, {name for _, name in offers}, regions)
    write(AWS / "prices/machines.csv", ",".join(["item,unit,tier_from,source", *regions]), further)
    print({region: sum(1 for where, _ in offers if where == region) for region in regions})


def on_demand(region: str, name: str, sources: Sources) -> tuple[Decimal, str] | None:
    """The on-demand price and its source, or None."""
    home, row = sources.home, sources.observed.get((region, name))
    if region == HOME and name in home:
        return home[name], "karpenter"
    if row:
        return row.usd, "skypilot"
    if (region, name) in sources.regional:
        return sources.regional[region, name], "aws-price"
    factor = sources.factors.get((family_of(name), region))
    return (home[name] * factor, "aws-factor") if factor and name in home else None


if __name__ == "__main__":
    main()
