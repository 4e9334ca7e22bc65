"""Notebooks: a chart with one setting, a bucket, an identity and a volume, on any cloud."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import Aspects, CloudPart, Component, ModuleCall
from groundplan.components.object_store.part import Bucket
from groundplan.hcl.references import Ref
from groundplan.stack import naming
from groundplan.stack.layers import PLATFORM
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work
from tests.architecture.notebooks.part import NotebookServers, notebooks_of
from tests.architecture.notebooks.spec import Notebooks

NAME = "notebooks"
SERVERS = Ref(NAME, NAME)
VOLUME_GIB = 20
SIZE_GIB = Decimal(10)


class NotebooksPart(CloudPart):
    """The same on every cloud, because all of it runs on the cluster."""

    def gives(self, stack: Stack) -> Aspects:
        """What stands in the parity report."""
        return {"servers": "on the cluster, with a bucket of their own"}


class NotebooksComponent(Component[NotebooksPart]):
    """The notebooks module."""

    name = NAME
    anywhere = NotebooksPart()
    reserved_buckets = (NAME,)

    def resolve(self, work: Work) -> Part | None:
        block = work.spec.block(Notebooks)
        return NotebookServers(block.image, naming.bucket_name(work.spec, NAME)) if block else None

    def buckets(self, work: Work) -> Iterable[Bucket]:
        if work.spec.block(Notebooks):
            full = naming.bucket_name(work.spec, NAME)
            yield Bucket(
                NAME, full, SIZE_GIB, True, noncurrent_days=30, archive_after_days=None, expire_after_days=None
            )

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        notebooks = notebooks_of(stack)
        if notebooks:
            yield ModuleCall(
                component=self.name,
                name=SERVERS.call,
                source="kubernetes/notebooks",
                layer=PLATFORM,
                arguments={"image": notebooks.image, "bucket": notebooks.bucket},
                path="notebooks",
            )


COMPONENT = NotebooksComponent()
