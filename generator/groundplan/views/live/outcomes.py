"""What became of one root, in the words that applying and destroying share."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from groundplan.app.live.outcomes import Outcome, Result
from groundplan.views.diagnostics import to_json

MOST = 10
"""Resources that are named; the log and the JSON have all."""


def left(one: Outcome, folder: Path, words: Sequence[str], done: str) -> Iterator[str]:
    """Lines below a root that has failed or waits for `words`; `done` is what is said of what has ended."""
    if one.is_declined:
        yield from words
    if one.result is not Result.FAILED:
        return
    ended, unfinished = ([str(event.address) for event in events] for events in (one.done, one.unfinished))
    yield f"{done}: {_names(ended) or 'nothing'}"
    if unfinished:
        yield f"begun and not finished: {_names(unfinished)}"
    if one.untouched:
        yield f"not begun: {_names(one.untouched)}"
    if one.errored_state:
        yield f"its state could not be written and is kept in {one.errored_state}: the next command writes it first"
    if one.version and (ended or unfinished):
        yield f"its state before: version {one.version}; going back to it forgets what is done:"
        yield f"  {_restore(one, folder)}"
    if one.log:
        yield f"log: {one.log}"


def _restore(one: Outcome, folder: Path) -> str:
    return shlex.join(["groundplan", "state", "restore", str(folder), "--root", one.root, "--version", one.version])


def _names(addresses: Sequence[str]) -> str:
    named = ", ".join(addresses[:MOST])
    return f"{named} and {len(addresses) - MOST} more" if len(addresses) > MOST else named


def outcome_json(one: Outcome) -> dict[str, Any]:
    """The root, its result, what was done and what was not."""
    return {
        "root": one.root,
        "result": one.result.value,
        "done": [{"address": event.address, "action": event.action} for event in one.done],
        "unfinished": [{"address": event.address, "action": event.action} for event in one.unfinished],
        "untouched": list(one.untouched),
        "diagnostics": [to_json(found) for found in one.diagnostics],
        "errored_state": str(one.errored_state) if one.errored_state else None,
        "state_version_before": one.version or None,
        "log": str(one.log) if one.log else None,
    }
