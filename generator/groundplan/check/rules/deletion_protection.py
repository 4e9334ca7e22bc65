"""GP907: one wrong plan deletes a database, a cluster, or the name that clients know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import KNOWN_LATER, Rule, Subject, Violation
from groundplan.diagnostics import Severity

_OFF = (None, False)
_SWITCHES: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "aws_cognito_user_pool": ("deletion_protection", (None, "INACTIVE")),
    "aws_db_instance": ("deletion_protection", _OFF),
    "aws_docdb_cluster": ("deletion_protection", _OFF),
    "aws_dynamodb_table": ("deletion_protection_enabled", _OFF),
    "aws_eks_cluster": ("deletion_protection", _OFF),
    "aws_lb": ("enable_deletion_protection", _OFF),
    "aws_neptune_cluster": ("deletion_protection", _OFF),
    "aws_rds_cluster": ("deletion_protection", _OFF),
    "google_bigquery_table": ("deletion_protection", (False,)),
    "google_container_cluster": ("deletion_protection", (False,)),
    "google_sql_database_instance": ("deletion_protection", (False,)),
}
"""Types that hold data or that others depend on, what protects them and the values that do not; left out,
Google's are on."""


class DeletionProtection(Rule):
    """A stateful resource is planned without the cloud's own protection against deletion."""

    code = "GP907"
    remedy = "switch the protection on; switching it off is then a change somebody reviews"
    needs_plan = True
    answers = frozenset({"CKV_AWS_150", "CKV_AWS_293"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """What a spec switched off is a warning; a value that only the apply knows is not taken for safe."""
        for resource in subject.planned():
            name, off = _SWITCHES.get(resource.type, ("", ()))
            how = "off" if name in resource.values and resource.values[name] in off else ""
            how = how or (KNOWN_LATER if name and subject.hidden(resource, (name,)) else "")
            if how:
                message, keys = f"{name} is {how}", ("deletion_protection",)
                yield Violation(message, resource.root, resource.address, chosen=Severity.WARNING, keys=keys)
