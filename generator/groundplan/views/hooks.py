"""What a hook of pre-commit looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundplan.escaping import for_text


def text(looked_at: Sequence[Path], problems: int) -> str:
    """A line for each of them, or that there is none; nothing where problems are told."""
    if problems:
        return ""
    return "".join(f"{for_text(path)}: as it should be\n" for path in looked_at) or "no environment has these files\n"


def as_json(looked_at: Sequence[Path]) -> dict[str, Any]:
    """The specs or folders."""
    return {"looked_at": [str(path) for path in looked_at]}
