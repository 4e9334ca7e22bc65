"""The default storage class: what a claim for a volume gets, encrypted with our key."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.cluster.part import cluster_of
from groundplan.hcl.references import Ref
from groundplan.stack.layers import PLATFORM
from groundplan.stack.model import Stack

STORAGE_CLASS = Ref("storage_class", "storage_class")


class StorageClass(Component[CloudPart]):
    """The storage class module."""

    name = "storage_class"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there is a cluster. The key is made by the foundation; the cloud says how it is found."""
        cluster = cluster_of(stack)
        if cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name=STORAGE_CLASS.call,
            source=f"{stack.provider}/storage_class",
            layer=PLATFORM,
            arguments=self.on(cloud).arguments("storage_class", stack),
            path="cluster",
        )


COMPONENT = StorageClass()
