"""`groundplan prices show|check|diff|refresh`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, ConsoleProgress, Outcome, reports, today
from groundplan.diagnostics import has_errors
from groundplan.prices.fresh import KINDS, Kind
from groundplan.views.console import Console

OPTIONS = ("on_demand", "spot", "commit_1y", "commit_3y", "list")


@click.group()
def command() -> None:
    """Show, validate and compare price books, and fetch current prices."""


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
@click.argument("books", type=arguments.NamedPath(), metavar="BOOK...", nargs=-1, required=True)
@click.option(
    "--against",
    type=arguments.NamedPath(),
    multiple=True,
    metavar="BOOK",
    help="Compare with this book; repeatable.  [default: the embedded prices]",
)
@click.option(
    "--spec",
    "specs",
    type=arguments.NamedPath(),
    multiple=True,
    metavar="SPEC",
    help="Show what the prices do to this spec; repeatable.",
)
@reports()
def diff(books: tuple[Path, ...], against: tuple[Path, ...], specs: tuple[Path, ...], console: Console) -> Outcome:
    """Compare the prices of BOOKs with the embedded ones, or with other books.

    Lists every price that differs, the largest rise or fall first; for each spec its monthly total before and after,
    pools that get other machines, and budgets that are kept at one set of prices and exceeded at the other.
    """
    from groundplan.app.price_changes import difference
    from groundplan.views import price_changes as view

    found = difference(books, against, specs)
    return Outcome(
        text=view.text(found, color=console.color_out),
        data=view.as_json(found),
        diagnostics=found.diagnostics,
        exit_code=FINDINGS if has_errors(found.diagnostics) else OK,
    )


@command.command()
@click.option("--cloud", "name", required=True, metavar="CLOUD", help="Cloud to query.")
@click.option("--region", "--regions", "regions", multiple=True, metavar="REGION", help="Only this region; repeatable.")
@click.option(
    "--only",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only these prices: machines on demand, spot, commitments, or everything else; repeatable.",
)
@click.option(
    "--item",
    "--items",
    "items",
    multiple=True,
    metavar="PATTERN",
    help="Only machine types and items of this name, with `*` and `?`; repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=arguments.NamedPath(),
    required=True,
    metavar="FILE",
    help="Price book to write, a .csv; rows of it that are not queried stay.",
)
@click.option("--restart", is_flag=True, help="Ask everything again, also what an interrupted run has asked.")
@click.option("--diff", "shows_changes", is_flag=True, help="Show what changed, as `prices diff` does.")
@click.option(
    "--spec",
    "specs",
    type=arguments.NamedPath(),
    multiple=True,
    metavar="SPEC",
    help="Show what the changes do to this spec, with --diff; repeatable.",
)
@reports()
def refresh(
    name: str,
    regions: tuple[str, ...],
    kinds: tuple[Kind, ...],
    items: tuple[str, ...],
    output: Path,
    restart: bool,
    shows_changes: bool,
    specs: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Fetch a cloud's current prices and write them as a price book.

    Queries the AWS Price List, spot price history and Savings Plans, or Google's Cloud Billing Catalog, for what the
    catalog holds. The file is written atomically, for use with `--prices FILE`; what it held of other regions, prices
    and clouds stays. Items without a price are listed.

    Interrupted, it keeps the answers in FILE.partial for a day: the same command goes on from there.

    Needs network access and the cloud's usual credentials, or a key in GROUNDPLAN_GOOGLE_API_KEY: exit code 5 without
    them, or when every query failed. Exit code 1 when some queries failed: what they are about stays as it was.
    """
    from groundplan.app.refresh import Scope, Task
    from groundplan.app.refresh_changes import refresh_and_compare
    from groundplan.prices.refresh import refusals
    from groundplan.views import price_changes
    from groundplan.views import prices as view

    if specs and not shows_changes:
        raise click.UsageError("--spec takes --diff.")
    scope = Scope(_unique(regions), kinds, _unique(items))
    task = Task(name, output, scope, restart, os.environ.get("GROUNDPLAN_GOOGLE_API_KEY", ""))
    done, changes = refresh_and_compare(
        task, specs if shows_changes else None, datetime.now(UTC), ConsoleProgress(console)
    )
    refused = refusals(done.fresh)
    text = view.refreshed_text(done)
    if changes:
        text += "\n" + price_changes.text(changes, color=console.color_out)
    return Outcome(
        text=text,
        data={**view.refreshed_json(done), **(price_changes.as_json(changes) if changes else {})},
        diagnostics=[*refused, *(changes.diagnostics if changes else ())],
        exit_code=FINDINGS if done.fresh.refused else OK,
    )


def _unique(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each name once; several may stand in one value, with commas between them."""
    return tuple(dict.fromkeys(name.strip() for value in given for name in value.split(",") if name.strip()))
