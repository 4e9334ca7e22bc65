"""A change for other programs; docs/change.md has the fields."""

from __future__ import annotations

from typing import Any

from groundplan.change.allowed import word
from groundplan.change.model import Adopted, Change, Deviation, Edit, Entry, Side
from groundplan.change.upgrade.model import Upgrade
from groundplan.views.tables import numbers


def as_json(change: Change) -> dict[str, Any]:
    """The part of the JSON object that says what the change does; money as numbers with cents."""
    counts = change.counts
    return {
        "currency": "USD",
        "before": _side(change.before),
        "after": _side(change.after),
        "needs_word": [str(word(entry, change.entries)) for entry in change.stopped],
        "monthly_usd": numbers(change.monthly_usd),
        "resources": {name: getattr(counts, name) for name in type(counts).__slots__},
        "entries": [_entry(entry, change) for entry in change.entries],
        "adopted": [_adopted(one) for one in change.adopted],
        "upgrade": _upgrade(change.upgrade) if change.upgrade else None,
    }


def _side(side: Side) -> dict[str, str]:
    return {"label": side.label, "release": side.release}


def _entry(entry: Entry, change: Change) -> dict[str, Any]:
    return {
        "class": entry.kind.value,
        "what": entry.what,
        "component": entry.component or None,
        "root": entry.root or None,
        "address": entry.address or None,
        "path": entry.path or None,
        "file": entry.place.file if entry.place else None,
        "line": entry.place.line if entry.place else None,
        "edits": [_edit(edit) for edit in entry.edits],
        "forced_by": list(entry.forced_by),
        "interruption": entry.interruption.name.lower(),
        "reason": entry.reason or None,
        "stops": list(entry.stops),
        "source": entry.source or None,
        "monthly_usd": numbers(entry.monthly_usd),
        "avoid": entry.avoid or None,
        "word": str(word(entry, change.entries)),
        "needs_word": entry.needs_word,
        "allowed_by": entry.allowed_by or None,
    }


def _adopted(one: Adopted) -> dict[str, Any]:
    return {
        "what": one.what,
        "root": one.root,
        "path": one.path,
        "file": one.place.file if one.place else None,
        "line": one.place.line if one.place else None,
        "imported": one.imported,
        "differences": [_difference(each) for each in one.differences],
    }


def _difference(one: Deviation) -> dict[str, Any]:
    return {
        "address": one.address,
        "made": not one.attributes,
        "values": [{"path": each.path, "before": each.before, "after": each.after} for each in one.attributes],
        "paths": list(one.paths),
        "stated": one.stated,
        "line": one.place.line if one.place and one.stated else None,
        "reason": one.why or None,
        "replaces": one.replaces,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    place = edit.place
    return {
        "path": edit.path,
        "before": edit.before,
        "after": edit.after,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _upgrade(upgrade: Upgrade) -> dict[str, Any]:
    return {
        "before": upgrade.before,
        "after": upgrade.after,
        "differences": [
            {
                "part": one.part.value,
                "name": one.name,
                "before": one.before or None,
                "after": one.after or None,
                "reason": one.reason or None,
            }
            for one in upgrade.differences
        ],
        "changelog": [{"release": line.release, "text": line.text} for line in upgrade.changelog],
        "migrations": list(upgrade.migrations),
    }
