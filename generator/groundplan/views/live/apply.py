"""What an apply did, and did not."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from groundplan.app.live.apply import Applied, Outcome, Question, Result
from groundplan.escaping import for_text
from groundplan.live.events import SIGNAL, Event
from groundplan.views.change import short
from groundplan.views.diagnostics import to_json

MOST = 10
"""Resources that are named; the log and the JSON have all."""


def question(asked: Question, *, color: bool) -> str:
    """What is about to be done to a root, before it is approved."""
    return short(asked.change, color=color)


def word(asked: Question) -> str:
    """What approves it."""
    return asked.environment if asked.is_severe else "yes"


def prompt(asked: Question) -> str:
    """What to type, and why."""
    why = "something is lost or replaced: " if asked.is_severe else ""
    return f"{why}type {word(asked)} to apply {', '.join(asked.roots)}"


def happened(event: Event) -> str:
    """A line while it works; empty for what is no news."""
    if event.kind == SIGNAL:
        return event.text
    words = {"apply_start": "begins", "apply_complete": "done", "apply_errored": "failed"}.get(event.kind)
    if words is None or event.action == "read":
        return ""
    after = f" after {event.seconds:.0f} s" if event.seconds else ""
    return f"{event.root}: {event.action} {event.address}: {words}{after}"


def text(applied: Applied) -> str:
    """Each root in a line; what there is and what to do next below the one that was not applied."""
    wide = max((len(one.root) for one in applied.outcomes), default=0)
    lines: list[str] = []
    for one in applied.outcomes:
        lines.append(f"{one.root:<{wide}}  {one.result}{_amount(one)}")
        lines += (f"{'':<{wide}}  {line}" for line in _left(one, applied.environment))
    if applied.stopped_at:
        lines += ["", f"next: {_command(applied)}"]
    return "\n".join(map(for_text, lines)) + "\n"


def _amount(one: Outcome) -> str:
    return f": {len(one.done)} resources" if one.done and one.result is Result.APPLIED else ""


def _left(one: Outcome, environment: str) -> Iterator[str]:
    if one.is_declined:
        yield f"needs your word: --yes where nothing is lost or replaced, else --confirm {shlex.quote(environment)}"
    if one.result is not Result.FAILED:
        return
    yield f"done, and still there: {_names(one.done) or 'nothing'}"
    if one.unfinished:
        yield f"begun and not finished: {_names(one.unfinished)}"
    if one.errored_state:
        yield f"the state could not be written and is kept in {one.errored_state}: `terraform state push` it first"
    if one.version:
        yield f"the state before it: version {one.version}"
    if one.log:
        yield f"log: {one.log}"


def _names(events: Sequence[Event]) -> str:
    named = ", ".join(str(one.address) for one in events[:MOST])
    return f"{named} and {len(events) - MOST} more" if len(events) > MOST else named


def _command(applied: Applied) -> str:
    return f"groundplan apply {shlex.quote(str(applied.folder))}"


def as_json(applied: Applied) -> dict[str, Any]:
    """The part of the JSON object that says what became of each root."""
    return {
        "environment": applied.environment,
        "roots": [_outcome(one) for one in applied.outcomes],
        "next": _command(applied) if applied.stopped_at else None,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "root": one.root,
        "result": one.result.value,
        "done": [{"address": event.address, "action": event.action} for event in one.done],
        "unfinished": [{"address": event.address, "action": event.action} for event in one.unfinished],
        "diagnostics": [to_json(found) for found in one.diagnostics],
        "errored_state": str(one.errored_state) if one.errored_state else None,
        "state_version_before": one.version or None,
        "log": str(one.log) if one.log else None,
    }
