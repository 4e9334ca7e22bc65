"""GP905: destroying the resource silently destroys the data in it."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation

_SWITCHES = ("force_destroy", "force_delete")


class ForceDestroy(Rule):
    """A bucket, repository or the like is planned to be deletable with everything in it."""

    code = "GP905"
    remedy = "leave it off; empty the resource by hand on the day it is to go"
    needs_plan = True

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at every type that has such a switch; an IAM user's only removes its own keys."""
        for resource in subject.planned():
            for switch in _SWITCHES:
                if resource.values.get(switch) is True and resource.type != "aws_iam_user":
                    yield Violation(f"{switch} is on", resource.root, resource.address)
