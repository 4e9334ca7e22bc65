"""What lines of `access.deny` may be about, as far as a spec tells before anything is rendered or planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from groundplan.access.engine import Engine
from groundplan.access.engines import ENGINES, cluster
from groundplan.access.questions import check_form, meant, nothing
from groundplan.access.tokens import EVENTS
from groundplan.access.world import is_job, no_pipeline, nobody
from groundplan.clouds.base import Cloud
from groundplan.components.access.part import Denial, denials_of
from groundplan.components.base import AnyComponent
from groundplan.components.ci.part import pipeline_of
from groundplan.components.needs import BucketName
from groundplan.components.node_pool.part import pools_of
from groundplan.components.state_store.component import COMPONENT as STATES
from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack

_ONLY_BEGINNING = ("role", "account", "secret")
"""Sorts of which no more is known before a plan than what their names begin with: the environment's."""


OWN_PODS: Mapping[str, tuple[str, str]] = {
    "aws/alert_topic": ("monitoring", "alertmanager"),
    "aws/load_balancer_identity": ("kube-system", "aws-load-balancer-controller"),
}
"""Namespace and service account of pods that modules name by themselves, by their source."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Names that an environment will have."""

    stack: Stack
    engine: Engine
    """Of its cloud."""
    inside: tuple[Engine, ...]
    """Of its cluster, where it has one."""
    pods: tuple[str, ...]
    """Namespaces, service accounts and both."""
    names: Mapping[str, tuple[str, ...]]
    """By what stands before them in a reference."""

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All that may be asked."""
        return (self.engine, *self.inside)

    def asked(self, action: str) -> tuple[Engine, ...]:
        """Those that an action is asked of; all for one that is none."""
        try:
            return tuple(dict.fromkeys(engine for engine, _ in meant(action, self.engines)))
        except DiagnosticsError:
            return self.engines

    @property
    def words(self) -> tuple[str, ...]:
        """Everybody that is known by now."""
        jobs = EVENTS if pipeline_of(self.stack) else ()
        nodes = (f"node:{pool.id}" for pool in pools_of(self.stack))
        return (*jobs, *nodes, *(f"pod:{one}" for one in self.pods))


def mistakes(stack: Stack, cloud: Cloud, components: Sequence[AnyComponent]) -> Iterator[Diagnostic]:
    """What of `access.deny` means nothing: GP207 at the value, for every line."""
    engine = ENGINES.get(stack.provider)
    if engine is None:
        return
    known = _foreseen(stack, cloud, components, engine(()))
    for index, denial in enumerate(denials_of(stack)):
        for key, check in (("who", _who), ("action", _action), ("resource", _resource)):
            yield from _at(f"access.deny[{index}].{key}", check, known, denial)


def _foreseen(stack: Stack, cloud: Cloud, components: Sequence[AnyComponent], engine: Engine) -> Foreseen:
    making = [one for one in components if not one.on(cloud).built_in]
    calls = [call for component in making for call in component.calls(stack, cloud)]
    pairs = (pair for call in calls for pair in (*_pods(call.arguments), OWN_PODS.get(call.source)) if pair)
    pods = dict.fromkeys(name for space, account in pairs for name in (space, account, f"{space}/{account}"))
    assets = [one.asset for component in making for one in component.assets(stack, cloud)]
    names = {sort: _names(assets, sort) for sort in ("bucket", "database", "key")}
    names["key"] += STATES.on(cloud).keys(stack)
    names["bucket"] += tuple(one.name for one in stack.needed(BucketName))
    inside = (cluster(()),) if pools_of(stack) else ()
    return Foreseen(stack, engine, inside, tuple(pods), names)


def _at(path: str, check: Callable[[Foreseen, Denial], None], known: Foreseen, denial: Denial) -> Iterator[Diagnostic]:
    try:
        check(known, denial)
    except DiagnosticsError as error:
        yield from (replace(one, path=path) for one in error.diagnostics)


def _who(known: Foreseen, denial: Denial) -> None:
    if is_job(denial.who):
        if pipeline_of(known.stack) is None:
            raise DiagnosticsError([no_pipeline(denial.who)])
        return
    sort, _, name = denial.who.partition(":")
    if sort in _ONLY_BEGINNING and sort in known.engine.sorts:
        _begins(known, denial.who, name)
    elif denial.who not in known.words:
        raise DiagnosticsError([nobody(denial.who, known.words)])


def _action(known: Foreseen, denial: Denial) -> None:
    meant(denial.action, known.engines)


def _resource(known: Foreseen, denial: Denial) -> None:
    engines = known.asked(denial.action)
    check_form(denial.resource, engines)
    sort, _, name = denial.resource.partition(":")
    if denial.resource == "*" or any(one.is_whole(denial.resource) for one in engines):
        return
    if sort in _ONLY_BEGINNING:
        _begins(known, denial.resource, name)
    elif name not in known.names.get(sort, ()):
        names = [f"{sort}:{one}" for one in known.names.get(sort, ())]
        raise DiagnosticsError([nothing(denial.resource, engines, names)])


def _begins(known: Foreseen, reference: str, name: str) -> None:
    if not name.startswith(known.stack.name):
        message = f"nothing in the environment is called {shortened(reference)}"
        hint = f"what the environment makes of that sort has a name that begins with {known.stack.name}"
        raise DiagnosticsError([Diagnostic("GP207", message, hint=hint)])


def _names(assets: Sequence[Asset], sort: str) -> tuple[str, ...]:
    found = (name for one in assets if one.kind == sort for name in (one.key, one.name))
    return tuple(dict.fromkeys(name for name in found if name))


def _pods(value: object) -> Iterator[tuple[str, str]]:
    """Namespaces and service accounts that arguments of module calls speak of."""
    if not isinstance(value, Mapping):
        return
    space, account = value.get("namespace"), value.get("service_account")
    if isinstance(space, str) and isinstance(account, str):
        yield space, account
    for one in value.values():
        yield from _pods(one)
