"""Prices as a table, JSON, CSV and Markdown; what a check of the books found."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from groundplan.app.refresh import Refreshed
from groundplan.escaping import for_csv, for_text
from groundplan.markdown import line
from groundplan.prices.age import Age
from groundplan.prices.integrity import Checked
from groundplan.prices.query import Quote
from groundplan.views.tables import Column, bold, markdown_table, number, table, unit_price

NAMED = 8
"""How many things without a price are named for each reason; `--format json` names all."""
MAX_ROWS = 500
"""Rows of the table in a terminal; the other formats hold all."""

_COLUMNS = (
    Column("cloud"),
    Column("item"),
    Column("region"),
    Column("option"),
    Column("unit"),
    Column("low", number=True),
    Column("expected", number=True),
    Column("high", number=True),
    Column("as of"),
    Column("source"),
)
_OVERVIEW = (
    Column("cloud"),
    Column("region"),
    Column("types", number=True),
    Column("on demand", number=True),
    Column("spot", number=True),
    Column("1 year", number=True),
    Column("3 years", number=True),
    Column("items", number=True),
    Column("oldest"),
    Column("newest"),
)
_CHECKED = (
    Column("book"),
    Column("regions", number=True),
    Column("prices", number=True),
    Column("unpriced", number=True),
    Column("discounts", number=True),
    Column("oldest"),
    Column("newest"),
    Column("findings", number=True),
)
_CSV = (
    *("cloud", "item", "region", "option", "unit", "usd_low", "usd_expected", "usd_high"),
    *("offered", "as_of", "age_days", "source", "reason"),
)


def text(quotes: Sequence[Quote], age: Age | None, *, color: bool) -> str:
    """The quotes as a table, below how old they are; no more of them than anybody reads."""
    rows = [_row(quote) for quote in quotes[:MAX_ROWS]]
    more = len(quotes) - MAX_ROWS
    hint = f"\n{more} more: filter further, or take `--format csv` or `json`\n" if more > 0 else ""
    return f"{bold(_heading(age), color=color)}\n\n{table(_COLUMNS, rows, color=color)}{hint}"


def overview(quotes: Sequence[Quote], age: Age | None, *, color: bool) -> str:
    """How many things are priced in each region, for when everything is asked for."""
    hint = "`--region`, `--item` and `--option` show prices; `--format csv` and `json` show all of them\n"
    return f"{bold(_heading(age), color=color)}\n\n{table(_OVERVIEW, _regions(quotes), color=color)}\n{hint}"


def markdown(quotes: Sequence[Quote], age: Age | None) -> str:
    """The quotes as a table of Markdown."""
    return f"{line(_heading(age))}\n\n{markdown_table(_COLUMNS, map(_row, quotes))}"


def as_csv(quotes: Sequence[Quote], age: Age | None) -> str:
    """The quotes with a header; cells of what has no price are empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_CSV)
    for quote in quotes:
        price = quote.price
        usd = (price.usd_low, price.usd_expected, price.usd_high) if price else ("", "", "")
        days = (age.today - price.as_of).days if price and age else ""
        dated = (price.as_of.isoformat(), days, price.source) if price else ("", "", "")
        names = (quote.cloud, quote.item, quote.region, quote.option, quote.unit)
        writer.writerow(map(for_csv, (*names, *usd, str(quote.offered).lower(), *dated, quote.reason or "")))
    return stream.getvalue()


def as_json(quotes: Sequence[Quote], age: Age | None) -> dict[str, Any]:
    """The quotes under `prices`, and their age."""
    return {"currency": "USD", "age": _age(age), "prices": [_quote(quote) for quote in quotes]}


def checked_text(books: Sequence[Checked], *, color: bool) -> str:
    """What was looked at, a row for each book."""
    rows = [
        (
            book.name,
            str(book.regions),
            str(book.prices),
            str(book.unpriced),
            str(book.discounts),
            *_dates(book.age),
            str(len(book.findings)),
        )
        for book in books
    ]
    return table(_CHECKED, rows, color=color)


def checked_json(books: Sequence[Checked]) -> dict[str, Any]:
    """The same; the findings are the diagnostics beside it."""
    return {
        "books": [
            {
                "name": book.name,
                "files": list(book.files),
                "regions": book.regions,
                "prices": book.prices,
                "unpriced": book.unpriced,
                "discounts": book.discounts,
                "age": _age(book.age),
                "findings": len(book.findings),
            }
            for book in books
        ]
    }


