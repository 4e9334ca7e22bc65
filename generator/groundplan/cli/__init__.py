"""The command line: parses flags, calls one function, hands the result to a view, returns its exit code.

Commands are imported when they run, so that `groundplan --help` starts in a moment.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import click

from groundplan import __version__
from groundplan.cli.signals import Stopped, stopped_by_signals
from groundplan.sandbox.signals import Terminated, ended_by_signals

GROUPS = {
    "Life of an environment, in this order": {
        "init": "Write a starting spec from a blueprint.",
        "validate": "Check a spec, without rendering anything.",
        "build": "Validate, resolve, render, check and price a spec: the main job.",
        "preflight": "Check whether the cloud account meets a spec's requirements.",
        "plan": "Plan every root of a rendered environment against its account.",
        "apply": "Apply a rendered environment, root after root.",
        "drift": "Show what was changed in the cloud by other means than this environment.",
        "destroy": "Destroy an applied environment, the last root first.",
    },
    "What build does, and more, step by step": {
        "resolve": "Show everything decided for a spec.",
        "explain": "Show why something was decided, and the alternatives.",
        "render": "Write the Terraform environment of a spec.",
        "change": "Show what a change destroys, replaces, interrupts, opens and costs.",
        "check": "Format, validate, plan and scan folders, offline.",
        "charts": "Show the Helm charts of an environment, and fetch them from their repositories.",
        "cost": "Estimate what a spec, or a Terraform plan, costs a month.",
        "access": "Show who can do what in an environment, and which statement decides.",
        "rehearse": "Apply, plan again and destroy a folder, offline.",
    },
    "What is applied": {
        "status": "Show what of an environment is applied, by whom, from which commit and how long ago.",
        "output": "Show the outputs of what is applied; with NAME, the value alone.",
        "kubeconfig": "Print what kubectl needs to reach an environment's cluster.",
        "unlock": "Show who holds the states of an environment, and remove a lock.",
        "state": "Show earlier versions of an environment's states, and go back to one.",
    },
    "Comparisons and prices": {
        "compare": "Compare costs across clouds, regions and purchase options.",
        "parity": "Compare a spec side by side on each cloud.",
        "prices": "Show, validate and compare price books, and fetch current prices.",
    },
    "Repositories and their pipelines": {
        "pipelines": "Write the pipelines of all environments in a repository.",
        "affected": "Show which environments of a repository a change touches.",
        "comment": "Write files as the one comment about an environment on a pull or merge request.",
        "hook": "Run a hook of pre-commit on the environments that files belong to.",
    },
    "For editors and shells": {
        "schema": "Print the JSON Schema of the spec.",
        "completion": "Print the completion script of a shell.",
    },
}
"""Commands by what they are for, with their one-line help; each is the `command` of `groundplan.cli.<name>`."""

COMMANDS = {name: told for group in GROUPS.values() for name, told in group.items()}
"""Those of all groups."""


INTERRUPTED = 130
"""128 and the number of SIGINT."""
_OBJECTS_BEFORE_COLLECTION = 1_000_000
"""Python's 700 makes it look for garbage some hundred times while a command is imported, which leaves none; with 50,000
a plan spent a fourteenth of its own time on it, and 600 objects were found."""


def _let_go() -> None:
    """Gives up what nobody can be told any more: Python would end with 120 for a terminal that is closed."""
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None where it was closed before the start
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _ends() -> ModuleType:
    """What is imported only when something goes wrong."""
    return import_module("groundplan.cli.ends")


EPILOG = """\b
Start:      groundplan init demo --blueprint gpu-training --cloud aws
Main job:   groundplan build demo/groundplan.yaml -o out
For real:   groundplan plan out, then groundplan apply out
Exit codes: 0 success, 1 findings, 2 spec or usage error, 3 over budget, or not shown to be within,
            4 output stale or edited by hand, 5 missing tool or credentials, 6 a change needs your word,
            70 internal error, 130 interrupted, 143 and 129 ended by a signal
"""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, not when help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"groundplan.cli.{cmd_name}").command
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """The one place where every command ends, whatever ends it: with an exit code, and at most one line of errors.

        An interrupt and a signal end it with the shell's exit codes for them, which no finding has.
        """
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        arguments = list(sys.argv[1:] if args is None else args)
        gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
        with stopped_by_signals():
            try:
                code = super().main(arguments, prog_name, complete_var, standalone_mode=False, **extra)
            except Stopped as stopped:
                with contextlib.suppress(OSError):  # a terminal that is closed
                    click.echo(stopped.words, err=True)
                code = stopped.code
            except (KeyboardInterrupt, click.Abort):
                code = INTERRUPTED
            except click.ClickException as error:
                code = _ends().misused(error)
            except SystemExit:
                raise
            except BaseException as error:  # noqa: BLE001 the one boundary, also for a library that panics in Rust
                code = _ends().end(error, arguments)
            finally:
                _let_go()
                if args is None:  # the process ends with the command, and would look through all that was imported
                    gc.freeze()
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """What the command does; a signal or an interrupt ends what it has started, then itself."""
        try:
            with ended_by_signals():
                return super().invoke(ctx)
        except Terminated as ended:
            raise Stopped(ended.number) from None
        except KeyboardInterrupt:
            raise Stopped(signal.SIGINT) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; a name close to one suggests it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean `{near[0]}`?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from their names and one-line helps alone."""
        wide = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{wide}}", told) for name, told in commands.items()])


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", "-V", prog_name="groundplan")
def main() -> None:
    """Turn one page of YAML into checked, planned and priced Terraform for an ML team.

    Works offline, without a cloud account, but for `preflight`, `plan` to `destroy`, what shows or changes what is
    applied, `comment`, `charts pull` and `prices refresh`.
    """


def run(arguments: Sequence[str]) -> int:
    """The exit code of `groundplan ARGUMENTS`, for tests."""
    try:
        main.main(args=list(arguments), prog_name="groundplan", standalone_mode=True)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
