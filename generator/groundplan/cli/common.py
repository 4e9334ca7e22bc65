"""What every command shares: the outcome, and the one place where it is printed and becomes an exit code."""

from __future__ import annotations

import errno
import functools
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.sandbox.signals import first_passed_on
from groundplan.views.console import Console
from groundplan.views.diagnostics import to_json
from groundplan.writing import UnwritableError, write_file

FORMAT_VERSION = "1"

_PROBE_BYTES = 65536
"""Too little for any work: a folder that does not take that much is full."""

STDOUT = "/dev/stdout"
"""The one device that may be named for a file to write."""

OK, FINDINGS, BAD_SPEC, OVER_BUDGET, STALE, MISSING, NEEDS_WORD = range(7)
"""Exit codes."""

WORST_FIRST = (BAD_SPEC, NEEDS_WORD, MISSING, FINDINGS, STALE, OVER_BUDGET)
"""Which of several exit codes a command ends with."""

_EXIT_BY_GROUP = {"1": BAD_SPEC, "2": BAD_SPEC, "3": BAD_SPEC, "4": STALE, "7": BAD_SPEC, "8": MISSING}
"""Exit code of a stopped command by the first digit of its diagnostics' codes; the others are findings."""


@dataclass(frozen=True)
class Outcome:
    """What a command has to say: an exit code, findings, the result as text and its own part of the JSON."""

    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: Sequence[Diagnostic] = ()
    exit_code: int = OK
    documents: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    """Further formats by name; `text` may be one of them where making it takes long."""
    verbatim: bool = False
    """Whether the text is code of groundplan's own, which holds no input."""
    output: Path | None = None
    """File that takes the result instead of stdout."""


class Later(Mapping[str, Any]):
    """Data that is made when it is asked for: that of a large plan takes as long as its text."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @functools.cached_property
    def _data(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def exit_code_of(diagnostics: Sequence[Diagnostic]) -> int:
    """The exit code for a command that these findings stopped: by its errors, where there are any among them.

    One that a signal ended in the middle of a live run (GP924) has the shell's code for that signal.
    """
    if any(d.code == "GP924" for d in diagnostics):
        return 128 + first_passed_on()
    stopping = [d for d in diagnostics if d.severity is Severity.ERROR] or diagnostics
    codes = {MISSING if d.code == "GP507" else _EXIT_BY_GROUP.get(d.code[2], FINDINGS) for d in stopping}
    return next((code for code in (BAD_SPEC, MISSING, STALE) if code in codes), FINDINGS)


@dataclass(frozen=True, slots=True)
class ConsoleProgress:
    """What use cases tell about their work, on the console; follows the folder that the process stands in."""

    console: Console

    def step(self, what: str) -> AbstractContextManager[None]:
        """Around work that may take long: announces it."""
        return self.console.step(what)

    def counted(self, what: str, total: int) -> AbstractContextManager[Callable[[str], None]]:
        """Around work in steps: shows how far it is."""
        return self.console.counted(what, total)

    @contextmanager
    def replacing_folder(self) -> Iterator[None]:
        """Around a step that may replace the folder the process stands in: afterwards it stands in the new one.

        The shell that started the process still stands in the old one, so it is told how to follow.
        """
        before = Path.cwd()
        yield
        found = next(folder for folder in (before, *before.parents) if folder.is_dir())
        if not found.samefile(Path()):
            os.chdir(found)
            self.console.note('The working directory of this shell was replaced; `cd "$PWD"` enters the new one.')


def require_temporary_folder() -> None:
    """Raises GP805 where nothing can be written to the temporary folder.

    Python would take another one without a word, in the end the working directory: most often the checkout.
    """
    import tempfile

    named = os.environ.get("TMPDIR") or None
    try:
        folder = named or tempfile.gettempdir()
        if named is None and Path(folder) == Path.cwd():
            raise FileNotFoundError(errno.ENOENT, "there is none but the working directory")
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_PROBE_BYTES))
    except OSError as error:
        what = named or "any folder"
        message = f"cannot use {what} for temporary files: {(error.strerror or 'there is none').lower()}"
        hint = "set TMPDIR to a folder with free space"
        raise DiagnosticsError([Diagnostic("GP805", message, hint=hint)]) from None


def today() -> date:
    """The day prices are looked at; only the command line reads the clock."""
    return datetime.now(UTC).date()


def reports(
    *formats: str, requires: Mapping[str, Callable[[], None]] | None = None
) -> Callable[[Callable[..., Outcome]], Callable[..., None]]:
    """Make a function that returns an `Outcome` a command body: adds `--format`, prints, exits.

    `formats` are further ones beside `text` and `json`; `requires` checks by format, before the work, that it can be
    made here. A `DiagnosticsError` becomes an outcome of its own; nothing else is caught, so a defect of groundplan
    still shows as one.
    """
    checks = requires or {}

    def decorate(function: Callable[..., Outcome]) -> Callable[..., None]:
        @click.option(
            "--format",
            "output_format",
            type=click.Choice(["text", "json", *formats]),
            default="text",
            show_default=True,
            help="Output format.",
        )
        @functools.wraps(function)
        def wrapper(*args: Any, output_format: str, **kwargs: Any) -> None:
            console = Console.of_process()
            try:
                if check := checks.get(output_format):
                    check()
                outcome = function(*args, console=console, **kwargs)
            except DiagnosticsError as error:
                outcome = Outcome(diagnostics=error.diagnostics, exit_code=exit_code_of(error.diagnostics))
            try:
                show(outcome, output_format, console)
            except DiagnosticsError as error:
                outcome = Outcome(diagnostics=error.diagnostics, exit_code=exit_code_of(error.diagnostics))
                show(outcome, output_format, console)
            except BrokenPipeError:
                raise  # a reader who has gone, which click ends quietly
            except OSError as error:
                os.dup2(os.open(os.devnull, os.O_WRONLY), console.out.fileno())  # what is buffered would fail again
                message = f"cannot write the result: {error.strerror}"
                console.problems([Diagnostic("GP403", message)])
                raise SystemExit(outcome.exit_code or STALE) from None
            raise SystemExit(outcome.exit_code)

        return wrapper

    return decorate


def show(outcome: Outcome, output_format: str, console: Console) -> None:
    """Print `outcome`: findings to stderr and the result to stdout, or everything as one JSON object on stdout."""
    if outcome.output is not None and str(outcome.output) != STDOUT:
        buffer = io.StringIO()
        show(replace(outcome, output=None), output_format, replace(console, out=buffer, color_out=False))
        _store(outcome.output, buffer.getvalue())
        return
    if output_format == "json":
        console.json(as_json(outcome))
        return
    console.problems(outcome.diagnostics)
    make = outcome.documents.get(output_format)
    console.result(make() if make else outcome.text, "script" if outcome.verbatim else output_format)


def _store(file: Path, text: str) -> None:
    """Raises GP403 where the file cannot be written; what was there is as it was."""
    try:
        write_file(file, text.encode("utf-8", errors="backslashreplace"), below=Path.cwd())
    except UnwritableError as error:
        raise DiagnosticsError([Diagnostic("GP403", f"cannot write {file}: {error.reason}")]) from None


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The object that `--format json` prints."""
    return {
        "format_version": FORMAT_VERSION,
        "ok": outcome.exit_code == OK and not has_errors(outcome.diagnostics),
        "diagnostics": [to_json(diagnostic) for diagnostic in outcome.diagnostics],
        **outcome.data,
    }
