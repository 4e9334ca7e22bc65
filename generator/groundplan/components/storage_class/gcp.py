"""The storage class on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.hcl.references import Template, Var
from groundplan.stack.model import Stack


class GcpStorageClass(CloudPart):
    """The storage class on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The key by the name that the foundation gives it."""
        suffix = stack.options.get("key_ring_suffix")
        ring = ("projects/", Var("account_id"), "/locations/", Var("region"), "/keyRings/", Var("name"))
        return {"kms_key": Template(*ring, f"-{suffix}" if suffix else "", "/cryptoKeys/cluster")}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "volumes": "balanced persistent disks, your key",
            "without the class": "a claim that names GKE's own classes gets a disk with Google's key",
        }


PART = GcpStorageClass()
