"""Lines by which drift is known: what is in the spec now, or what to put there."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundplan.app.live.accept import Accepted
from groundplan.change.drift.accept import Line
from groundplan.escaping import for_text

TO_SAY = ("YYYY-MM-DD", "who changes it, and why")
"""In the place of what has to be said."""


def text(made: Accepted, folder: Path) -> str:
    """What was put into the spec, or the block for it, and what to do next."""
    if not made.lines:
        return "\nthere is nothing to accept\n"
    spec = made.spec or "the spec"
    render = shlex.join(["groundplan", "render", made.spec or "SPEC", "-o", str(folder)])
    if made.written:
        names = ", ".join(line.name for line in made.lines)
        head = [f"in {spec} by now, below drift.ignore: {names}"]
    else:
        head = [f"for {spec}, where others change that and everybody may know:", *_block(made)]
    shown = [*head, f"{'next' if made.written else 'then'}: {render}"]
    return "\n" + "".join(f"{for_text(line)}\n" for line in shown)


def _block(made: Accepted) -> list[str]:
    return ["drift:", "  ignore:", *(f"    {text}" for line in made.lines for text in line.block(*_said(made)))]


def _said(made: Accepted) -> tuple[str, str]:
    return (made.word.until.isoformat(), made.word.reason) if made.word else TO_SAY


def as_json(made: Accepted) -> dict[str, Any]:
    """The lines, and whether the spec has them."""
    return {
        "spec": made.spec or None,
        "written": made.written,
        "until": made.word.until.isoformat() if made.word else None,
        "reason": made.word.reason if made.word else None,
        "lines": _lines(made.lines),
    }


def _lines(lines: Sequence[Line]) -> dict[str, Any]:
    return {
        line.name: {"at": line.at, "attributes": list(line.attributes), "kind": line.kind and line.kind.value}
        for line in lines
    }
