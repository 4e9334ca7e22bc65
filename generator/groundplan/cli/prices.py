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
    """Show the price books, check them, and ask the clouds for the prices of today."""


@command.command()
@click.option("--cloud", "names", multiple=True, metavar="CLOUD", help="Only this cloud; may be given again.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Only this region; may be given again.")
@click.option(
    "--item",
    "items",
    multiple=True,
    metavar="ITEM",
    help="Only this machine type (g6.xlarge) or item (network.nat_gateway); may be given again.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    type=click.Choice(OPTIONS),
    help="Only this purchase option, `list` for what is no machine; may be given again.",
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

    A machine that is not offered in a region has no price there; when it is asked for by name, the answer says so.
    The exit code is 1 when nothing of what was asked for has a price.
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
    """Check the price books: the embedded ones, or FILEs of your own.

    Every machine that is offered is priced or listed as unpriced, nothing else is priced; no row twice, no zero, larger
    machines no cheaper, spot and commitments no dearer than the list price, dates there and past, units and sources
    known. FILEs are laid over the embedded books in their order: names, units, currency, dates, discounts that match
    nothing. Exit code 1 when something is wrong.
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
@click.option("--cloud", "name", required=True, metavar="CLOUD", help="Cloud to ask.")
@click.option(
    "--region", "--regions", "regions", multiple=True, metavar="REGION", help="Only this region; may be given again."
)
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
    """Ask a cloud for the prices of today and write them as a price book.

    AWS answers from its Price List, spot price history and Savings Plans, GCP from its Cloud Billing Catalog; both only
    for what the catalog holds. The file is written in one step, for `--prices FILE`; what found no price is listed.

    Needs a network and the cloud's usual credentials: exit code 5 without, or when the cloud answers nothing. Exit
    code 1 when it left some questions unanswered: the file holds what it did answer.
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
