"""GP918: who did it is asked after the logs are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundplan.check.rules.base import KNOWN_LATER, Rule, Subject, Violation, values_at
from groundplan.diagnostics import Severity

LEAST_DAYS = 365

_DAYS: Mapping[str, tuple[str, tuple[int, ...], int]] = {
    "aws_cloudwatch_log_group": ("retention_in_days", (0,), 0),
    "google_logging_project_bucket_config": ("retention_days", (), 30),
}
"""The attribute that keeps logs for days, its values for ever, and what the cloud takes where it is left out."""


class LogRetention(Rule):
    """Logs are planned to be kept for less than a year."""

    code = "GP918"
    remedy = f"keep them for {LEAST_DAYS} days, or be sure that a copy is kept elsewhere"
    needs_plan = True
    answers = frozenset({"CKV_AWS_338"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A value that only the apply knows is not taken for safe."""
        for resource in subject.planned():
            name, for_ever, usual = _DAYS.get(resource.type, ("", (), 0))
            if not name:
                continue
            days = next(iter(values_at(resource.values, (name,))), usual)
            short = isinstance(days, int | float) and days not in for_ever and days < LEAST_DAYS
            hidden = subject.hidden(resource, (name,))
            if short or hidden:
                keys = ("logs_retention_days", "flow_logs_retention_days")
                message = f"{name} is {KNOWN_LATER if hidden else f'{days:g}, less than a year'}"
                yield Violation(message, resource.root, resource.address, chosen=Severity.WARNING, keys=keys)
