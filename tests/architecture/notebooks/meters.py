"""What notebooks consume: nothing that is not part of the system pool."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Billing
from groundplan.components.base import Meter
from groundplan.stack.model import Stack


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    return ()
