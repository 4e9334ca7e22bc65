"""Image repositories on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects
from groundplan.components.registry.component import RegistryPart
from groundplan.stack.model import Stack


class AwsRegistry(RegistryPart):
    """Image repositories on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "images": "ECR, tags cannot be moved",
            "old images": "untagged after 14 days; the newest keep_images stay",
            "scan": "on every push",
            "after a destroy": "ECR refuses to delete a repository that holds images",
        }


PART = AwsRegistry()
