"""Expressions of GitHub Actions, as much as rendered workflows use.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<op>\|\||&&|==|!=|[!().,\[\]])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*))"
)
_WHOLE = re.compile(r"\$\{\{(.*?)\}\}(?!\})", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}

Functions = Mapping[str, Callable[..., Any]]


class ExpressionError(Exception):
    """An expression that GitHub would not take, or that reads what is not there."""


class Known(dict[str, Any]):
    """A context of which every key is known: reading another one is a mistake, and no empty value."""


def interpolated(value: Any, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value with each `${{ }}` replaced; one that stands alone keeps its type."""
    if isinstance(value, Mapping):
        return {key: interpolated(one, contexts, functions) for key, one in value.items()}
    if isinstance(value, list):
        return [interpolated(one, contexts, functions) for one in value]
    if not isinstance(value, str) or "${{" not in value:
        return value
    if (whole := _WHOLE.match(value)) is not None and whole.end() == len(value):
        return evaluate(whole[1], contexts, functions)
    return _WHOLE.sub(lambda found: text_of(evaluate(found[1], contexts, functions)), value)


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """What an expression, without its braces, is."""
    return _Reader(list(_tokens(text)), contexts, functions).whole()


def text_of(value: Any) -> str:
    """How GitHub writes a value into a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            return json.dumps(value)


def truth(value: Any) -> bool:
    """What `if` makes of it."""
    return value not in (None, False, 0, "")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise ExpressionError(f"no expression: {text!r} from {text[at:]!r}")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]], contexts: Mapping[str, Any], functions: Functions) -> None:
        self._tokens, self._contexts, self._functions, self._at = tokens, contexts, functions, 0

    def whole(self) -> Any:
        value = self._either()
        if self._at != len(self._tokens):
            raise ExpressionError(f"left over: {self._tokens[self._at :]}")
        return value

    def _next_is(self, *texts: str) -> str | None:
        """Takes the next token where it is one of these."""
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "op" and self._tokens[self._at][1] in texts:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return None

    def _must_be(self, text: str) -> None:
        if not self._next_is(text):
            raise ExpressionError(f"{text} is missing")

    def _either(self) -> Any:
        value = self._both()
        while self._next_is("||"):
            other = self._both()
            value = value if truth(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._next_is("&&"):
            other = self._compared()
            value = other if truth(value) else value
        return value

    def _compared(self) -> Any:
        value = self._not()
        while operator := self._next_is("==", "!="):
            value = _equal(value, self._not()) == (operator == "==")
        return value

    def _not(self) -> Any:
        return not truth(self._not()) if self._next_is("!") else self._path()

    def _path(self) -> Any:
        value = self._primary()
        while mark := self._next_is(".", "["):
            if mark == ".":
                value = _member(value, self._tokens[self._at][1])
                self._at += 1
            else:
                value = _member(value, self._either())
                self._must_be("]")
        return value

    def _primary(self) -> Any:
        if self._next_is("("):
            value = self._either()
            self._must_be(")")
            return value
        if self._at >= len(self._tokens):
            raise ExpressionError("it ends too early")
        kind, text = self._tokens[self._at]
        self._at += 1
        match kind:
            case "text":
                return text[1:-1].replace("''", "'")
            case "number":
                return float(text)
            case "name":
                return self._named(text)
            case _:
                raise ExpressionError(f"unexpected {text}")

    def _named(self, name: str) -> Any:
        if self._next_is("("):
            if name not in self._functions:
                raise ExpressionError(f"no function {name}")
            return self._functions[name](*self._arguments())
        if name in _WORDS:
            return _WORDS[name]
        if name not in self._contexts:
            raise ExpressionError(f"no context {name}")
        return self._contexts[name]

    def _arguments(self) -> list[Any]:
        found: list[Any] = []
        while not self._next_is(")"):
            if found:
                self._must_be(",")
            found.append(self._either())
        return found


def _member(value: Any, name: Any) -> Any:
    if isinstance(value, Known) and name not in value:
        raise ExpressionError(f"{name} is none of {sorted(value)}")
    return value.get(name) if isinstance(value, Mapping) else None


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return bool(one == other) if type(one) is type(other) else _number(one) == _number(other)


def _number(value: Any) -> float:
    match value:
        case None | "":
            return 0.0
        case bool() | int() | float():
            return float(value)
        case str():
            try:
                return float(value)
            except ValueError:
                return float("nan")
        case _:
            return float("nan")


def formatted(pattern: str, *values: Any) -> str:
    """The function `format`."""
    return re.sub(r"\{(\d+)\}", lambda found: text_of(values[int(found[1])]), pattern)


FUNCTIONS: Functions = {"format": formatted, "fromJSON": json.loads, "toJSON": json.dumps}
