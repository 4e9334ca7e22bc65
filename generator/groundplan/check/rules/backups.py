"""GP914: a mistake noticed after a long weekend cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundplan.check.rules.base import KNOWN_LATER, Resource, Rule, Subject, Violation, values_at
from groundplan.diagnostics import Severity

LEAST_DAYS = 7

_DAYS: Mapping[str, tuple[str, int]] = {
    "aws_db_instance": ("backup_retention_period", 0),
    "aws_docdb_cluster": ("backup_retention_period", 1),
    "aws_elasticache_replication_group": ("snapshot_retention_limit", 0),
    "aws_neptune_cluster": ("backup_retention_period", 1),
    "aws_rds_cluster": ("backup_retention_period", 1),
}
"""The attribute that keeps backups for days, and what the cloud takes where it is left out."""

_GOOGLE = ("settings", "backup_configuration")
_GOOGLE_KEPT = 7
"""Daily backups that Cloud SQL keeps, and days of logs, unless told otherwise."""


class Backups(Rule):
    """A database is planned with fewer than seven days of backups, or without restoring to any second."""

    code = "GP914"
    remedy = f"keep backups for {LEAST_DAYS} days or more, and the logs that restore to any second"
    needs_plan = True
    answers = frozenset({"CKV_AWS_133"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A value that only the apply knows is not taken for safe; copies are their source's matter."""
        for resource in subject.planned():
            if resource.values.get("replicate_source_db") or resource.values.get("master_instance_name"):
                continue
            found = (
                _google(resource, subject)
                if resource.type == "google_sql_database_instance"
                else _aws(resource, subject)
            )
            for message in found:
                keys = ("backup_days",)
                yield Violation(message, resource.root, resource.address, chosen=Severity.WARNING, keys=keys)


def _aws(resource: Resource, subject: Subject) -> Iterator[str]:
    name, usual = _DAYS.get(resource.type, ("", LEAST_DAYS))
    if name:
        yield from _too_few(resource, subject, (name,), usual)


def _google(resource: Resource, subject: Subject) -> Iterator[str]:
    if subject.hidden(resource, (*_GOOGLE, "enabled")):
        yield f"backup_configuration.enabled is {KNOWN_LATER}"
        return
    if True not in values_at(resource.values, (*_GOOGLE, "enabled")):
        yield "backup_configuration.enabled is off"
        return
    point_in_time = ("point_in_time_recovery_enabled", "binary_log_enabled")
    if not any(True in values_at(resource.values, (*_GOOGLE, name)) for name in point_in_time):
        yield "point_in_time_recovery_enabled is off"
    for path in (("backup_retention_settings", "retained_backups"), ("transaction_log_retention_days",)):
        yield from _too_few(resource, subject, (*_GOOGLE, *path), _GOOGLE_KEPT)


def _too_few(resource: Resource, subject: Subject, path: tuple[str, ...], usual: int) -> Iterator[str]:
    kept = next(iter(values_at(resource.values, path)), None)
    if kept is None and subject.hidden(resource, path):
        yield f"{path[-1]} is {KNOWN_LATER}"
    elif isinstance(kept := usual if kept is None else kept, int | float) and kept < LEAST_DAYS:
        yield f"{path[-1]} is {kept:g}, less than {LEAST_DAYS} days"
