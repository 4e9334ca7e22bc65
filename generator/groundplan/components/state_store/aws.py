"""The state bucket on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects
from groundplan.components.state_store.component import StateStorePart
from groundplan.stack.model import Stack


class AwsStateStore(StateStorePart):
    """The state bucket on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "state": "S3 bucket, old states kept for 90 days",
            "lock": "S3 conditional write (use_lockfile), no table",
            "encryption": "a KMS key of its own, another one for saved plans",
            "who read it": "S3 access log in a second bucket",
        }


PART = AwsStateStore()
