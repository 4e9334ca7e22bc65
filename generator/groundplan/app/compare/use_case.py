"""Comparing the cost of specs over clouds, regions and purchase options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.books import clouds_with_books
from groundplan.app.compare.axes import Axes, Revisions, choose_purchase_options, spec_in_revisions, specs_as_they_are
from groundplan.app.compare.model import Comparison
from groundplan.app.compare.rows import compare
from groundplan.app.target import choose_clouds, choose_locations
from groundplan.clouds import CLOUDS


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be compared; an axis that is empty is chosen by the specs."""

    specs: tuple[Path, ...]
    clouds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    purchase_options: tuple[str, ...] = ()
    revisions: Revisions | None = None
    """Where the first of the specs is compared with itself."""
    books: tuple[Path, ...] = ()


def compare_specs(question: Question, environment: Mapping[str, str], today: date) -> Comparison:
    """Every combination of the axes, priced; `environment` is what Git runs with, where revisions are compared."""
    if question.revisions:
        subjects = spec_in_revisions(question.specs[0], question.revisions, environment)
    else:
        subjects = specs_as_they_are(question.specs)
    title = " and ".join(dict.fromkeys(subject.name for subject in subjects))
    homes = [subject.home for subject in subjects]
    atlas = clouds_with_books(question.books)
    chosen = {name: atlas[name] for name in choose_clouds(question.clouds, tuple(CLOUDS), homes)}
    locations = choose_locations(tuple(chosen.values()), question.regions, homes, tuple(atlas.values()))
    return compare(title, subjects, Axes(locations, choose_purchase_options(question.purchase_options)), chosen, today)
