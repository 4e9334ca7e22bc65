"""The identities of the pipeline, in a root of their own that a person applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, CloudPart, Component, ModuleCall, Output
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci_identity.taken import APPLIED, calls_of, types_of
from groundplan.components.ci_identity.tokens import Tokens, tokens_of
from groundplan.components.state_store.part import state_of
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import IDENTITY
from groundplan.stack.model import Stack

CI_IDENTITY = Ref("ci_identity", "ci_identity")


class CiIdentityPart(CloudPart):
    """How a cloud compares tokens, and what it calls permissions."""

    def trusts(self, stack: Stack, tokens: Sequence[Tokens]) -> Arguments:
        """The module's arguments for whose tokens are taken."""
        return {}

    def permissions(self, stack: Stack, read: Sequence[str], applied: Sequence[str]) -> Arguments:
        """Those for what is allowed, from the types of all roots and of those that the pipeline applies."""
        return {}

    def state(self, stack: Stack) -> Arguments:
        """What the cloud wants to know of the bucket of the states beside its name."""
        return {}


class CiIdentity(Component[CiIdentityPart]):
    """The module ci_identity, where the environment has a pipeline with tokens."""

    name = "ci_identity"
    anywhere = CiIdentityPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call, which knows what all the others make."""
        tokens = signed(stack)
        if not tokens:
            return
        others = calls_of(stack, cloud, self.name)
        part, state = self.on(cloud), state_of(stack)
        call = ModuleCall(
            component=self.name,
            name=CI_IDENTITY.call,
            source=f"{stack.provider}/ci_identity",
            layer=IDENTITY,
            arguments={
                "name": Var("name"),
                **part.trusts(stack, tokens),
                "state": {
                    "bucket": state.bucket,
                    "prefix": state.prefix or stack.name,
                    **part.state(stack),
                    "roots": list(_applied(others)),
                },
            },
            path="ci",
            outputs=(Output("roles", CI_IDENTITY.at("roles"), "What jobs of the pipeline take, by what they do."),),
        )
        read = types_of([*others, call])
        applied = types_of(other for other in others if other.layer in APPLIED)
        yield _with(call, part.permissions(stack, read, applied))


def signed(stack: Stack) -> list[Tokens]:
    """The tokens of the pipeline; none where states are files, which no job finds."""
    pipeline = pipeline_of(stack)
    return list(tokens_of(pipeline, stack.name)) if pipeline and state_of(stack).bucket else []


def _applied(calls: Iterable[ModuleCall]) -> list[str]:
    return sorted({call.layer for call in calls if call.layer in APPLIED})


def _with(call: ModuleCall, further: Arguments) -> ModuleCall:
    arguments: dict[str, Value] = {**call.arguments, **further}
    return ModuleCall(call.component, call.name, call.source, call.layer, arguments, call.path, outputs=call.outputs)


COMPONENT = CiIdentity()
