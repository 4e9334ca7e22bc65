"""The bucket that keeps Terraform's state, made by a root of its own before the others."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import STATE, CloudPart, Component, ModuleCall, Output
from groundplan.components.state_store.part import state_of
from groundplan.components.state_store.resolve import STATE_BUCKET, STATE_LOG_BUCKET, resolve_state
from groundplan.hcl.references import Ref
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

STATE_STORE = Ref("state_store", "state_store")


class StateStore(Component[CloudPart]):
    """The state store module, when the state is remote and the spec names no bucket that is there already."""

    name = "state_store"
    anywhere = CloudPart()
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
                    **self.on(cloud).arguments("state_store", stack),
                },
                path="state",
                outputs=(Output("bucket", STATE_STORE.at("bucket"), "Name of the state bucket."),),
            )


COMPONENT = StateStore()
