"""What notebooks need of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import BucketOwner, Identity, Volume
from groundplan.stack.model import Need, Stack
from tests.architecture.notebooks.component import NAME, VOLUME_GIB
from tests.architecture.notebooks.part import notebooks_of


def needs(stack: Stack) -> Iterable[Need]:
    """A bucket of their own, an identity that writes to it, and a volume."""
    if notebooks_of(stack):
        yield BucketOwner(NAME, "notebooks", "notebooks.image")
        yield Identity(NAME, NAME, "server", "notebooks", writes=(NAME,))
        yield Volume(VOLUME_GIB, "notebooks")
