"""What a change does, with what the operator lets pass: as asked for, and before an environment is written over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from groundplan.allowances import unused
from groundplan.app.pipeline import Resolved
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.change.allowed import SpecLine, allowed, spec_lines
from groundplan.change.model import Change, Entry, Kind
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.environment.files import FileSet
from groundplan.environment.lock import read_lock

_TOLD_BY_ENTRIES = ("GP512", "GP513")
"""Errors of a rehearsal that came to a plan: what it does is known, and Terraform refuses to apply it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The environment that is asked about, and which two states of it: revisions, folders or specs."""

    target: Path
    before: str | None = None
    after: str | None = None
    output: Path | None = None
    """Folder of the environment, where a spec lies elsewhere."""
    upgrade: bool = False
    forget: bool = False
    """Whether the new one is not held to what the last render says the environment is."""


def change_of(
    question: Question, tools: Tools, progress: Progress, today: date, environment: Mapping[str, str]
) -> Change:
    """What leads from one state of the environment to the other, and what of it the operator lets pass.

    Words that allow nothing are errors in its diagnostics. Raises DiagnosticsError for what cannot be read or
    rehearsed at all.
    """
    from groundplan.app.change import change
    from groundplan.app.sides.upgraded import upgrade_of
    from groundplan.app.sides.use_case import sides

    words = tools.allowances
    ends = question.before, question.after
    with sides(
        question.target,
        *ends,
        upgrade=question.upgrade,
        forget=question.forget,
        output=question.output,
        environment=environment,
    ) as both:
        made, resolved = change(both, tools, progress, today), both[1].resolved
        if question.upgrade:
            made = replace(made, upgrade=upgrade_of(*both, asked=True))
        made = replace(made, diagnostics=(*made.diagnostics, *_old_prices(resolved, today)))
        return allowed(made, words, _lines(resolved), today)


def gate(  # noqa: PLR0913, PLR0917 - what is written where, and who lets it pass
    files: FileSet, folder: Path, resolved: Resolved, tools: Tools, progress: Progress, today: date, *, forget: bool
) -> Change | None:
    """What writing the files to the folder does to the environment there; None where there is none to rehearse.

    An environment that is to be forgotten was never applied: nothing of it can be lost. Raises DiagnosticsError for
    words that allow nothing (GP207) and for a lock that cannot be read (GP402), before anything is written.
    """
    words = [one for one in tools.allowances if one.of_change]
    made = None
    if not forget and _stands(files, folder):
        from groundplan.app.change import rehearse_write

        made = rehearse_write(folder, files, resolved, tools, progress, today)
    if made is None:
        if words:
            raise DiagnosticsError([unused(one, ()) for one in words])
        return None
    change = allowed(made, words, _lines(resolved), today)
    if slips := [found for found in change.diagnostics if found.code == "GP207"]:
        raise DiagnosticsError(slips)
    return change


def _stands(files: FileSet, folder: Path) -> bool:
    """Whether there is an environment that the files go over, with its lock or without.

    Raises GP402 where its lock cannot be read: what has moved and what was decided is not known without it.
    """
    if not folder.is_dir():
        return False
    from groundplan.terraform.offline import find_roots

    roots = {name.partition("/")[0] for name in files}.intersection(find_roots(folder))
    try:
        return read_lock(folder) is not None or bool(roots)
    except DiagnosticsError as error:
        if not roots:
            return False
        hint = "restore it from version control; --forget if the environment was never applied"
        raise DiagnosticsError([replace(one, hint=hint) for one in error.diagnostics]) from error


def refused(change: Change | None, tools: Tools, given_up: Collection[str]) -> list[Diagnostic]:
    """Why an environment is not written over although no entry is stopped (GP737): nobody knows what it would do.

    The word `unknown` lets it pass, alone or for every root that could not be rehearsed. So does giving up Terraform
    of those roots that was edited by hand, `given_up`: what was edited until Terraform refuses it is not what runs.
    """
    if change is None or any(str(one) == Kind.UNKNOWN for one in tools.allowances):
        return []
    errors = [one for one in change.diagnostics if one.severity is Severity.ERROR and one.code not in _TOLD_BY_ENTRIES]
    unplanned = [entry for entry in change.entries if entry.of_root]
    if not errors or (unplanned and all(_passes(entry, given_up) for entry in unplanned)):
        return []
    hint = "--allow unknown writes it all the same; --forget if the environment was never applied"
    message = "what the change does to the environment could not be rehearsed, so nothing was written"
    return [*errors, Diagnostic("GP737", message, hint=hint)]


def _passes(root: Entry, given_up: Collection[str]) -> bool:
    """Whether a root that could not be rehearsed is written over all the same."""
    edited = any(name.startswith(f"{root.root}/") and name.endswith(".tf") for name in given_up)
    return bool(root.allowed_by) or edited


def told(change: Change | None) -> list[Diagnostic]:
    """What is to be said of a change that was written: nothing of it is an error any more."""
    found = change.diagnostics if change else ()
    return [replace(one, severity=Severity.WARNING) if one.severity is Severity.ERROR else one for one in found]


def _lines(resolved: Resolved | None) -> Sequence[SpecLine]:
    return spec_lines(resolved.spec, resolved.document) if resolved else ()


def _old_prices(resolved: Resolved | None, today: date) -> Sequence[Diagnostic]:
    found = resolved.dated_findings(today, resolved.estimate()) if resolved else ()
    return [one for one in found if one.code == "GP707"]
