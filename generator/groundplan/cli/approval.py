"""How commands that change an environment ask for a word, and how they end without it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from groundplan.cli.common import NEEDS_WORD, OK, exit_code_of

if TYPE_CHECKING:
    from groundplan.app.live.outcomes import Outcome


def require_name(typed: str | None, name: str) -> None:
    """Refuses a name, typed beforehand, that is not the environment's: `UsageError`."""
    if typed not in (None, name):
        raise click.UsageError(f"--confirm takes the name of the environment, which is {name!r}.")


def is_typed(word: str, prompt: str) -> bool:
    """Whether the word is what is typed now; without a terminal nothing is."""
    if not sys.stdin.isatty():
        return False
    return bool(click.prompt(prompt, err=True, default="", show_default=False) == word)


def root_options(roots: Sequence[str]) -> list[str]:
    """Options that lead the same command to the same roots."""
    return [word for root in roots for word in ("--root", root)]


def exit_code(stopped: Outcome | None) -> int:
    """Of the root that a command stopped at: 6 where it waits for a word, that of its findings where it failed."""
    if stopped is None:
        return OK
    return NEEDS_WORD if stopped.is_declined else exit_code_of(stopped.diagnostics)
