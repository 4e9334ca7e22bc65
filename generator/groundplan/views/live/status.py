"""What of an environment is applied, as text and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from groundplan.app.live.commit import SHORT
from groundplan.app.live.past import APPLIED, DESTROYED
from groundplan.app.live.status import RootStatus, Status
from groundplan.change.model import Edit
from groundplan.escaping import for_text
from groundplan.live.journal import Record
from groundplan.views.change.content import edit_words
from groundplan.views.live.words import age
from groundplan.views.tables import Column, bold, table

_COLUMNS = (
    Column("root"),
    Column("resources", number=True),
    Column("serial", number=True),
    Column("applied"),
    Column("by"),
    Column("commit"),
    Column("folder"),
    Column("locked by"),
)
_PENDING = {True: "changed since", False: "as applied", None: "unknown"}
MOST_EDITS = 10


def text(found: Status, *, color: bool) -> str:
    """A row for each root; below them what of the spec is pending, and what was cut off."""
    rows = table(_COLUMNS, [_row(one) for one in found.roots], color=color)
    below = "".join(f"{for_text(line)}\n" for line in (*_in_files(found), *_pending(found), *_unfinished(found)))
    return f"{bold(_head(found), color=color)}\n\n{rows}{below}"


def _head(found: Status) -> str:
    commit = f" at {found.commit}" if found.commit else ""
    return for_text(f"{found.environment} in {found.account}, folder {found.folder}{commit}")


def _row(one: RootStatus) -> tuple[str, ...]:
    state, applied = one.state, one.applied
    figures = (str(state.resources), str(state.serial)) if state else ("", "")
    when = f"{age(one.age)} ago" if applied else _not_applied(one)
    who, commit = (applied.who, _commit(applied)) if applied else ("", "")
    return one.root, *figures, when, who, commit, _PENDING[one.pending], one.lock.who if one.lock else ""


def _not_applied(one: RootStatus) -> str:
    """How a root stands that no apply has gone through of; Terraform leaves empty states where it only plans."""
    if one.state is None or not one.state.resources:
        return "never"
    return "in part" if one.is_unfinished or (one.file and one.bucket) else "unknown"


def _commit(record: Record) -> str:
    return f"{record.commit[:SHORT]}{' (edited)' if record.edited else ''}"


def _pending(found: Status) -> Iterator[str]:
    """What of the spec is another value than was applied, each with its line, once for all roots."""
    edits = list(dict.fromkeys(edit for one in found.roots for edit in one.edits))
    if not edits:
        return
    yield ""
    yield "pending in the spec:"
    yield from (f"  {edit_words(edit)}{_place(edit)}" for edit in edits[:MOST_EDITS])
    if len(edits) > MOST_EDITS:
        yield f"  and {len(edits) - MOST_EDITS} more: --format json lists all"


def _place(edit: Edit) -> str:
    return f"  ({edit.place.file}:{edit.place.line})" if edit.place else ""


def _in_files(found: Status) -> Iterator[str]:
    """Where the state is that belongs into a bucket and is not there yet."""
    for one in found.roots:
        if one.file and one.bucket:
            command = shlex.join(["groundplan", "apply", found.folder])
            yield ""
            where = f"{one.file}, on this machine alone"
            yield f"{one.root}: its state is in {where}, until `{command}` has it in {one.bucket}"


def _unfinished(found: Status) -> Iterator[str]:
    cut = [one for one in found.roots if one.is_unfinished and one.last]
    if cut:
        yield ""
    for one in cut:
        assert one.last
        how = "failed" if one.last.result == "failed" else "was begun and has not ended"
        what = "a destruction" if one.last.action == DESTROYED else "an apply"
        yield f"{one.root}: {what} by {one.last.who or 'somebody'} {how}, {age(one.last_age)} ago"
    if cut:
        applies = any(one.last and one.last.action == APPLIED for one in cut)
        command = ["apply", found.folder, "--resume"] if applies else ["destroy", found.folder]
        yield f"next: {shlex.join(['groundplan', *command])}"


def as_json(found: Status) -> dict[str, Any]:
    """The roots by name; `pending` is null where no apply is in the journal."""
    return {
        "environment": found.environment,
        "account": found.account,
        "commit": found.commit.id if found.commit else None,
        "edited": found.commit.edited if found.commit else None,
        "roots": {one.root: _root(one) for one in found.roots},
    }


def _root(one: RootStatus) -> dict[str, Any]:
    return {
        "resources": one.state.resources if one.state else 0,
        "serial": one.state.serial if one.state else None,
        "lineage": one.state.lineage if one.state else None,
        "applied": _record(one.applied),
        "last_run": _record(one.last),
        "age_seconds": int(one.age.total_seconds()) if one.age is not None else None,
        "pending": one.pending,
        "edits": _edits(one.edits),
        "unfinished": one.is_unfinished,
        "file": str(one.file) if one.file else None,
        "locked_by": one.lock.who if one.lock else None,
    }


def _edits(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    return [
        {
            "path": edit.path,
            "before": edit.before,
            "after": edit.after,
            "file": edit.place.file if edit.place else None,
            "line": edit.place.line if edit.place else None,
        }
        for edit in edits
    ]


def _record(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "run": record.run,
        "action": record.action,
        "result": record.result,
        "who": record.who,
        "ended": record.ended.isoformat(),
        "commit": record.commit or None,
        "edited": record.edited if record.commit else None,
        "plan_digest": record.plan_digest or None,
        "groundplan": record.groundplan or None,
    }
