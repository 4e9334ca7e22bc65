"""The add-ons on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpClusterAddons(CloudPart):
    """The add-ons on Google Cloud."""

    built_in = "GKE installs and upgrades DNS, network and volume drivers itself"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {"add-ons": "part of GKE", "upgrades": "by GKE"}


PART = GcpClusterAddons()
