"""GP917: a password stays the same until somebody remembers it."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.check.rules.references import referred
from groundplan.diagnostics import Severity


class SecretRotation(Rule):
    """A secret is planned that nothing renews."""

    code = "GP917"
    remedy = "let the service rotate it, or raise its version by a date in the calendar and restart who reads it"
    needs_plan = True
    answers = frozenset({"CKV2_AWS_57"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A note in a rendered environment, whose secrets are renewed by raising `password_version`."""
        rotated = _rotated(subject)
        for resource in subject.planned():
            on_aws = resource.type == "aws_secretsmanager_secret" and (resource.root, resource.address) not in rotated
            on_google = resource.type == "google_secret_manager_secret" and not resource.values.get("rotation")
            if on_aws or on_google:
                message, keys = "nothing rotates it", ("password_version",)
                yield Violation(message, resource.root, resource.address, chosen=Severity.NOTE, keys=keys)


def _rotated(subject: Subject) -> set[tuple[str, str]]:
    """Root and address of the secrets of AWS that a rotation refers to."""
    return {
        (resource.root, address)
        for resource in subject.planned()
        if resource.type == "aws_secretsmanager_secret_rotation"
        for address in referred(subject.plans[resource.root], resource, "secret_id", "aws_secretsmanager_secret")
    }