def refreshed_text(done: Refreshed) -> str:
    """What a refresh wrote, and what it found no price for, by reason."""
    fresh = done.fresh
    machines = len({price.item for price in fresh.prices if price.option != "list"})
    items = len({price.item for price in fresh.prices if price.option == "list"})
    regions = len({price.region for price in fresh.prices})
    lines = [
        f"{for_text(done.output)}: {len(fresh.prices)} prices of {machines} machine types and {items} items "
        f"in {regions} regions"
    ]
    if done.resumed:
        lines.append(f"{done.resumed} queries had been answered before: `--restart` asks them again")
    if done.kept:
        lines.append(f"{done.kept} further rows of the file stay as they were")
    if done.partial:
        lines.append(for_text(f"{done.partial} keeps the answers: the same command asks what is missing"))
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in fresh.unmapped:
        reasons[one.reason].append(f"{one.item} in {one.region}" if one.region else one.item)
    if reasons:
        lines += ["", "Without a price:"]
    for reason, names in reasons.items():
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines.append(for_text(f"  {reason}: {', '.join(names[:NAMED])}{more}"))
    return "\n".join(lines) + "\n"


def refreshed_json(done: Refreshed) -> dict[str, Any]:
    """The same, with everything that found no price."""
    fresh = done.fresh
    return {
        "output": str(done.output),
        "prices": len(fresh.prices),
        "rows": done.rows,
        "kept": done.kept,
        "resumed": done.resumed,
        "partial": str(done.partial) if done.partial else None,
        "regions": sorted({price.region for price in fresh.prices}),
        "unmapped": [
            {"item": one.item, "region": one.region or None, "reason": one.reason, "ambiguous": one.ambiguous}
            for one in fresh.unmapped
        ],
    }


def _heading(age: Age | None) -> str:
    if age is None:
        return "US dollars; nothing asked for has a price"
    days = f"{age.oldest_days} days" if age.oldest == age.newest else f"{age.newest_days} to {age.oldest_days} days"
    dates = f"{age.oldest}" if age.oldest == age.newest else f"{age.oldest} to {age.newest}"
    return f"US dollars without tax, prices of {dates}: {days} old"


def _row(quote: Quote) -> tuple[str, ...]:
    price = quote.price
    names = (quote.cloud, quote.item, quote.region, quote.option, quote.unit)
    if price is None:
        return (*names, "", "not offered" if not quote.offered else "unpriced", "", "", quote.reason or "")
    band = (price.usd_low, price.usd_expected, price.usd_high)
    return (*names, *(unit_price(amount) for amount in band), price.as_of.isoformat(), price.source)


def _regions(quotes: Sequence[Quote]) -> list[tuple[str, ...]]:
    options: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    types: dict[tuple[str, str], set[str]] = defaultdict(set)
    dates: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quote in quotes:
        key = (quote.cloud, quote.region)
        if quote.price:
            options[key][quote.option] += 1
            dates[key].add(quote.price.as_of.isoformat())
        if quote.option != "list":
            types[key].add(quote.item)
    return [
        (
            *key,
            str(len(types[key])),
            *(str(options[key][option]) for option in ("on_demand", "spot", "commit_1y", "commit_3y", "list")),
            min(dates[key], default=""),
            max(dates[key], default=""),
        )
        for key in sorted(types)
    ]


def _quote(quote: Quote) -> dict[str, Any]:
    price = quote.price
    return {
        "cloud": quote.cloud,
        "item": quote.item,
        "region": quote.region,
        "option": quote.option,
        "unit": quote.unit,
        "usd": price
        and {
            "low": number(price.usd_low),
            "expected": number(price.usd_expected),
            "high": number(price.usd_high),
        },
        "tiers": [{"from": tier.start, "usd": number(tier.usd)} for tier in price.tiers] if price else [],
        "offered": quote.offered,
        "as_of": price.as_of.isoformat() if price else None,
        "source": price.source if price else None,
        "reason": quote.reason,
    }


def _age(age: Age | None) -> dict[str, Any] | None:
    if age is None:
        return None
    return {
        "today": age.today.isoformat(),
        "oldest": age.oldest.isoformat(),
        "newest": age.newest.isoformat(),
        "oldest_days": age.oldest_days,
        "newest_days": age.newest_days,
        "prices": age.prices,
        "stale": age.stale,
    }


def _dates(age: Age | None) -> tuple[str, str]:
    return ("", "") if age is None else (age.oldest.isoformat(), age.newest.isoformat())
