"""Where Terraform's state was decided to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from groundplan.stack.model import Part, Stack

PLANS = "groundplan/plans"
"""Where saved plans are below the folder of the states: see modules/*/ci_identity."""

OwnState = Literal["local", "remote"]


@dataclass(frozen=True, slots=True)
class State(Part):
    """Where Terraform keeps state; `bucket` is empty for a local file.

    `own_state` is where the root that makes the bucket keeps its own. `prefix` is the folder in the bucket when it is
    not the environment's name, `region` the bucket's when it is not the environment's.
    """

    component: ClassVar[str] = "state_store"
    key: ClassVar[str] = "state"
    backend: Literal["remote", "local"]
    bucket: str
    log_bucket: str
    """Bucket with the access logs of a bucket that groundplan's own root makes; empty when that is not its task."""
    own_state: OwnState = "local"
    prefix: str | None = None
    region: str | None = None
    kms_key: str | None = None
    """Key that every write has to name; None where the bucket's default encrypts."""

    @property
    def managed(self) -> bool:
        """Whether groundplan's own root makes the bucket."""
        return bool(self.log_bucket)


def state_of(stack: Stack) -> State:
    """Where the stack's state is."""
    part = stack.part(State)
    assert part is not None, "every stack has a state"
    return part
