"""What keys consume."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Amount, Billing
from groundplan.components.base import Meter
from groundplan.components.keys.component import KEYS, key_purposes_of
from groundplan.stack.model import Stack


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """A month of each key."""
    if count := len(key_purposes_of(stack)):
        words = "one key per purpose; requests to it are not counted"
        keys = billing.key(Amount.of(count, words), billing.key_rotation_days)
        yield Meter(keys, component="keys", kind="fixed", path="name", address=KEYS.address)
