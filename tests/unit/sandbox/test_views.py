"""What a report says about the walls."""

from __future__ import annotations

import pytest

from groundplan.sandbox.walls import Walls
from groundplan.views import sandbox


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        (
            Walls("bubblewrap", network=True, processes=True, files=True),
            "bubblewrap: no network, no other processes, private files",
        ),
        (
            Walls("unshare", network=True, processes=True, reason="mount: not permitted"),
            "unshare: no network, no other processes; missing: private files (mount: not permitted)",
        ),
        (
            Walls("unshare", network=True, reason="no"),
            "unshare: no network; missing: no other processes, private files (no)",
        ),
        (
            Walls("none", reason="the kernel refuses user namespaces"),
            "none (the kernel refuses user namespaces): limits of time and memory alone",
        ),
        (Walls("none"), "none: limits of time and memory alone"),
    ],
)
def test_each_wall_that_is_missing_is_named(walls: Walls, words: str) -> None:
    assert sandbox.words(walls) == words


def test_nothing_started_nothing_said() -> None:
    assert sandbox.line(None) == ""
    assert sandbox.as_json(None) is None
