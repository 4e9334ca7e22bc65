"""What an apply did, and did not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from groundplan.app.live.apply import AFTER, Applied
from groundplan.app.live.outcomes import Outcome, Question, Result
from groundplan.app.live.resume import Unfinished
from groundplan.change.allowed import word as word_for
from groundplan.escaping import for_text
from groundplan.views.change import short
from groundplan.views.console import WIDTH
from groundplan.views.live.outcomes import left, outcome_json
from groundplan.views.live.words import age, verdict

MOST_WORDS = 6
"""Words that are written out."""
MOST_DIFFERENCES = 10
"""Of a plan from the approved one, and things that it stops at."""
SHORT = 8
"""Characters of the id of a run that are shown."""


def resumes(run: Unfinished, now: datetime) -> str:
    """Which run is gone on with, what it has applied and where it stopped."""
    if not run.run:
        return "Going on with a run of which no journal tells.\n"
    when = f", heard of {age(max(now - run.moment, timedelta(0)))} ago" if run.moment else ""
    lines = [f"Going on with run {run.run[:SHORT]} of {run.who or 'somebody'}{when}."]
    if run.done:
        lines.append(f"applied: {', '.join(run.done)}")
    if run.stopped_at:
        lines.append(f"{'failed' if run.failed else 'cut off'}: {run.stopped_at}")
    if not run.same_folder:
        lines.append("The folder is another than the one of that run: what differs is planned anew.")
    return "".join(f"{for_text(line)}\n" for line in lines)


def question(asked: Question, *, color: bool, width: int = WIDTH) -> str:
    """What is about to be done to a root, before it is approved."""
    told = "".join(f"{line}\n" for line in _differences(asked))
    return told + short(asked.change, color=color, verdict=verdict(asked), width=width)


def _differences(asked: Question) -> list[str]:
    """What was not approved with the rest."""
    if not asked.beyond:
        return []
    more = len(asked.beyond) - MOST_DIFFERENCES
    rest = [f"  and {more} more: --format json has all"] if more > 0 else []
    return ["not as it was approved:", *(f"  {for_text(line)}" for line in asked.beyond[:MOST_DIFFERENCES]), *rest]


def word(asked: Question) -> str:
    """What approves it."""
    return asked.environment if asked.is_severe else "yes"


def prompt(asked: Question) -> str:
    """What to type, and why."""
    why = "something is lost or replaced: " if asked.is_severe else ""
    return f"{why}type {word(asked)} to apply {', '.join(asked.roots)}"


def text(applied: Applied, *, asks: bool = True) -> str:
    """Each root in a line; what there is and what to do next below the one that was not applied.

    `asks` says whether the next command can ask, as on a terminal.
    """
    wide = max((len(one.root) for one in applied.outcomes), default=0)
    lines: list[str] = []
    for one in applied.outcomes:
        lines.append(f"{one.root:<{wide}}  {one.result}{_amount(one)}")
        lines += (
            f"{'':<{wide}}  {line}"
            for line in left(one, applied.folder, _words(one, applied.environment), "done, and still there")
        )
    if applied.stopped_at:
        lines += ["", f"next: {_command(applied, asks=asks)}"]
    return "\n".join(map(for_text, lines)) + "\n"


def _amount(one: Outcome) -> str:
    return f": {len(one.done)} resources" if one.done and one.result is Result.APPLIED else ""


def _words(one: Outcome, environment: str) -> Sequence[str]:
    """What approves it: the name, or the words that let pass what is lost or replaced."""
    name = f"--confirm {shlex.quote(environment)}"
    if one.asked is None:
        return [f"waits for your approval: --yes where nothing is lost or replaced, else {name}"]
    if one.asked.beyond:
        return _unseen(one.asked)
    texts = [shlex.join(["--allow", text]) for text in _allow(one)]
    if not texts:
        return ["waits for your approval: --yes"]
    more = [f"  and {len(texts) - MOST_WORDS} more: --format json has all"] if len(texts) > MOST_WORDS else []
    return [f"needs your word: {name}, or --yes with", *(f"  {text}" for text in texts[:MOST_WORDS]), *more]


def _unseen(asked: Question) -> Sequence[str]:
    """Why it does not pass although the rest was approved, and how it can be."""
    stops = [*(f"{entry.kind}: {entry.what}" for entry in asked.unseen), *(f"gone: {one}" for one in asked.unnamed)]
    more = len(stops) - MOST_DIFFERENCES
    listed = [*stops[:MOST_DIFFERENCES], *([f"and {more} more: --format json has all"] if more > 0 else [])]
    head = ["nobody has approved this, so that neither --yes nor --confirm lets it pass:"] if stops else []
    return [*_differences(asked), *head, *(f"  {line}" for line in listed), "plan again, approve that plan, apply it"]


def _allow(one: Outcome) -> list[str]:
    """Words that let everything pass that needs more than `--yes`."""
    if one.asked is None:
        return []
    return list(dict.fromkeys(str(word_for(entry, one.asked.change.entries)) for entry in one.asked.severe))


def _command(applied: Applied, *, asks: bool) -> str:
    stopped = applied.stopped_at
    resumes_ = applied.resumable or (stopped is not None and stopped.errored_state is not None)
    waits = stopped is not None and any(one.code == AFTER for one in stopped.diagnostics)
    options = ["--resume"] if resumes_ else () if waits else applied.again
    asked = stopped.asked if stopped else None
    if asked is not None and asked.beyond and not asks:
        return shlex.join(["groundplan", "plan", str(applied.folder), *_planning(applied.again)])
    enough = ["--yes"] if asked is not None and not asks and not asked.is_severe else []
    return shlex.join(["groundplan", "apply", str(applied.folder), *options, *enough])


def _planning(again: Sequence[str]) -> list[str]:
    """Options by which `plan` keeps its plans as those were kept that the command was given."""
    *rest, where, name = again
    return [*rest, *(["--keep", "groundplan.env"] if where == "--kept" else ["--out", f"{name.rstrip('/')}-again"])]


def as_json(applied: Applied, *, asks: bool = True) -> dict[str, Any]:
    """The part of the JSON object that says what became of each root."""
    return {
        "environment": applied.environment,
        "run": applied.run or None,
        "roots": [
            {**outcome_json(one), "allow": _allow(one), "not_approved": _not_approved(one)} for one in applied.outcomes
        ],
        "next": _command(applied, asks=asks) if applied.stopped_at else None,
    }


def _not_approved(one: Outcome) -> list[str]:
    """What the root does beyond what was approved with the rest."""
    return list(one.asked.beyond) if one.asked else []
