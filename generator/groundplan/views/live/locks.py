"""Who holds states, as text and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundplan.app.live.unlock import Held
from groundplan.escaping import for_text
from groundplan.views.live.words import age
from groundplan.views.tables import Column, table

_COLUMNS = (Column("root"), Column("held by"), Column("for"), Column("age"), Column("id"))


def text(found: Sequence[Held], folder: Path, *, color: bool) -> str:
    """A row for each lock, and what removes one; one line where nothing is locked."""
    if not found:
        return "No state is locked.\n"
    if all(one.removed for one in found):
        return "".join(for_text(f"The lock of {one.root} is removed; {_who(one)} held it.") + "\n" for one in found)
    rows = [(one.root, _who(one), _operation(one), age(one.age), one.lock.id) for one in found]
    old = [one for one in found if not one.is_young]
    lock_id = found[0].lock.id if len(found) == 1 else "ID"
    words = shlex.join(["groundplan", "unlock", str(folder), "--id", lock_id, *([] if old else ["--force"])])
    return f"{table(_COLUMNS, rows, color=color)}\nWhere nobody is at work any more: {for_text(words)}\n"


def as_json(found: Sequence[Held]) -> dict[str, Any]:
    """The locks in the order of their roots."""
    return {
        "locks": [
            {
                "root": one.root,
                "id": one.lock.id,
                "who": one.lock.who or None,
                "operation": one.lock.operation or None,
                "created": one.lock.created.isoformat() if one.lock.created else None,
                "age_seconds": int(one.age.total_seconds()) if one.age is not None else None,
                "path": one.lock.path or None,
                "removed": one.removed,
            }
            for one in found
        ]
    }


def _who(held: Held) -> str:
    return held.lock.who or "somebody"


def _operation(held: Held) -> str:
    return held.lock.operation.removeprefix("OperationType").lower() or "unknown"
