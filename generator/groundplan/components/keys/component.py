"""Encryption keys: one per purpose, so that who may read logs may not read data."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, CloudPart, Component, ModuleCall
from groundplan.components.needs import Key
from groundplan.hcl.references import Ref, Var
from groundplan.stack.model import Stack

KEYS = Ref("keys", "keys")
"""The keys by purpose."""
PURPOSES = ("storage", "database", "alerts", "cluster", "logs")
"""The purposes that the clouds' modules know, in the order in which a reader meets them."""


def key_purposes_of(stack: Stack) -> tuple[str, ...]:
    """Purposes that get an encryption key of their own, because a component asks for it."""
    wanted = {key.purpose for key in stack.needed(Key)}
    assert wanted <= set(PURPOSES), f"no module has a key for {', '.join(sorted(wanted - set(PURPOSES)))}"
    return tuple(purpose for purpose in PURPOSES if purpose in wanted)


class Keys(Component[CloudPart]):
    """The keys module, once for all purposes."""

    name = "keys"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when anything is encrypted with a key of ours."""
        if key_purposes_of(stack):
            yield ModuleCall(
                component=self.name,
                name=KEYS.call,
                source=f"{stack.provider}/keys",
                layer=FOUNDATION,
                arguments={
                    "name": Var("name"),
                    "purposes": list(key_purposes_of(stack)),
                    **self.on(cloud).arguments("keys", stack),
                },
                path="name",
            )


def key_id(purpose: str) -> Ref:
    """The id of the key for `purpose`, for the foundation's other modules."""
    return KEYS.at(purpose, "id")


COMPONENT = Keys()
