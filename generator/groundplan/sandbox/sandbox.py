"""Commands behind walls: bubblewrap where it works, else `unshare` of util-linux, else limits alone.

What works is a question to the kernel, not to the machine's settings: each way is tried once in a process, with the
interpreter itself behind the walls.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.sandbox.walls import Limits, Walls

_LAUNCH = str(Path(__file__).with_name("launch.py"))
_PROBE_SECONDS = 10.0
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_LOOPBACK_PORT = 8473
"""Where a relay listens; in a network namespace of its own every port is free."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a command has to reach beside the system's libraries and the interpreter."""

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    relay: Path | None = None
    """A unix socket, to which connections to `Sandbox.relay_address` lead."""
    input: bool = False
    """Whether it reads standard input; otherwise it has none."""
    outlives_thread: bool = False
    """Whether it lives on when the thread ends that started it; otherwise it is killed then."""


NOTHING = Needs()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Wraps commands; `walls` says what that is worth."""

    walls: Walls
    tool: tuple[str, ...] = ()
    """The words that make namespaces, before what depends on the command."""
    launch_flags: tuple[str, ...] = ()

    def command(self, words: Sequence[str], needs: Needs = NOTHING) -> list[str]:
        """The words that run `words` confined, with what it needs within reach."""
        options = [*_limit_options(needs.limits), *(() if needs.input else ("--no-input",))]
        if needs.relay is not None:
            options += ["--relay", str(_LOOPBACK_PORT), str(needs.relay)]
        die = () if needs.outlives_thread else ("--die-with-parent",)
        inner = [sys.executable, "-I", "-S", _LAUNCH, *options]
        if self.walls.tool == "none":
            return [*inner, *die, "--", *words]
        mounts = [*_system_mounts(words[0]), *_task_mounts(needs)]
        if self.walls.tool == "bubblewrap":
            wrap = [*self.tool, *die, *_bubblewrap_mounts(mounts), "--remount-ro", "/", "--remount-ro", "/dev"]
            return [*wrap, "--", *inner, "--", *words]
        shown = [word for mount in mounts for word in (f"--{mount[0]}", *mount[1:])] if self.walls.files else []
        return [*_die_with(die), *self.tool, "--", *inner, *self.launch_flags, *shown, "--", *words]

    @property
    def relay_address(self) -> str:
        """Host and port at which a command with a `relay` reaches it."""
        return f"127.0.0.1:{_LOOPBACK_PORT}"


NO_SANDBOX = Sandbox(Walls("none", reason="switched off by GROUNDPLAN_SANDBOX=off"))
"""Limits alone."""


SETTING = "GROUNDPLAN_SANDBOX"
"""The variable by which an operator switches the walls `off`."""


def sandbox_for(environment: Mapping[str, str]) -> Sandbox:
    """The best that works here, unless the environment says `GROUNDPLAN_SANDBOX=off`."""
    return NO_SANDBOX if environment.get(SETTING, "").lower() == "off" else best_sandbox()


@functools.cache
def best_sandbox() -> Sandbox:
    """The best that works here."""
    problems: list[str] = []
    for candidate in _candidates(problems):
        problem = _problem(candidate)
        if problem is None:
            return candidate
        problems.append(problem)
    return Sandbox(Walls("none", reason=problems[0] if problems else "neither bubblewrap nor unshare is installed"))


def _candidates(problems: list[str]) -> Iterable[Sandbox]:
    bwrap, unshare = (shutil.which(name, path=os.defpath) for name in ("bwrap", "unshare"))
    if bwrap:
        base = (bwrap, "--unshare-all", "--new-session", "--cap-drop", "ALL")
        walls = Walls("bubblewrap", network=True, processes=True, files=True)
        for proc in (("--proc", "/proc"), ()):
            yield Sandbox(walls, (*base, *proc, "--dev", "/dev"))
    if unshare:
        namespaces = ("--user", "--map-root-user", "--net", "--ipc", "--uts")
        processes = ("--pid", "--mount", "--fork", "--kill-child")
        flags = ("--loopback", "--private-user")
        walls = Walls("unshare", network=True, processes=True, files=True)
        yield Sandbox(walls, (unshare, *namespaces, *processes), (*flags, "--private-files"))
        reason = problems[-1] if problems else None
        no_files = Walls("unshare", network=True, processes=True, reason=reason)
        yield Sandbox(no_files, (unshare, *namespaces, *processes, "--mount-proc"), flags)
        yield Sandbox(Walls("unshare", network=True, reason=reason), (unshare, *namespaces), flags)


def _problem(candidate: Sandbox) -> str | None:
    """Why the interpreter does not run behind these walls; None when it does."""
    script = Path(__file__).with_name("probe.py")
    words = candidate.command([sys.executable, "-I", "-S", str(script)], Needs(read=(script,)))
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_SECONDS, check=False, env={}, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0 and done.stdout == b"confined\n":
        return None
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"{candidate.walls.tool} ended with {done.returncode}"


def _die_with(die: Sequence[str]) -> list[str]:
    """`unshare` itself has no option for it; `setpriv` is of the same package."""
    setpriv = shutil.which("setpriv", path=os.defpath) if die else None
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _limit_options(limits: Limits) -> list[str]:
    pairs = {
        "cpu": limits.cpu_seconds,
        "data": limits.data_bytes,
        "as": limits.address_bytes,
        "fsize": limits.file_bytes,
    }
    return [word for name, value in pairs.items() for word in (f"--{name}", str(value))]


_Mount = tuple[str, ...]
"""`ro` or `rw` and a path, or `link`, what it leads to, and where it is."""


def _system_mounts(program: str) -> list[_Mount]:
    """The system's libraries, the interpreter, and the program with the links that lead to it."""
    return [*_base_mounts(), *_program_mounts(program, _base_mounts())]


