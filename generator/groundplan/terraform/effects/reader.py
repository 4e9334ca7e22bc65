"""The tables, read type by type: what provider asks for three types does not pay for a hundred."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path as FilePath
from typing import Any

from groundplan.terraform.effects.conditions import Condition, States, parse_condition
from groundplan.terraform.effects.equality import number, same
from groundplan.terraform.effects.model import Effect, Loss, Path, Pattern
from groundplan.terraform.effects.walk import Pair, differing, values

TABLES = FilePath(__file__).parent / "tables"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "changes": ("type", "path", "effect", "condition", "interruption", "note", "source"),
    "kept": ("type", "path", "how", "source"),
    "losses": (
        "type",
        "when",
        "lost",
        "undo",
        "kept_days",
        "kept_days_in",
        "undo_if",
        "protected_by",
        "data",
        "irreversible",
        "source",
    ),
    "defaults": ("type", "path", "value", "source"),
    "recomputed": ("type", "path", "unless", "condition", "source"),
}
"""Columns by the folder of the table; a folder holds a file for each provider."""

_DAY = 86_400
_FAR = 10**12
REPLACE = "replace"
NOTHING = "none"
"""Stands for a type of which no argument does anything but change."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of changes."""

    pattern: Pattern
    effect: str
    condition: Condition
    interruption: str
    note: str
    source: str

    def pairs(self, states: States) -> Iterator[Pair]:
        """The places where it applies."""
        for pair in differing(self.pattern, states.before, states.after):
            if self.condition.holds(pair.before, pair.after, states):
                yield pair


class Effects:
    """What is known of the types that the tables name."""

    def __init__(self, folder: FilePath = TABLES) -> None:
        self._folder = folder
        self._lines: dict[FilePath, Mapping[str, Sequence[str]]] = {}
        self._changes: dict[str, Sequence[Row]] = {}

    @cached_property
    def types(self) -> frozenset[str]:
        """Every type that was studied."""
        return frozenset(name for path in self._folder.glob("changes/*.csv") for name in self._grouped(path))

    def studied(self, type_: str) -> bool:
        """Whether the tables say what a change of this type does."""
        return bool(self._cells("changes", type_))

    def replacing(self, type_: str, prior: Mapping[str, Any], planned: Mapping[str, Any]) -> tuple[Path, ...]:
        """Where a difference forces a replacement, in the order of the table; what is not known yet counts as one."""
        states = States(prior, planned)
        rows = (row for row in self.changes(type_) if row.effect == REPLACE)
        return tuple(dict.fromkeys(pair.path for row in rows for pair in row.pairs(states)))

    def of_update(self, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Effect, ...]:
        """What an update in place does besides changing arguments, in the order of the table."""
        states = States(before, after)
        return tuple(
            Effect(pair.path, row.effect, row.interruption, row.note, row.source)
            for row in self.changes(type_)
            if row.effect not in (REPLACE, NOTHING)
            for pair in row.pairs(states)
        )

    def loss(self, type_: str, prior: Mapping[str, Any] | None = None) -> Loss | None:
        """What is gone with a resource of the type, None where none is known; with its state, as that one says.

        Of several rows it is the last one whose condition the state meets.
        """
        rows = [cells for cells in self._cells("losses", type_) if not cells[1] or _holds(cells[1], prior or {})]
        return _loss(rows[-1], prior) if rows else None

    def defaults(self, type_: str) -> Mapping[Pattern, Any]:
        """The value of each argument that has one of its own when the configuration gives none."""
        return {_pattern(path): json.loads(value) for _, path, value, _ in self._cells("defaults", type_)}

    def recomputed(
        self, type_: str, prior: Mapping[str, Any] | None = None, planned: Mapping[str, Any] | None = None
    ) -> frozenset[Pattern]:
        """Computed attributes that an update makes unknown until it is applied; of this update, with both states."""
        rows = self._cells("recomputed", type_)
        if prior is None or planned is None:
            return frozenset(_pattern(cells[1]) for cells in rows)
        return frozenset(_pattern(cells[1]) for cells in rows if _recomputes(cells, prior, planned))

    def kept(self, type_: str) -> Mapping[Pattern, str]:
        """Blocks that stay when a configuration leaves them out, and how: see `keep_blocks`."""
        return {_pattern(path): how for _, path, how, _ in self._cells("kept", type_)}

    def changes(self, type_: str) -> Sequence[Row]:
        """The rows of the table of changes for a type."""
        if type_ not in self._changes:
            self._changes[type_] = [
                Row(_pattern(path), effect, parse_condition(condition), interruption, note, source)
                for _, path, effect, condition, interruption, note, source in self._cells("changes", type_)
            ]
        return self._changes[type_]

    def _cells(self, table: str, type_: str) -> Sequence[list[str]]:
        path = self._files.get((table, type_.partition("_")[0]))
        return list(csv.reader(self._grouped(path).get(type_, ()))) if path else ()

    @cached_property
    def _files(self) -> Mapping[tuple[str, str], FilePath]:
        """The files by table and provider: a name in a plan never becomes part of a path."""
        return {(path.parent.name, path.stem): path for path in self._folder.glob("*/*.csv")}

    def _grouped(self, path: FilePath) -> Mapping[str, Sequence[str]]:
        """The lines of a file by the type at their beginning, not split any further."""
        if path not in self._lines:
            grouped: dict[str, list[str]] = {}
            for line in path.read_text(encoding="utf-8").splitlines()[1:]:
                grouped.setdefault(line.partition(",")[0], []).append(line)
            self._lines[path] = grouped
        return self._lines[path]


@cache
def effects() -> Effects:
    """The tables of the package."""
    return Effects()


def _pattern(text: str) -> Pattern:
    return () if text == "*" else tuple(text.split("."))


def _loss(cells: Sequence[str], prior: Mapping[str, Any] | None) -> Loss:
    _, _, lost, undo, days, days_in, undo_if, protected_by, data, irreversible, source = cells
    kept = int(days) if days else None
    if prior is not None:
        stated = _days(days_in, prior) if days_in else None
        kept = kept if stated is None else stated
        if kept == 0 or not _holds(undo_if, prior):
            undo, kept = "", None
    return Loss(lost, undo, kept, protected_by, data == "yes", irreversible == "yes", source)


def _holds(condition: str, prior: Mapping[str, Any]) -> bool:
    return parse_condition(condition).holds(None, None, States(prior, {}))


def _days(path: str, prior: Mapping[str, Any]) -> int | None:
    """The days that an argument states, in days or in seconds: `30`, `2592000s`, `retention_duration_seconds`."""
    for value in values(_pattern(path), prior):
        text = str(value).removesuffix("s")
        amount = number(text)
        if amount is not None and 0 <= amount < _FAR:
            return int(amount) // _DAY if path.endswith("_seconds") or text != str(value) else int(amount)
    return None


def _recomputes(cells: Sequence[str], prior: Mapping[str, Any], planned: Mapping[str, Any]) -> bool:
    _, path, unless, condition, _ = cells
    states = States(prior, planned)
    counted = {*prior, *planned} - {path, *unless.split()}
    return any(not same(prior.get(name), planned.get(name)) for name in counted) and parse_condition(condition).holds(
        None, None, states
    )
