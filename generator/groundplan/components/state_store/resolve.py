"""Where a stack's state is."""

from __future__ import annotations

from groundplan.components.state_store import spec as blocks
from groundplan.components.state_store.part import OwnState, State
from groundplan.components.state_store.standing import states_move
from groundplan.stack import naming
from groundplan.stack.model import Origin
from groundplan.stack.work import Work, bucket_name

STATE_BUCKET, STATE_LOG_BUCKET = "tfstate", "tfstate-logs"


def resolve_state(work: Work) -> State:
    """Where Terraform keeps the state of the stack's roots."""
    said = work.spec.section(blocks.State)
    if said.backend == "local":
        work.diagnostics += states_move(work, "")
        work.decide("state.backend", "local", Origin.SPEC, "as set in the spec")
        return State(backend="local", bucket="", log_bucket="")
    prefix = work.choose("state.prefix", said.prefix, work.spec.name, "the environment's name")
    work.diagnostics += states_move(work, f"{said.bucket or naming.bucket_name(work.spec, STATE_BUCKET)}/{prefix}")
    if said.bucket is not None:
        work.decide("state.bucket", said.bucket, Origin.SPEC, "as set in the spec")
        options = said.options_of(work.cloud.name)
        return State(
            backend="remote",
            bucket=said.bucket,
            log_bucket="",
            prefix=said.prefix,
            region=options.get("region"),
            kms_key=options.get("kms_key_arn"),
        )
    bucket = bucket_name(work, STATE_BUCKET, "name")
    work.decide("state.bucket", bucket, Origin.DERIVED, naming.BUCKET_NAME_REASON)
    logs = bucket_name(work, STATE_LOG_BUCKET, "name")
    return State(
        backend="remote", bucket=bucket, log_bucket=logs, own_state=_own_state(work, said.own_state), prefix=said.prefix
    )


def _own_state(work: Work, said: OwnState | None) -> OwnState:
    """Where the root that makes the bucket keeps its state: where it was, since nothing moves by a new release."""
    before = work.kept.standing("state.own_state")
    stays = before == "local" or (not before and work.kept.standing("state.bucket"))
    if stays:
        return work.choose("state.own_state", said, "local", "as it is")
    return work.choose("state.own_state", said, "remote", "in the bucket that it makes, like the others")
