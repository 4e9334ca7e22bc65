"""Completes items.csv of AWS from the files behind AWS's own price pages.

    python tools/prices/build_aws_items.py --feeds DIR [--as-of DATE]

--feeds     a folder of <feed>.json, as https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/ serves them, or as
            {entry: {region: price}}
--as-of     the day they were read, for those without a date in FEED_DATES

aws_feed_items.csv beside this file says which entry of which feed is which tier of which item, and how many of the
feed's units one of the item's is. A price that is the sum of two entries names both, with ` + ` between them; ` *` at
the end is whatever follows: the price that most of these entries have. aws_feed_regions.csv says what the feeds call a
region.

Rows that were read by hand stay where they agree with the feed, for they are newer; the feed adds the regions and the
tiers that they lack. Where they disagree nothing is written: one of the two is wrong, or the price has changed.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
AWS = HERE.parents[1] / "generator" / "groundplan" / "clouds" / "aws"
ITEMS = AWS / "prices" / "items.csv"
COLUMNS = ("item", "region", "unit", "usd", "tier_from", "as_of", "source")
FEED_DATES = {"ebs": "2024-07-18", "natgateway": "2025-11-04"}
"""Feeds that were read on a day of their own."""
LATEST = "2025-12-06"
OURS = "page-"
"""How the source of a row from a feed begins."""
MOST = Fraction(3, 4)
"""Share of the entries that must have one price for it to be the price of all of them."""
ATTRIBUTES = re.compile(r" \([A-Z][A-Za-z ]+: .*\)$")
"""What follows the name of a region: `(StartingRange: 0, EndingRange: 10240)`."""

Feed = Mapping[str, Mapping[str, Decimal]]
"""Prices by the feed's names of the entry and of the region."""


@dataclass(frozen=True, slots=True)
class Row:
    """One tier of an item in a region."""

    item: str
    region: str
    unit: str
    usd: Decimal
    tier_from: int
    as_of: str
    source: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it stands in the table."""
        return (self.item, self.region, self.unit, f"{self.usd:f}", str(self.tier_from), self.as_of, self.source)


@dataclass(frozen=True, slots=True)
class Entry:
    """Which price of a feed is a tier of an item, and how many of the feed's units one of the item's is."""

    item: str
    unit: str
    feed: str
    entry: str
    units: Fraction
    tier_from: int

    def usd(self, feed: Feed, region: str, others: Iterable[str]) -> Decimal | None:
        """Its price in a region; `others` are the regions that traffic goes to. None where the feed has none."""
        if self.entry.endswith(" *"):
            return _most(feed, self.entry.removesuffix("*"), region, others)
        prices = [feed.get(name, {}).get(region) for name in self.entry.split(" + ")]
        known = [price for price in prices if price is not None]
        if len(known) < len(prices):
            return None
        return plain(sum(known, Decimal(0)) * self.units.numerator / self.units.denominator)


def _most(feed: Feed, beginning: str, region: str, others: Iterable[str]) -> Decimal | None:
    """The price that at least three of four have."""
    names = (beginning + re.sub(r"[().]", "", other) for other in others)
    prices = Counter(plain(price) for name in names if (price := feed.get(name, {}).get(region)) is not None)
    return next((usd for usd, count in prices.items() if Fraction(count, prices.total()) >= MOST), None)


def plain(usd: Decimal) -> Decimal:
    """The amount without zeros at its end and without an exponent."""
    return Decimal(f"{usd.normalize():f}")


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def entries() -> list[Entry]:
    """What is looked for in the feeds."""
    return [
        Entry(row["item"], row["unit"], row["feed"], row["entry"], Fraction(row["units"]), int(row["tier_from"]))
        for row in table(HERE / "aws_feed_items.csv")
    ]


def read_feed(path: Path) -> Feed:
    """The prices of a feed."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if "regions" not in document:
        return {
            entry: {ATTRIBUTES.sub("", region): Decimal(price) for region, price in prices.items() if ";" not in price}
            for entry, prices in document.items()
        }
    feed: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for region, prices in document["regions"].items():
        for entry, details in prices.items():
            feed[entry][region] = Decimal(details["price"])
    return feed


def fed(folder: Path, as_of: str) -> Iterator[Row]:
    """Every tier that the feeds have in a region of the catalog."""
    names = {row["region"]: row["name"] for row in table(HERE / "aws_feed_regions.csv")}
    wanted = entries()
    feeds = {feed: read_feed(folder / f"{feed}.json") for feed in {entry.feed for entry in wanted}}
    for region in (row["region"] for row in table(AWS / "regions.csv")):
        for entry in wanted:
            usd = entry.usd(feeds[entry.feed], names[region], names.values())
            if usd:
                day = FEED_DATES.get(entry.feed, as_of)
                yield Row(entry.item, region, entry.unit, usd, entry.tier_from, day, f"{OURS}{entry.feed}")


def by_hand() -> list[Row]:
    """The rows that no feed gave."""
    with ITEMS.open(newline="", encoding="utf-8") as file:
        cells = list(csv.reader(file))[1:]
    rows = (
        Row(item, region, unit, Decimal(usd), int(tier_from), as_of, source)
        for item, region, unit, usd, tier_from, as_of, source in cells
    )
    return [row for row in rows if not row.source.startswith(OURS)]


def merged(hand: Iterable[Row], feed: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """Rows by hand with what the feeds add, and where the two disagree."""
    known: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
    for row in hand:
        known[row.item, row.region][row.tier_from] = row
    conflicts = []
    for row in feed:
        own = known[row.item, row.region].setdefault(row.tier_from, row)
        if own.usd != row.usd:
            conflicts.append(f"{row.item} {row.region} from {row.tier_from}: {own.usd} ({own.source}), feed {row.usd}")
    rows = [tiers[start] for _, tiers in sorted(known.items()) for start in sorted(tiers)]
    return rows, conflicts


def main() -> int:
    """Rewrites items.csv, or says what disagrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=Path, required=True)
    parser.add_argument("--as-of", default=LATEST)
    options = parser.parse_args()
    rows, conflicts = merged(by_hand(), fed(options.feeds, options.as_of))
    if conflicts:
        print("\n".join(conflicts), file=sys.stderr)
        return 1
    with ITEMS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.cells for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
