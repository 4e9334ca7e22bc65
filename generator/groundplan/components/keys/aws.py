"""Keys on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsKeys(CloudPart):
    """Keys on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "keys": "one KMS key per purpose, a policy each",
            "rotation": "every year, by KMS",
            "who uses them": "AWS services by key policy, workloads through S3 and Secrets Manager",
            "after a destroy": "keys end after 30 days; the name is free at once",
        }


PART = AwsKeys()
