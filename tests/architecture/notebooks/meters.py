"""What notebooks consume: a volume; their servers run on the system pool."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Amount, Billing
from groundplan.components.base import Meter
from groundplan.stack.model import Stack
from tests.architecture.notebooks.component import NAME, SERVERS, VOLUME_GIB
from tests.architecture.notebooks.part import notebooks_of


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    if notebooks_of(stack):
        volume = billing.volume(Amount.of(VOLUME_GIB, f"{VOLUME_GIB} GiB for notebooks"))
        yield Meter(volume, component=NAME, kind="fixed", path="notebooks", address=SERVERS.address)
