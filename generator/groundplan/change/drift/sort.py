"""From the plan of a root to what was changed outside, and what is merely not applied yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from groundplan.change.access.model import Opening
from groundplan.change.attribution import Attribution
from groundplan.change.classify import Finding, Knowledge, classify
from groundplan.change.drift.mirrors import Explained
from groundplan.change.drift.model import Drifted, Fate, RootDrift, Value
from groundplan.change.drift.others import Left
from groundplan.change.drift.schemas import Schemas
from groundplan.change.drift.values import UNKNOWN, Differing, at, differing, marked, shown
from groundplan.change.model import Entry, Kind
from groundplan.change.opens import openings
from groundplan.change.planned import Action, Planned, read_plan
from groundplan.change.things import Ownership, name_of, noun_of
from groundplan.change.wording import sentence
from groundplan.terraform.effects.equality import same

_LASTING = (Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE, Kind.OPENS)
"""Classes that outlast the moment of the change."""
_NOTHING = ("no-op", "read")


@dataclass(frozen=True)
class Plans:
    """The plans of one root: the whole one, and what of the folder is not applied, where that was asked."""

    root: str
    whole: Mapping[str, Any]
    refresh_only: bool = False
    unrefreshed: Mapping[str, Any] | None = None
    """A plan that does not look at the cloud, so that all of it is pending."""

    @cached_property
    def outside(self) -> Mapping[str, Mapping[str, Any]]:
        """What Terraform found changed, by address."""
        return {one["address"]: one for one in _managed(self.whole, "resource_drift")}

    @cached_property
    def changes(self) -> Mapping[str, Mapping[str, Any]]:
        """Every resource of the plan, by address."""
        return {one["address"]: one for one in _managed(self.whole, "resource_changes")}

    @property
    def acted_on(self) -> Sequence[str]:
        """Addresses that the next apply does something to."""
        return [address for address, one in self.changes.items() if _acts(one)]

    @property
    def as_change(self) -> Mapping[str, Any]:
        """What was done outside as if it were a plan: what nobody touched stays as it is."""
        there = self.changes or {one["address"]: one for one in _in_state(self.whole)}
        quiet = (_quiet(one) for address, one in there.items() if address not in self.outside)
        return {**self.whole, "resource_changes": [*self.outside.values(), *quiet]}

    @property
    def undoing(self) -> Mapping[str, Any]:
        """The plan as far as it is about what was changed outside."""
        kept = (one if address in self.outside else _quiet(one) for address, one in self.changes.items())
        return {**self.whole, "resource_changes": list(kept)}


def _managed(plan: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    for one in plan.get(key) or ():
        if one.get("mode") == "managed" and "deposed" not in one:
            yield one


def _in_state(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The resources of the state as a plan without changes has them, which a refresh alone leaves out."""
    front = [(plan.get("prior_state", {}).get("values") or {}).get("root_module") or {}]
    while front:
        module = front.pop()
        front += module.get("child_modules") or ()
        for one in module.get("resources") or ():
            if one.get("mode") == "managed":
                about = {"actions": ["no-op"], "before": one.get("values"), "after": one.get("values")}
                yield {**one, "module_address": module.get("address", ""), "change": about}


def _acts(one: Mapping[str, Any]) -> bool:
    return any(action not in _NOTHING for action in one["change"]["actions"])


