"""Diagnostics as text and as JSON values: the one place that decides how a finding looks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from groundplan.diagnostics import Diagnostic, Severity, Snippet
from groundplan.escaping import for_source, for_text, lines_for_text

_COLORS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.NOTE: "\x1b[1;36m"}
_BOLD, _BLUE, _RESET = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_WIDEST = 110


def render_diagnostics(diagnostics: Sequence[Diagnostic], *, color: bool) -> str:
    """All findings in the order given, each with its source line and caret, and a line that counts them.

    Ends with a line break; empty for no findings. The same findings give the same text.
    """
    if not diagnostics:
        return ""
    blocks = [_block(diagnostic, color) for diagnostic in diagnostics]
    return "\n".join([*blocks, summary(diagnostics)]) + "\n"


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`3 errors, 1 warning`."""
    found = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(found.count(severity), severity.value) for severity in Severity if severity in found]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """The finding as the JSON object that every command's `diagnostics` list holds; absent parts are null."""
    place = diagnostic.place
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": {"file": place.file, "line": place.line, "column": place.column} if place else None,
        "address": diagnostic.address,
        "path": diagnostic.path,
    }


def _block(diagnostic: Diagnostic, color: bool) -> str:
    paint = _COLORS[diagnostic.severity] if color else ""
    blue, bold, reset = (_BLUE, _BOLD, _RESET) if color else ("", "", "")
    where = f"{for_text(str(diagnostic.place))}: " if diagnostic.place else ""
    label = f"{paint}{diagnostic.severity.value}[{diagnostic.code}]{reset}"
    lines = [f"{bold}{where}{reset}{label}: {for_text(diagnostic.message)}"]
    margin = "     "
    if diagnostic.place and diagnostic.snippet:
        number = f"{diagnostic.place.line:>4} "
        margin = " " * len(number)
        text, caret = _underlined(diagnostic.snippet, diagnostic.place.column)
        lines += [f"{blue}{number}|{reset} {text}".rstrip(), f"{blue}{margin}|{reset} {paint}{caret}{reset}"]
    if diagnostic.address:
        lines.append(f"{margin}{blue}={reset} {for_text(diagnostic.address)}")
    lines += [f"{margin}{blue}={reset} {hint}" for hint in lines_for_text(diagnostic.hint or "")]
    return "\n".join(lines) + "\n"


def _underlined(snippet: Snippet, column: int) -> tuple[str, str]:
    """The source line, cut around the column when it is long, and the carets to print under it."""
    text, start = snippet.text, column - 1
    if len(text) > _WIDEST:
        first = max(0, start - _WIDEST // 2)
        text = ("…" if first else "") + text[first : first + _WIDEST] + ("…" if first + _WIDEST < len(text) else "")
        start = start - first + (1 if first else 0)
    text = for_source(text)
    length = max(1, min(snippet.length, len(text) - start))
    return text, " " * _width(text[:start]) + "^" * max(1, _width(text[start : start + length]))


def _width(text: str) -> int:
    """Columns of a terminal that the text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
