"""What the state bucket needs of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import BucketName
from groundplan.components.state_store.part import state_of
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """Its name, when groundplan makes it."""
    state = state_of(stack)
    if state.managed:
        yield BucketName(state.bucket, "state")
