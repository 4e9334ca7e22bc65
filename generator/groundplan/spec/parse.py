"""Second stage: a `Document` to a `Spec`, or everything in it that is wrong, in the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from pydantic import ValidationError

from groundplan.diagnostics import Diagnostic, DiagnosticsError, first
from groundplan.spec import shape
from groundplan.spec.document import Document, Path, dotted
from groundplan.spec.messages import describe
from groundplan.spec.model import Spec, root
from groundplan.spec.rules import broken_rules
from groundplan.spec.yaml_file import read_as

MAX_PROBLEMS = 200
"""Of one kind: wrong keys and values, and broken rules. Nobody reads on, and looking for near words takes time."""

_WHATEVER = ("GP201", "GP202")
"""Problems of a mapping's keys, said whatever else stands at the same place."""

_PLACEHOLDER = re.compile(
    r"CHANGE[-_ ]?ME|REPLACE[-_ ]?ME|\bTODO\b|\bFIXME\b|\bTBD\b|<(?i:your|insert|replace|enter)\b[^<>]*>"
    r"|^\s*(?i:change[-_ ]?me|replace[-_ ]?me|todo|fixme|tbd|x{3,}|<[^<>@]*>|your[-_ ].*|\.{3})\s*$"
)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def parse(document: Document) -> Spec:
    """The checked spec.

    Raises `DiagnosticsError` with every problem at once, in the order of the file: keys, types, values, values that
    YAML reads as something else, placeholders, references and contradictions. Problems of a base point into the base.
    """
    problems = [*first(document.problems, MAX_PROBLEMS), *first(_scalars(document), MAX_PROBLEMS)]
    said = {problem.place for problem in problems} | {problem.path for problem in problems if problem.path}
    spec: Spec | None = None
    try:
        spec = root().model_validate(document.values)
    except ValidationError as error:
        found = describe(error.errors(include_url=False), document)
        new = (one for one in found if one.code in _WHATEVER or not {one.place, one.path} & said)
        problems += first(new, MAX_PROBLEMS)  # a placeholder of the wrong type is one problem, not two
    problems += first(broken_rules(document), MAX_PROBLEMS)
    if problems or spec is None:
        raise DiagnosticsError(sorted(problems, key=lambda found: _order(found, document.file)))
    return spec


def _order(found: Diagnostic, file: str) -> tuple[Any, ...]:
    place = found.place
    return (place is None, place and place.file != file, place, found.code)


def _scalars(document: Document) -> Iterator[Diagnostic]:
    """Problems that a value has whatever key it belongs to: empty, oddly written numbers, placeholders."""
    for path, value in _leaves(document.values, ()):
        entry = document.places.get(path)
        written = entry.written if entry else None
        name = dotted(path)
        if value is None:
            can_be_empty = shape.is_model(wanted := shape.type_at(path)) and not shape.required_keys(wanted)
            hint = (
                f"write `{path[-1]}: {{}}` for the defaults" if can_be_empty else "give it a value, or remove the key"
            )
            yield document.diagnostic("GP205", f"`{name}` is empty", path, hint=hint, on_key=True)
        elif isinstance(value, int | float) and not isinstance(value, bool) and written is not None:
            if not _DECIMAL.fullmatch(written) and isfinite(value):
                hint = (
                    f'write "{written}" in quotes'
                    if shape.type_at(path) is str
                    else f"use plain decimal digits: {value}, if that is meant"
                )
                message = f"`{written}` is read as {read_as(value)}"
                yield document.diagnostic("GP205", message, path, hint=hint)
        elif isinstance(value, str) and path != ("apiVersion",) and _PLACEHOLDER.search(value):
            hint = "replace it with the real value"
            yield document.diagnostic("GP206", f"`{name}` still holds a placeholder", path, hint=hint)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, value
