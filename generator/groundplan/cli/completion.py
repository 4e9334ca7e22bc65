"""`groundplan completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash: `groundplan completion bash > ~/.local/share/bash-completion/completions/groundplan`.
    """
    completer = get_completion_class(shell)
    assert completer is not None, "click knows every shell offered above"
    root = context.find_root().command
    click.echo(completer(root, {}, "groundplan", "_GROUNDPLAN_COMPLETE").source())
