"""checkov's verdicts held against what the cloud says today, for checks that compare with a list which ages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from groundplan.check.checkov import Record
from groundplan.check.rules.base import values_at
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.dated import Dated
from groundplan.hcl.blocks import Block
from groundplan.hcl.sources import Sources, strip_indexes


@cache
def _dated() -> Mapping[str, tuple[Dated, ...]]:
    """The rows of every cloud by check."""
    found: dict[str, tuple[Dated, ...]] = {}
    for name in CLOUDS:
        cloud = find_cloud(name)
        module = cloud.extension("dated") if cloud else None
        for row in module.DATED if module else ():
            found[row.check] = (*found.get(row.check, ()), row)
    return found


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows what the source and the plans of a folder set; `today` is the day of the judgement, if there is one."""

    sources: Sources
    plans: Mapping[str, Mapping[str, Any]]
    today: date | None = None

    def judged(self, record: Record, root: str | None) -> Record:
        """The record as it is, skipped where checkov's list is too old for the value, or failed where it is too new."""
        rows = _dated().get(record.id, ())
        if not rows or record.status == "skipped":
            return record
        values = set(self._values(record, root, rows[0].argument))
        said = [row for row in rows if row.value in values]
        if not said or len(said) < len(values):
            return record
        bad = [row for row in said if not row.holds(self._day(row))]
        if record.status == "failed" and not bad:
            reasons = "; ".join(row.reason(self._day(row)) for row in said)
            return replace(record, status="skipped", reason=f"checkov's list is older: {reasons}")
        return self._failed(record, root, bad) if record.status == "passed" and bad else record

    def _failed(self, record: Record, root: str | None, bad: list[Dated]) -> Record:
        place = self.sources.place(root, record.address)
        return replace(
            record,
            status="failed",
            name="; ".join(f"{row.value}: {row.reason(self._day(row))}" for row in bad),
            line=place.line if place and place.file == record.file else record.line,
            remedy=f"set `{'.'.join(bad[0].argument)}` to a value that is supported; checkov's list still has this one",
        )

    def _day(self, row: Dated) -> date:
        return self.today or row.as_of

    def _values(self, record: Record, root: str | None, path: tuple[str, ...]) -> Iterator[str]:
        """What the argument is in the plan, in every instance of the resource, or else as a literal of the source."""
        planned = list(self._planned(record, root, path))
        if planned:
            yield from planned
            return
        folder = root if root is not None else os.path.dirname(record.file) or "."  # noqa: PTH120 a key, not a path
        for block in self.sources.chain(folder, record.address)[-1:]:
            yield from (value for text in _texts(block, path) if (value := self._literal(text, record.file)))

    def _literal(self, text: str, file: str) -> str | None:
        """A text in quotes, or the default of the variable that the text names."""
        first, _, name = text.partition(".")
        if first == "var":
            folder = os.path.dirname(file) or "."  # noqa: PTH120 a key, not a path
            declared = (b for b in self.sources.module(folder) if (b.type, b.labels) == ("variable", (name,)))
            text = next((b.attributes["default"].value.strip() for b in declared if "default" in b.attributes), "")
        return text[1:-1] if text[:1] == text[-1:] == '"' and "${" not in text else None

    def _planned(self, record: Record, root: str | None, path: tuple[str, ...]) -> Iterator[str]:
        plan = self.plans.get(root, {}) if root is not None else {}
        for resource in plan.get("resource_changes", ()):
            if record.address in (resource["address"], strip_indexes(resource["address"])):
                yield from map(str, values_at(resource["change"].get("after"), path))


def _texts(block: Block, path: tuple[str, ...]) -> Iterator[str]:
    """The source texts of the argument at a path of names."""
    if len(path) > 1:
        for inner in block.blocks:
            if inner.type == path[0]:
                yield from _texts(inner, path[1:])
    elif (attribute := block.attributes.get(path[0])) is not None:
        yield attribute.value.strip()