def _quiet(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """A resource to which nothing happens; what is only made is not there yet."""
    about = one["change"]
    there = about.get("before")
    return {**one, "change": {**about, "actions": ["no-op"], "after": there, "after_unknown": {}}}


@dataclass(frozen=True, slots=True)
class _Around:
    """What the resources of a root are to each other."""

    owners: Ownership
    explained: Explained


@dataclass(frozen=True)
class Sorting:
    """What is known of an environment, to tell what was changed in its roots."""

    attribution: Attribution
    known: Knowledge
    schemas: Schemas
    left: Left | None = None
    others: Sequence[Planned] = ()
    """Resources of the other roots."""

    def root(self, plans: Plans) -> RootDrift:
        """What was changed outside in one root, the worst first."""
        drifted = sorted(self._drifted(plans), key=_rank)
        touched = {one.address for one in drifted if one.fate is not Fate.KEPT}
        pending, following = _rest(plans, touched)
        return RootDrift(plans.root, drifted, pending, following)

    def _drifted(self, plans: Plans) -> Iterator[Drifted]:
        outside, undoing = self._effects(plans.root, plans.as_change), self._effects(plans.root, plans.undoing)
        planned = list(read_plan(plans.root, plans.as_change))
        owners = Ownership(planned)
        parts: dict[str, list[str]] = {}
        for one in planned:
            whole = owners.goes_with(one) if one.gone and one.address in plans.outside else None
            if whole is not None:
                parts.setdefault(whole.address, []).append(one.address)
        around = _Around(owners, Explained((*planned, *self.others)))
        inside = {address for there in parts.values() for address in there}
        for one in planned:
            if one.address in plans.outside and one.address not in inside:
                found = self._one(plans, one, around, tuple(parts.get(one.address, ())))
                if found is not None:
                    yield _with(found, outside.get(one.address, ()), undoing.get(one.address, ()))

    def _one(self, plans: Plans, one: Planned, around: _Around, parts: tuple[str, ...]) -> Drifted | None:
        values = self._values(plans, one, around.explained)
        gone = one.action is Action.DESTROY
        if not gone and not values:
            return None
        origin = self.attribution.origin(one.root, one.address)
        call = self.attribution.call(one.root, one.address)
        subject = around.owners.subject(one)
        change = plans.changes.get(one.address)
        return Drifted(
            _fate(plans, gone=gone, values=values),
            one.root,
            one.address,
            one.type,
            f"{noun_of(subject.type)} {name_of(subject)}",
            origin.component,
            origin.path,
            call.place if call else None,
            values,
            parts=parts,
            again=None if gone and plans.refresh_only else gone and change is not None and _acts(change),
        )

    def _values(self, plans: Plans, one: Planned, explained: Explained) -> tuple[Value, ...]:
        """The attributes that were changed; none of what is gone."""
        if one.action is Action.DESTROY:
            return ()
        block = self.schemas.block(one.provider, one.type)
        about = plans.outside[one.address]["change"]
        change = None if plans.refresh_only else plans.changes.get(one.address, {}).get("change")
        found = differing(one.before, one.after, block)
        found = [rest for each in found if (rest := explained.rest(one, each)) is not None]
        told = ((each, _value(each, about, change, refresh_only=plans.refresh_only)) for each in found)
        return tuple(value for each, value in told if value.undone or not self._is_left(one, each))

    def _is_left(self, one: Planned, each: Differing) -> bool:
        return self.left is not None and self.left.covers(one, each.path)

    def _effects(self, root: str, plan: Mapping[str, Any]) -> Mapping[str, Sequence[Entry]]:
        """By address, the classes of what happens to it in a plan."""
        planned = list(read_plan(root, plan))
        owners, by_address = Ownership(planned), {one.address: one for one in planned}
        found: dict[str, list[Entry]] = {}
        for one in planned:
            for finding in classify(one, self.known, stands=owners.stands(one)):
                found.setdefault(one.address, []).append(_entry(finding, owners.subject(one)))
        for opening in openings(plan.get("resource_changes") or ()):
            if opening.address in by_address:
                found.setdefault(opening.address, []).append(_opened(opening, root))
        return found


def _value(each: Differing, about: Mapping[str, Any], change: Mapping[str, Any] | None, *, refresh_only: bool) -> Value:
    hidden = any(marked(about.get(f"{side}_sensitive"), each.path) for side in ("before", "after"))
    was, now = shown(each.before, hidden=hidden), shown(each.after, hidden=hidden)
    if refresh_only:
        return Value(each.text, was, now, None)
    if change is None or not _acts({"change": change}) or change.get("after") is None:
        return Value(each.text, was, now, now)
    if marked(change.get("after_unknown"), each.path):
        return Value(each.text, was, now, UNKNOWN, undone=True)
    then = at(change["after"], each.path)
    hidden = hidden or marked(change.get("after_sensitive"), each.path)
    return Value(each.text, was, now, shown(then, hidden=hidden), undone=not same(then, each.after))


def _fate(plans: Plans, *, gone: bool, values: Sequence[Value]) -> Fate:
    if gone:
        return Fate.REMOVED
    if plans.refresh_only:
        return Fate.CHANGED
    return Fate.UNDONE if any(value.undone for value in values) else Fate.KEPT


def _with(found: Drifted, outside: Sequence[Entry], undoing: Sequence[Entry]) -> Drifted:
    told = tuple(one for one in outside if one.gone or one.kind in _LASTING)
    return replace(found, outside=told, undoing=tuple(undoing) if found.fate is Fate.UNDONE else ())


def _entry(finding: Finding, subject: Planned) -> Entry:
    return Entry(
        kind=finding.kind,
        what=sentence(noun_of(subject.type), [name_of(subject)], finding.what),
        root=finding.planned.root,
        address=finding.planned.address,
        forced_by=finding.forced_by,
        interruption=finding.interruption,
        reason=finding.reason,
        source=finding.source,
        gone=finding.planned.gone,
    )


def _opened(opening: Opening, root: str) -> Entry:
    kind = Kind.UNKNOWN if opening.unknown else Kind.OPENS
    paths = tuple(filter(None, opening.path.split(", ")))
    return Entry(
        kind=kind,
        what=opening.what,
        root=root,
        address=opening.address,
        forced_by=paths,
        reason=opening.detail,
        source=opening.source,
    )


def _rest(plans: Plans, touched: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What else the next apply does: because the folder is not applied yet, and because of what it undoes."""
    others = [address for address in plans.acted_on if address not in touched]
    if plans.unrefreshed is None:
        return tuple(others), ()
    pending = [one["address"] for one in _managed(plans.unrefreshed, "resource_changes") if _acts(one)]
    return tuple(pending), tuple(address for address in others if address not in pending)


_ORDER = {fate: index for index, fate in enumerate(Fate)}
_KINDS = {kind: index for index, kind in enumerate(Kind)}


def _rank(one: Drifted) -> tuple[int, int, str]:
    worst = min((_KINDS[entry.kind] for entry in one.outside), default=len(_KINDS))
    return worst, _ORDER[one.fate], one.address
