"""What of an environment is applied, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.app.live.status import RootStatus
from groundplan.live.journal import Record
from groundplan.views.live.words import age
from groundplan.views.tables import Column, table

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
_COMMIT = 12


def text(found: Sequence[RootStatus], *, color: bool) -> str:
    """A row for each root."""
    return table(_COLUMNS, [_row(one) for one in found], color=color)


def _row(one: RootStatus) -> tuple[str, ...]:
    state, applied = one.state, one.applied
    figures = (str(state.resources), str(state.serial)) if state else ("", "")
    when = f"{age(one.age)} ago" if applied else "unknown" if state else "never"
    who, commit = (applied.who, applied.commit[:_COMMIT]) if applied else ("", "")
    return one.root, *figures, when, who, commit, _PENDING[one.pending], one.lock.who if one.lock else ""


def as_json(found: Sequence[RootStatus]) -> dict[str, Any]:
    """The roots by name; `pending` is null where no apply is in the journal."""
    return {
        "roots": {
            one.root: {
                "resources": one.state.resources if one.state else 0,
                "serial": one.state.serial if one.state else None,
                "lineage": one.state.lineage if one.state else None,
                "applied": _record(one.applied),
                "last_run": _record(one.last),
                "age_seconds": int(one.age.total_seconds()) if one.age is not None else None,
                "pending": one.pending,
                "locked_by": one.lock.who if one.lock else None,
            }
            for one in found
        }
    }


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
        "plan_digest": record.plan_digest or None,
        "groundplan": record.groundplan or None,
    }
