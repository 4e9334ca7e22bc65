"""Which walls stood around the programs that were started."""

from __future__ import annotations

from typing import Any

from groundplan.escaping import for_text
from groundplan.sandbox.walls import Walls


def words(walls: Walls) -> str:
    """`bubblewrap: no network, no other processes, private files`, and what is missing, with the reason."""
    parts = {
        "no network": walls.network,
        "no other processes": walls.processes,
        "private files": walls.files,
    }
    standing = ", ".join(name for name, stands in parts.items() if stands)
    missing = ", ".join(name for name, stands in parts.items() if not stands)
    reason = f" ({for_text(walls.reason)})" if walls.reason else ""
    if not standing:
        return f"none{reason}: limits of time and memory alone"
    return f"{for_text(walls.tool)}: {standing}" + (f"; missing: {missing}{reason}" if missing else "")


def line(walls: Walls | None) -> str:
    """The line of a text report; empty where nothing was started."""
    return f"sandbox: {words(walls)}\n" if walls else ""


def as_json(walls: Walls | None) -> dict[str, Any] | None:
    """The object `sandbox` of a JSON report."""
    if walls is None:
        return None
    return {
        "tool": walls.tool,
        "network": walls.network,
        "processes": walls.processes,
        "files": walls.files,
        "reason": walls.reason,
    }
