"""The default storage class: what a claim for a volume gets, encrypted with our key."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, CloudPart, Component, ModuleCall
from groundplan.stack.model import Stack


class StorageClass(Component[CloudPart]):
    """The storage class module."""

    name = "storage_class"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there is a cluster. The key is made by the foundation; the cloud says how it is found."""
        if stack.cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name="storage_class",
            source=f"{stack.provider}/storage_class",
            layer=PLATFORM,
            arguments=self.on(cloud).arguments("storage_class", stack),
            path="cluster",
        )


COMPONENT = StorageClass()
