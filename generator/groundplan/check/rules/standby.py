"""GP913: the failure of one zone stops it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import KNOWN_LATER, Rule, Subject, Violation, values_at
from groundplan.diagnostics import Severity

_STANDBY: Mapping[str, tuple[tuple[str, ...], Any]] = {
    "aws_db_instance": (("multi_az",), True),
    "aws_elasticache_replication_group": (("multi_az_enabled",), True),
    "google_redis_instance": (("tier",), "STANDARD_HA"),
    "google_sql_database_instance": (("settings", "availability_type"), "REGIONAL"),
}
"""Where a type says that a standby takes over, and the value that does; left out, none of them has one."""

_COPIES = ("replicate_source_db", "master_instance_name")
"""What makes an instance the copy of another, which is itself what takes over."""


class Standby(Rule):
    """A database or cache is planned in a single zone."""

    code = "GP913"
    remedy = "have a standby in a second zone, at about twice the price, or plan for hours without it"
    needs_plan = True
    answers = frozenset({"CKV_AWS_157"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A value that only the apply knows is not taken for safe."""
        for resource in subject.planned():
            path, on = _STANDBY.get(resource.type, ((), None))
            if not path or any(resource.values.get(name) for name in _COPIES):
                continue
            if on not in values_at(resource.values, path):
                how = KNOWN_LATER if subject.hidden(resource, path) else f"not {on if isinstance(on, str) else 'on'}"
                message = f"{'.'.join(path)} is {how}"
                keys = ("high_availability",)
                yield Violation(message, resource.root, resource.address, chosen=Severity.WARNING, keys=keys)
