"""What a rehearsal showed, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.sandbox.walls import Walls
from groundplan.terraform.results import RehearsalResult
from groundplan.views import sandbox
from groundplan.views.tables import Column, table

_COLUMNS = (
    Column("root"),
    Column("applied", number=True),
    Column("changed by a second plan", number=True),
    Column("destroyed", number=True),
    Column("secrets searched for", number=True),
    Column("result"),
    Column("seconds", number=True),
)


def text(results: Sequence[RehearsalResult], walls: Walls | None = None, *, color: bool) -> str:
    """One row for each root, and what stood around Terraform."""
    rows = [
        (
            result.root,
            str(result.created),
            str(result.changed_by_second_plan),
            str(result.destroyed),
            str(result.secrets_searched),
            "ok" if result.ok else "failed",
            f"{result.seconds:.1f}",
        )
        for result in results
    ]
    return table(_COLUMNS, rows, color=color) + sandbox.line(walls)


def as_json(results: Sequence[RehearsalResult], walls: Walls | None = None) -> dict[str, Any]:
    """The roots by name, and what stood around Terraform."""
    return {
        "roots": {
            result.root: {
                "ok": result.ok,
                "applied": result.created,
                "second_plan_changes": result.changed_by_second_plan,
                "destroyed": result.destroyed,
                "secrets_searched": result.secrets_searched,
                "seconds": round(result.seconds, 2),
            }
            for result in results
        },
        "sandbox": sandbox.as_json(walls),
    }
