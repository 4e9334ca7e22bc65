"""APIs on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.components.base import Arguments, Aspects
from groundplan.components.services.component import ServicesPart
from groundplan.stack.model import Stack

EVERY_ROOT = ("cloudkms", "cloudresourcemanager", "iam", "logging", "serviceusage", "storage")
"""APIs that every root calls."""


class GcpServices(ServicesPart):
    """APIs are turned on by name."""

    def turn_on(self, apis: Sequence[str]) -> Arguments:
        """The APIs by their full names."""
        return {"apis": [f"{api}.googleapis.com" for api in apis]}

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What every root calls."""
        return EVERY_ROOT

    def gives(self, stack: Stack) -> Aspects:
        """What comes before the first apply."""
        return {
            "APIs": "turned on by name, left on by a destroy",
            "before the first apply": "two APIs by gcloud, and service agents that use keys",
        }


PART = GcpServices()
