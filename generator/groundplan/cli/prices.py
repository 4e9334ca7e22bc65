"""`groundplan prices show|check|refresh`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, ConsoleProgress, Outcome, reports, today
from groundplan.views.console import Console

OPTIONS = ("on_demand", "spot", "commit_1y", "commit_3y", "list")


@click.group()
def command() -> None:
    """Show and validate price books, and fetch current prices."""


@command.command()
@click.option("--cloud", "names", multiple=True, metavar="CLOUD", help="Only this cloud; repeatable.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Only this region; repeatable.")
@click.option(
    "--item",
    "items",
    multiple=True,
    metavar="ITEM",
    help="Only this machine type (g6.xlarge) or item (network.nat_gateway); repeatable.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    type=click.Choice(OPTIONS),
    help="Only this purchase option, `list` for items other than machines; repeatable.",
)
@arguments.price_books
@reports("csv", "markdown")
def show(
    names: tuple[str, ...],
    regions: tuple[str, ...],
    items: tuple[str, ...],
    options: tuple[str, ...],
    price_books: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Show prices: each with its unit, date and source.

    A machine that is not available in a region has no price there; asked for by name, it is listed as such. Exit code 1
    when none of the requested items has a price.
    """
    from groundplan.app import prices as use_case
    from groundplan.prices.query import Query
    from groundplan.views import prices as view

    query = Query(_unique(regions), _unique(items), _unique(options))
    answer = use_case.show(_unique(names), query, price_books, today())
    quotes, age = answer.quotes, answer.age
    shown = view.overview if query.whole_book else view.text
    return Outcome(
        data=view.as_json(quotes, age),
        diagnostics=answer.diagnostics,
        exit_code=OK if age else FINDINGS,
        documents={
            "text": lambda: shown(quotes, age, color=console.color_out),
            "csv": lambda: view.as_csv(quotes, age),
            "markdown": lambda: view.markdown(quotes, age),
        },
    )


@command.command()
@click.argument("files", type=arguments.NamedPath(), metavar="[FILE...]", nargs=-1)
@reports()
def check(files: tuple[Path, ...], console: Console) -> Outcome:
    """Validate price books: the embedded ones, or your own FILEs.

    Every available machine is priced or listed as unpriced, and nothing else is priced; no duplicates, no zeros, no
    larger machine cheaper, no spot or commitment above the list price, no missing or future dates, no unknown units or
    sources. FILEs are layered over the embedded books in order and checked for names, units, currency, dates, and
    discounts that match nothing. Exit code 1 when something is wrong.
    """
    from groundplan.app import prices as use_case
    from groundplan.views import prices as view

    verdict = use_case.check(files, today())
    return Outcome(
        text=view.checked_text(verdict.books, color=console.color_out),
        data=view.checked_json(verdict.books),
        diagnostics=verdict.diagnostics,
        exit_code=FINDINGS if verdict.wrong else OK,
    )


@command.command()
@click.option("--cloud", "name", required=True, metavar="CLOUD", help="Cloud to query.")
@click.option("--region", "--regions", "regions", multiple=True, metavar="REGION", help="Only this region; repeatable.")
@click.option(
    "-o",
    "--output",
    type=arguments.NamedPath(),
    required=True,
    metavar="FILE",
    help="Price book to write, a .csv.",
)
@reports()
def refresh(name: str, regions: tuple[str, ...], output: Path, console: Console) -> Outcome:
    """Fetch a cloud's current prices and write them as a price book.

    Queries the AWS Price List, spot price history and Savings Plans, or Google's Cloud Billing Catalog, for what the
    catalog holds. The file is written atomically, for use with `--prices FILE`; items without a price are listed.

    Needs network access and the cloud's usual credentials: exit code 5 without them, or when every query failed. Exit
    code 1 when some queries failed: the file holds the results of the others.
    """
    from groundplan.app import prices as use_case
    from groundplan.prices.refresh import refusals
    from groundplan.views import prices as view

    fresh = use_case.refresh(name, _unique(regions), output, datetime.now(UTC), ConsoleProgress(console))
    refused = refusals(fresh)
    return Outcome(
        text=view.refreshed_text(fresh, output),
        data=view.refreshed_json(fresh, output),
        diagnostics=refused,
        exit_code=FINDINGS if refused else OK,
    )


def _unique(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each name once; several may stand in one value, with commas between them."""
    return tuple(dict.fromkeys(name.strip() for value in given for name in value.split(",") if name.strip()))
