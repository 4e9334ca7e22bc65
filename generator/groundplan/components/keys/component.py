"""Encryption keys: one per purpose, so that who may read logs may not read data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, Holding, ModuleCall
from groundplan.components.keys.part import existing_keys_of
from groundplan.components.keys.resolve import Forms, resolve_keys
from groundplan.components.needs import Key
from groundplan.diagnostics import Diagnostic
from groundplan.hcl.references import Ref, Var
from groundplan.stack.assets import Asset
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

KEYS = Ref("keys", "keys")
"""The keys by purpose."""
PURPOSES = ("storage", "database", "alerts", "cluster", "logs")
"""The purposes that the clouds' modules know, in the order in which a reader meets them."""


def key_purposes_of(stack: Stack) -> tuple[str, ...]:
    """Purposes that get an encryption key of their own, because a component asks for it."""
    wanted = {key.purpose for key in stack.needed(Key)}
    assert wanted <= set(PURPOSES), f"no module has a key for {', '.join(sorted(wanted - set(PURPOSES)))}"
    return tuple(purpose for purpose in PURPOSES if purpose in wanted)


class KeysPart(CloudPart):
    """How a cloud names keys and lets services use them."""

    existing_forms: ClassVar[Forms] = {}
    """How the spec names a key that is there."""
    unclear_forms: ClassVar[Forms] = {}
    """What does not name one, with what to write."""

    def key_name(self, purpose: str, stack: Stack) -> str:
        """Name in the cloud of the key for a purpose."""
        return f"{stack.name}-{purpose}"

    def beside(self, stack: Stack) -> Iterable[Holding]:
        """What keys need and is no part of one: what lets services use them."""
        return ()


class Keys(Component[KeysPart]):
    """The keys module, once for all purposes."""

    name = "keys"
    anywhere = KeysPart()

    def resolve(self, work: Work) -> Part | None:
        """The keys that are there already."""
        part = self.on(work.cloud)
        return resolve_keys(work, part.existing_forms, part.unclear_forms)

    def useless(self, stack: Stack) -> Iterable[Diagnostic]:
        """Keys for purposes that nothing has."""
        for purpose in sorted(set(existing_keys_of(stack)) - set(key_purposes_of(stack))):
            message = f"`keys.{purpose}` has no effect: nothing of the spec is encrypted with it"
            yield Diagnostic("GP208", message, hint="remove it", path=f"keys.{purpose}")

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

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """The keys, and what lets services use them: what they encrypted may be left, and wants both."""
        part = self.on(cloud)
        for purpose in key_purposes_of(stack):
            there = purpose in existing_keys_of(stack)
            name, path = part.key_name(purpose, stack), f"keys.{purpose}" if there else "name"
            asset = Asset("key", name, path, FOUNDATION, KEYS.call, purpose, imported=there)
            yield Holding(asset, each="purposes")
        if key_purposes_of(stack):
            yield from part.beside(stack)


def key_id(purpose: str) -> Ref:
    """The id of the key for `purpose`, for the foundation's other modules."""
    return KEYS.at(purpose, "id")


COMPONENT = Keys()
