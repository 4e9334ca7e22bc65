"""Reading the output of `terraform show -json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.reading import MalformedJSONError, parse_json

FORMAT_MAJOR = "1"
"""Major version of the plan format: https://developer.hashicorp.com/terraform/internals/json-format."""


def read_plan(text: str, file: str) -> Mapping[str, Any]:
    """The plan in the output of `terraform show -json`; raises DiagnosticsError with the place of what is wrong."""
    hint = "write it with `terraform show -json plan.bin > plan.json`"
    try:
        plan = parse_json(text)
    except MalformedJSONError as error:
        raise _refused(error.reason, hint, Place(file, error.line, error.column)) from None
    if not isinstance(plan, dict):
        raise _refused("not a plan: the file holds no object", hint, Place(file, 1))
    version = plan.get("format_version")
    if not isinstance(version, str):
        raise _refused("not a plan of Terraform: it has no `format_version`", hint, Place(file, 1))
    if version.partition(".")[0] != FORMAT_MAJOR:
        message = f"a plan in format {version}; only {FORMAT_MAJOR}.x can be read"
        line = text[: text.index('"format_version"')].count("\n") + 1
        raise _refused(message, "use a Terraform or OpenTofu that writes format 1", Place(file, line))
    if plan.get("errored") is True:
        hint = f"fix what the plan reports, then {hint}"
        raise _refused("a plan that failed: it does not hold everything", hint, Place(file, 1))
    if "planned_values" not in plan:
        what = "a state, not a plan" if "values" in plan else "a plan without `planned_values`"
        raise _refused(what, f"make a plan with `terraform plan -out plan.bin` and {hint}", Place(file, 1))
    return plan


def not_of_the_form(reason: str, file: str) -> DiagnosticsError:
    """The error for a plan that is other than Terraform writes it."""
    message = f"not of the form that Terraform writes: {reason}"
    return _refused(message, "write it again with `terraform show -json`", Place(file, 1))


def _refused(message: str, hint: str, place: Place) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP703", message, hint=hint, place=place)])
