"""`groundplan apply` killed at random moments: nothing is lost, and the same command ends in an empty plan."""

from __future__ import annotations

import os
import random
import re
import time

import pytest

from tests.live.failures import left
from tests.live.kills import CUTS, ROOT, End, Ground, Moment, applied, groundplan, killed
from tests.live.world import World

KILLS = int(os.environ.get("KILLS", "4"))
"""On both clouds together."""
ENDS = (CUTS, [end for end in End if end not in CUTS])
"""In turn: what leaves something behind, and what does not."""


@pytest.mark.slow
def test_an_apply_killed_at_any_moment_goes_on_with_the_same_command(operator: World) -> None:
    seed = os.environ.get("KILLS_SEED") or str(time.time_ns())
    print(f"KILLS_SEED={seed}")
    dice = random.Random(f"{seed} {operator.provider}")
    ground = Ground.made(operator)
    for number in range(KILLS // 2):
        ground.again()
        end, moment = dice.choice(ENDS[number % 2]), Moment.at_random(dice, ground.objects)
        print(f"{number} {end} {moment}", flush=True)
        with killed(operator, end, moment, len(ground.kept)) as ran:
            pass
        _check(ground, end, ran.output)


def _check(ground: Ground, end: End, told: str) -> None:
    operator = ground.operator
    found = left(operator, ROOT)
    lost = ground.unrecorded()
    print(f"  {found.recorded} recorded, {len(lost)} not, locked {found.locked}", flush=True)
    if end not in CUTS:
        assert (lost, found.locked) == ([], False), told
    ran = applied(operator, ROOT)
    if ran.code != 0 and (named := re.search(r"groundplan (unlock \S+ --id \S+ --force)", ran.output)):
        assert groundplan(operator, *named[1].split()).code == 0
        ran = applied(operator, ROOT)
    assert ran.code == 0, ran.output
    after = left(operator, ROOT)
    assert (after.lineage, after.serial >= found.serial) == (found.lineage or after.lineage, True)
    assert operator.plan_code(ROOT) == 0
    left_over = ground.unrecorded()
    doubtful = re.findall(r"GP74[67].*", ran.output)
    untold = [one for one in left_over if not any(f".{one}." in line for line in doubtful)]
    assert not untold, (left_over, ran.output)
