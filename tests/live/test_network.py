"""The way to the states is gone in the middle of `groundplan apply`."""

from __future__ import annotations

import re

import pytest

from tests.live.failures import held_at, left
from tests.live.kills import ROOT, applied, groundplan, words
from tests.live.world import World

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("operator", ["aws"], indirect=True)
@pytest.mark.long
def test_a_state_that_cannot_be_written_is_kept_and_written_by_resume(operator: World) -> None:
    """S3 alone: Terraform tries five times there, and for minutes in Cloud Storage."""
    assert applied(operator, "00-state").code == 0
    kept = operator.cloud.store.count()
    with held_at(operator, "aws_internet_gateway") as wait:
        process = operator.start_words(words(operator, "--root", ROOT), cwd=operator.folder)
        wait()
        operator.wire.cut()
    ran = operator.ended(process)
    operator.wire.mend()
    assert (ran.code, "errored.tfstate: the next command writes it first" in ran.output) == (1, True), ran.output
    assert left(operator, ROOT).recorded == 0
    ran = operator.ended(operator.start_words(words(operator, "--resume"), cwd=operator.folder))
    named = re.search(r"groundplan (unlock \S+ --id \S+ --force)", ran.output)
    assert ran.code == 1 and named, ran.output
    assert groundplan(operator, *named[1].split()).code == 0
    ran = operator.ended(operator.start_words(words(operator, "--resume"), cwd=operator.folder))
    assert ran.code == 0, ran.output
    assert left(operator, ROOT).recorded == operator.cloud.store.count() - kept
