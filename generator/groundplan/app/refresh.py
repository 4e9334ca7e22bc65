"""A price book of the user's, brought up to date from a cloud."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType

from groundplan.app.prices import clouds_named
from groundplan.app.progress import Progress
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean
from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import KINDS, Fresh, Kind, Question, Wanted
from groundplan.prices.partial import Partial, partial_of
from groundplan.prices.refresh import kept_rows, present, refusal, write_book
from groundplan.prices.survey import Forgotten, Kept, settle, survey

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a cloud's prices to ask for; empty: everything."""

    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    patterns: tuple[str, ...] = ()


ALL = Scope()


@dataclass(frozen=True, slots=True)
class Task:
    """The cloud to ask, for what, and the book to write."""

    cloud: str
    output: Path
    scope: Scope = ALL
    anew: bool = False
    """Whether answers of an earlier run count for nothing."""
    api_key: str = field(default="", repr=False)
    """A key to ask with, where the cloud takes one."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was asked and written."""

    fresh: Fresh
    output: Path
    rows: int
    """Rows of the book as it is now."""
    kept: int
    """Those of them that it had before: nothing was asked, or answered, that would replace them."""
    resumed: int
    """Questions that an earlier run had asked already."""
    partial: Path | None = None
    """Where the answers are, to be completed by the next run; None: no question was left open that may be answered."""


def refresh(task: Task, now: datetime, progress: Progress) -> Refreshed:
    """The current prices of a cloud, written to the task's book over what they replace there.

    An interrupt, and whatever ends it early, leaves the answers beside the book; the same task goes on from there.
    Raises DiagnosticsError: GP403, GP706, GP804.
    """
    (cloud,) = clouds_named((task.cloud,))
    wanted = wanted_of(cloud, task.scope, now, task.api_key)
    books = present(task.output)
    partial = partial_of(task.output, cloud.name, wanted, anew=task.anew)
    resumed = len(partial.answers)
    try:
        asked = questions_of(cloud, wanted)
        with progress.counted(f"asking {cloud.title}", len(asked) - resumed) as told:
            fresh = answers_of(cloud, wanted, asked, partial, told)
    finally:
        partial.close()
    answered = [question for question in asked if question not in fresh.unanswered]
    kept = list(kept_rows(books, cloud.name, wanted, answered))
    rows = write_book(cloud.name, fresh.prices, task.output, now.date(), kept)
    return Refreshed(fresh, task.output, rows, len(kept), resumed, _left(partial, fresh))


def _left(partial: Partial, fresh: Fresh) -> Path | None:
    """The answers, where a further run may get those that are missing; else they go."""
    if any(refused.passing for refused in fresh.refused):
        return partial.path
    partial.drop()
    return None


def current_prices(cloud: Cloud, scope: Scope, now: datetime) -> Fresh:
    """The prices that `cloud` states. Raises DiagnosticsError: GP706, GP804."""
    wanted = wanted_of(cloud, scope, now)
    return answers_of(cloud, wanted, questions_of(cloud, wanted), Forgotten(), lambda _: None)


def wanted_of(cloud: Cloud, scope: Scope, now: datetime, api_key: str = "") -> Wanted:
    """What to ask for. Raises DiagnosticsError (GP706) for a region, or a pattern, that nothing is called by."""
    units = _units(cloud)
    regions = tuple(name for name in scope.regions or sorted(cloud.catalog.regions) if name in cloud.catalog.regions)
    places = _places(cloud, scope.regions)
    wanted = Wanted(
        cloud.catalog, units, regions, now, scope.kinds or KINDS, scope.patterns, places=places, api_key=api_key
    )
    problems = [*_unknown_regions(cloud, scope.regions, places), *_unmatched(cloud, units, scope.patterns)]
    if problems:
        raise DiagnosticsError(problems)
    return wanted


def questions_of(cloud: Cloud, wanted: Wanted) -> Sequence[Question]:
    """What to ask the cloud; raises DiagnosticsError (GP804) where it cannot be asked."""
    try:
        asked: Sequence[Question] = _module(cloud).questions(wanted)
    except UnreachableError as error:
        raise DiagnosticsError([Diagnostic("GP804", str(error), hint=error.hint)]) from None
    if not asked:
        raise DiagnosticsError([Diagnostic("GP804", f"there is nothing to ask {cloud.title} for")])
    return asked


def answers_of(cloud: Cloud, wanted: Wanted, asked: Sequence[Question], kept: Kept, told: Told) -> Fresh:
    """What the cloud answers; raises DiagnosticsError (GP804) where that is nothing, or it cannot be asked further."""
    try:
        answers, refused, unanswered = survey(asked, kept, told)
    except UnreachableError as error:
        raise DiagnosticsError([Diagnostic("GP804", str(error), hint=error.hint)]) from None
    fresh = settle(answers, wanted, _module(cloud).explain, refused, unanswered)
    if not fresh.prices:
        problems = [refusal(one, "GP804") for one in fresh.refused]
        raise DiagnosticsError(
            problems or [Diagnostic("GP804", f"{cloud.title} returned no price for any of these items")]
        )
    return fresh


def _module(cloud: Cloud) -> ModuleType:
    module = cloud.extension("refresh")
    if module is None:
        raise DiagnosticsError([Diagnostic("GP804", f"groundplan cannot ask {cloud.title} for prices")])
    return module


def _units(cloud: Cloud) -> dict[str, str]:
    """The units of the items of the book, and of those of its further services that the cloud can be asked for."""
    units = {item: price.unit for (item, _), price in sorted(cloud.prices.items.items())}
    has: Callable[[str], bool] = getattr(cloud.extension("refresh"), "has", lambda _: False)
    return units | {item: unit for item, unit in cloud.prices.services.units.items() if has(item)}


def _places(cloud: Cloud, chosen: Collection[str]) -> dict[str, list[str]]:
    """The items that are sold in places beside the regions, by place."""
    places: dict[str, list[str]] = defaultdict(list)
    for item, place in sorted(cloud.prices.items):
        if place not in cloud.catalog.regions and (not chosen or place in chosen):
            places[place].append(item)
    return places


def _unknown_regions(cloud: Cloud, regions: Iterable[str], places: Collection[str]) -> Iterator[Diagnostic]:
    known = (*cloud.catalog.regions, *places)
    for region in regions:
        if region not in known:
            hint = did_you_mean(region, known, most=2) or None
            yield Diagnostic("GP706", f"no region `{region}` of {cloud.title}", hint=hint)


def _unmatched(cloud: Cloud, units: Iterable[str], patterns: Iterable[str]) -> Iterator[Diagnostic]:
    from fnmatch import filter as matching

    names = [*cloud.catalog.instances, *units]
    for pattern in patterns:
        if not matching(names, pattern):
            hint = did_you_mean(pattern, names, most=3) or None
            yield Diagnostic("GP706", f"no machine type or item of {cloud.title} is called `{pattern}`", hint=hint)
