"""The one place that turns values into HCL text; its output is what `terraform fmt` would leave alone."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

LINE_LENGTH = 100
"""A list or a call longer than this is written with one element per line."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Term(ABC):
    """HCL that stands as it is: made by groundplan, never by a user; see `groundplan.hcl.references`."""

    __slots__ = ()

    @property
    @abstractmethod
    def text(self) -> str:
        """The expression as it is written."""

    @property
    def parts(self) -> Sequence[Value]:
        """What it is made of, references to other modules among it."""
        return ()


@dataclass(frozen=True, slots=True)
class Expression(Term):
    """An expression that refers to nothing, such as a type."""

    text: str


Value = str | int | float | Decimal | bool | None | Term | Sequence["Value"] | Mapping[str, "Value"]
"""What a template may hand to the filter."""


def quote(text: str) -> str:
    """`text` as a quoted HCL string that Terraform reads back unchanged.

    Terraform keeps strings in Unicode NFC, so that is the form written. Template sequences are doubled
    (`$${`, `%%{`); after another `$` or `%` that would be ambiguous, so there the sign is written as an escape.
    Raises `ValueError` for a lone surrogate, which UTF-8 cannot carry.
    """
    text = unicodedata.normalize("NFC", text)
    out: list[str] = []
    for position, char in enumerate(text):
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char in "$%" and text[position + 1 : position + 2] == "{":
            doubled = position > 0 and text[position - 1] == char
            out.append(_escape(char) if doubled else char * 2)
        elif unicodedata.category(char) == "Cs":
            raise ValueError(f"character {position + 1} is half of a surrogate pair, which UTF-8 cannot carry")
        elif ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in "\u2028\u2029\ufeff":
            out.append(_escape(char))
        else:
            out.append(char)
    return f'"{"".join(out)}"'


def hcl(value: Value, indent: int = 0) -> str:
    """`value` as an HCL expression; lines after the first are indented by `indent` spaces and more."""
    match value:
        case None | bool():
            text = {None: "null", True: "true", False: "false"}[value]
        case Term():
            text = value.text
        case str():
            text = quote(value)
        case int() | float() | Decimal():
            text = _number(value)
        case Mapping():
            text = _object(value, indent)
        case Sequence():
            text = _list(value, indent)
        case _:
            raise TypeError(f"no HCL for {type(value).__name__}")
    return text


def attributes(values: Mapping[str, Value], indent: int = 0) -> str:
    """`values` as attribute lines of a block, equals signs aligned the way `terraform fmt` aligns them.

    `fmt` aligns runs of neighbouring one-line attributes; one that spans lines ends the run.
    """
    rendered = [(_key(key), hcl(value, indent)) for key, value in values.items()]
    lines: list[str] = []
    run: list[tuple[str, str]] = []
    for key, text in rendered:
        if "\n" in text:
            lines += [*_aligned(run, indent), f"{' ' * indent}{key} = {text}"]
            run = []
        else:
            run.append((key, text))
    return "\n".join([*lines, *_aligned(run, indent)])


def _aligned(run: Sequence[tuple[str, str]], indent: int) -> list[str]:
    width = max((len(key) for key, _ in run), default=0)
    return [f"{' ' * indent}{key:<{width}} = {text}" for key, text in run]


def _key(key: str) -> str:
    """A key in ASCII, so that its width is its length; `for` would begin a `for` expression."""
    if _IDENTIFIER.match(key) and key != "for":
        return key
    return "".join(char if char.isascii() else _escape(char) for char in quote(key))


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _number(value: int | float | Decimal) -> str:
    if not isfinite(value):
        raise ValueError(f"no HCL for {value}")
    return format(value, "f") if isinstance(value, Decimal) else repr(value)


def _object(value: Mapping[str, Value], indent: int) -> str:
    if not value:
        return "{}"
    return f"{{\n{attributes(value, indent + 2)}\n{' ' * indent}}}"


def _list(value: Sequence[Value], indent: int) -> str:
    one_line = f"[{', '.join(hcl(item) for item in value)}]"
    if "\n" not in one_line and len(one_line) + indent <= LINE_LENGTH:
        return one_line
    pad = " " * (indent + 2)
    items = "".join(f"{pad}{hcl(item, indent + 2)},\n" for item in value)
    return f"[\n{items}{' ' * indent}]"
