"""What Terraform and checkov are run with; nothing of either is imported before it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan.allowances import Allowance, allowances

if TYPE_CHECKING:
    from groundplan.check.run import Checker
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
    """What the operator lets pass, as `CLASS[:WHAT]`."""

    require_charts: bool = False
    """Whether a chart that is not proven is an error."""

    @property
    def allowances(self) -> tuple[Allowance, ...]:
        """The same, read; raises DiagnosticsError with those that make no sense."""
        return allowances(self.allow)

    @property
    def inputs(self) -> Inputs:
        """What Terraform gets beside a folder."""
        from groundplan.sandbox.sandbox import sandbox_for
        from groundplan.terraform.offline import Inputs

        return Inputs(self.schema_files, self.terraform_bin, self.var_files, sandbox_for(self.environment))

    def checker(self) -> Checker:
        """A checker with these."""
        from groundplan.check.run import Checker

        return Checker(inputs=self.inputs, environment=self.environment, allow=self.allowances)
