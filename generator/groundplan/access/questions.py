"""What a question has to be so that it means something, told without anything of the environment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.access.engine import Action, Engine
from groundplan.change.access import globs
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean, shortened

Named = tuple[tuple[Engine, str], ...]
"""Whom to ask, and what the action is called there."""


def meant(action: str, engines: Sequence[Engine]) -> Named:
    """The action by its names on the clouds that have it; raises GP207 where none has."""
    found = tuple((one, name) for one in engines for name in _called(action, one) if one.understands(name))
    if not found:
        raise DiagnosticsError([_no_action(action, engines)])
    known = tuple(pair for pair in found if _is_known(*pair))
    if not known:
        siblings = [each for one, name in found for each in one.siblings(name)]
        hint = did_you_mean(action, siblings) or "the documents of the cloud list the actions of each service"
        raise DiagnosticsError([Diagnostic("GP207", f"there is no action {shortened(action)}", hint=hint)])
    return known


def asked_about(action: str, reference: str, engines: Sequence[Engine]) -> str:
    """The reference; for words of a table and any resource, what the table asks about."""
    rows = (one for engine in engines for one in engine.actions if reference == "*" and one.words == action)
    return next((one.resource for one in rows), reference)


def check_meaning(action: str, reference: str, engines: Sequence[Engine]) -> None:
    """Raises GP207 for a question that means nothing on any of the clouds, whatever is there."""
    check_form(reference, [engine for engine, _ in meant(action, engines)])


def check_form(reference: str, engines: Sequence[Engine]) -> None:
    """Raises GP207 for what can be the name of nothing on any of the clouds, whatever is there."""
    sort, colon, _ = reference.partition(":")
    sorts = tuple(dict.fromkeys(each for one in engines for each in one.sorts))
    if reference == "*" or any(one.is_whole(reference) for one in engines) or (colon and sort in sorts):
        return
    raise DiagnosticsError([nothing(reference, engines, ())])


def nothing(reference: str, engines: Sequence[Engine], names: Iterable[str]) -> Diagnostic:
    """That nothing is called so; `names` are those that references may have there."""
    sort, _, rest = reference.partition(":")
    sorts = tuple(dict.fromkeys(each for one in engines for each in one.sorts))
    forms = f"`*`, a whole name of the cloud, or {', '.join(f'{one}:' for one in sorts)} and a name of the environment"
    forms = forms if sorts else "a kind of objects, such as secrets, secrets/NAMESPACE, deployments.apps or pods:exec"
    names = [*names, *(each for one in engines for each in one.names(""))]
    near = did_you_mean(reference, names) or (did_you_mean(f"{sort}:", [f"{one}:" for one in sorts]) if rest else "")
    return Diagnostic("GP207", f"nothing in the environment is called {shortened(reference)}", hint=near or forms)


def _no_action(action: str, engines: Sequence[Engine]) -> Diagnostic:
    tables = [one for engine in engines for one in engine.actions]
    examples = ", ".join(f"{one.name} ({one.words})" for one in tables[:3])
    where = "this cloud" if sum(bool(one.cloud) for one in engines) == 1 else "any cloud"
    message = f"{shortened(action)} is no name of an action on {where}"
    near = did_you_mean(action, [name for one in tables for name in (one.words, one.name)])
    return Diagnostic("GP207", message, hint=near or f"such as {examples}")


def _called(action: str, engine: Engine) -> tuple[str, ...]:
    """What the cloud calls it that a table calls so: several where each of them is enough."""
    return tuple(one.name for one in engine.actions if one.words == action) or (action,)


def _is_known(engine: Engine, name: str) -> bool:
    """Whether the service has it; one whose actions are not listed may have any."""
    siblings = engine.siblings(name)
    return not siblings or any(globs.covers(name.lower(), one.lower()) for one in siblings)


def tables(engines: Sequence[Engine]) -> tuple[tuple[str, Named, str], ...]:
    """What hurts most in the wrong hands, by what it is called in words, and the resource to ask about."""
    every: tuple[tuple[Engine, Action], ...] = tuple((engine, one) for engine in engines for one in engine.actions)
    words = {one.words: one.resource for _, one in every}
    return tuple(
        (each, tuple((engine, one.name) for engine, one in every if one.words == each), resource)
        for each, resource in words.items()
    )
