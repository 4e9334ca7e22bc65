"""JSON with the offset of every value, every key kept: as Terraform reads `.tf.json`, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from groundplan.hcl.strict import MAX_DEPTH, UncertainError

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[\[\]{}:,])|(?P<other>[^\s\[\]{}:,"]+)|\Z)', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a document: where it begins, the keys that lead to it (lists add none), and what it is.

    `kind` is `object`, `list`, `string` or `other`; `text` is that of a string. A key is a value of kind `key`.
    """

    kind: str
    path: tuple[str, ...]
    offset: int
    text: str = ""


def read(text: str) -> list[Value]:
    """Every key and value of a document, outer ones first. Raises UncertainError."""
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise UncertainError(error.msg[:1].lower() + error.msg[1:], error.pos) from None
    except (ValueError, RecursionError):
        raise UncertainError("it cannot be read as JSON", 0) from None
    return list(_values(text))


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _values(text: str) -> Iterator[Value]:
    """The values of a document that is known to be JSON."""
    path: list[str | None] = []
    key: str | None = None
    for match in _TOKEN.finditer(text):
        kind, offset = match.lastgroup, match.start(match.lastgroup or 0)
        keys = tuple(name for name in path if name is not None) + (() if key is None else (key,))
        word = match[0].strip(" \t\r\n")
        if word in ("{", "["):
            yield Value("object" if word == "{" else "list", keys, offset)
            path.append(key)
            key = None
            if len(path) > MAX_DEPTH:
                raise UncertainError("nested too deeply", offset)
        elif word in ("}", "]"):
            path.pop()
            key = None
        elif word == ",":
            key = None
        elif kind == "string":
            decoded = _decode(match["string"], offset)
            if _TOKEN.match(text, match.end())["mark"] == ":":  # type: ignore[index]
                key = decoded
                yield Value("key", keys, offset, decoded)
            else:
                yield Value("string", keys, offset, decoded)
        elif kind == "other":
            yield Value("other", keys, offset)


def _decode(word: str, offset: int) -> str:
    text: str = json.loads(word)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UncertainError("half a surrogate pair", offset)
    return text
