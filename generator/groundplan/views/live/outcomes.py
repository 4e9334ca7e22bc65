"""What became of one root, in the words that applying and destroying share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from groundplan.app.live.apply import Outcome, Result
from groundplan.live.events import Event
from groundplan.views.diagnostics import to_json

MOST = 10
"""Resources that are named; the log and the JSON have all."""


def left(one: Outcome, words: Sequence[str], done: str) -> Iterator[str]:
    """Lines below a root that has failed or waits for `words`; `done` is what is said of what has ended."""
    if one.is_declined:
        yield from words
    if one.result is not Result.FAILED:
        return
    yield f"{done}: {_names(one.done) or 'nothing'}"
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


def outcome_json(one: Outcome) -> dict[str, Any]:
    """The root, its result, what was done and what was not."""
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
