"""Where a stack's state is."""

from __future__ import annotations

from groundplan.components.state_store import spec as blocks
from groundplan.components.state_store.part import State
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
    return State(backend="remote", bucket=bucket, log_bucket=logs, own_state=said.own_state, prefix=said.prefix)
