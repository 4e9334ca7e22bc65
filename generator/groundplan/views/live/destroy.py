"""What a destruction does, did, and did not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from groundplan.app.live.apply import Outcome, Result
from groundplan.app.live.destroy.run import Destroyed, Question
from groundplan.escaping import for_text
from groundplan.markdown import text as prose
from groundplan.views import change as change_view
from groundplan.views.live.outcomes import left, outcome_json
from groundplan.views.tables import Column, markdown_table

_COLUMNS = (Column("root"), Column("result"))


def question(asked: Question, *, color: bool) -> str:
    """What is about to go, before it is approved."""
    return change_view.short(asked.change, color=color)


def prompt(asked: Question) -> str:
    """What to type."""
    return f"this destroys {', '.join(asked.roots)}: type {asked.environment} to go on"


def text(found: Destroyed, *, color: bool) -> str:
    """Each root in a line, in the order in which they go; what there is and what to do next below one that failed."""
    if _is_nothing(found):
        return "There is nothing to destroy.\n"
    wide = max(len(one.root) for one in found.outcomes)
    lines: list[str] = []
    for one in found.outcomes:
        lines.append(f"{one.root:<{wide}}  {_said(one, found)}")
        lines += (f"{'':<{wide}}  {line}" for line in left(one, found.folder, _word(found), "destroyed"))
    if found.stopped_at and not found.dry:
        lines += ["", f"next: {_command(found)}"]
    shown = change_view.text(found.change, color=color) if found.dry else ""
    return shown + "\n".join(map(for_text, lines)) + "\n"


def markdown(found: Destroyed) -> str:
    """The same for a pull request."""
    if _is_nothing(found):
        return "There is nothing to destroy.\n"
    rows = [(one.root, _said(one, found)) for one in found.outcomes]
    head = prose(f"{found.environment}: {'what destroy would do' if found.dry else 'what destroy has done'}")
    return f"{head}\n\n{markdown_table(_COLUMNS, rows)}\n{change_view.markdown(found.change)}"


def as_json(found: Destroyed) -> dict[str, Any]:
    """The part of the JSON object that says what becomes of each root."""
    return {
        "environment": found.environment,
        "dry_run": found.dry,
        "roots": [outcome_json(one) for one in found.outcomes],
        "missing": list(found.missing),
        "change": change_view.as_json(found.change),
        "next": _command(found) if found.stopped_at else None,
    }


def _is_nothing(found: Destroyed) -> bool:
    return all(one.result is Result.GONE for one in found.outcomes)


def _said(one: Outcome, found: Destroyed) -> str:
    if found.dry and one.result in (Result.DECLINED, Result.NOT_REACHED):
        return "would be destroyed"
    return one.result + (f": {len(one.done)} resources" if one.done and one.result is Result.DESTROYED else "")


def _word(found: Destroyed) -> Sequence[str]:
    confirm = [] if found.dry else [f"--confirm {shlex.quote(found.environment)}"]
    needed = [*(f"--allow {shlex.quote(one)}" for one in found.missing), *confirm]
    return ["needs your word:", *(f"  {one}" for one in needed)] if needed else []


def _command(found: Destroyed) -> str:
    return f"groundplan destroy {shlex.quote(str(found.folder))}"
