"""GP907: one wrong plan deletes a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.diagnostics import Severity

_OFF = (None, False)
_SWITCHES: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "aws_cognito_user_pool": ("deletion_protection", (None, "INACTIVE")),
    "aws_db_instance": ("deletion_protection", _OFF),
    "aws_docdb_cluster": ("deletion_protection", _OFF),
    "aws_dynamodb_table": ("deletion_protection_enabled", _OFF),
    "aws_neptune_cluster": ("deletion_protection", _OFF),
    "aws_rds_cluster": ("deletion_protection", _OFF),
    "google_bigquery_table": ("deletion_protection", (False,)),
    "google_sql_database_instance": ("deletion_protection", (False,)),
}
"""Stateful types, the attribute that protects them and the values that do not; left out, Google's are on."""


class DeletionProtection(Rule):
    """A stateful resource is planned without the cloud's own protection against deletion."""

    code = "GP907"
    remedy = "switch the protection on; switching it off is then a change somebody reviews"
    needs_plan = True

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A value known only after apply is taken as safe; what a spec switched off is a warning."""
        severity = Severity.WARNING if subject.rendered else Severity.ERROR
        for root, address, kind, after in subject.planned():
            name, off = _SWITCHES.get(kind, ("", ()))
            if name in after and after[name] in off:
                yield Violation(f"{name} is off", root, address, severity=severity)
