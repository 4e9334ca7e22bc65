"""The JSON of `aws_iam_policy_document`, as the AWS provider writes it.

Facts (merge rules, order of keys, reverse order of lists, when a list of one becomes a string) from the provider's
`internal/service/iam/policy_model.go` and `policy_document_data_source.go`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Statement = dict[str, Any]

_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")
_VERSION = "2012-10-17"
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
"""Go's JSON encoder writes these escaped."""


def policy_json(config: Mapping[str, Any]) -> tuple[str, str]:
    """The indented and the minified JSON of a data source's configuration."""
    document = _Document()
    for text in config.get("source_policy_documents") or ():
        document.merge(_parsed(text))
    document.merge(
        {
            "Version": config.get("version") or _VERSION,
            "Id": config.get("policy_id") or "",
            "Statement": [_statement(block) for block in config.get("statement") or ()],
        }
    )
    for text in config.get("override_policy_documents") or ():
        document.merge(_parsed(text))
    value = document.value()
    indented = json.dumps(value, indent=2, ensure_ascii=False).translate(_ESCAPES)
    minified = json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPES)
    return indented, minified


class _Document:
    def __init__(self) -> None:
        self._id = ""
        self._version = ""
        self._statements: list[Statement] = []

    def merge(self, other: Mapping[str, Any]) -> None:
        """Takes over another document; a statement with a Sid that is there already replaces that one."""
        self._id = other.get("Id") or self._id
        self._version = max(self._version, other.get("Version") or "")
        for statement in other.get("Statement") or ():
            positions = {s["Sid"]: number for number, s in enumerate(self._statements) if s.get("Sid")}
            position = positions.get(statement.get("Sid"))
            if position is None:
                self._statements.append(statement)
            else:
                self._statements[position] = statement

    def value(self) -> dict[str, Any]:
        """What is written: empty parts left out, keys in the provider's order."""
        parts = {"Version": self._version, "Id": self._id, "Statement": self._statements}
        return {key: part for key, part in parts.items() if part}


def _statement(block: Mapping[str, Any]) -> Statement:
    """A `statement` block as it is written."""
    found: Statement = {"Sid": block.get("sid"), "Effect": block.get("effect") or "Allow"}
    for argument, key in _LISTS.items():
        found[key] = _string_or_list([_variables(text) for text in block.get(argument) or ()])
    for argument, key in _PRINCIPALS.items():
        pairs = [(p["type"], [_variables(text) for text in p["identifiers"]]) for p in block.get(argument) or ()]
        found[key] = _principals(pairs)
    found["Condition"] = _conditions(
        (c["test"], c["variable"], [_variables(text) for text in c["values"]]) for c in block.get("condition") or ()
    )
    return _ordered(found)


def _parsed(text: str | None) -> dict[str, Any]:
    """A policy given as JSON, its statements in written form."""
    document: dict[str, Any] = json.loads(text) if text else {}
    document["Statement"] = [_normalised(statement) for statement in document.get("Statement") or ()]
    return document


def _normalised(statement: Mapping[str, Any]) -> Statement:
    found = dict(statement)
    for key in _PRINCIPALS.values():
        given = found.get(key)
        if given is not None:
            pairs = [("*", ["*"])] if isinstance(given, str) else [(k, _as_list(v)) for k, v in given.items()]
            found[key] = _principals(pairs)
    if found.get("Condition"):
        found["Condition"] = _conditions(
            (test, variable, _as_list(values))
            for test, variables in found["Condition"].items()
            for variable, values in variables.items()
        )
    return _ordered(found)


def _ordered(statement: Statement) -> Statement:
    return {key: statement[key] for key in _KEYS if statement.get(key)}


def _principals(pairs: Sequence[tuple[str, Sequence[str]]]) -> Any:
    """`"*"` for everybody, else identifiers by type."""
    if len(pairs) == 1 and pairs[0][0] == "*" and list(pairs[0][1]) == ["*"]:
        return "*"
    found: dict[str, list[str]] = {}
    for kind, identifiers in pairs:
        found.setdefault(kind, []).extend(sorted(identifiers, reverse=True))
    return {kind: _one_or_all(found[kind]) for kind in sorted(found)}


def _conditions(triples: Iterable[tuple[str, str, Sequence[str]]]) -> dict[str, dict[str, Any]]:
    """Values by test and variable; their order is the user's."""
    found: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in triples:
        found.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {variable: _one_or_all(variables[variable]) for variable in sorted(variables)}
        for test, variables in sorted(found.items())
    }


def _string_or_list(values: Sequence[str]) -> Any:
    return _one_or_all(sorted(values, reverse=True))


def _one_or_all(values: Sequence[str]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _as_list(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [("true" if item else "false") if isinstance(item, bool) else str(item) for item in items]


def _variables(text: str) -> str:
    """`&{aws:username}` is how a policy variable is written where `${` means interpolation."""
    return text.replace("&{", "${")
