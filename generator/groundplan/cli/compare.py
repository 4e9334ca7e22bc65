"""`groundplan compare SPEC...`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, Later, Outcome, exit_code_of, reports, require_temporary_folder, today
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.compare.model import Comparison


def _words(_: click.Context, parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """The words of a list with commas; none without the option."""
    words = tuple(word.strip() for word in (text or "").split(",") if word.strip())
    if text is not None and not words:
        raise click.BadParameter("names nothing", param=parameter)
    return words


def _charts() -> None:
    from groundplan.views.compare.html import require_library

    require_library()


@click.command()
@click.argument("specs", type=arguments.NamedPath(), metavar="SPEC...", nargs=-1, required=True)
@click.option("--clouds", metavar="C,C...", callback=_words, help="Clouds to compare.  [default: all]")
@click.option(
    "--regions",
    metavar="R,R...",
    callback=_words,
    help="Regions, or `all`; a cloud with none of them uses the nearest ones.  [default: the spec's]",
)
@click.option(
    "--capacity",
    "purchase_options",
    metavar="P,P...",
    callback=_words,
    help="Purchase options: spec, on_demand, spot, commit_1y, commit_3y.  [default: all]",
)
@click.option("--git", "span", metavar="A..B", help="Compare two Git revisions of the spec: what did B change?")
@click.option("--against", metavar="REV", help="Compare the spec with a Git revision.")
@click.option("-o", "--output", type=arguments.NamedPath(), metavar="FILE", help="File to write to instead of stdout.")
@arguments.price_books
@reports("csv", "markdown", "html", requires={"html": _charts})
def command(
    specs: tuple[Path, ...],
    clouds: tuple[str, ...],
    regions: tuple[str, ...],
    purchase_options: tuple[str, ...],
    span: str | None,
    against: str | None,
    output: Path | None,
    price_books: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Compare costs across clouds, regions and purchase options.

    Each combination is resolved and priced on its own, with machines chosen for it; an unavailable one is a row with
    the reason. Two specs, or two revisions of one, show what changed, by component and by line. When nothing has a
    price, the exit code is that of the reasons.
    """
    from groundplan.app.compare.axes import Revisions
    from groundplan.app.compare.use_case import Question, compare_specs
    from groundplan.views import compare as view

    if output is not None and any(_same(output, given) for given in (*specs, *price_books)):
        raise click.UsageError(f"-o names {output}, an input that the result would overwrite.")
    if span and against:
        raise click.UsageError("Give either --git or --against.")
    if (span or against) and len(specs) > 1:
        raise click.UsageError("Revisions are compared for one SPEC; give one.")
    revisions = Revisions(span, against) if span or against else None
    if revisions:
        require_temporary_folder()
    question = Question(specs, clouds, regions, purchase_options, revisions, price_books)
    found = compare_specs(question, os.environ, today())
    return Outcome(
        data=Later(lambda: view.as_json(found)),
        diagnostics=found.diagnostics,
        exit_code=OK if found.priced else exit_code_of(found.diagnostics),
        documents={
            "text": lambda: view.text(found, color=console.color_out and output is None),
            "csv": lambda: view.as_csv(found),
            "markdown": lambda: view.markdown(found),
            "html": lambda: _page(found),
        },
        output=output,
    )


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _page(found: Comparison) -> str:
    from groundplan.views.compare.html import page

    return page(found)
