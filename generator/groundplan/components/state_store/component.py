"""The bucket that keeps Terraform's state, made by a root of its own before the others."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, CloudPart, Component, ModuleCall, Output
from groundplan.components.ci.part import pipeline_of
from groundplan.components.needs import BucketName
from groundplan.components.state_store.part import PLANS, state_of
from groundplan.components.state_store.resolve import STATE_BUCKET, STATE_LOG_BUCKET, resolve_state
from groundplan.hcl.references import Ref
from groundplan.stack.layers import STATE
from groundplan.stack.model import Need, Part, Stack
from groundplan.stack.work import Work

STATE_STORE = Ref("state_store", "state_store")


class StateStorePart(CloudPart):
    """How a cloud keeps the access logs of the state bucket."""

    def logs_in_bucket(self, stack: Stack) -> bool:
        """Whether they are objects in a bucket, which has a name to reserve."""
        return True

    def keys(self, stack: Stack) -> tuple[str, ...]:
        """Keys that its own root makes: for states, and for plans that a pipeline saves."""
        if not state_of(stack).managed:
            return ()
        return ("state", "plans") if pipeline_of(stack) else ("state",)

    def needs(self, stack: Stack) -> Iterable[Need]:
        """The name of the bucket with the access logs."""
        state = state_of(stack)
        if state.managed and self.logs_in_bucket(stack):
            yield BucketName(state.log_bucket, "state")


class StateStore(Component[StateStorePart]):
    """The state store module, when the state is remote and the spec names no bucket that is there already."""

    name = "state_store"
    anywhere = StateStorePart()
    reserved_buckets = (STATE_BUCKET, STATE_LOG_BUCKET)

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_state(work)

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when groundplan is to make the bucket."""
        if state_of(stack).managed:
            yield ModuleCall(
                component=self.name,
                name=STATE_STORE.call,
                source=f"{stack.provider}/state_store",
                layer=STATE,
                arguments={
                    "bucket": state_of(stack).bucket,
                    "access_log_bucket": state_of(stack).log_bucket,
                    **_plans(stack),
                    **self.on(cloud).arguments("state_store", stack),
                },
                path="state",
                outputs=(Output("bucket", STATE_STORE.at("bucket"), "Name of the state bucket."),),
            )


def _plans(stack: Stack) -> Arguments:
    """Where a pipeline keeps plans until somebody approves them."""
    return {"plans_prefix": f"{state_of(stack).prefix or stack.name}/{PLANS}/"} if pipeline_of(stack) else {}


COMPONENT = StateStore()
