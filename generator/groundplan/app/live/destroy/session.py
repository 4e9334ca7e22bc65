"""The operator's Terraform on a copy of the environment, in which nothing is kept from being destroyed."""

from __future__ import annotations

import fcntl
import filecmp
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from groundplan.app.live.connected import Connected
from groundplan.app.live.errored import ERRORED_STATE
from groundplan.app.live.outcomes import Recorder
from groundplan.live.copied import OVERRIDE, copied, kept_in
from groundplan.live.events import Event
from groundplan.live.places import Places, places, private
from groundplan.live.program import live_program
from groundplan.live.roots import Standing
from groundplan.live.terraform import Live
from groundplan.live.trace import read_trace
from groundplan.terraform.protection import lift_protection

_PREFIX = "destroy-"


@dataclass(frozen=True, slots=True)
class Session:
    """A copy of the environment that Terraform can run in."""

    at: Connected
    live: Live
    recorder: Recorder


@contextmanager
def destroying(
    at: Connected,
    terraform_bin: str | None,
    environment: Mapping[str, str],
    logs: Path | None,
    tell: Callable[[Event], None],
) -> Iterator[Session]:
    """The copy, which goes at the end with what Terraform has kept about it. Raises GP403, GP801, GP811 and GP818."""
    standing = at.standing
    program = live_program(terraform_bin, environment)
    recorder = Recorder(tell)
    live = Live(program, standing.folder, environment, logs, recorder)
    with _copy_of(at, places(standing.folder, environment)) as copy:
        yield Session(at, live.elsewhere({state.root: copy for state in standing.states}), recorder)


@contextmanager
def _copy_of(at: Connected, own: Places) -> Iterator[Path]:
    """A copy that keeps its states where the original does.

    A state that Terraform could not write is put into the root of the original, where Terraform would have left it.
    """
    standing, above = at.standing, private(own.environment)
    if not any((trace := read_trace(own.trace(one.root))) and trace.runs for one in standing.states):
        sweep(above, standing)
    to = Path(mkdtemp(prefix=_PREFIX, dir=above))
    added = {f"{one.root}/{OVERRIDE}": kept_in(one.file) for one in standing.states if not one.bucket}
    held = os.open(to, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        copied(standing.folder, to, [one.root for one in standing.states], added)
        lift_protection(to)
        yield to
    finally:
        _taken_away(to, standing)
        os.close(held)


def sweep(above: Path, standing: Standing) -> None:
    """Takes away copies that a killed groundplan has left, once their states that could not be written are safe."""
    for left in sorted(above.glob(f"{_PREFIX}*")):
        with suppress(BlockingIOError, FileNotFoundError, NotADirectoryError):  # in use, gone meanwhile, or no copy
            _swept(left, standing)


def _swept(left: Path, standing: Standing) -> None:
    descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _taken_away(left, standing)
    finally:
        os.close(descriptor)


def _taken_away(copy: Path, standing: Standing) -> None:
    """The copy goes, unless a state in it would take the place of another that was not written yet."""
    names = [f"{state.root}/{ERRORED_STATE}" for state in standing.states]
    left = [(copy / name, standing.folder / name) for name in names if (copy / name).is_file()]
    if any(kept.exists() and not filecmp.cmp(errored, kept, shallow=False) for errored, kept in left):
        return
    for errored, kept in left:
        kept.touch(mode=0o600)
        shutil.copyfile(errored, kept)
    shutil.rmtree(copy, ignore_errors=True)
