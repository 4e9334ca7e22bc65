"""Where logs are kept on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpLogExclusion(CloudPart):
    """Everything goes to the bucket `_Default` unless it is excluded."""

    def gives(self, stack: Stack) -> Aspects:
        """Whether a log is kept twice."""
        return {"logs kept once": "by one exclusion for the environment; a project takes ten"}


PART = GcpLogExclusion()
