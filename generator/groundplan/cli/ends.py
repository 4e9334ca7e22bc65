"""How a command ends that does not end by itself: a machine that gives out, a usage error, and what nobody foresaw."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from click.exceptions import NoArgsIsHelpError

from groundplan import __version__
from groundplan.cli.common import MISSING, Outcome, as_json
from groundplan.diagnostics import Diagnostic
from groundplan.escaping import for_text, lines_for_text
from groundplan.views.console import Console

INTERNAL = 70
"""Exit code of an internal error: EX_SOFTWARE of sysexits.h."""

EXHAUSTED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ENOLCK}
"""What a machine refuses however right the program is."""

DEBUG = "GROUNDPLAN_DEBUG"
"""Variable that, set to anything, lets an internal error end in Python's own traceback."""


def refused_by_the_machine(error: OSError) -> Diagnostic:
    """GP809, with what the machine lacks."""
    where = f" for {error.filename}" if isinstance(error.filename, str) else ""
    reason = (error.strerror or str(error)).lower()
    return Diagnostic("GP809", f"the machine gave out: {reason}{where}", hint=_HINTS.get(error.errno or 0))


_NO_ROOM = "No usable temporary directory"
"""What `tempfile` says, as of a folder that is not there, where every folder for temporary files is full."""

_HINTS = {
    errno.ENOENT: "free some space there, or name another temporary folder in TMPDIR",
    errno.ENOSPC: "free some space there, or name another temporary folder in TMPDIR",
    errno.EDQUOT: "free some space there, or name another temporary folder in TMPDIR",
    errno.EROFS: "name a folder that can be written to, for temporary files in TMPDIR",
    errno.EMFILE: "raise the limit of open files: `ulimit -n`",
    errno.ENFILE: "the whole system has too many files open",
}


def end(error: BaseException, arguments: Sequence[str]) -> int:
    """One line on stderr and, where JSON was asked for, one object on stdout; the exit code."""
    if isinstance(error, OSError) and (error.errno in EXHAUSTED or _NO_ROOM in str(error.strerror)):
        return _finish(refused_by_the_machine(error), MISSING, arguments)
    if os.environ.get(DEBUG):
        raise error
    return _finish(_internal(error, arguments), INTERNAL, arguments)


def _finish(diagnostic: Diagnostic, code: int, arguments: Sequence[str]) -> int:
    with contextlib.suppress(OSError, ValueError):
        console = Console.of_process()
        if _asks_for_json(arguments):
            console.json(as_json(Outcome(diagnostics=[diagnostic], exit_code=code)))
        if code == INTERNAL:
            console.note(f"groundplan: {diagnostic.message}")
        elif not _asks_for_json(arguments):
            console.problems([diagnostic])
    return code


def misused(error: click.ClickException) -> int:
    """What click says of a usage error, with nothing of the arguments in it but text; its exit code."""
    told, message = io.StringIO(), error.format_message()
    error.show(told)
    listed = isinstance(error, click.MissingParameter | NoArgsIsHelpError)  # lines of our own alone
    shown = "\n".join(lines_for_text(message)) if listed else for_text(message)
    Console.of_process().told(told.getvalue().replace(message, shown))
    return error.exit_code


def _internal(error: BaseException, arguments: Sequence[str]) -> Diagnostic:
    kind, where = type(error).__name__, _places(error)[-1:]
    what = f"internal error: {kind}{f' at {where[0]}' if where else ''}"
    return Diagnostic("GP999", f"{what}; report: {_write(_report(error, arguments))}")


def _report(error: BaseException, arguments: Sequence[str]) -> str:
    """Where it happened and with what; no message of an exception, which may hold a value, and no value at all."""
    lines = [
        "groundplan ended in an internal error. Please report it with this file, which holds no input.",
        "",
        f"groundplan {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"command: {' '.join(_named(arguments)) or 'none'}",
        "",
    ]
    for kind, places in _chain(error):
        lines += [kind, *(f"  {place}" for place in places)]
    return "\n".join(map(for_text, lines)) + "\n"


def _chain(error: BaseException) -> Iterator[tuple[str, list[str]]]:
    """Each exception by its type with the places on the way to it, the one that began it last."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}", _places(current)
        current = current.__cause__ or current.__context__


_SHOWN = 30
"""Places of a recursion that a report has at each end."""


def _places(error: BaseException) -> list[str]:
    """`cost/plan.py:57 in price`, the outermost first; of a recursion the ends alone."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    places = [f"{_relative(code.co_filename)}:{line} in {code.co_name}" for code, line in frames]
    if len(places) <= 2 * _SHOWN:
        return places
    return [*places[:_SHOWN], f"… {len(places) - 2 * _SHOWN} more", *places[-_SHOWN:]]


def _relative(file: str) -> str:
    """The path below the folder of packages: where those are is the user's own affair."""
    bases = (str(Path(__file__).parents[2]), *sys.path)
    inside = [os.path.relpath(file, base) for base in bases if base and file.startswith(f"{base}{os.sep}")]
    return min(inside, key=len, default=Path(file).name)


def _named(arguments: Sequence[str]) -> list[str]:
    """The names of the command and of its options; nothing that was given to them."""
    from groundplan.cli import COMMANDS

    commands: Mapping[str, click.Command | None] = {name: _loaded(name) for name in COMMANDS}
    found: list[str] = []
    options: set[str] = set()
    for argument in arguments:
        if argument in commands:
            command = commands[argument]
            found.append(argument)
            options |= set(_names_of(command)) if command else set()
            commands = command.commands if isinstance(command, click.Group) else {}
        elif (name := argument.partition("=")[0]) in options or (name := argument[:2]) in options:
            found.append(name)
    return found


def _loaded(name: str) -> click.Command | None:
    """The command, where its module could be imported: that may be what failed."""
    return getattr(sys.modules.get(f"groundplan.cli.{name}"), "command", None)


def _names_of(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from (*parameter.opts, *parameter.secondary_opts)


def _write(report: str) -> str:
    """The path of a new file that only its owner can read; why there is none where it cannot be written."""
    try:
        descriptor, path = tempfile.mkstemp(prefix="groundplan-error-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(report)
    except OSError as error:
        return f"none, it cannot be written: {(error.strerror or str(error)).lower()}"
    return path


def _asks_for_json(arguments: Sequence[str]) -> bool:
    following = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(pair in (("--format", "json"),) or pair[0] == "--format=json" for pair in following)