@functools.cache
def _base_mounts() -> tuple[_Mount, ...]:
    mounts: list[_Mount] = []
    for name in _SYSTEM:
        if os.path.islink(name):  # noqa: PTH114
            mounts.append(("link", os.readlink(name), name))  # noqa: PTH115
        elif os.path.isdir(name):  # noqa: PTH112
            mounts.append(("ro", name))
    mounts += [("ro", name) for name in _SYSTEM_FILES if os.path.exists(name)]  # noqa: PTH110
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)):
        parts = (os.path.join(prefix, name) for name in ("bin", "lib", "lib64", "pyvenv.cfg"))  # noqa: PTH118
        mounts += [("ro", part) for part in parts if os.path.exists(part) and not _covered(part, mounts)]  # noqa: PTH110
    mounts.append(("ro", str(Path(_LAUNCH).parents[1])))
    return (*mounts, *_program_mounts(sys.executable, mounts))


def _program_mounts(program: str, mounts: Sequence[_Mount]) -> list[_Mount]:
    """The file a program is and the links to it, as far as `mounts` lack them."""
    found: list[_Mount] = []
    path = os.path.abspath(program)  # noqa: PTH100 - a link must not be resolved
    for _ in range(20):
        if not os.path.islink(path):  # noqa: PTH114
            break
        target = os.readlink(path)  # noqa: PTH115
        if not _covered(path, mounts):
            found.append(("link", target, path))
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))  # noqa: PTH118, PTH120
    if not _covered(path, mounts):
        found.append(("ro", path))
    return found


def _task_mounts(needs: Needs) -> list[_Mount]:
    wanted = [("ro", path) for path in needs.read] + [("rw", path) for path in needs.write]
    return [(kind, os.path.abspath(path)) for kind, path in wanted]  # noqa: PTH100


def _covered(path: str, mounts: Iterable[_Mount]) -> bool:
    folder, name = os.path.split(path)
    names = (Path(path), Path(os.path.realpath(folder), name))
    return any(kind != "link" and one.is_relative_to(shown) for kind, shown, *_ in mounts for one in names)


def _bubblewrap_mounts(mounts: Iterable[_Mount]) -> list[str]:
    names = {"ro": "--ro-bind", "rw": "--bind", "link": "--symlink"}
    return [word for kind, *paths in mounts for word in (names[kind], *(paths if kind == "link" else paths * 2))]
