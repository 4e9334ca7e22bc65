"""Checking folders: rendered environments, or any Terraform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from groundplan.app.pipeline import rerender
from groundplan.app.progress import Progress
from groundplan.check.allow import Allowance, allowances, with_unused
from groundplan.check.report import CheckReport
from groundplan.check.run import Checker
from groundplan.sandbox.sandbox import sandbox_for
from groundplan.terraform.offline import Inputs


@dataclass(frozen=True, slots=True)
class Tools:
    """What Terraform and checkov are run with."""

    schema_files: tuple[Path, ...] = ()
    """Schemas of providers that groundplan has none of."""
    terraform_bin: str | None = None
    """Terraform or OpenTofu to use instead of the embedded one."""

    var_files: tuple[Path, ...] = ()
    """Values for variables of the roots, as `terraform plan -var-file` takes them."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """What checkov's process may take over from, and whether programs run behind walls."""
    allow: tuple[str, ...] = ()
    """What the operator lets pass, as `CLASS:WHAT`."""

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """The same, read; raises DiagnosticsError with those that make no sense."""
        return allowances(self.allow)

    @property
    def inputs(self) -> Inputs:
        """What Terraform gets beside a folder."""
        return Inputs(self.schema_files, self.terraform_bin, self.var_files, sandbox_for(self.environment))

    def checker(self) -> Checker:
        """A checker with these."""
        return Checker(inputs=self.inputs, environment=self.environment, allow=self.allowances)


def check(
    folders: Sequence[Path], tools: Tools, progress: Progress, today: date, roots: Sequence[str] = ()
) -> list[CheckReport]:
    """The report of each folder; a rendered one is compared with what its spec would render now.

    `roots` names the roots in each folder; without, they are found.

    `today` is the day on which its prices are as old as the report says.
    """
    checked = []
    with tools.checker() as checker:
        for folder in folders:
            with progress.step(f"checking {folder}"):
                checked.append(checker.check(folder, roots=roots, rerender=rerender, today=today))
    return with_unused(checked, tools.allowances)
