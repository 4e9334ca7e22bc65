"""What stays in the cloud after a destruction, on purpose or not: until when, and for how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from groundplan.app.live.destroy.cluster import Inside
from groundplan.change.classify import stays
from groundplan.change.consequences import Consequence, consequences
from groundplan.change.planned import Action, Planned, value_at
from groundplan.change.planned import Path as Steps
from groundplan.change.things import name_of, noun_of, thing_of
from groundplan.environment.lock import LeftRecord
from groundplan.live.cloud import Stray
from groundplan.terraform.effects import Loss, effects

UnitPrice = Callable[[str], Decimal | None]
"""Of an item of the price book, for a month; None where it has none."""
_TAKEN = re.compile(r"(?:the )?name (?:is|stays) taken for (?:(\d+) days|a week)")
_STAYS = re.compile(r"\b(?:it|itself) stays\b")
_SNAPSHOT = "last snapshot"
_BACKUP: Mapping[str, Steps] = {
    "aws_db_instance": ("allocated_storage",),
    "google_sql_database_instance": ("settings", 0, "disk_size"),
}
"""Where a database says its size: a backup of it is at most so large."""
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing that is left; `until` is None where nothing ends it, `monthly_usd` where its price is unknown."""

    what: str
    why: str
    until: date | None = None
    monthly_usd: Decimal | None = None
    at_most: bool = False
    """Whether the price is the most that it may be."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is known of the end: the day, and what things cost a month."""

    today: date
    price: UnitPrice

    def of_plans(self, planned: Iterable[Planned]) -> Iterator[Stay]:
        """What is left of resources that are to go, as the facts about their types say."""
        for one in planned:
            if one.forgotten or (one.gone and stays(one)):
                yield Stay(_named(one), "it is left where it is, no longer managed")
            elif one.gone:
                yield from self._of_gone(one)

    def _of_gone(self, one: Planned) -> Iterator[Stay]:
        loss = effects().loss(one.type, one.before)
        rows = [row for row in consequences(one) if _SNAPSHOT in row.then and "!=" in "&".join(row.conditions)]
        yield from (self._snapshot(one, row) for row in rows)
        if loss is None:
            return
        if loss.undo and loss.kept_days:
            yield self._kept(one, loss)
        elif _STAYS.search(loss.lost):
            yield Stay(_named(one), loss.lost, source=loss.source)
        yield from self._names(one, loss)

    def _kept(self, one: Planned, loss: Loss) -> Stay:
        until = self.today + timedelta(days=loss.kept_days or 0)
        return Stay(
            _named(one), f"can be undone: {loss.undo}", until, self._backup(one), one.type in _BACKUP, loss.source
        )

    def _snapshot(self, one: Planned, row: Consequence) -> Stay:
        name = str(one.before.get("final_snapshot_identifier", ""))
        why = f"the last one of {_named(one)}; delete it when nobody needs it"
        return Stay(f"snapshot {name}", why, None, self._backup(one), at_most=True, source=row.source)

    def _names(self, one: Planned, loss: Loss) -> Iterator[Stay]:
        """Names that cannot be used again for some days."""
        told = [(row.told(one), row.source) for row in consequences(one)] + [(loss.lost, loss.source)]
        for text, source in told:
            if found := _TAKEN.search(text):
                days = int(found[1] or _WEEK_DAYS)
                until = self.today + timedelta(days=days)
                yield Stay(
                    f"the name {name_of(one)}", f"taken after the deletion of {noun_of(one.type)}", until, source=source
                )
                return

    def _backup(self, one: Planned) -> Decimal | None:
        size = value_at(one.before, _BACKUP[one.type]) if one.type in _BACKUP else None
        unit = self.price("database.backup") if isinstance(size, int | float) else None
        return unit * Decimal(str(size)) if unit is not None else None

    def of_cluster(self, inside: Inside, strays: Iterable[Stray]) -> Iterator[Stay]:
        """Volumes that outlive their claims, and what controllers made and nobody has deleted."""
        for volume in inside.retained:
            what = f"volume {volume.name}" + (f" ({volume.handle})" if volume.handle else "")
            yield Stay(what, "its storage class keeps it when its claim goes")
        for stray in strays:
            why = f"made from inside the cluster ({stray.by})" + (
                "" if stray.sure else "; it may be of another cluster"
            )
            unit = self.price("disk.general") if stray.size_gib else None
            usd = unit * stray.size_gib if unit is not None and stray.size_gib else None
            yield Stay(f"{stray.kind} {stray.name}", why, monthly_usd=usd)


def of_root(root: str, resources: Sequence[Mapping[str, Any]]) -> Iterator[Stay]:
    """What a root that stands holds, of a state's resources: the things with data."""
    for resource in resources:
        type_, mode = str(resource.get("type", "")), resource.get("mode")
        loss = effects().loss(type_) if mode == "managed" else None
        if loss is None or not loss.data or not thing_of(type_).noun:
            continue
        for instance in resource.get("instances") or ():
            before = instance.get("attributes") or {}
            name = name_of(_standing(root, type_, before))
            yield Stay(f"{noun_of(type_)} {name}", f"{root} stands; destroy it by name: --root {root}")


def of_left(left: Iterable[LeftRecord]) -> Iterator[Stay]:
    """What left the spec earlier and was only forgotten."""
    for one in left:
        if not one.back:
            why = f"left the spec with {one.since} and is not managed; the README says how it is deleted"
            yield Stay(f"{one.asset.kind} {one.asset.name}", why)


def _standing(root: str, type_: str, before: Mapping[str, Any]) -> Planned:
    return Planned(root, "", type_, "", Action.NOTHING, before)


def _named(one: Planned) -> str:
    return f"{noun_of(one.type)} {name_of(one)}"
