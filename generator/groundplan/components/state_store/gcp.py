"""The state bucket on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.hcl.references import Var
from groundplan.stack.model import Stack


class GcpStateStore(CloudPart):
    """The state bucket on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the bucket."""
        return {"region": Var("region")}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "state": "Cloud Storage bucket, old states kept for 90 days, deleted ones for 7 more",
            "lock": "an object beside the state, by Cloud Storage",
            "encryption": "a Cloud KMS key of its own",
            "who read it": "usage logs, hourly and without names of users",
        }


PART = GcpStateStore()
