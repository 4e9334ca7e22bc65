"""What happens to one resource, as classes of a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from groundplan.change.model import Interruption, Kind
from groundplan.change.planned import Action, Planned, written
from groundplan.change.tables import Thing, Weakening, things
from groundplan.change.things import CLUSTER, HOLDERS, has_claims, owns_claims, thing_of
from groundplan.change.weakened import weakened
from groundplan.terraform.effects import Effect, Loss
from groundplan.terraform.plugin.values import UNKNOWN


class Knowledge(Protocol):
    """What is known of types of resources; `terraform.effects` has it."""

    def studied(self, type_: str, /) -> bool:
        """Whether anything is known of the type."""

    def of_update(self, type_: str, before: Mapping[str, Any], after: Mapping[str, Any], /) -> tuple[Effect, ...]:
        """What an update in place does besides."""

    def loss(self, type_: str, prior: Mapping[str, Any] | None = None, /) -> Loss | None:
        """What is gone with a resource."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that happens to one resource."""

    planned: Planned
    kind: Kind
    what: str
    """Goes on from its name: `is replaced`."""
    interruption: Interruption = Interruption.NONE
    forced_by: tuple[str, ...] = ()
    reason: str = ""
    source: str = ""


_INTERRUPTIONS = {word.name.lower(): word for word in Interruption}
_BY_HAND = "a plan cannot tell: groundplan has no facts about this type"
_NO_ACTION = "Terraform plans actions for it that groundplan does not know"
_GIVEN_UP = "the old one is left where it is, no longer managed; one of the same name cannot be made beside it"
_VOLUMES = "lost: what is on the volumes that it claims, unless their class keeps them"
_RECLAIMED = "kubernetes.io/docs/concepts/storage/persistent-volumes"
_POOL, _SERVICE = "node pool", "service"
_WITH_PODS = frozenset({CLUSTER, _POOL, _SERVICE, "deployment", "add-on"})
_RESTARTED = frozenset({"database", _SERVICE})
_LEFT = (("deletion_policy", "ABANDON"), ("skip_destroy", True), ("disable_on_destroy", False))
_QUIET = frozenset({"terraform_data", "null_resource", "time_sleep", "time_static", "local_file"})
"""Types that stand for nothing outside Terraform's own state."""


def classify(planned: Planned, known: Knowledge, *, stands: bool = False) -> Iterator[Finding]:
    """Everything that happens to the resource that has a class; nothing for one that stays as it is.

    One that comes has none either, but for a part of what `stands`.
    """
    if planned.assumed:
        return
    if planned.action is Action.UNKNOWN:
        yield Finding(planned, Kind.UNKNOWN, "is changed in a way that is not known", reason=_NO_ACTION)
    if planned.gone and not stays(planned):
        yield from _gone(planned, known)
    elif planned.action is Action.REPLACE and thing_of(planned.type).noun:
        yield Finding(planned, Kind.REPLACES, "is replaced", forced_by=_forced(planned), reason=_GIVEN_UP)
    if planned.action is Action.UPDATE and _strange(planned.type, known):
        yield Finding(planned, Kind.UNKNOWN, "is updated, or replaced", reason=_BY_HAND)
    elif planned.action is Action.UPDATE:
        yield from _updated(planned, known)
    for row in weakened(planned, stands=stands):
        forced = (written(row.path),) if row.path and "{}" not in row.path else ()
        yield Finding(planned, row.kind, row.what, _weakened_for(row), forced, row.reason, row.source)


def _strange(type_: str, known: Knowledge) -> bool:
    """Whether nothing is known of the type."""
    return type_ not in things() and type_ not in _QUIET and not known.studied(type_)


def is_nothing_outside(type_: str) -> bool:
    """Whether the type stands for nothing outside Terraform's own state."""
    return type_ in _QUIET


def stays(planned: Planned) -> bool:
    """Whether the provider leaves it where it is and only gives it up."""
    return any(planned.before.get(name) == value for name, value in _LEFT)


def _weakened_for(row: Weakening) -> Interruption:
    if row.kind is not Kind.INTERRUPTS:
        return Interruption.NONE
    return Interruption.SECONDS if row.when in ("lower", "changed") else Interruption.FOR_GOOD


