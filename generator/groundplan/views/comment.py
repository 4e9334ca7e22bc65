"""What became of a comment or an issue."""

from __future__ import annotations

from typing import Any

from groundplan.app.comment import Told
from groundplan.escaping import for_text


def text(told: Told) -> str:
    """One line."""
    return f"{told.done}: {for_text(told.address)}" if told.address else told.done


def as_json(told: Told) -> dict[str, Any]:
    """What was done, and where."""
    return {"done": told.done, "address": told.address or None}
