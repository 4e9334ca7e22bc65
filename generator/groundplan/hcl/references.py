"""Expressions that refer to something: to outputs of other module calls, to variables of the root, to data sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundplan.hcl.write import Term, Value, quote


@dataclass(frozen=True, slots=True)
class Key:
    """An element under a name that need not be an identifier: `["name"]`."""

    name: str


RootVariable = Literal["name", "region", "account_id", "tags"]
"""The variables of every root."""

Step = str | int | Key
"""From a value to what is in it: an attribute, an element by its number or by its key."""


@dataclass(frozen=True, slots=True, init=False)
class Ref(Term):
    """A module call of the same root by its name, an output of it, or what is in that output."""

    call: str
    path: tuple[Step, ...]

    def __init__(self, call: str, *path: Step) -> None:
        object.__setattr__(self, "call", call)
        object.__setattr__(self, "path", path)

    @property
    def address(self) -> str:
        """The Terraform address of the call, which everything in it starts with."""
        return f"module.{self.call}"

    @property
    def text(self) -> str:
        """`module.<call>.<output>…`."""
        return self.address + _steps(self.path)

    @property
    def whole(self) -> Ref:
        """The call itself, to wait for all of it."""
        return Ref(self.call)

    def at(self, *path: Step) -> Ref:
        """What is in it."""
        return Ref(self.call, *self.path, *path)


@dataclass(frozen=True, slots=True)
class Address(Term):
    """Where Terraform has a resource, or all that a module call makes: for blocks that take no other expression."""

    resource: str = ""
    """Type, name and, in brackets, the key; empty for all of the call."""
    call: str = ""
    """The module call that it is in, empty for one of the root's own."""

    @property
    def text(self) -> str:
        """`module.<call>.<type>.<name>…`."""
        return ".".join(filter(None, (Ref(self.call).address if self.call else "", self.resource)))


@dataclass(frozen=True, slots=True)
class Var(Term):
    """A variable of the root."""

    name: RootVariable

    @property
    def text(self) -> str:
        """`var.<name>`."""
        return f"var.{self.name}"


@dataclass(frozen=True, slots=True, init=False)
class Data(Term):
    """What a data source of the root reads."""

    type: str
    name: str
    path: tuple[Step, ...]

    def __init__(self, type: str, name: str, *path: Step) -> None:
        for field, value in (("type", type), ("name", name), ("path", path)):
            object.__setattr__(self, field, value)

    @property
    def text(self) -> str:
        """`data.<type>.<name>…`."""
        return f"data.{self.type}.{self.name}{_steps(self.path)}"


@dataclass(frozen=True, slots=True, init=False)
class Template(Term):
    """A string with expressions in it."""

    pieces: tuple[str | Term, ...]

    def __init__(self, *pieces: str | Term) -> None:
        object.__setattr__(self, "pieces", pieces)

    @property
    def text(self) -> str:
        """`"…${expression}…"`."""
        written = (quote(piece)[1:-1] if isinstance(piece, str) else f"${{{piece.text}}}" for piece in self.pieces)
        return f'"{"".join(written)}"'

    @property
    def parts(self) -> Sequence[Value]:
        """Its expressions and what stands between them."""
        return self.pieces


@dataclass(frozen=True, slots=True)
class AttributeByName(Term):
    """One attribute of every element of a map; `element` is what the expression calls an element."""

    elements: Ref
    element: str
    attribute: str

    @property
    def text(self) -> str:
        """`{ for name, <element> in <elements> : name => <element>.<attribute> }`."""
        return f"{{ for name, {self.element} in {self.elements.text} : name => {self.element}.{self.attribute} }}"

    @property
    def parts(self) -> Sequence[Value]:
        """What every element has to have."""
        return (self.elements.at(Key("*"), self.attribute),)


def references(value: Value) -> Iterator[Ref]:
    """Every reference to a module call in `value`."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Term):
        yield from references(value.parts)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from references(item)


def _steps(path: Sequence[Step]) -> str:
    return "".join(map(_step, path))


def _step(step: Step) -> str:
    match step:
        case Key():
            return f"[{quote(step.name)}]"
        case int():
            return f"[{step}]"
        case str():
            return f".{step}"
