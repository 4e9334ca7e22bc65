"""Values as text of YAML, of a shell and of Groovy: the only escaping of pipelines."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan.render.pipelines.model import Call, Given, Unless, Word

_PLAIN = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_./@+-]*|\./[A-Za-z0-9_./@+-]*)(?: [A-Za-z0-9_./@+-]*[A-Za-z0-9_./@+])*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""What YAML 1.1 reads as something else: https://yaml.org/type/bool.html."""
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_EXPRESSION = "${{"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that GitHub evaluates: of groundplan's own, with nothing from a spec in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Escaped:
    """A text in which what would begin an expression is an expression that gives just that."""

    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a comment behind it."""

    value: str
    note: str


Node = Mapping[str, "Node"] | Sequence["Node"] | str | int | bool | Expression | Escaped | Noted


def yaml_text(node: Mapping[str, Node]) -> str:
    """The mapping as a document, in block style."""
    return "".join(f"{line}\n" for line in _mapping(node, 0))


def literal(text: str) -> str | Escaped:
    """A text that GitHub takes as it is, whatever stands in it."""
    return Escaped(text.replace(_EXPRESSION, f"{_EXPRESSION} '{_EXPRESSION}' }}}}")) if _EXPRESSION in text else text


def _mapping(node: Mapping[str, Node], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in node.items():
        head = f"{indent}{key if key == 'on' else scalar(key)}:"
        if isinstance(value, Mapping | list | tuple) and value:
            yield head
            yield from _block(value, depth + 1)
        else:
            yield f"{head} {_leaf(value)}"


def _block(value: Node, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, depth)
    elif isinstance(value, list | tuple):
        indent = "  " * depth
        for item in value:
            lines = list(_block(item, depth + 1)) if isinstance(item, Mapping) and item else [_leaf(item)]
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]


def _leaf(value: Node) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Expression(text):
            return f"${{{{ {text} }}}}"
        case Escaped(text) | Noted(text):
            return scalar(text) + (f" # {_UNSHOWN.sub('', value.note)}" if isinstance(value, Noted) else "")
        case str():
            return _unevaluated(value)
        case _:
            return "{}" if isinstance(value, Mapping) else "[]"


def _unevaluated(text: str) -> str:
    if _EXPRESSION in text:
        raise ValueError(f"would be evaluated: {text[:60]}")
    return scalar(text)


def scalar(text: str) -> str:
    """The text as YAML writes it: plain where it can only be text, else in quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if _UNSHOWN.search(text):
        return _UNSHOWN.sub(_escaped, json.dumps(text, ensure_ascii=False))
    return "'" + text.replace("'", "''") + "'"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def shell(call: Call, given: Mapping[Given, str], output: str | None = None) -> str:
    """The call as one line of a shell. What is not `given` is a variable, in quotes, so that its value is one word.

    `output` is a variable in quotes that takes what the call writes in place of its own file.
    """
    line = " ".join(("groundplan", *(_word(word, given) for word in call.words)))
    target = shlex.quote(call.output) if output is None and call.output else output
    line += f" > {target}" if target else ""
    line += f" && : > {target}" if call.empties else ""
    for code in call.accepts:
        line += f" || [ $? -eq {code} ]"
    return line


def lines(calls: Sequence[Call], given: Mapping[Given, str]) -> list[str]:
    """The calls as lines of one shell that ends with the first that fails.

    Where one of them runs after a failure too, all run, and the shell ends with the exit code of the last that failed.
    """
    made = [shell(call, given) for call in calls]
    if not any(call.after_failure for call in calls):
        return made
    return [*(f"{line} || failed=$?" for line in made), 'exit "${failed:-0}"']


def _word(word: Word, given: Mapping[Given, str]) -> str:
    match word:
        case Unless(option, value):
            return f'${{{value}:+{option} "${value}"}}'
        case Given():
            return shlex.quote(given[word]) if word in given else f'"${word}"'
        case _:
            return shlex.quote(word)


def groovy(text: str) -> str:
    """A text of Groovy in which nothing is evaluated."""
    plain = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return "'" + _UNSHOWN.sub(_escaped, plain) + "'"
