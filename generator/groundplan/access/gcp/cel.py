"""The part of CEL that conditions and mappings of identities are written in.

https://docs.cloud.google.com/iam/docs/conditions-attribute-reference, https://github.com/google/cel-spec
What a request lacks is an error, and an error on one side of `&&` or `||` counts only where the other does not decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.change.access import globs

MOST_CHARACTERS = 8_192
"""Of an expression; Google takes 12,800 in a condition and 2,048 in a mapping."""
MOST_NESTED = 60
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<sign>&&|\|\||[=!]=|[<>]=?|[!?:+.,()\[\]]))"""
)


@dataclass(frozen=True, slots=True)
class Open:
    """A value that is not known; one that whoever asks may choose is a reason of its own."""

    why: str
    chosen: bool = False
    """Whether what is asked about has both: some for which it holds, and some for which it does not."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An error: what does not exist, or has another type."""

    what: str


@dataclass(frozen=True, slots=True)
class Names:
    """A name with wildcards, as any name that it stands for."""

    pattern: str


class UnreadableExpressionError(ValueError):
    """What is not in this part of CEL."""


Values = Mapping[str, Any]
Function = Callable[[str, Sequence[Any]], Any]


def evaluate(expression: str, values: Values, call: Function | None = None) -> Any:
    """What the expression comes to: a value, `Open` or `Missing`; `values` by dotted name, functions by `call`.

    Raises UnreadableExpressionError.
    """
    if len(expression) > MOST_CHARACTERS:
        raise UnreadableExpressionError
    return _Reader(_tokens(expression), values, call).whole()


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, expression.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise UnreadableExpressionError
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Reads and evaluates in one pass, by descent."""

    def __init__(self, tokens: list[tuple[str, str]], values: Values, call: Function | None) -> None:
        self._tokens = tokens
        self._values = values
        self._call = call
        self._at = 0
        self._depth = 0

    def whole(self) -> Any:
        value = self._choice()
        if self._at != len(self._tokens):
            raise UnreadableExpressionError
        return value

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise UnreadableExpressionError
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, *signs: str) -> str:
        found = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if found[0] in ("sign", "name") and found[1] in signs:
            self._at += 1
            return found[1]
        return ""

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise UnreadableExpressionError

    def _choice(self) -> Any:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise UnreadableExpressionError
        value = self._either()
        if self._takes("?"):
            first = self._choice()
            self._must(":")
            second = self._choice()
            value = _chosen(value, first, second)
        self._depth -= 1
        return value

    def _either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            value = _or(value, self._both())
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            value = negated(_or(negated(value), negated(self._compared())))
        return value

    def _compared(self) -> Any:
        value = self._sum()
        while sign := self._takes("==", "!=", "in"):
            other = self._sum()
            value = _contains(other, value) if sign == "in" else _equal(value, other)
            value = negated(value) if sign == "!=" else value
        return value

    def _sum(self) -> Any:
        value = self._signed()
        while self._takes("+"):
            value = _added(value, self._signed())
        return value

    def _signed(self) -> Any:
        count = 0
        while self._takes("!"):
            count += 1
        value = self._member()
        return value if count % 2 == 0 else negated(value)

    def _member(self) -> Any:
        value, name = self._primary()
        while sign := self._takes(".", "[", "("):
            if sign == ".":
                kind, word = self._next()
                if kind != "name":
                    raise UnreadableExpressionError
                if self._takes("("):
                    value, name = self._called(name, value, word), ""
                else:
                    name = f"{name}.{word}" if name else ""
                    value = self._named(name)
            elif sign == "[":
                key = self._choice()
                self._must("]")
                name = f"{name}.{key}" if isinstance(key, str) else ""
                value = self._named(name)
            else:
                value, name = self._called("", None, name), ""
        return value

    def _primary(self) -> tuple[Any, str]:
        kind, word = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", word[1:-1]), ""
        if kind == "number":
            return int(word[:15]), ""
        if kind == "name":
            return (
                ({"true": True, "false": False}[word], "") if word in ("true", "false") else (self._named(word), word)
            )
        if word == "(":
            value = self._choice()
            self._must(")")
            return value, ""
        if word == "[":
            return self._list("]"), ""
        raise UnreadableExpressionError

    def _list(self, end: str) -> list[Any]:
        found: list[Any] = []
        while not self._takes(end):
            found.append(self._choice())
            if not self._takes(","):
                self._must(end)
                break
        return found

    def _named(self, name: str) -> Any:
        return self._values.get(name, Missing(name))

    def _called(self, owner: str, value: Any, name: str) -> Any:
        given = self._list(")")
        if self._call and (found := self._call(f"{owner}.{name}" if owner else name, given)) is not None:
            return found
        if name == "has":
            return not isinstance(given[0], Missing) if given else Missing("has")
        return _method(value, name, given)


def negated(value: Any) -> Any:
    """The opposite of a truth; what is not known stays so."""
    return not value if isinstance(value, bool) else value


def _or(first: Any, second: Any) -> Any:
    """True where one is; else the error or the open one, an error last."""
    if first is True or second is True:
        return True
    for one in (first, second):
        if isinstance(one, Open) and not one.chosen:
            return one
    for kind in (Open, Missing):
        for one in (first, second):
            if isinstance(one, kind):
                return one
    return False if first is False and second is False else Missing("no truth")


def _chosen(value: Any, first: Any, second: Any) -> Any:
    if isinstance(value, bool):
        return first if value else second
    return value if isinstance(value, Open | Missing) else Missing("no truth")


def _trouble(*values: Any) -> Any:
    return next((one for one in values if isinstance(one, Missing)), None) or next(
        (one for one in values if isinstance(one, Open)), None
    )


def _equal(first: Any, second: Any) -> Any:
    if trouble := _trouble(first, second):
        return trouble
    if isinstance(first, Names) or isinstance(second, Names):
        names, other = (first, second) if isinstance(first, Names) else (second, first)
        return _some(names, str(other))
    return type(first) is type(second) and first == second


def _contains(items: Any, value: Any) -> Any:
    if trouble := _trouble(items, value):
        return trouble
    result: Any = False
    for one in items if isinstance(items, list) else ():
        result = _or(result, _equal(value, one))
    return result


def _added(first: Any, second: Any) -> Any:
    if trouble := _trouble(first, second):
        return trouble
    if type(first) is not type(second) or isinstance(first, Names):
        return Missing("a sum")
    return first + second


def _some(names: Names, pattern: str) -> Any:
    """Whether names are among those of another pattern: all of them, none, or some."""
    if globs.covers(pattern, names.pattern):
        return True
    return Open(f"a name like {pattern}", chosen=True) if globs.overlap(pattern, names.pattern) else False


def _method(value: Any, name: str, given: Sequence[Any]) -> Any:
    if trouble := _trouble(value, *given):
        return trouble
    if name == "hasOnly" and isinstance(value, list) and given and isinstance(given[0], list):
        return set(map(str, value)) <= set(map(str, given[0]))
    if name not in ("startsWith", "endsWith", "contains") or not given or not isinstance(given[0], str):
        raise UnreadableExpressionError
    part = given[0]
    if isinstance(value, Names):
        return _some(value, {"startsWith": f"{part}*", "endsWith": f"*{part}", "contains": f"*{part}*"}[name])
    if not isinstance(value, str):
        return Missing(name)
    return {"startsWith": value.startswith(part), "endsWith": value.endswith(part), "contains": part in value}[name]
