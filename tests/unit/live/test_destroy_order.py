"""Which roots a destruction may take, and what is told of those that stand on them."""

from __future__ import annotations

import pytest

from groundplan.app.live.connected import Connected, connected
from groundplan.app.live.destroy.plans import in_order
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import DiagnosticsError
from groundplan.views.console import Console
from tests.unit.live.environments import Demo, state

ROOTS = ("10-foundation", "20-platform")


def at(demo: Demo) -> Connected:
    return connected(demo.folder, {}, ConsoleProgress(Console.of_process()))


def test_the_command_that_is_told_takes_all_that_stands(demo: Demo) -> None:
    """Leaving out --root would not destroy the root with the states."""
    for root in ROOTS:
        demo.session.put(demo.key(root), state(1))
    with pytest.raises(DiagnosticsError) as refused:
        in_order(at(demo), ("00-state",))
    [found] = refused.value.diagnostics
    every = " ".join(f"--root {root}" for root in ("00-state", *ROOTS))
    assert found.code == "GP942"
    assert found.hint
    assert found.hint.startswith(f"`groundplan destroy {demo.folder} {every}`")
    assert len(in_order(at(demo), ("00-state", *ROOTS))) == 3
