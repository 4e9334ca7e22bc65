"""The default storage class: what a claim for a volume gets, encrypted with our key."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import PLATFORM, Meter, ModuleCall
from groundplan.stack.model import Stack


class StorageClass:
    """The storage class module."""

    name = "storage_class"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when there is a cluster. The key is made by the foundation; the cloud says how it is found."""
        if stack.cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name="storage_class",
            source=f"{stack.provider}/storage_class",
            layer=PLATFORM,
            arguments={},
            path="cluster",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing of its own: volumes are what workloads ask for."""
        return ()


COMPONENT = StorageClass()
