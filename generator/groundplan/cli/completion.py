"""`groundplan completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from groundplan.cli.common import Outcome, reports
from groundplan.views.console import Console


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@reports()
def command(shell: str, console: Console) -> Outcome:
    """Print the completion script of a shell.

    For bash: `groundplan completion bash > ~/.local/share/bash-completion/completions/groundplan`.
    """
    completer = get_completion_class(shell)
    assert completer is not None, "click knows every shell offered above"
    root = click.get_current_context().find_root().command
    script = completer(root, {}, "groundplan", "_GROUNDPLAN_COMPLETE").source()
    return Outcome(text=script, verbatim=True, data={"shell": shell, "script": script})
