"""What is wrong with a folder of Terraform: fmt, validate, plan, checkov, own rules and freshness, in one report."""

from groundplan.check.report import CheckReport, exit_code
from groundplan.check.run import Checker, check

__all__ = ["CheckReport", "Checker", "check", "exit_code"]
