"""The Terraform or OpenTofu of the operator: live runs use nothing that groundplan brings, unless it is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.hcl.versions import TERRAFORM_FLOOR
from groundplan.terraform.runner import Runner, installed_program

Version = tuple[int, int, int]

_FLOOR = tuple(map(int, TERRAFORM_FLOOR.split(".")))
_NAMES = {"Terraform": "terraform", "OpenTofu": "tofu"}
_FIRST_LINE = re.compile(r"^(Terraform|OpenTofu) v(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.MULTILINE)
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LiveProgram:
    """A program that was found and asked for its version."""

    words: tuple[str, ...]
    name: str
    """`terraform` or `tofu`, whatever its file is called."""
    version: Version

    @property
    def title(self) -> str:
        """`terraform 1.11.4`."""
        return f"{self.name} {'.'.join(map(str, self.version))}"


def live_program(named: str | None, environment: Mapping[str, str]) -> LiveProgram:
    """The program that was named, else `terraform`, else `tofu` on the PATH; GP801 for none, GP811 for one too old."""
    program = installed_program(named, environment.get("PATH"))
    settings = {"TF_CLI_ARGS": "", "TF_CLI_ARGS_version": ""}
    runner = Runner(program, settings, inherit=True, sandbox=None, swept=False, timeout_seconds=_PATIENCE_SECONDS)
    answer = runner.run(Path("/"), "version")
    match = _FIRST_LINE.search(answer.stdout)
    if match is None:
        raise _refused(f"{program.words[0]} does not tell a version of Terraform or OpenTofu")
    version = (int(match[2]), int(match[3]), int(match[4]))
    live = LiveProgram(program.words, _NAMES[match[1]], version)
    if version < _FLOOR or version >= (2, 0, 0):
        raise _refused(
            f"{shortened(program.words[0])} is {live.title}; the rendered roots take {TERRAFORM_FLOOR} or newer"
        )
    return live


def _refused(message: str) -> DiagnosticsError:
    hint = f"install Terraform or OpenTofu {TERRAFORM_FLOOR} or newer, or name one with --terraform-bin"
    return DiagnosticsError([Diagnostic("GP811", message, hint=hint)])
