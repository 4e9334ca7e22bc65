"""Saying of drift that it is known: lines of `drift.ignore`, put into the spec where that can be done safely."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from groundplan.app.live.connected import Connected
from groundplan.change.drift.accept import Line, lines
from groundplan.change.drift.ignore import MOST_DAYS
from groundplan.change.drift.model import Drifted
from groundplan.components.drift.spec import MOST_LINES
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.reading import UnreadableError, read_regular
from groundplan.spec.base import LINE_PATTERN
from groundplan.spec.document import Document
from groundplan.spec.insert import inserted, is_only_addition
from groundplan.spec.load import MAX_BYTES, load
from groundplan.spec.parse import parse
from groundplan.writing import UnwritableError, write_file

__all__ = ["MOST_DAYS", "Accepted", "Word", "accepted", "is_reason"]
LONGEST_REASON = 256
IGNORE = ("drift", "ignore")


@dataclass(frozen=True, slots=True)
class Word:
    """Who changes it and why, and until when that holds."""

    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Accepted:
    """Lines for the spec, and whether they are in there."""

    lines: Sequence[Line]
    word: Word | None = None
    """None where nobody has said why."""
    spec: str = ""
    """Where the spec lies; empty where it is not known."""
    written: bool = False
    diagnostics: Sequence[Diagnostic] = ()


def is_reason(text: str) -> bool:
    """Whether a spec takes it as one."""
    return bool(text.strip()) and len(text) <= LONGEST_REASON and re.fullmatch(LINE_PATTERN, text) is not None


def accepted(at: Connected, found: Sequence[Drifted], word: Word | None) -> Accepted:
    """The lines for what was found, in the spec where there is a word for them and nothing else of it changes.

    A warning (GP945) says why they could not be put there; the spec is as it was then.
    """
    record, folder = at.standing.lock.spec, at.standing.folder
    file = Path(os.path.normpath(folder / record.file))
    try:
        document = load(file)
    except DiagnosticsError:
        return _refused(Accepted(lines(found, ()), word), "it is not where it was rendered from")
    made = Accepted(lines(found, document.lookup.mapping(*IGNORE)), word, str(file))
    if word is None or not made.lines:
        return made
    if record.copied:
        return _refused(made, "this is a copy of it, which the next render writes anew")
    if (data := _addition(document, file, made.lines, word)) is None:
        return _refused(made, "its lines cannot be told from the rest as it is written")
    try:
        write_file(file, data, below=folder)
    except UnwritableError as error:
        return _refused(made, error.reason)
    return replace(made, written=True)


def _addition(document: Document, file: Path, wanted: Sequence[Line], word: Word) -> bytes | None:
    """The spec with the lines; None where it could not be read, or would say something else besides."""
    if len(document.lookup.mapping(*IGNORE)) + len(wanted) > MOST_LINES:
        return None
    block = [text for line in wanted for text in line.block(word.until.isoformat(), word.reason)]
    data = inserted(document, IGNORE, block).encode()

    def read(path: Path) -> bytes:
        return data if os.path.realpath(path) == os.path.realpath(file) else read_regular(path, limit_bytes=MAX_BYTES)

    try:
        is_as_read = read_regular(file, limit_bytes=MAX_BYTES) == document.sources[document.file].encode()
        again = load(file, read=read)
        parse(again)
    except (DiagnosticsError, UnreadableError):
        return None
    names = [line.name for line in wanted]
    return data if is_as_read and is_only_addition(document.values, again.values, IGNORE, names) else None


def _refused(made: Accepted, why: str) -> Accepted:
    message = f"the lines are not in the spec: {why}"
    hint = "put them there yourself, then render"
    return replace(made, diagnostics=[Diagnostic("GP945", message, Severity.WARNING, hint=hint)])
