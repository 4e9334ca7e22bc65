"""Terraform's own JSON diagnostics as groundplan's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from groundplan.diagnostics import Diagnostic, Place, Severity, Snippet, has_errors
from groundplan.terraform.runner import Completed

Locate = Callable[[str], str]
"""File name as Terraform reports it -> as the user knows it."""

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
_DIFF = re.compile(r"^--- old/(.+)\n\+\+\+ new/.+\n((?:[@ +\-\\].*\n?)*)", re.MULTILINE)
_UNREADABLE = re.compile(r"^Error: (.+)\n\n  on (.+) line (\d+)", re.MULTILINE)
_PREAMBLE = re.compile(r"encountered problems during initiali[sz]ation")
_HUNK = re.compile(r"@@ -(\d+)")
_REMOTE_MODULE = re.compile(r"download module|remote module registry")
_FORGETS = "Some objects will no longer be managed by Terraform"
"""Terraform warns of every `removed` block that it does what the block says; the plan lists the objects."""
MISSING = re.compile(r"^no schema for provider (\S+)")
"""Which provider the message of a GP507 is about."""
_PROVIDER = re.compile(r"\bprovider\s+([\w.-]+/[\w.-]+(?:/[\w.-]+)?)")


def from_json(diagnostics: Iterable[dict[str, Any]], code: str, locate: Locate) -> tuple[Diagnostic, ...]:
    """The entries of a `diagnostics` list, as `validate -json` gives it, under one code."""
    return tuple(dict.fromkeys(_diagnostic(entry, code, locate) for entry in diagnostics))


def from_messages(completed: Completed, code: str, locate: Locate) -> tuple[Diagnostic, ...]:
    """The diagnostics among the JSON lines of a run; the raw text of a failed run that has none."""
    entries = [message["diagnostic"] for message in completed.messages() if message.get("type") == "diagnostic"]
    found = from_json([entry for entry in entries if entry.get("summary") != _FORGETS], code, locate)
    failed = completed.returncode not in (0, 2)
    if failed and not any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        return (*found, failure(completed, code))
    return found


def failure(completed: Completed, code: str) -> Diagnostic:
    """A run that failed without saying why in JSON."""
    if completed.timed_out:
        return Diagnostic(code, f"terraform did not end within {completed.seconds:.0f} s and was stopped")
    text = (completed.stderr or completed.stdout).strip()
    return Diagnostic(code, text or f"terraform ended with exit code {completed.returncode} and no message")


def from_format(completed: Completed) -> tuple[Diagnostic, ...]:
    """One GP501 per file in the diff of `fmt -check -diff`, and one for what `fmt` says it cannot read."""
    found = [
        Diagnostic(
            "GP501", "not formatted as `terraform fmt` does", hint=change.strip(), place=_first_change(name, change)
        )
        for name, change in _DIFF.findall(completed.stdout)
    ]
    unreadable = [
        Diagnostic("GP501", f"`terraform fmt` cannot read it: {why}", place=Place(name, int(line)))
        for why, name, line in _UNREADABLE.findall(completed.stderr)
    ]
    found += unreadable
    if (completed.stderr.strip() and not unreadable) or (completed.returncode and not found):
        found.append(failure(completed, "GP501"))
    return tuple(found)


def _first_change(name: str, change: str) -> Place:
    """Where the first changed line of a unified diff is in the old file."""
    line = 1
    for text in change.splitlines():
        hunk = _HUNK.match(text)
        if hunk:
            line = int(hunk.group(1))
        elif text.startswith(("-", "+")):
            break
        else:
            line += 1
    return Place(name, line)


def locator(folder: Path, root: Path, original_of: Callable[[Path], Path]) -> Locate:
    """Turns file names relative to the copied `root` into names relative to the user's `folder`."""

    def locate(name: str) -> str:
        return os.path.relpath(original_of(root / name), folder.resolve())

    return locate


def explain_offline(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """`init` diagnostics with what to do about providers (as GP507) and modules that are unavailable offline.

    Terraform's announcement that there are errors is left out where they follow.
    """
    found = tuple(diagnostics)
    announced = tuple(diagnostic for diagnostic in found if not _PREAMBLE.search(diagnostic.message))
    return tuple(_explained(diagnostic) for diagnostic in (announced if has_errors(announced) else found))


def _explained(diagnostic: Diagnostic) -> Diagnostic:
    if _REMOTE_MODULE.search(diagnostic.message):
        return replace(diagnostic, hint="offline only local modules can be used: vendor it and name its folder")
    named = _PROVIDER.search(diagnostic.message) if "provider" in diagnostic.message else None
    if diagnostic.severity is not Severity.ERROR or not named or "available" not in diagnostic.message:
        return diagnostic
    return Diagnostic(
        "GP507",
        f"no schema for provider {named.group(1)}",
        hint=(
            "in a folder that uses it, with a network: `terraform init && terraform providers schema -json > FILE`; "
            "then pass `--provider-schema FILE`"
        ),
        place=diagnostic.place,
        snippet=diagnostic.snippet,
    )


_VALUES_FILE = re.compile(r'a value was found in file "([\w.-]+)"')
"""Where an undeclared variable has its value; Terraform names the file in words alone."""
_HINTS = {
    "No value for required variable": "give it a default or a *.auto.tfvars file, or pass --var-file FILE",
}
"""What to do about an error of Terraform, by its summary, where Terraform's advice is about its own command line."""


def _diagnostic(entry: dict[str, Any], code: str, locate: Locate) -> Diagnostic:
    summary, detail = entry.get("summary", "").strip(), entry.get("detail", "").strip()
    place, snippet = _place(entry, locate)
    named = _VALUES_FILE.search(detail) if place is None else None
    if named:
        place = Place(locate(named[1]), 1)
    return Diagnostic(
        code,
        f"{summary}: {detail}" if detail else summary,
        severity=_SEVERITIES.get(entry.get("severity", "error"), Severity.ERROR),
        hint=_HINTS.get(summary),
        place=place,
        snippet=snippet,
        address=entry.get("address"),
    )


def _place(entry: dict[str, Any], locate: Locate) -> tuple[Place | None, Snippet | None]:
    span = entry.get("range")
    if not span or not span.get("filename"):
        return None, None
    start, end = span["start"], span["end"]
    place = Place(locate(span["filename"]), start["line"], start["column"])
    snippet = entry.get("snippet")
    if not snippet:
        return place, None
    length = end["column"] - start["column"] if end["line"] == start["line"] else 1
    return place, Snippet(snippet["code"].split("\n")[0], max(length, 1))
