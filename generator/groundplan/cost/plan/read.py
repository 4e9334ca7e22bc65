"""Reading the output of `terraform show -json`."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.reading import MalformedJSONError, parse_json

FORMATS = ("0", "1")
"""Major versions of the plan format: https://developer.hashicorp.com/terraform/internals/json-format. 0.1 and 0.2 are
those of Terraform 0.12 to 1.0, and have all that is read here."""
HINT = "write it with `terraform show -json plan.bin > plan.json`"
UNWRAPPED = "set `terraform_wrapper: false` for hashicorp/setup-terraform, or drop the lines that are not JSON"
_WRAPPER = "[command]"
"""First line of what the wrapper of setup-terraform prints: https://github.com/hashicorp/setup-terraform/issues/20."""
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""By the mark that a file begins with; Windows PowerShell 5 writes UTF-16 for `>`."""


def decoded(data: bytes, file: str) -> str:
    """The text of a plan in UTF-8, or in what the mark at its beginning says. Raises DiagnosticsError."""
    encoding = next((name for mark, name in _ENCODINGS.items() if data.startswith(mark)), _unmarked(data))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        hint = f"it may be the plan itself: {HINT}"
        raise _refused("not a text in UTF-8 or UTF-16", hint, Place(file, 1)) from None


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark is told by the first character, which is that of an object."""
    return {b"{\0": "utf-16-le", b"\0{": "utf-16-be"}.get(data[:2], "utf-8")


def read_plan(text: str, file: str) -> Mapping[str, Any]:
    """The plan in the output of `terraform show -json`; raises DiagnosticsError with the place of what is wrong.

    Lines that the wrapper of setup-terraform puts before and behind it are left out.
    """
    try:
        plan = parse_json(_unwrapped(text))
    except MalformedJSONError as error:
        hint = UNWRAPPED if text.startswith(_WRAPPER) else _log_hint(text)
        raise _refused(error.reason, hint, Place(file, error.line, error.column)) from None
    if not isinstance(plan, dict):
        raise _refused("not a plan: the file holds no object", HINT, Place(file, 1))
    _check_format(plan, text, file)
    if plan.get("errored") is True:
        hint = f"fix what the plan reports, then {HINT}"
        raise _refused("a plan that failed: it does not hold everything", hint, Place(file, 1))
    if "planned_values" not in plan:
        what = "a state, not a plan" if "values" in plan else "a plan without `planned_values`"
        raise _refused(what, f"make a plan with `terraform plan -out plan.bin` and {HINT}", Place(file, 1))
    return plan


def _check_format(plan: Mapping[str, Any], text: str, file: str) -> None:
    version = plan.get("format_version")
    if not isinstance(version, str):
        hint = _log_hint(text)
        raise _refused("not a plan of Terraform: it has no `format_version`", hint, Place(file, 1))
    if version.partition(".")[0] not in FORMATS:
        message = f"a plan in format {shortened(version)}; only 0.x and 1.x can be read"
        line = text[: text.index('"format_version"')].count("\n") + 1
        raise _refused(message, "use a Terraform or OpenTofu that writes format 1", Place(file, line))


def _unwrapped(text: str) -> str:
    """The text without the first line of the wrapper, and without the lines of commands to GitHub that it ends in.

    The first line is left empty, so that places stay what they are.
    """
    if not text.startswith(_WRAPPER):
        return text
    start = text.find("\n")
    end = text.find("\n::", start)
    return text[start:] if end < 0 else text[start:end]


def _log_hint(text: str) -> str:
    """What to do about the output of `terraform plan -json`, which is a log of lines; else the usual."""
    return f"this is the log of `terraform plan -json`: {HINT}" if text.startswith('{"@level"') else HINT


def not_of_the_form(reason: str, file: str) -> DiagnosticsError:
    """The error for a plan that is other than Terraform writes it."""
    message = f"not of the form that Terraform writes: {reason}"
    return _refused(message, "write it again with `terraform show -json`", Place(file, 1))


def _refused(message: str, hint: str, place: Place) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP703", message, hint=hint, place=place)])
