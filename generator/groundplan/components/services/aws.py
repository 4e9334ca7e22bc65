"""APIs on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects
from groundplan.components.services.component import ServicesPart
from groundplan.stack.model import Stack


class AwsServices(ServicesPart):
    """Nothing to turn on."""

    built_in = "every API is on in every account"

    def gives(self, stack: Stack) -> Aspects:
        """Whether anything comes before the first apply."""
        return {"APIs": "all on", "before the first apply": "nothing"}


PART = AwsServices()
