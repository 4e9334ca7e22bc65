"""The state bucket on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects
from groundplan.components.gcp import ACCESS_LOGS, USAGE, access_logs
from groundplan.components.state_store.component import StateStorePart
from groundplan.hcl.references import Var
from groundplan.stack.model import Stack


class GcpStateStore(StateStorePart):
    """The state bucket on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the bucket, and what records who read and wrote it."""
        return {"region": Var("region"), **({"access_logs": USAGE} if self.logs_in_bucket(stack) else {})}

    def logs_in_bucket(self, stack: Stack) -> bool:
        """Usage logs are objects."""
        return access_logs(stack) == USAGE

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "state": "Cloud Storage bucket, old states kept for 90 days, deleted ones for 7 more",
            "lock": "an object beside the state, by Cloud Storage",
            "encryption": "a Cloud KMS key of its own",
            "who read it": ACCESS_LOGS[access_logs(stack)],
        }


PART = GcpStateStore()
