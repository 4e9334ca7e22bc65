"""The bucket that keeps Terraform's state, made by a root of its own before the others."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import STATE, CloudPart, Component, Meter, ModuleCall, Output
from groundplan.hcl.references import Ref
from groundplan.quantities import Band
from groundplan.stack.model import Stack

STATE_GIB = Band(Decimal("0.01"), Decimal("0.1"), Decimal(1))

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

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Its key and a little storage."""
        if not stack.state.managed:
            return
        yield self._meter("keys.key", "key_month", Band.of(1), "a key of its own")
        yield self._meter("object_store.standard", "gib_month", STATE_GIB, "versions of a few state files")

    def _meter(self, item: str, unit: str, quantity: Band, assumption: str) -> Meter:
        return Meter(
            component=self.name,
            item=item,
            unit=unit,
            quantity=quantity,
            assumption=assumption,
            kind="fixed",
            path="state",
            address=STATE_STORE.address,
        )


COMPONENT = StateStore()
