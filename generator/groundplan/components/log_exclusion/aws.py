"""Where logs are kept on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsLogExclusion(CloudPart):
    """Nothing is kept twice."""

    built_in = "a log is in the log group it is written to, and nowhere else"

    def gives(self, stack: Stack) -> Aspects:
        """Whether a log is kept twice."""
        return {"logs kept once": "always"}


PART = AwsLogExclusion()
