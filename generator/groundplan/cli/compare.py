"""`groundplan compare SPEC...`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, Outcome, exit_code_of, reports
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.comparison.compare import Subject
    from groundplan.comparison.model import Comparison
    from groundplan.spec.document import Document

NOW = "now"
"""What the spec on the disk is called beside a revision of it."""


def _words(_: click.Context, parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """The words of a list with commas; none without the option."""
    words = tuple(word.strip() for word in (text or "").split(",") if word.strip())
    if text is not None and not words:
        raise click.BadParameter("names nothing", param=parameter)
    return words


@click.command()
@click.argument("specs", type=arguments.NamedPath(), metavar="SPEC...", nargs=-1, required=True)
@click.option("--clouds", metavar="C,C...", callback=_words, help="Clouds to compare.  [default: all]")
@click.option(
    "--regions",
    metavar="R,R...",
    callback=_words,
    help="Regions, or `all`; a cloud with none of them takes those nearest to them.  [default: the spec's own]",
)
@click.option(
    "--capacity",
    "capacities",
    metavar="W,W...",
    callback=_words,
    help="Ways of paying: spec, on_demand, spot, commit_1y, commit_3y.  [default: all]",
)
@click.option("--git", "span", metavar="A..B", help="The spec in two revisions: what did B change?")
@click.option("--against", metavar="REV", help="The spec as it is now against a revision.")
@click.option("-o", "--output", type=arguments.NamedPath(), metavar="FILE", help="Write it to a file.")
@arguments.price_books
@reports("csv", "markdown", "html")
def command(
    specs: tuple[Path, ...],
    clouds: tuple[str, ...],
    regions: tuple[str, ...],
    capacities: tuple[str, ...],
    span: str | None,
    against: str | None,
    output: Path | None,
    price_books: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Compare the cost over clouds, regions and ways of paying.

    Each combination is resolved and priced on its own, with machines chosen for it; one that cannot be had is a row
    with the reason. Two specs, or two revisions of one, give what changed, by component and by line. The exit code is
    that of the reasons when nothing has a price.
    """
    from groundplan.prices.age import stale
    from groundplan.views import compare as view

    if output is not None and any(_same(output, given) for given in (*specs, *price_books)):
        raise click.UsageError(f"-o names {output}, which is read here; the result would replace it.")
    subjects = _revisions(specs, span, against) if span or against else _subjects(specs)
    title = " and ".join(dict.fromkeys(subject.name for subject in subjects))
    found = _compare(title, subjects, clouds, regions, capacities, price_books)
    reasons = tuple(dict.fromkeys(reason for row in found.refused for reason in row.reasons))
    return Outcome(
        text=view.text(found, color=console.color_out and output is None),
        data=view.as_json(found),
        diagnostics=stale(found.age, "prices used") if found.priced else reasons,
        exit_code=OK if found.priced else exit_code_of(reasons),
        documents={
            "csv": lambda: view.as_csv(found),
            "markdown": lambda: view.markdown(found),
            "html": lambda: _page(found),
        },
        output=output,
    )


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _page(found: Comparison) -> str:
    from groundplan.views.compare_html import page

    return page(found)


def _subjects(specs: Sequence[Path]) -> list[Subject]:
    """The specs, called by their names, or by their files where two have the same name.

    Raises `DiagnosticsError` for one that is not valid where it is.
    """
    from dataclasses import replace

    from groundplan.spec.load import load

    found = [_subject(str(path), load(path)) for path in dict.fromkeys(specs)]
    distinct = len({subject.name for subject in found}) == len(found)
    return [replace(subject, label=subject.name) for subject in found] if distinct else found


def _revisions(specs: Sequence[Path], span: str | None, against: str | None) -> list[Subject]:
    """One spec at two points of its history."""
    from groundplan.cli.revisions import Repository
    from groundplan.spec.load import load

    if span and against:
        raise click.UsageError("--git and --against are two ways to say the same; give one.")
    if len(specs) > 1:
        raise click.UsageError("Revisions of one spec are compared; give one SPEC.")
    (path,) = specs
    repository = Repository.around(path)
    if against:
        return [_subject(against, repository.load(path, against)), _subject(NOW, load(path))]
    first, second = repository.ends(span or "")
    return [_subject(revision, repository.load(path, revision)) for revision in (first, second)]


def _subject(label: str, document: Document) -> Subject:
    from groundplan.comparison.compare import Subject
    from groundplan.spec.parse import parse

    spec = parse(document)
    return Subject(label, spec.name, document, (spec.cloud.provider, spec.cloud.region))


def _compare(
    title: str,
    subjects: Sequence[Subject],
    clouds: Sequence[str],
    regions: Sequence[str],
    capacities: Sequence[str],
    price_books: Sequence[Path],
) -> Comparison:
    from datetime import UTC, datetime

    from groundplan.app.books import clouds_with_books
    from groundplan.clouds import CLOUDS
    from groundplan.comparison.compare import compare
    from groundplan.comparison.places import choose_capacities, choose_clouds, choose_places
    from groundplan.components import components

    homes = [subject.home for subject in subjects]
    atlas = clouds_with_books(price_books)
    chosen = {name: atlas[name] for name in choose_clouds(clouds, tuple(CLOUDS), homes)}
    return compare(
        title,
        subjects,
        choose_places(tuple(chosen.values()), regions, homes, tuple(atlas.values())),
        choose_capacities(capacities),
        clouds=chosen,
        components=components(),
        today=datetime.now(UTC).date(),
    )
