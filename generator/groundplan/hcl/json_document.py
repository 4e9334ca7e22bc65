"""JSON with the offset of every key and value, and every key kept, also one that is given twice.

`json` keeps neither; Terraform's JSON syntax needs both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from groundplan.hcl.write import Expression

MAX_DEPTH = 60
"""How deep lists and objects may nest: nobody writes half of it."""
MAX_VALUES = 200_000
"""A file of a rendered environment in JSON syntax would have 3,000."""

_BLANK = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null", re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder()


class JsonSyntaxError(ValueError):
    """Why the text is not JSON, and the offset at which that shows."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it begins; an object has members, a list items. A number stays as it is written."""

    value: Any
    offset: int
    members: tuple[tuple[str, int, Node], ...] = ()
    """Key, offset of the key, value."""
    items: tuple[Node, ...] = ()
    end: int = 0
    """The offset after it."""

    @property
    def is_object(self) -> bool:
        """Whether it is an object, empty or not."""
        return isinstance(self.value, dict)

    @property
    def objects(self) -> tuple[Node, ...]:
        """Itself or its items, as far as they are objects: one block may stand without a list around it."""
        return (self,) if self.is_object else tuple(item for item in self.items if item.is_object)


def read_json(text: str) -> Node:
    """The document; raises JsonSyntaxError."""
    reader = _Reader(text)
    node, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end != len(text):
        raise JsonSyntaxError("more than one value", end)
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._values = 0

    def skip(self, offset: int) -> int:
        """The offset of what follows the blanks."""
        match = _BLANK.match(self._text, offset)
        return match.end() if match else offset

    def value(self, offset: int, depth: int) -> tuple[Node, int]:
        """The value that begins at `offset`, and the offset after it."""
        if depth > MAX_DEPTH:
            raise JsonSyntaxError("nested too deeply", offset)
        self._values += 1
        if self._values > MAX_VALUES:
            raise JsonSyntaxError(f"more than {MAX_VALUES:,} values", offset)
        match self._text[offset : offset + 1]:
            case "{":
                return self._object(offset, depth)
            case "[":
                return self._list(offset, depth)
            case '"':
                value, end = self._string(offset)
                return Node(value, offset, end=end), end
        found = _SCALAR.match(self._text, offset)
        if found is None:
            raise JsonSyntaxError("not a JSON value", offset)
        end = found.end()
        return Node(_CONSTANTS.get(found[0], Expression(found[0])), offset, end=end), end

    def _string(self, offset: int) -> tuple[str, int]:
        try:
            value, end = _DECODER.raw_decode(self._text, offset)
        except json.JSONDecodeError as error:
            raise JsonSyntaxError(error.msg[:1].lower() + error.msg[1:], error.pos) from None
        if _SURROGATE.search(value):
            raise JsonSyntaxError("half a surrogate pair", offset)
        return value, end

    def _object(self, offset: int, depth: int) -> tuple[Node, int]:
        members: list[tuple[str, int, Node]] = []
        position = self.skip(offset + 1)
        while self._text[position : position + 1] != "}":
            if self._text[position : position + 1] != '"':
                raise JsonSyntaxError("a key in double quotes should stand here", position)
            at = position
            key, position = self._string(at)
            value, position = self.value(self._after(":", position), depth + 1)
            members.append((key, at, value))
            position = self._next("}", position)
        values, end = {key: value.value for key, _, value in members}, position + 1
        return Node(values, offset, tuple(members), end=end), end

    def _list(self, offset: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        position = self.skip(offset + 1)
        while self._text[position : position + 1] != "]":
            value, position = self.value(position, depth + 1)
            items.append(value)
            position = self._next("]", position)
        end = position + 1
        return Node([item.value for item in items], offset, items=tuple(items), end=end), end

    def _after(self, mark: str, offset: int) -> int:
        offset = self.skip(offset)
        if self._text[offset : offset + 1] != mark:
            raise JsonSyntaxError(f"`{mark}` should stand here", offset)
        return self.skip(offset + 1)

    def _next(self, end: str, offset: int) -> int:
        """Where the next member begins, or the bracket that ends them; no comma may stand before that one."""
        offset = self.skip(offset)
        if self._text[offset : offset + 1] == end:
            return offset
        offset = self._after(",", offset)
        if self._text[offset : offset + 1] == end:
            raise JsonSyntaxError("a value should stand here", offset)
        return offset
