"""Which edits of a spec change which module calls: each is applied to the old spec alone, and resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from groundplan import paths
from groundplan.app.pipeline import Resolved
from groundplan.change.attribution import Edits
from groundplan.change.configured import Path
from groundplan.change.edits import Difference, differences
from groundplan.change.model import Edit
from groundplan.components.base import ModuleCall
from groundplan.components.load import components
from groundplan.components.resolve import resolve
from groundplan.compose.compose import compose
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.document import Document, KeyPlace
from groundplan.spec.document import Path as SpecPath
from groundplan.spec.parse import parse

MOST_TRIED = 40
"""Edits that are resolved one by one: a twentieth of a second each."""

_Parts = Mapping[str, tuple[str, ...]]
"""By name, what stands under it in the arguments of a call; under the empty name all of them."""
_Calls = Mapping[tuple[str, str], "_Call"]
Places = Mapping[SpecPath, KeyPlace]
_WHOLE = ""


def leading_edits(before: Document | None, after: Document | None, resolved: Resolved | None) -> Edits:
    """The edits, and the calls that each changes by itself, with the choices that `resolved` has, the new spec.

    An edit that makes no sense without another one changes no call by itself.
    """
    found = differences(before, after)
    every = tuple(one.edit for one in found)
    if before is None or after is None or resolved is None or not 0 < len(found) <= MOST_TRIED:
        return Edits(every)
    old = _calls(before, resolved)
    if old is None:
        return Edits(every)
    places = {**before.places, **after.places}
    leading = _Leading(old)
    for one in found:
        new = _calls(replace(before, values=one.applied(before.values), places=places), resolved)
        leading.add(one.edit, new)
    joint = _joint(before, found, leading, places, resolved)
    _add_needed(replace(after, places=places), found, leading, resolved)
    return Edits(every, leading.calls, leading.parts, leading.places, leading.together, joint)


def _joint(
    before: Document, found: Sequence[Difference], leading: _Leading, places: Places, resolved: Resolved
) -> frozenset[tuple[str, str]]:
    """The calls that the edits that make no sense alone do not change, all at once; none where nobody can tell."""
    values = before.values
    for one in found:
        values = one.applied(values) if one.edit in leading.together else values
    new = _calls(replace(before, values=values, places=places), resolved) if leading.together else None
    return frozenset(call for call, old in leading.old.items() if new and call in new and new[call].parts == old.parts)


def _add_needed(after: Document, found: Sequence[Difference], leading: _Leading, resolved: Resolved) -> None:
    """Adds the edits of calls that none makes or ends alone: each without which the call would be as it was."""
    new = _calls(after, resolved) or {}
    unled = [
        call for call in {**leading.old, **new} if call not in leading.calls and (call in new) != (call in leading.old)
    ]
    for one in found if new and unled else ():
        without = _calls(replace(after, values=one.undone(after.values)), resolved)
        for call in unled:
            if without is not None and (call in without) == (call in leading.old):
                leading.calls.setdefault(call, []).append(one.edit)


@dataclass(frozen=True, slots=True)
class _Call:
    """What a module call is given, as values and as text."""

    arguments: Mapping[str, Any]
    parts: _Parts


_NO_CALL = _Call({}, {})


@dataclass
class _Leading:
    """Which edits change which calls, and what of them."""

    old: _Calls
    calls: dict[tuple[str, str], list[Edit]] = field(default_factory=dict)
    parts: dict[tuple[str, str, str], list[Edit]] = field(default_factory=dict)
    places: dict[tuple[str, str], list[tuple[Path, Edit]]] = field(default_factory=dict)
    together: list[Edit] = field(default_factory=list)
    _decided: set[tuple[str, str]] = field(default_factory=set)
    """Calls that an edit makes or ends, beside which it does not count what others change of them."""

    def add(self, edit: Edit, new: _Calls | None) -> None:
        """What one edit leads to, given the calls that there are with it; None where it makes no sense alone."""
        if new is None:
            self.together.append(edit)
            return
        for call in {**self.old, **new}:
            before, after = self.old.get(call, _NO_CALL), new.get(call, _NO_CALL)
            old_parts, new_parts = before.parts, after.parts
            if old_parts == new_parts:
                continue
            places = _differing(before.arguments, after.arguments)
            self.places.setdefault(call, []).extend((path, edit) for path in places)
            if not old_parts or not new_parts:
                self.calls[call] = [*(self.calls.get(call, ()) if call in self._decided else ()), edit]
                self._decided.add(call)
            elif call not in self._decided:
                self.calls.setdefault(call, []).append(edit)
            for name in {**old_parts, **new_parts}:
                if name != _WHOLE and old_parts.get(name) != new_parts.get(name):
                    self.parts.setdefault((*call, name), []).append(edit)


def _calls(document: Document, resolved: Resolved) -> _Calls | None:
    """Each module call with all that it is given; None where the spec makes no sense."""
    try:
        spec = parse(document)
        stack = resolve(spec, resolved.cloud, resolved.kept, resolved.stack.purchase_option, explain=False)
    except DiagnosticsError:
        return None
    composition = compose(stack, resolved.cloud, components(), paths.MODULES)
    made = [(root.layer, call) for root in composition.roots for call in root.calls]
    return {(layer, call.address): _Call(call.arguments, _parts(call)) for layer, call in made}


def _parts(call: ModuleCall) -> _Parts:
    found: dict[str, tuple[str, ...]] = {_WHOLE: (call.source, repr(sorted(call.arguments.items())))}
    for name, value in _named(call.arguments):
        found[name] = (*found.get(name, ()), value)
    return found


def _differing(old: object, new: object, path: Path = ()) -> Iterator[Path]:
    """Where two values differ: at the innermost keys of mappings."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _differing(old.get(key), new.get(key), (*path, str(key)))
    elif repr(old) != repr(new):
        yield path


def _named(value: object) -> Iterator[tuple[str, str]]:
    """Every key of a mapping in the value with what stands there, and every text of a list."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key), repr(inner)
            yield from _named(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            if isinstance(inner, str):
                yield inner, ""
            yield from _named(inner)
