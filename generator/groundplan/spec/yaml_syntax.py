"""PyYAML's syntax errors in plain words: what is wrong, where it began, what to write instead."""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from groundplan.spec.document import lines_of


class Syntax(NamedTuple):
    """What to say about a syntax error; `mark` is PyYAML's position, line and column from 0."""

    message: str
    hint: str
    mark: Any


def explain(error: yaml.MarkedYAMLError, text: str) -> Syntax:
    """The error in the user's words, at the place where it is best mended."""
    context, problem = error.context or "", error.problem or ""
    opened: Any = error.context_mark
    mark: Any = error.problem_mark or opened
    found = _character(text, mark)
    if "expected ',' or" in problem and opened and opened.line == mark.line and found not in ("", "#"):
        closing = "]" if "']'" in problem else "}"
        return Syntax(f"`,` or `{closing}` expected here", "quote text that contains quotes, brackets or commas", mark)
    if "flow node" in context and not text[mark.index :].strip():
        return Syntax("the file ends inside brackets", "close them with `]` or `}`", mark)
    if found in ("]", "}") or "cannot start any token" in problem:
        return _bad_start(found, mark)
    for pattern, at_opening, message, hint in _WORDS:
        if pattern in f"{context}: {problem}":
            return Syntax(message, hint, opened if at_opening and opened else mark)
    return Syntax("this does not fit the lines above it", _LAYOUT, mark)


def _bad_start(found: str, mark: Any) -> Syntax:
    if found in ("]", "}"):
        return Syntax(f"this `{found}` closes nothing", "remove it, or check the brackets before it", mark)
    if found == "\t":
        return Syntax("tab in the indentation", "indent with spaces", mark)
    return Syntax(f"text cannot start with `{found}`", "put the text in quotes", mark)


def _character(text: str, mark: Any) -> str:
    """What stands at the mark; empty at the end of a line."""
    lines = lines_of(text)
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


_LAYOUT = "keys of one block start in the same column; text after a closing quote or bracket is not allowed"

_WORDS: tuple[tuple[str, bool, str, str], ...] = (
    # in PyYAML's words, whether to point at where the construct began, our words, what to do
    ("mapping values are not allowed", False, "unexpected `:`", "quote text that contains `: `; indent keys alike"),
    ("flow sequence: ", True, "this `[` is not closed", "close the list with `]`; separate items with `,`"),
    ("flow mapping: ", True, "this `{` is not closed", "close it with `}`; separate keys with `,`"),
    ("quoted scalar: found unexpected end", True, "this quote is not closed", "end the text with the same quote"),
    ("unknown escape", False, "unknown escape in double quotes", "write `\\\\` for a backslash, or use single quotes"),
    ("expected '-' indicator", False, "a key among list items", "indent it under an item, or move it out of the list"),
    ("expected <block end>", False, "this does not fit the lines above it", _LAYOUT),
    ("did not find expected key", False, "this does not fit the lines above it", _LAYOUT),
    ("expected ':'", True, "key without `:`", "write `key: value`"),
    ("expected node content", False, "value missing", "give a value, or put text that starts with a sign in quotes"),
    ("expected <document start>", False, "text after the end of the spec", "remove it, or check the brackets above"),
    ("incompatible YAML document", False, "unknown YAML version", "remove the `%YAML` line"),
    ("alphabetic or numeric character", False, "`&` or `*` without a name", "quote text that starts with them"),
)
