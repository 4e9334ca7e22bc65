"""Which edits of a spec change which module calls: each is applied to the old spec alone, and resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from groundplan import paths
from groundplan.app.pipeline import Resolved
from groundplan.change.attribution import Edits
from groundplan.change.edits import Difference, differences
from groundplan.change.model import Edit
from groundplan.components.load import components
from groundplan.components.resolve import resolve
from groundplan.compose.compose import compose
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.document import Document
from groundplan.spec.parse import parse

MOST_TRIED = 40
"""Edits that are resolved one by one: a twentieth of a second each."""

_Calls = Mapping[tuple[str, str], str]


def leading_edits(before: Document | None, after: Document | None, resolved: Resolved | None) -> Edits:
    """The edits, and the calls that each changes by itself, with the choices that `resolved` has, the new spec.

    An edit that makes no sense without another one changes no call by itself.
    """
    found = differences(before, after)
    every = tuple(one.edit for one in found)
    if before is None or after is None or resolved is None or not 0 < len(found) <= MOST_TRIED:
        return Edits(every)
    old = _calls(before, resolved)
    return Edits(every, {} if old is None else _leading(before, after, resolved, found, old))


def _leading(
    before: Document, after: Document, resolved: Resolved, found: Sequence[Difference], old: _Calls
) -> Mapping[tuple[str, str], Sequence[Edit]]:
    leading: dict[tuple[str, str], list[Edit]] = {}
    places = {**before.places, **after.places}
    for one in found:
        document = replace(before, values=one.applied(before.values), places=places)
        new = _calls(document, resolved)
        for call in () if new is None else {**old, **new}:
            if new is not None and old.get(call) != new.get(call):
                leading.setdefault(call, []).append(one.edit)
    return leading


def _calls(document: Document, resolved: Resolved) -> _Calls | None:
    """Each module call with all that it is given; None where the spec makes no sense."""
    try:
        spec = parse(document)
        stack = resolve(spec, resolved.cloud, resolved.kept, resolved.stack.purchase_option, explain=False)
    except DiagnosticsError:
        return None
    composition = compose(stack, resolved.cloud, components(), paths.MODULES)
    return {
        (root.layer, call.address): repr((call.source, sorted(call.arguments.items())))
        for root in composition.roots
        for call in root.calls
    }
