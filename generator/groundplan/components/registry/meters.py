"""What repositories consume."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Amount, Billing
from groundplan.components.base import Meter
from groundplan.components.registry.component import REGISTRY
from groundplan.components.registry.part import repositories_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """The images in each repository."""
    for repository in repositories_of(stack):
        size = repository.size_gib
        images = billing.repository(Amount(Band(size / 2, size, size * 2), f"{size:f} GiB of images, half to double"))
        path = f"registry.repositories.{repository.name}"
        yield Meter(images, component="registry", kind="usage", path=path, address=REGISTRY.address)
