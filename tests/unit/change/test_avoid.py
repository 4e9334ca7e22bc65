"""When a rename is advised: only where what came may be what went."""

from __future__ import annotations

import pytest

from groundplan.change.avoid import avoidance
from groundplan.change.model import Edit

GONE = Edit("storage.buckets.a", "{}", None)


def test_what_came_may_be_what_went() -> None:
    told = avoidance([GONE], [], [Edit("storage.buckets.b", None, "{}"), GONE])
    assert told == "if it is the same one under another name, write `renamed_from: a` at `storage.buckets.b`"


@pytest.mark.parametrize(
    "come",
    [
        [Edit("storage.buckets.b", None, '{"existing": "old"}')],
        [Edit("storage.buckets.b", None, '{"renamed_from": "a"}'), Edit("storage.buckets.c", None, "{}")],
    ],
)
def test_what_is_imported_or_claimed_already_is_no_rename(come: list[Edit]) -> None:
    assert "renamed_from" not in avoidance([GONE], [], [*come, GONE])