def _gone(planned: Planned, known: Knowledge) -> Iterator[Finding]:
    """What is destroyed, with or without something in its place: at most one class, the worst."""
    thing, loss = thing_of(planned.type), known.loss(planned.type, planned.before)
    kind = _kind(planned, thing, loss, known)
    if kind is None:
        return
    forced = _forced(planned)
    reason, source = _reason(planned, kind, loss), loss.source if loss is not None else ""
    if kind is Kind.DESTROYS_DATA and owns_claims(planned):
        reason, source = _VOLUMES, _RECLAIMED
    verb = "is destroyed" if planned.action is Action.DESTROY else "is replaced"
    yield Finding(planned, kind, verb, _length(planned, thing), forced, reason, source)


def _forced(planned: Planned) -> tuple[str, ...]:
    return tuple(written(path) for path in planned.forced_by) or (("for_each",) if planned.replaced_by else ())


def _reason(planned: Planned, kind: Kind, loss: Loss | None) -> str:
    thing = thing_of(planned.type)
    if kind is Kind.UNKNOWN:
        return _BY_HAND
    if loss is not None and (kind in (Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE) or thing.noun in HOLDERS):
        return _loss(loss)
    if loss is not None and planned.action is Action.REPLACE:
        return f"lost: {loss.lost}"
    return f"ends with it: {thing.stops}" if thing.stops else ""


def _kind(planned: Planned, thing: Thing, loss: Loss | None, known: Knowledge) -> Kind | None:
    if owns_claims(planned) or (loss is not None and loss.data and thing.noun not in HOLDERS):
        return Kind.DESTROYS_DATA
    if _strange(planned.type, known):
        return Kind.UNKNOWN
    if planned.type in _QUIET:
        return None
    if loss is not None and loss.irreversible and thing.noun:
        return Kind.CANNOT_BE_UNDONE if planned.action is Action.DESTROY else Kind.REPLACES
    if planned.action is Action.REPLACE:
        return Kind.REPLACES if thing.noun else None
    return Kind.INTERRUPTS if thing.stops else None


def _length(planned: Planned, thing: Thing) -> Interruption:
    if planned.action is Action.DESTROY:
        return Interruption.FOR_GOOD
    return Interruption.SECONDS if planned.new_first and thing.noun == _POOL else thing.replaced


def _loss(loss: Loss) -> str:
    if loss.kept_days == 0:
        return f"lost: {loss.lost}; cannot be undone"
    if loss.undo and loss.kept_days:
        return f"lost: {loss.lost}; can be undone for {loss.kept_days} days: {loss.undo}"
    return f"lost: {loss.lost}; " + (f"can be undone: {loss.undo}" if loss.undo else "cannot be undone")


def _updated(planned: Planned, known: Knowledge) -> Iterator[Finding]:
    """An update that stops something, if only one pod after another; one that is merely slow has no class."""
    found = known.of_update(planned.type, planned.before, after_of(planned)) if known.studied(planned.type) else ()
    stopping = [one for one in found if _INTERRUPTIONS[one.interruption] or _replaces_pods(planned, one)]
    if not stopping:
        return
    worst = max(stopping, key=lambda effect: _INTERRUPTIONS[effect.interruption])
    length = max(_INTERRUPTIONS[worst.interruption], Interruption.SECONDS)
    forced = tuple(dict.fromkeys(written(effect.path) for effect in stopping))
    yield Finding(planned, Kind.INTERRUPTS, _stop(planned, worst), length, forced, worst.note, worst.source)


def _replaces_pods(planned: Planned, effect: Effect) -> bool:
    """Whether what runs ends and starts anew, one after the other; of a chart what has a volume cannot overlap."""
    noun = thing_of(planned.type).noun
    if effect.effect == "new_version":
        return noun == _SERVICE
    return effect.effect == "rolling" and (noun in _WITH_PODS or has_claims(planned))


def _stop(planned: Planned, effect: Effect) -> str:
    noun = thing_of(planned.type).noun
    if effect.effect == "restart" and noun in _RESTARTED:
        return "is restarted"
    if effect.effect == "rolling":
        return "is renewed node by node" if noun in (CLUSTER, _POOL) else "restarts its pods"
    return "is renewed" if effect.effect == "new_version" else "is interrupted"


def after_of(planned: Planned) -> Mapping[str, Any]:
    """The values after the change, those that are known only then marked as such."""
    merged = _merged(planned.after, planned.unknown)
    return merged if isinstance(merged, dict) else {}


def _merged(value: Any, unknown: Any) -> Any:
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and unknown:
        known = value if isinstance(value, dict) else {}
        return {name: _merged(known.get(name), unknown.get(name)) for name in {**known, **unknown}}
    if isinstance(unknown, list) and unknown:
        items = value if isinstance(value, list) else []
        pairs = max(len(items), len(unknown))
        return [_merged(_at(items, index), _at(unknown, index)) for index in range(pairs)]
    return value


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else None
