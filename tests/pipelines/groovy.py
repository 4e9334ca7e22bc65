"""The part of declarative pipelines, and of Groovy in them, that a rendered Jenkinsfile has; the rest is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"(?P<space>[ \t]+|//[^\n]*)|(?P<line>\n)|(?P<plain>'(?:[^'\\\n]|\\.)*')|(?P<template>\")|(?P<number>\d+)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<op>==|!=|&&|\|\||\?:|[{}()\[\],.:?=!+])"
)
_ESCAPES = {"n": "\n", "r": "\r", "\\": "\\", "'": "'", '"': '"', "$": "$"}

Scope = Mapping[str, Any]
Value = Callable[[Scope], Any]
"""An expression: what it is where names mean something."""


class GroovyError(Exception):
    """Something that this reader does not know."""


@dataclass(frozen=True)
class Statement:
    """A word with arguments and a block, as a step or a section has them."""

    name: str
    arguments: Sequence[Value] = ()
    named: Mapping[str, Value] = field(default_factory=dict)
    block: Sequence[Statement] | None = None
    value: Value | None = None
    """Of `NAME = value`, and of a block that is an expression."""

    def only(self, name: str) -> Statement:
        """The one statement of that name in the block."""
        [found] = [one for one in self.block or () if one.name == name]
        return found

    def get(self, name: str) -> Statement | None:
        """That statement; None without one."""
        return next((one for one in self.block or () if one.name == name), None)


def read(text: str) -> Statement:
    """The pipeline of a Jenkinsfile."""
    reader = _Reader(_tokens(text))
    [found] = reader.statements(until="")
    assert found.name == "pipeline"
    return found


Token = tuple[str, Any]


def _tokens(text: str, at: int = 0, *, inside: bool = False) -> list[Token]:
    """Of a text; `inside` a template up to the brace that closes its expression."""
    return _scan(text, at, inside=inside)[0]


def _scan(text: str, at: int, *, inside: bool) -> tuple[list[Token], int]:
    found: list[Token] = []
    depth = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise GroovyError(f"unknown: {text[at : at + 30]!r}")
        kind, at = match.lastgroup, match.end()
        if kind == "template":
            parts, at = _template(text, at)
            found.append(("template", parts))
            continue
        depth += {"{": 1, "}": -1}.get(match[0], 0) if kind == "op" else 0
        if inside and depth < 0:
            return found, at
        if kind != "space":
            found.append((kind, _unescaped(match[0][1:-1]) if kind == "plain" else match[0]))
    return found, at


def _template(text: str, at: int) -> tuple[list[str | list[Token]], int]:
    """Texts and expressions of a text in double quotes."""
    parts: list[str | list[Token]] = [""]
    while text[at] != '"':
        if text.startswith("${", at):
            inner, at = _scan(text, at + 2, inside=True)
            parts += [inner, ""]
        elif text[at] == "\\":
            parts[-1] = str(parts[-1]) + _ESCAPES[text[at + 1]]
            at += 2
        elif text[at] in "$\n":
            raise GroovyError("a text with a bare variable")
        else:
            parts[-1] = str(parts[-1]) + text[at]
            at += 1
    return parts, at + 1


def _unescaped(text: str) -> str:
    text = re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), text)
    return re.sub(r"\\(.)", lambda one: _ESCAPES[one[1]], text)


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens, self._at = tokens, 0

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _next_is(self, *texts: str) -> str | None:
        kind, text = self._peek()
        if kind in ("op", "line") and text in texts:
            self._at += 1
            return str(text)
        return None

    def _must_be(self, text: str) -> None:
        if not self._next_is(text):
            raise GroovyError(f"{text} is missing at {self._tokens[self._at : self._at + 5]}")

    def statements(self, until: str) -> list[Statement]:
        """Up to a brace, or to the end."""
        found: list[Statement] = []
        while True:
            while self._next_is("\n"):
                pass
            if self._peek()[0] == "end" or (until and self._next_is(until)):
                return found
            found.append(self._statement())

    def _statement(self) -> Statement:
        kind, name = self._take()
        if kind != "name":
            raise GroovyError(f"no statement begins with {name!r}")
        while self._next_is("."):
            name += f".{self._take()[1]}"
        if self._next_is("="):
            return Statement(name, value=self._expression())
        arguments, named = self._arguments()
        if not self._next_is("{"):
            return Statement(name, arguments, named)
        if name == "expression":
            value = self._expression()
            self._must_be("}")
            return Statement(name, value=value)
        return Statement(name, arguments, named, self.statements("}"))

    def _arguments(self) -> tuple[list[Value], dict[str, Value]]:
        """In brackets, or up to the end of the line or a block."""
        close = ")" if self._next_is("(") else None
        arguments: list[Value] = []
        named: dict[str, Value] = {}
        while self._peek()[1] not in (close, "\n", "{", "}") and self._peek()[0] != "end":
            if self._named_follows():
                name = self._take()[1]
                self._must_be(":")
                named[name] = self._expression()
            else:
                arguments.append(self._expression())
            if not self._next_is(","):
                break
        if close:
            self._must_be(close)
        return arguments, named

    def _named_follows(self) -> bool:
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ("end", "")
        return self._peek()[0] == "name" and following == ("op", ":")

    def _expression(self) -> Value:
        value = self._either()
        if self._next_is("?:"):
            other = self._expression()
            return lambda scope: value(scope) or other(scope)
        if self._next_is("?"):
            then = self._expression()
            self._must_be(":")
            other = self._expression()
            return lambda scope: then(scope) if value(scope) else other(scope)
        return value

    def _either(self) -> Value:
        value = self._both()
        while self._next_is("||"):
            value = _joined(value, self._both(), lambda one, other: lambda scope: bool(one(scope) or other(scope)))
        return value

    def _both(self) -> Value:
        value = self._compared()
        while self._next_is("&&"):
            value = _joined(value, self._compared(), lambda one, other: lambda scope: bool(one(scope) and other(scope)))
        return value

    def _compared(self) -> Value:
        value = self._path()
        if self._next_is("=="):
            return _joined(value, self._path(), lambda one, other: lambda scope: one(scope) == other(scope))
        if self._next_is("!="):
            return _joined(value, self._path(), lambda one, other: lambda scope: one(scope) != other(scope))
        if self._peek() == ("name", "in"):
            self._take()
            return _joined(value, self._path(), lambda one, other: lambda scope: one(scope) in other(scope))
        return value

    def _path(self) -> Value:
        value = self._primary()
        while self._next_is("."):
            name = self._take()[1]
            if self._peek() == ("op", "("):
                arguments, _ = self._arguments()
                value = _method(value, name, arguments)
            else:
                value = _property(value, name)
        return value

    def _primary(self) -> Value:
        kind, text = self._take()
        match kind, text:
            case "plain", _:
                return lambda _: text
            case "template", _:
                return _interpolated([one if isinstance(one, str) else _Reader(one)._expression() for one in text])
            case "number", _:
                return lambda _: int(text)
            case "op", "[":
                return self._list()
            case "op", "(":
                value = self._expression()
                self._must_be(")")
                return value
            case "name", _:
                return self._named(text)
        raise GroovyError(f"no value begins with {text!r}")

    def _list(self) -> Value:
        values: list[Value] = []
        while not self._next_is("]"):
            values.append(self._expression())
            self._next_is(",")
        return lambda scope: [one(scope) for one in values]

    def _named(self, name: str) -> Value:
        if name in ("null", "true", "false"):
            return lambda _: {"null": None, "true": True, "false": False}[name]
        if self._peek() == ("op", "("):
            arguments, named = self._arguments()
            return lambda scope: scope[name](
                *(one(scope) for one in arguments), **{key: one(scope) for key, one in named.items()}
            )
        return lambda scope: scope[name]


def _joined(one: Value, other: Value, make: Callable[[Value, Value], Value]) -> Value:
    return make(one, other)


def _property(value: Value, name: str) -> Value:
    return lambda scope: value(scope).get(name)


def _method(value: Value, name: str, arguments: Sequence[Value]) -> Value:
    methods: Mapping[str, Callable[..., Any]] = {
        "trim": lambda text: text.strip(),
        "contains": lambda text, part: part in text,
    }
    if name not in methods:
        raise GroovyError(f"no method {name}")
    return lambda scope: methods[name](value(scope), *(one(scope) for one in arguments))


def _interpolated(parts: Sequence[str | Value]) -> Value:
    return lambda scope: "".join(one if isinstance(one, str) else str(one(scope)) for one in parts)
