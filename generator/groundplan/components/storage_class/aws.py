"""The storage class on AWS."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.hcl.references import Template, Var
from groundplan.stack.model import Stack


class AwsStorageClass(CloudPart):
    """The storage class on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The key by the name that the foundation gives it."""
        return {"kms_key_alias": Template("alias/", Var("name"), "-cluster")}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "volumes": "gp3, your key",
            "without the class": "the driver's role refuses volumes that are not encrypted",
        }


PART = AwsStorageClass()
