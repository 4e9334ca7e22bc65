"""Builds commitments.csv of AWS from the lists behind AWS's page of Reserved Instances.

    python tools/prices/build_aws_commitments.py --reserved DIR

--reserved  a folder of <region>-reservedinstance-1y.json and -3y.json, as AWS's page of Reserved Instances is served:
            standard, Linux, shared tenancy, no payment upfront, each beside its price on demand on that day
aws_commitments.csv beside this file: what was read elsewhere and later, payments upfront among it; it wins

A figure is taken over only while the price on demand beside it is that of instances.csv: AWS changes both together. It
is never derived from another size, for AWS rounds each by itself. A type has both terms or none.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
AWS = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws"
SOURCE = "ec2-shop"
PLAN = "Standard Reserved Instance"
TERMS = ("1", "3")
SAME_PRICE = Decimal("0.0005")
"""How far two sources round one price apart."""
AMOUNTS = tuple(
    column
    for term in TERMS
    for column in (f"none_{term}y", f"partial_{term}y_upfront", f"partial_{term}y", f"all_{term}y_upfront")
)
COLUMNS = ("region", "instance_type", *AMOUNTS, "plan", "source")


@dataclass(frozen=True, slots=True)
class Reserved:
    """A Reserved Instance, with the price on demand beside it on the day it was read."""

    region: str
    instance_type: str
    term: str
    payment: str
    upfront: str
    usd: Decimal
    on_demand: Decimal
    source: str

    @property
    def cells(self) -> Mapping[str, str]:
        """Its amounts, by column."""
        hourly = f"{self.usd.normalize():f}"
        if self.payment == "none":
            return {f"none_{self.term}y": hourly}
        if self.payment == "all":
            return {f"all_{self.term}y_upfront": self.upfront}
        return {f"partial_{self.term}y_upfront": self.upfront, f"partial_{self.term}y": hourly}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def listed(folder: Path) -> Iterator[Reserved]:
    """What the lists of AWS say."""
    for region in (row["region"] for row in table(AWS / "regions.csv")):
        for term in TERMS:
            path = folder / f"{region}-reservedinstance-{term}y.json"
            document = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"regions": {}}
            for prices in document["regions"].values():
                for entry in prices.values():
                    if "OnDemand:PricePerUnit" in entry:
                        usd, on_demand = Decimal(entry["price"]), Decimal(entry["OnDemand:PricePerUnit"])
                        yield Reserved(region, entry["Instance Type"], term, "none", "0", usd, on_demand, SOURCE)


def by_hand() -> Iterator[Reserved]:
    """What was read elsewhere."""
    for row in table(HERE / "aws_commitments.csv"):
        yield Reserved(
            row["region"],
            row["instance_type"],
            row["term_years"],
            row["payment"],
            row["upfront_usd"],
            Decimal(row["usd_per_hour"]),
            Decimal(row["usd_on_demand"]),
            row["source"],
        )


def on_demand() -> Mapping[tuple[str, str], Decimal]:
    """Prices on demand of the book."""
    rows = table(AWS / "prices" / "instances.csv")
    return {(row["region"], row["instance_type"]): Decimal(row["on_demand"]) for row in rows if row["on_demand"]}


def rows(reserved: Iterable[Reserved], prices: Mapping[tuple[str, str], Decimal]) -> Iterator[list[str]]:
    """One row a region and type, of the last source that has it."""
    found: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for one in reserved:
        price = prices.get((one.region, one.instance_type))
        if price is not None and abs(one.on_demand / price - 1) <= SAME_PRICE:
            found[one.region, one.instance_type][one.source] |= one.cells
    for (region, name), sources in sorted(found.items()):
        source, amounts = list(sources.items())[-1]
        if all(f"none_{term}y" in amounts for term in TERMS):
            yield [region, name, *(amounts.get(column, "") for column in AMOUNTS), PLAN, source]


def main() -> None:
    """Writes the table and says how many types of each region have commitments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reserved", type=Path, required=True)
    options = parser.parse_args()
    made = list(rows([*listed(options.reserved), *by_hand()], on_demand()))
    with (AWS / "prices" / "commitments.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(made)
    print(dict(Counter(row[0] for row in made)))


if __name__ == "__main__":
    main()
