"""The identities of the pipeline, in a root of their own that a person applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, CloudPart, Component, ModuleCall, Output
from groundplan.components.ci_identity.objects import RELEASES, objects_of, releases_of
from groundplan.components.ci_identity.taken import APPLIED, calls_of, types_of
from groundplan.components.ci_identity.tokens import Tokens, signed
from groundplan.components.state_store.part import state_of
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import IDENTITY, PLATFORM, RUNNER
from groundplan.stack.model import Stack

CI_IDENTITY = Ref("ci_identity", "ci_identity")
READER = Ref("reader", "reader")


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

    def further(self, stack: Stack) -> Arguments:
        """What else the module takes on this cloud."""
        return {}

    def reader(self, stack: Stack) -> Arguments:
        """Who looks for drift, by the name under which the cluster knows it."""
        return {}


class CiIdentity(Component[CiIdentityPart]):
    """The module ci_identity, where the environment has a pipeline with tokens, and on its cluster who reads there."""

    name = "ci_identity"
    anywhere = CiIdentityPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call, which knows what all the others make, and one on the cluster."""
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
                **part.further(stack),
            },
            path="ci",
            outputs=(Output("roles", CI_IDENTITY.at("roles"), "What jobs of the pipeline take, by what they do."),),
        )
        read = types_of([*(other for other in others if other.layer != RUNNER), call])
        applied = types_of(other for other in others if other.layer in APPLIED)
        yield _with(call, part.permissions(stack, read, applied))
        yield from _reader(self.name, part.reader(stack), [one for one in others if one.layer == PLATFORM])


def _reader(component: str, reader: Arguments, others: Sequence[ModuleCall]) -> Iterable[ModuleCall]:
    """A refresh of the platform asks the cluster, where permissions of the cloud alone open nothing."""
    objects, releases = objects_of(others), releases_of(others)
    if not objects and not releases:
        return
    yield ModuleCall(
        component=component,
        name=READER.call,
        source="kubernetes/reader",
        layer=PLATFORM,
        arguments={
            "reader": dict(reader),
            "objects": dict(objects),
            **({"release_namespaces": list(releases)} if releases else {}),
        },
        path="ci",
        # Namespaces come first.
        depends_on=tuple(Ref(one.name) for one in others if one.source in RELEASES),
    )


def _applied(calls: Iterable[ModuleCall]) -> list[str]:
    return sorted({call.layer for call in calls if call.layer in APPLIED})


def _with(call: ModuleCall, further: Arguments) -> ModuleCall:
    arguments: dict[str, Value] = {**call.arguments, **further}
    return ModuleCall(call.component, call.name, call.source, call.layer, arguments, call.path, outputs=call.outputs)


COMPONENT = CiIdentity()
