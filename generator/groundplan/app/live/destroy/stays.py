"""What stays in the cloud after a destruction, on purpose or not: until when, and for how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
_LOSES_NOTHING = "nothing: "
_SNAPSHOT = "last snapshot"
_BACKUP: Mapping[str, Steps] = {
    "aws_db_instance": ("allocated_storage",),
    "google_sql_database_instance": ("settings", 0, "disk_size"),
}
"""Where a database says its size: a backup of it is at most so large."""
_EACH: Mapping[str, tuple[str, str]] = {
    "aws_s3_bucket": ("object_store.standard", "GiB"),
    "google_storage_bucket": ("object_store.standard", "GiB"),
    "aws_cloudwatch_log_group": ("logs.stored", "GiB"),
    "google_logging_project_bucket_config": ("logs.stored", "GiB"),
    "aws_ecr_repository": ("registry.stored", "GiB"),
    "google_artifact_registry_repository": ("registry.stored", "GiB"),
    "google_kms_crypto_key": ("keys.key", "version"),
}
"""What is billed by an amount that no plan knows. Whether versions of keys are billed while they wait for their end is
not said by Google Cloud, so that theirs are prices at most."""
_FREE: Mapping[str, str] = {
    "aws_kms_key": "https://aws.amazon.com/kms/pricing/",
    "aws_secretsmanager_secret": "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
}
"""What is not billed while it waits for its end, and who says so."""
_QUANTITY = re.compile(r"(\d{1,9})(Gi|Ti)")
_WEEK_DAYS = 7
UNSEEN = (
    "what carries none of the tags and labels that controllers set, such as volumes and addresses made by hand",
    "snapshots of volumes, and images",
)
"""What nobody has looked for when a cluster is gone."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing that is left; `until` is None where nothing ends it, `monthly_usd` where its price is unknown."""

    what: str
    why: str
    until: date | None = None
    monthly_usd: Decimal | None = None
    at_most: bool = False
    """Whether the price is the most that it may be."""
    each: str = ""
    """What the price is for, where nobody knows how much of it there is: `GiB`; empty for all of it."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is known of the end: the day, and what things cost a month."""

    today: date
    price: UnitPrice
    dates: list[date] = field(default_factory=list)
    """Of the prices that were asked for."""

    def of_plans(self, planned: Iterable[Planned]) -> Iterator[Stay]:
        """What is left of resources that are to go, as the facts about their types say."""
        for one in planned:
            if one.forgotten or (one.gone and stays(one)):
                yield self._priced(Stay(_named(one), "it is left where it is, no longer managed"), one.type)
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
            yield Stay(_named(one), loss.lost.removeprefix(_LOSES_NOTHING), source=loss.source)
        yield from self._names(one, loss)

    def _kept(self, one: Planned, loss: Loss) -> Stay:
        until = self.today + timedelta(days=loss.kept_days or 0)
        stay = Stay(_named(one), f"can be undone: {loss.undo}", until, source=loss.source)
        if one.type in _BACKUP:
            return replace(stay, monthly_usd=self._backup(one), at_most=True)
        if one.type in _FREE:
            return replace(stay, monthly_usd=Decimal(0), source=f"{loss.source}; {_FREE[one.type]}")
        return replace(self._priced(stay, one.type), at_most=True)

    def _priced(self, stay: Stay, type_: str) -> Stay:
        """With the price of each unit of what it holds."""
        item, unit = _EACH.get(type_, ("", ""))
        usd = self.price(item) if item else None
        return replace(stay, monthly_usd=usd, each=unit) if usd is not None else stay

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
            usd = self._disk(_gib(volume.size))
            yield Stay(what, "its storage class keeps it when its claim goes", monthly_usd=usd)
        for stray in strays:
            why = f"made from inside the cluster ({stray.by})" + (
                "" if stray.sure else "; it may be of another cluster"
            )
            yield Stay(f"{stray.kind} {stray.name}", why, monthly_usd=self._disk(stray.size_gib))

    def _disk(self, size_gib: int | None) -> Decimal | None:
        unit = self.price("disk.general") if size_gib else None
        return unit * size_gib if unit is not None and size_gib else None

    def of_root(self, root: str, resources: Sequence[Mapping[str, Any]]) -> Iterator[Stay]:
        """What a root that stands holds, of a state's resources: the things with data."""
        for resource in resources:
            type_, mode = str(resource.get("type", "")), resource.get("mode")
            loss = effects().loss(type_) if mode == "managed" else None
            if loss is None or not loss.data or not thing_of(type_).noun:
                continue
            for instance in resource.get("instances") or ():
                before = instance.get("attributes") or {}
                what = Planned(root, "", type_, "", Action.NOTHING, before)
                yield self._priced(Stay(_named(what), f"{root} stands; destroy it by name: --root {root}"), type_)


def _gib(quantity: str) -> int | None:
    """A quantity of Kubernetes in GiB; None for one in other units."""
    found = _QUANTITY.fullmatch(quantity)
    return int(found[1]) * (1024 if found[2] == "Ti" else 1) if found else None


def of_left(left: Iterable[LeftRecord]) -> Iterator[Stay]:
    """What left the spec earlier and was only forgotten."""
    for one in left:
        if not one.back:
            why = f"left the spec with {one.since} and is not managed; the README says how it is deleted"
            yield Stay(f"{one.asset.kind} {one.asset.name}", why)


def _named(one: Planned) -> str:
    return f"{noun_of(one.type)} {name_of(one)}"
