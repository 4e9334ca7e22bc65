"""Writes services.csv of AWS, the prices of services that only plans use, from the files behind AWS's price pages.

    python tools/prices/build_aws_services.py --feeds DIR

--feeds     a folder of <feed>.json, each with a price in each region by the name of what it is for

aws_service_items.csv beside this file says which names of which feed are an item, as a regular expression; `{0}` in the
item is what its group matches. aws_service_prices.csv has prices that were read elsewhere: without a region they hold
in all of them. aws_feed_regions.csv says what the feeds call a region.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws" / "prices" / "services.csv"
FIRST = ("item", "unit", "tier_from", "source")
NAME_GROUP = re.compile(r"\[.*?\] ?")
"""What stands before a name in a feed of several groups."""
REGION_TAIL = re.compile(r" \((?:Instance|[A-Za-z ]+):.*\)$")
"""What a feed adds to the name of a region where one entry is for several types."""
Key = tuple[str, str, int, str]
Rows = dict[Key, dict[str, Decimal]]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV beside this file."""
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def entries(feed: Path) -> Iterator[tuple[str, str, Decimal]]:
    """Each name of a feed with its region, in the feed's words, and its price."""
    for names, prices in json.loads(feed.read_text(encoding="utf-8")).items():
        for name in NAME_GROUP.sub("", names).split(";"):
            for region, price in prices.items() if name else ():
                yield name, REGION_TAIL.sub("", region), Decimal(price)


def fed(folder: Path, regions: Mapping[str, str]) -> Rows:
    """The prices that the feeds have, by region; a name that has two prices in a region is an error."""
    found: Rows = {}
    read = {feed: list(entries(folder / f"{feed}.json")) for feed in {row["feed"] for row in table(ITEMS)}}
    for row in table(ITEMS):
        pattern = re.compile(row["pattern"])
        for name, region, price in read[row["feed"]]:
            match = pattern.fullmatch(name)
            if match is None or region not in regions or not price:
                continue
            item = row["item"].format(*(part.replace(" ", ".") for part in match.groups()))
            key = (item, row["unit"], int(row["tier_from"]), f"page-{row['feed']}")
            if found.setdefault(key, {}).setdefault(regions[region], price) != price:
                raise SystemExit(f"{item} in {region} costs {found[key][regions[region]]} and {price}")
    return found


ITEMS = "aws_service_items.csv"


def by_hand(regions: Mapping[str, str]) -> Rows:
    """The prices that were read elsewhere."""
    found: Rows = {}
    for row in table("aws_service_prices.csv"):
        key = (row["item"], row["unit"], int(row["tier_from"]), row["source"])
        for region in [row["region"]] if row["region"] else regions.values():
            found.setdefault(key, {})[region] = Decimal(row["usd"])
    return found


def plain(usd: Decimal) -> str:
    """The amount without zeros at its end and without an exponent."""
    return f"{Decimal(f'{usd.normalize():f}'):f}"


def main() -> int:
    """Rewrites services.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=Path, required=True)
    options = parser.parse_args()
    regions = {row["name"]: row["region"] for row in table("aws_feed_regions.csv")}
    rows = {**fed(options.feeds, regions), **by_hand(regions)}
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*FIRST, *regions.values()))
        for key, prices in sorted(rows.items()):
            writer.writerow((*key, *(plain(prices[r]) if r in prices else "" for r in regions.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
