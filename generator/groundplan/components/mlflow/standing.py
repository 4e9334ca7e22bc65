"""What a database that stands cannot change any more: a smaller disk, an older server."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.components.mlflow import spec as blocks
from groundplan.components.mlflow.part import PATH
from groundplan.components.mlflow.rules import DEFAULT_STORAGE_GIB, cannot_grow
from groundplan.diagnostics import Diagnostic
from groundplan.stack.standing import FORGOTTEN, Disk, disk_gib, standing_gib
from groundplan.stack.work import Work

DEFAULT_POSTGRES = "18"
MAJORS = ("16", "17", "18")
"""As the spec takes them."""
_ANOTHER = (
    "1. pg_dump it, 2. render and apply an environment of another name with the {other}, 3. pg_restore the dump there"
)
_DISK = Disk(
    path=f"{PATH}.database.storage_gib",
    name="the database",
    default_gib=DEFAULT_STORAGE_GIB,
    reason="grows by itself",
    smaller=_ANOTHER.format(other="smaller disk"),
)
_VERSION = f"{PATH}.database.postgres"


def choose_storage(work: Work, said: blocks.Database) -> int:
    """Size of the disk in GiB; GP311 where a database that is there would have to shrink.

    RDS: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html. Cloud SQL:
    https://docs.cloud.google.com/sql/docs/postgres/edit-instance.
    """
    size = disk_gib(work, _DISK, said.storage_gib)
    if said.storage_gib is None and said.storage_max_gib and standing_gib(work, _DISK.path):
        work.diagnostics += cannot_grow(size, said.storage_max_gib)
    return size


def choose_postgres(work: Work, said: blocks.Database) -> str:
    """Major version of the server: as the spec says, else the one that is there, else the default."""
    standing = work.kept.standing(_VERSION)
    before = standing if standing in MAJORS else ""
    reason = "the one that is there" if before not in ("", DEFAULT_POSTGRES) else "the newest one"
    version = work.choose(_VERSION, said.postgres, before or DEFAULT_POSTGRES, reason)
    if before:
        work.diagnostics += _step(work, before, version, said)
    return version


def _step(work: Work, before: str, version: str, said: blocks.Database) -> Iterator[Diagnostic]:
    """Why the database does not get from one version to the other; nothing where it does.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html,
    https://docs.cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace.
    """
    if int(version) < int(before):
        message = f"PostgreSQL {version} wanted; the database of `{work.spec.name}` runs {before} and does not go back"
        hint = f'use {_VERSION}: "{before}"; for an older server: {_ANOTHER.format(other="older version")}; {FORGOTTEN}'
        yield Diagnostic("GP312", message, hint=hint, path=_VERSION)
    leave = work.cloud.major_upgrade
    if int(version) > int(before) and not leave.items() <= said.options_of(work.cloud.name).items():
        key = next(iter(leave))
        message = f"PostgreSQL {version} wanted; {work.cloud.title} upgrades {before} only where it is told that it may"
        steps = f"1. back it up, 2. add `{PATH}.database.{work.cloud.name}.{key}: true`, 3. apply when an outage suits"
        yield Diagnostic("GP313", message, hint=f"{steps}; {FORGOTTEN}", path=_VERSION)
