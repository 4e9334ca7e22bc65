"""GP916: the cluster runs whatever image it is told to."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.rules.base import KNOWN_LATER, Rule, Subject, Violation, values_at
from groundplan.diagnostics import Severity

_MODE = ("binary_authorization", "evaluation_mode")
_OLD = ("binary_authorization", "enabled")


class ImageAdmission(Rule):
    """A GKE cluster is planned without Binary Authorization."""

    code = "GP916"
    remedy = 'enforce the project\'s policy: `evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"`'
    needs_plan = True
    answers = frozenset({"CKV_GCP_66"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """A value that only the apply knows is not taken for safe."""
        for resource in subject.planned():
            if resource.type != "google_container_cluster" or True in values_at(resource.values, _OLD):
                continue
            modes = [mode for mode in values_at(resource.values, _MODE) if mode != "DISABLED"]
            if not modes:
                how = KNOWN_LATER if subject.hidden(resource, _MODE) else "off"
                message, keys = f"binary_authorization is {how}", ("binary_authorization",)
                yield Violation(message, resource.root, resource.address, chosen=Severity.WARNING, keys=keys)
