"""The operator's Terraform on the roots of a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from groundplan.app.live.meanwhile import Meanwhile
from groundplan.live.events import Event
from groundplan.live.program import LiveProgram, live_program
from groundplan.live.terraform import Live


def program_asked(named: str | None, environment: Mapping[str, str]) -> Meanwhile[LiveProgram]:
    """The program that is named, else the first on the PATH, which is asked for its version meanwhile.

    Nothing else is asked of it: it runs in no folder and is told of no account. Raises GP801 and GP811 where it is
    needed.
    """
    asked = Meanwhile(partial(live_program, named, environment))
    asked.begin()
    return asked


def live_of(
    folder: Path,
    program: Callable[[], LiveProgram],
    environment: Mapping[str, str],
    logs: Path | None,
    on_event: Callable[[Event], None],
) -> Live:
    """That program on a folder. Raises GP801 and GP811."""
    return Live(program(), folder, environment, logs, on_event)


def live_in(
    folder: Path,
    named: str | None,
    environment: Mapping[str, str],
    logs: Path | None,
    on_event: Callable[[Event], None],
) -> Live:
    """The program that is named, else the first on the PATH. Raises GP801 and GP811."""
    return Live(live_program(named, environment), folder, environment, logs, on_event)
