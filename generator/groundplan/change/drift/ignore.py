"""Drift that somebody knows of: dated lines of the spec, as the lock has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from groundplan.change.access.globs import covers
from groundplan.change.allowed import within
from groundplan.change.drift.model import Drifted
from groundplan.change.model import Kind
from groundplan.change.spec_paths import below
from groundplan.diagnostics import Diagnostic, Severity, shortened
from groundplan.environment.lock import IgnoredRecord

MOST_DAYS = 366
"""How far ahead a line may reach: what others change for good is looked at once a year."""
SAID = (Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE, Kind.OPENS, Kind.UNKNOWN)
"""Classes of what was done outside that a line hides only where it names them."""


def holding(lines: Iterable[IgnoredRecord], today: date) -> list[IgnoredRecord]:
    """The lines that hide anything on that day."""
    return [line for line in lines if today <= line.until <= today + timedelta(days=MOST_DAYS)]


def ignored(one: Drifted, lines: Sequence[IgnoredRecord]) -> Drifted:
    """The finding with the lines that hide it, or without those of its attributes that they hide.

    Nothing is hidden where it lost data, weakened what cannot be had back, or opened a door, unless a line says that
    class. What is gone is hidden by no line for some attributes.
    """
    there = [line for line in lines if _is_about(line, one)]
    said = {line.kind for line in there}
    if any(kind in SAID and kind.value not in said for kind in one.kinds):
        return one
    whole = [line for line in there if not line.attributes]
    if whole or not one.values:
        return replace(one, ignored_by=tuple(map(_told, whole)))
    left = tuple(value for value in one.values if not _hidden(value.path, there))
    if left:
        return replace(one, values=left)
    return replace(one, ignored_by=tuple(_told(line) for line in there if _hides_any(line, one)))


def findings(
    lines: Sequence[IgnoredRecord], drifted: Sequence[Drifted], today: date, *, complete: bool
) -> list[Diagnostic]:
    """A warning for each line that does not hold (GP740), and where all was looked at for idle ones (GP744)."""
    held = holding(lines, today)
    past = [_warned("GP740", line, *_why_not(line, today)) for line in lines if line not in held]
    idle = [line for line in held if not any(_hides_any(line, one) for one in drifted)] if complete else []
    hint = "remove it when nobody changes that any more, or correct `at` and `attributes`"
    return [*past, *(_warned("GP744", line, "ignores nothing that is here", hint) for line in idle)]


def _is_about(line: IgnoredRecord, one: Drifted) -> bool:
    return bool(one.path and below(one.path, line.at)) or within(line.at, one.root, one.address)


def _hides_any(line: IgnoredRecord, one: Drifted) -> bool:
    about = _is_about(line, one)
    return about and (not line.attributes or any(_hidden(value.path, [line]) for value in one.values))


def _hidden(path: str, lines: Iterable[IgnoredRecord]) -> bool:
    return any(_covers(pattern, path) for line in lines for pattern in line.attributes)


def _covers(pattern: str, path: str) -> bool:
    """Whether it is the attribute, one below it, or one that the wildcards stand for."""
    return below(path, pattern) or covers(pattern, path)


def _told(line: IgnoredRecord) -> str:
    where = f" ({line.file}:{line.line})" if line.file and line.line else ""
    return f"drift.ignore.{line.name}{where} until {line.until}: {line.reason}"


def _why_not(line: IgnoredRecord, today: date) -> tuple[str, str]:
    if line.until < today:
        return f"ended on {line.until}", "remove it, or give it a new day"
    latest = today + timedelta(days=MOST_DAYS)
    return f"reaches to {line.until}, more than {MOST_DAYS} days ahead", f"write {latest} or earlier"


def _warned(code: str, line: IgnoredRecord, message: str, hint: str) -> Diagnostic:
    path = f"drift.ignore.{shortened(line.name)}"
    return Diagnostic(code, f"`{path}` {message}", Severity.WARNING, hint=hint, place=line.place, path=path)
