"""The bucket that keeps Terraform's state, made by a root of its own before the others."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import STATE, CloudPart, Component, ModuleCall, Output
from groundplan.hcl.references import Ref
from groundplan.stack.model import Stack

STATE_STORE = Ref("state_store", "state_store")


class StateStore(Component[CloudPart]):
    """The state store module, when the state is remote and the spec names no bucket that is there already."""

    name = "state_store"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when groundplan is to make the bucket."""
        if stack.state.managed:
            yield ModuleCall(
                component=self.name,
                name=STATE_STORE.call,
                source=f"{stack.provider}/state_store",
                layer=STATE,
                arguments={
                    "bucket": stack.state.bucket,
                    "access_log_bucket": stack.state.log_bucket,
                    **self.on(cloud).arguments("state_store", stack),
                },
                path="state",
                outputs=(Output("bucket", STATE_STORE.at("bucket"), "Name of the state bucket."),),
            )


COMPONENT = StateStore()
