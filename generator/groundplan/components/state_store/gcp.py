"""The state bucket on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.components.base import Arguments, Aspects, Meter
from groundplan.components.ci.part import pipeline_of
from groundplan.components.gcp import ACCESS_LOGS, USAGE, access_logs
from groundplan.components.state_store.component import STATE_STORE, StateStorePart
from groundplan.components.state_store.part import state_of
from groundplan.hcl.references import Var
from groundplan.stack.model import Stack


class GcpStateStore(StateStorePart):
    """The state bucket on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the bucket, and what records who read and wrote it."""
        return {"region": Var("region"), **({"access_logs": USAGE} if self.logs_in_bucket(stack) else {})}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Keys are never deleted there, so that the one for saved plans is made with or without a pipeline."""
        if state_of(stack).managed and pipeline_of(stack) is None:
            key = BILLING.key(Amount.of(1, "a key for saved plans"), BILLING.key_rotation_days)
            yield Meter(key, "state_store", "fixed", "state", STATE_STORE.address)

    def keys(self, stack: Stack) -> tuple[str, ...]:
        """The one for saved plans is there without a pipeline, too."""
        return ("state", "plans") if state_of(stack).managed else ()

    def logs_in_bucket(self, stack: Stack) -> bool:
        """Usage logs are objects."""
        return access_logs(stack) == USAGE

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "state": "Cloud Storage bucket, old states kept for 90 days, deleted ones for 7 more",
            "lock": "an object beside the state, by Cloud Storage",
            "encryption": "a Cloud KMS key of its own, another one for saved plans",
            "who read it": ACCESS_LOGS[access_logs(stack)],
        }


PART = GcpStateStore()
