"""What was changed outside: a line for each root, then each finding with its attributes, and the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from groundplan.app.live.drift import EnvironmentDrift, Looked
from groundplan.change.drift.model import Drifted, Fate, Value
from groundplan.change.model import Entry
from groundplan.escaping import for_text
from groundplan.markdown import text as prose
from groundplan.views.change.content import INTERRUPTIONS, TITLES
from groundplan.views.console import WIDTH
from groundplan.views.tables import Column, bold, markdown_table, table

_COLUMNS = (Column("root"), Column("drift"), Column("pending", number=True), Column("locked by"))
_AFTER = {True: "makes it again, empty", False: "does not make it again", None: "not looked at"}
MOST_VALUES = 12
MOST_PARTS = 5
_FATES = {
    Fate.REMOVED: "removed outside",
    Fate.UNDONE: "changed outside; the next apply undoes it",
    Fate.KEPT: "changed outside; the configuration leaves it",
    Fate.CHANGED: "changed outside",
}


def text(found: EnvironmentDrift, *, color: bool, width: int = WIDTH) -> str:
    """Whose account, each root, what was changed in it, and the counts in one line."""
    head = for_text(f"{found.environment} in {found.account}, as {found.who}")
    parts = [bold(head, color=color), "", table(_COLUMNS, [_row(one) for one in found.roots], color=color, width=width)]
    parts += ["\n".join([_head(one), *(f"  {line}" for line in _lines(one))]) + "\n" for one in found.drifted]
    parts += [
        "\n".join([f"ignored  {_head(one)}", *(f"  {line}" for line in _known(one))]) + "\n" for one in found.ignored
    ]
    return "\n".join([*parts, counted(found), *_advice(found)])


def markdown(found: EnvironmentDrift) -> str:
    """The same for a pull request or an issue."""
    parts = [prose(for_text(f"{found.environment} in {found.account}, as {found.who}")) + "\n"]
    parts.append(markdown_table(_COLUMNS, [_row(one) for one in found.roots]))
    if found.drifted:
        columns = (Column("what"), Column("where"), Column("details"))
        rows = [(_head(one), _where(one), "; ".join(_details(one))) for one in found.drifted]
        parts.append(markdown_table(columns, rows))
    if found.ignored:
        columns = (Column("ignored"), Column("where"), Column("by"))
        lines = [(_head(one), _where(one), "; ".join(map(for_text, one.ignored_by))) for one in found.ignored]
        parts.append(markdown_table(columns, lines))
    return "\n".join([*parts, prose(counted(found)) + "\n"])


def as_json(found: EnvironmentDrift) -> dict[str, Any]:
    """The roots in their order, each finding, and counts by kind and by component."""
    return {
        "environment": found.environment,
        "account": found.account,
        "caller": found.who,
        "drift": bool(found.drifted),
        "pending": found.is_pending,
        "counts": {
            "total": len(found.drifted),
            "ignored": len(found.ignored),
            "pending": found.pending,
            "roots_not_applied": sum(one.not_applied for one in found.roots),
            "by_kind": dict(Counter(one.fate.value for one in found.drifted)),
            "by_component": dict(Counter(one.component for one in found.drifted)),
            "by_class": dict(Counter(kind.value for one in found.drifted for kind in one.kinds)),
        },
        "roots": [_root(one) for one in found.roots],
    }


def counted(found: EnvironmentDrift) -> str:
    """One line of figures, the same in every format."""
    fates = Counter(one.fate for one in found.drifted)
    listed = [f"{fates[fate]} {fate.value}" for fate in Fate if fates[fate]]
    roots = sum(one.not_applied for one in found.roots)
    listed += [f"{len(found.ignored)} ignored"] if found.ignored else []
    listed += [f"{found.pending} pending"] if found.pending else []
    listed += [f"{roots} {'root' if roots == 1 else 'roots'} not applied"] if roots else []
    return f"drift: {', '.join(listed) or 'none'}"


def _advice(found: EnvironmentDrift) -> list[str]:
    return ["what is pending is no drift: `groundplan plan` shows it"] if found.pending else []


def _row(one: Looked) -> tuple[str, ...]:
    drift, held = one.drift, one.lock.who or "somebody" if one.lock else ""
    if drift is None:
        said = "not applied" if one.not_applied else f"after {one.after}" if one.after else "could not be looked at"
        return one.root, said, "", held
    counting = [each for each in drift.drifted if not each.ignored_by]
    return one.root, str(len(counting) or "none"), str(len(drift.pending) or ""), held


def _head(one: Drifted) -> str:
    return for_text(f"{one.what}: {_FATES[one.fate]}")


def _where(one: Drifted) -> str:
    spec = f"{one.path} ({one.place.file}:{one.place.line})" if one.place else one.path
    return for_text(", ".join(filter(None, (f"{one.root}/{one.address}", spec))))


def _lines(one: Drifted) -> Iterator[str]:
    yield f"at       {_where(one)}"
    yield from _details(one)


def _known(one: Drifted) -> Iterator[str]:
    yield f"at       {_where(one)}"
    yield from (for_text(f"by       {line}") for line in one.ignored_by)


def _details(one: Drifted) -> Iterator[str]:
    yield from (for_text(_value(value)) for value in one.values[:MOST_VALUES])
    if len(one.values) > MOST_VALUES:
        yield f"and {len(one.values) - MOST_VALUES} more attributes"
    if one.parts:
        more = f" and {len(one.parts) - MOST_PARTS} more" if len(one.parts) > MOST_PARTS else ""
        yield for_text(f"with it  {', '.join(one.parts[:MOST_PARTS])}{more}")
    yield from (for_text(f"outside  {_entry(entry)}") for entry in one.outside)
    yield from (for_text(f"undoing  {_entry(entry)}") for entry in one.undoing)
    if one.fate is Fate.REMOVED:
        yield f"apply    {_AFTER[one.again]}"


def _value(value: Value) -> str:
    if value.planned is None or value.planned == value.now:
        return f"{value.path}: {value.was} -> {value.now}"
    return f"{value.path}: {value.was} -> {value.now} -> {value.planned}"


def _entry(entry: Entry) -> str:
    length = INTERRUPTIONS[entry.interruption]
    words = f"{TITLES[entry.kind]}: {entry.what}" + (f" ({length})" if length else "")
    return f"{words}; {entry.reason}" if entry.reason else words


def _root(one: Looked) -> dict[str, Any]:
    drift = one.drift
    return {
        "root": one.root,
        "looked_at": drift is not None,
        "not_applied": one.not_applied,
        "after": one.after or None,
        "locked_by": one.lock.who if one.lock else None,
        "drift": [_drifted(each) for each in drift.drifted] if drift else [],
        "pending": list(drift.pending) if drift else [],
        "following": list(drift.following) if drift else [],
    }


def _drifted(one: Drifted) -> dict[str, Any]:
    return {
        "kind": one.fate.value,
        "what": one.what,
        "address": one.address,
        "type": one.type,
        "component": one.component or None,
        "path": one.path or None,
        "file": one.place.file if one.place else None,
        "line": one.place.line if one.place else None,
        "attributes": [_attribute(value) for value in one.values],
        "parts": list(one.parts),
        "made_again": one.again,
        "ignored_by": list(one.ignored_by),
        "outside": _entries(one.outside),
        "undoing": _entries(one.undoing),
    }


def _attribute(value: Value) -> dict[str, Any]:
    return {
        "path": value.path,
        "was": value.was,
        "is": value.now,
        "will_be": value.planned,
        "undone": value.undone,
    }


def _entries(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "class": one.kind.value,
            "what": one.what,
            "interruption": one.interruption.name.lower(),
            "forced_by": list(one.forced_by),
            "reason": one.reason,
            "source": one.source,
        }
        for one in entries
    ]
