"""Types of variables and of values, as far as their source text says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundplan.hcl.read import DEPTH, Token, tokens


@dataclass(frozen=True, slots=True)
class Anything:
    """A type that the text does not say."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A string, a number or a bool."""

    name: Literal["string", "number", "bool"]


@dataclass(frozen=True, slots=True)
class Collection:
    """Elements of one type: in a row, each once, or by name."""

    kind: Literal["list", "set", "map"]
    element: Type


@dataclass(frozen=True, slots=True)
class ObjectAttribute:
    """What stands under one name of an object; `required`: a value without it does not fit."""

    type: Type
    required: bool = True


@dataclass(frozen=True, slots=True)
class Object:
    """Named attributes, each of a type of its own."""

    attributes: Mapping[str, ObjectAttribute]


Type = Anything | Primitive | Collection | Object
ANYTHING = Anything()
_END = Token("end", "", 0, 0)
PRIMITIVES = {name: Primitive(name) for name in ("string", "number", "bool")}


def type_of_constraint(text: str) -> Type:
    """The type that a type expression such as `map(object({ a = optional(string) }))` stands for."""
    return _Reader(_significant(text)).constraint()


def type_of_value(text: str) -> Type:
    """The type of what an expression gives, as far as its outer constructors say: names of attributes above all."""
    return _type_of(_significant(text))


def _significant(text: str) -> list[Token]:
    return [token for token in tokens(text) if token.kind != "comment"]


def _type_of(value: Sequence[Token]) -> Type:
    first = value[0] if value else _END
    match first.text:
        case "{":
            return _Reader(value).object()
        case "[":
            return Collection("list", ANYTHING)
    return PRIMITIVES["string"] if first.kind == "string" and len(value) == 1 else ANYTHING


class _Reader:
    """Reads tokens from left to right. What it does not know is of any type; Terraform judges the text."""

    def __init__(self, source: Sequence[Token]) -> None:
        self._tokens = source
        self._next = 0

    def constraint(self) -> Type:
        """A type expression."""
        name = self._take().text
        primitive = PRIMITIVES.get(name)
        if primitive or self._peek().text != "(":
            return primitive or ANYTHING
        self._take()
        self._skip_newlines()
        found: Type = ANYTHING
        match name:
            case "list" | "set" | "map":
                found = Collection(name, self.constraint())
            case "object":
                found = Object(dict(self._constraints()))
        self._close()
        return found

    def _constraints(self) -> Iterator[tuple[str, ObjectAttribute]]:
        for name in self._keys():
            required = self._peek().text != "optional"
            if not required:
                self._take(2)
            yield name, ObjectAttribute(self.constraint(), required)
            if not required:
                self._close()

    def object(self) -> Type:
        """An object constructor, or the `for` expression that makes one."""
        attributes: dict[str, ObjectAttribute] = {}
        for name in self._keys():
            if name == "for":
                return self._each()
            if not name:
                return Collection("map", ANYTHING)
            attributes[name] = ObjectAttribute(_type_of(self._entry()))
        return Object(attributes)

    def _each(self) -> Type:
        """What stands after the arrow of `for key, value in values : key => value`."""
        while self._peek() is not _END:
            if self._take().text == "=" and self._peek().text == ">":
                self._take()
                self._skip_newlines()
                return Collection("map", _type_of(self._entry()))
        return ANYTHING

    def _keys(self) -> Iterator[str]:
        """The keys of what stands within braces, each with the reader before its value; "" for a computed one."""
        self._take()
        while True:
            while self._peek().kind == "newline" or self._peek().text == ",":
                self._take()
            key = self._take()
            if key is _END or key.text == "}":
                return
            if key.kind in ("name", "string") and key.text != "for":
                self._take()
                self._skip_newlines()
            yield "" if key.kind == "mark" else key.text.strip('"')

    def _entry(self) -> Sequence[Token]:
        """The tokens of a value that other entries may follow."""
        start, depth = self._next, 0
        while self._peek() is not _END:
            token = self._peek()
            if depth == 0 and (token.kind == "newline" or token.text in (",", "}")):
                break
            depth += DEPTH.get(token.text, 0)
            self._take()
        return self._tokens[start : self._next]

    def _close(self) -> None:
        """On to after the parenthesis that closes what is being read."""
        depth = 1
        while depth and self._peek() is not _END:
            depth += DEPTH.get(self._take().text, 0)

    def _skip_newlines(self) -> None:
        while self._peek().kind == "newline":
            self._take()

    def _peek(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self, count: int = 1) -> Token:
        token = self._peek()
        self._next += count
        return token
