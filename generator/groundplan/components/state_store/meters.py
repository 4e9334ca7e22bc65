"""What Terraform's state consumes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing
from groundplan.components.base import Meter
from groundplan.components.ci.part import pipeline_of
from groundplan.components.state_store.component import STATE_STORE
from groundplan.components.state_store.part import state_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack

STATE_GIB = Band(Decimal("0.01"), Decimal("0.1"), Decimal(1))


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """Its keys and a little storage."""
    if not state_of(stack).managed:
        return
    plans = pipeline_of(stack) is not None
    keys = Amount.of(2, "keys of its own, one for saved plans") if plans else Amount.of(1, "a key of its own")
    key = billing.key(keys, billing.key_rotation_days)
    versions = billing.bucket(Amount(STATE_GIB, "versions of a few state files"))
    for use in (key, versions):
        yield Meter(use, component="state_store", kind="fixed", path="state", address=STATE_STORE.address)
