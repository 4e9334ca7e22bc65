"""The operator's Terraform on the roots of a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from groundplan.live.events import Event
from groundplan.live.program import live_program
from groundplan.live.terraform import Live


def live_in(
    folder: Path,
    named: str | None,
    environment: Mapping[str, str],
    logs: Path | None,
    on_event: Callable[[Event], None],
) -> Live:
    """The program that is named, else the first on the PATH. Raises GP801 and GP811."""
    return Live(live_program(named, environment), folder, environment, logs, on_event)
