"""`groundplan` killed at random moments: nothing is lost, and `--resume`, or the same command, leaves no plan."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.grounds import Ground, Stage
from tests.live.kill_table import Round, kept
from tests.live.kills import ENDS, End, How, Moment, Victim, groundplan, killed
from tests.live.world import Ran, World, render, world

KILLS = int(os.environ.get("KILLS", "16"))
"""Of all stages on both clouds together."""
SEED = os.environ.get("KILLS_SEED") or str(time.time_ns())
ONLY = os.environ.get("KILLS_ROUND")
"""The number of one round, to play it again."""
_EACH = -(-KILLS // (2 * len(Stage)))
_MOST_STEPS = 5
"""A lock to take away, a run that is gone on with, one that was not begun."""
_SMALL = {"without": ("cluster", "serving"), "state": {"backend": "remote"}}
_BUCKET = {"versioning": False}
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Folders:
    """A small environment, and the same after an edit of its spec."""

    before: Path
    after: Path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Folders]:
    return {one: _folders(one, tmp_path_factory.mktemp(f"kills-{one}")) for one in ("aws", "gcp")}


def _folders(provider: str, top: Path) -> Folders:
    buckets = {"models": _BUCKET, "predictions": _BUCKET}
    before, after = ({"buckets": {**buckets, "old": _BUCKET}}, {"buckets": {**buckets, "new": _BUCKET}})
    after["buckets"]["models"] = {"versioning": True}
    made = []
    for name, storage in (("before", before), ("after", after)):
        (top / name).mkdir()
        made.append(render(provider, top / name, storage=storage, **_SMALL))
    return Folders(*made)


@pytest.fixture(params=["aws", "gcp"])
def operator(request: pytest.FixtureRequest, small: dict[str, Folders], tmp_path: Path) -> Iterator[World]:
    with world(request.param, small[request.param].before, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    "stage", [pytest.param(stage, marks=() if stage is Stage.APPLY else pytest.mark.long) for stage in Stage]
)
def test_what_is_killed_at_any_moment_goes_on(operator: World, small: dict[str, Folders], stage: Stage) -> None:
    print(f"KILLS_SEED={SEED}")
    ground = Ground.made(operator, stage, small[operator.provider].after if stage is Stage.CHANGE else None)
    failed = []
    for number in [int(ONLY)] if ONLY else range(_EACH):
        played = _played(ground, number)
        kept(played)
        failed += [played] if played.failure else []
    assert not failed, failed


def test_a_lock_that_a_killed_plan_left_is_told_at_once(operator: World) -> None:
    """And not after the five minutes for which a lock of somebody who is at work is waited for."""
    ground = Ground.made(operator)
    end, moment = End(Victim.TERRAFORM, How.KILL), Moment(1, 0.0)
    with killed(operator, ground.words(), end, moment, lambda: int(ground.is_locked())) as ran:
        pass
    assert "plan: was killed by signal 9\n" in ran.output, "it has made nothing"
    assert (ground.is_locked(), ground.changed()) == (True, 0)
    ran = ground.run()
    assert ran.code == 1
    assert "GP927" in ran.output and "still locked by a plan of this machine that was killed" in ran.output
    _goes_on(ground, [])


def _played(ground: Ground, number: int) -> Round:
    dice = random.Random(f"{SEED} {ground.operator.provider} {ground.stage} {number}")
    ends = random.Random(f"{SEED} {ground.operator.provider} {ground.stage}").sample(ENDS, len(ENDS))
    end, moment = ends[number % len(ends)], Moment.at_random(dice, ground.changes)
    ground.again()
    with killed(ground.operator, ground.words(), end, moment, ground.changed) as ran:
        pass
    changed, lost, steps = ground.changed(), ground.unrecorded(), list[str]()
    about = f"{ground.operator.provider} {ground.stage}"
    try:
        _check(ground, end, ran, lost)
        _goes_on(ground, steps)
        failure = ""
    except AssertionError as error:
        failure = f"{error}\n--- what was killed said:\n{ran.output}"
    return Round(
        SEED,
        about,
        number,
        str(end.victim),
        str(end.how),
        str(moment),
        ran.code,
        changed,
        len(lost),
        tuple(steps),
        failure,
    )


def _check(ground: Ground, end: End, ran: Ran, lost: object) -> None:
    changed = ground.changed()
    unheard = (4,) if end.how is How.HANGUP else ()  # the result could not be written
    done = (0, *unheard) if changed == ground.changes else ()
    assert ran.code in (*end.codes, *done), (ran.code, end.codes)
    is_python_s_own = ran.code == -signal.SIGINT and not changed and ran.output.endswith("\nKeyboardInterrupt\n")
    assert "Traceback" not in ran.output or is_python_s_own, ran.output  # while Python starts, before groundplan runs
    if not end.cuts:
        assert (lost, ground.is_locked()) == ([], False)


def _goes_on(ground: Ground, steps: list[str]) -> None:
    """By `--resume`, or the same command where nothing was begun or no bucket could say so."""
    before, told = ground.states(), ""
    resumed = ("--resume",) if ground.stage in (Stage.APPLY, Stage.CHANGE) else ()
    for _ in range(_MOST_STEPS):
        ran = ground.run(*resumed)
        told += ran.output
        steps.append(f"{' '.join(resumed) or 'the same'}: {ran.code}")
        if ran.code == 0:
            break
        if ran.code == 4 and "GP418" in ran.output:
            resumed = ()
        elif named := re.search(r"groundplan (unlock \S+ --id \S+ --force)", ran.output):
            unlocked = groundplan(ground.operator, *named[1].split())
            assert unlocked.code == 0, unlocked.output
            steps.append("unlock")
        else:
            raise AssertionError(f"it does not go on:\n{ran.output}")
    _is_whole(ground, told, {state["lineage"] for state in before if state["resources"]})


def _is_whole(ground: Ground, told: str, lineages: set[str]) -> None:
    state = ground.in_bucket()
    assert not lineages or lineages == {state.get("lineage")}, (lineages, told)
    doubtful = re.findall(r"GP74[67].*", told)
    untold = [one for one in ground.unrecorded() if not any(f".{one}." in line for line in doubtful)]
    assert not untold, (untold, told)
    if ground.stage is Stage.DESTROY:
        assert not [one for one in state["resources"] if one["mode"] == "managed"], told
    else:
        assert ground.operator.plan_code(ground.root) == 0, told
