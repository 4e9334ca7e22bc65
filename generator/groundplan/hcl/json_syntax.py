"""Terraform's JSON syntax read into the same blocks and attributes as its own language.

https://developer.hashicorp.com/terraform/language/syntax/json says which keys are labels. Without a provider's schema
nested objects may be blocks or values, so they are both: an attribute with the text of the value, and blocks to walk.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Attribute, Block
from groundplan.hcl.write import Expression, hcl

MAX_DEPTH = 100

_LABELS: Mapping[str, int] = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "list": 2,
    "action": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "check": 1,
    "run": 1,
    "backend": 1,
    "provisioner": 1,
    "provider_meta": 1,
    "key_provider": 2,
    "method": 2,
    "state_store": 1,
    "dynamic": 1,
}
"""How many keys below a block type are labels of the block."""
_AT_THE_TOP = frozenset({"resource", "data", "ephemeral", "list", "action", "module", "variable", "output", "provider"})
_BLANK = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")
_DECODER = json.JSONDecoder()
_CONSTANTS = {"true": True, "false": False, "null": None}
_REFERENCE = re.compile(r"\$\{((?:[^\"{}]|\"[^\"\\]*\")*)\}")


class JsonSyntaxError(ValueError):
    """The text is not JSON; the place says where."""

    def __init__(self, message: str, place: Place) -> None:
        self.place = place
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _Node:
    """A value with its place; an object keeps the place of each key, and keys given twice."""

    value: Any
    place: Place
    members: tuple[tuple[str, Place, _Node], ...] = ()
    items: tuple[_Node, ...] = ()

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def objects(self) -> tuple[_Node, ...]:
        """Itself or its items, as far as they are objects: one block may stand without a list around it."""
        return (self,) if self.is_object else tuple(item for item in self.items if item.is_object)


def parse_json(text: str, file: str) -> Block:
    """The file as a block without type that holds everything in it; raises JsonSyntaxError."""
    block = Block("", (), Place(file, 1))
    for part in _Reader(text, file).read().objects:
        if file.endswith(".tfvars.json"):
            _fill(block, part, nested=False)
        else:
            for key, place, value in part.members:
                block.blocks += _blocks(key, place, value, _LABELS.get(key, 0))
    return block


def _blocks(type_: str, place: Place, value: _Node, labels: int, above: tuple[str, ...] = ()) -> Iterator[Block]:
    for body in value.objects:
        if labels:
            for key, inner, content in body.members:
                yield from _blocks(type_, inner, content, labels - 1, (*above, key))
        else:
            block = Block(type_, above, place)
            _fill(block, body, nested=True)
            yield block


def _fill(block: Block, body: _Node, *, nested: bool) -> None:
    for key, place, value in body.members:
        if key == "//":
            continue
        block.attributes[key] = Attribute(key, _text(value.value), place)
        if nested:
            labels = 0 if key in _AT_THE_TOP and block.type != "check" else _LABELS.get(key, 0)
            block.blocks += _blocks(key, place, value, labels)


def _text(value: Any) -> str:
    """The value as the language would write it; what a string refers to stands as a reference."""
    if isinstance(value, str):
        alone = _REFERENCE.fullmatch(value)
        return alone[1].strip() if alone else _template(value)
    if isinstance(value, list):
        return f"[{', '.join(_text(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_template(key)} = {_text(inner)}' for key, inner in value.items())}}}"
    return hcl(value)


def _template(text: str) -> str:
    """The string as a quoted template: in JSON syntax a string is one, with JSON's own escapes around it."""
    escaped = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    parts, position = [], 0
    for match in _REFERENCE.finditer(text):
        parts += ["".join(escaped.get(char, char) for char in text[position : match.start()]), match[0]]
        position = match.end()
    return f'"{"".join(parts)}{"".join(escaped.get(char, char) for char in text[position:])}"'


class _Reader:
    """JSON with places, which `json` does not keep."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def read(self) -> _Node:
        node, end = self._value(self._skip(1 if self._text.startswith("\ufeff") else 0), 0)
        end = self._skip(end)
        if end != len(self._text):
            raise self._error("more than one value", end)
        return node

    def _skip(self, offset: int) -> int:
        match = _BLANK.match(self._text, offset)
        return match.end() if match else offset

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_left(self._breaks, offset)
        return Place(self._file, line + 1, offset - (self._breaks[line - 1] + 1 if line else 0) + 1)

    def _error(self, message: str, offset: int) -> JsonSyntaxError:
        return JsonSyntaxError(message, self._place(min(offset, len(self._text))))

    def _value(self, offset: int, depth: int) -> tuple[_Node, int]:
        if depth > MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} levels deep", offset)
        match self._text[offset : offset + 1]:
            case "{":
                return self._object(offset, depth)
            case "[":
                return self._list(offset, depth)
            case '"':
                value, end = self._string(offset)
                return _Node(value, self._place(offset)), end
        found = _SCALAR.match(self._text, offset)
        if found is None or len(found[0]) > 1_000:
            raise self._error("not a JSON value", offset)
        return _Node(_CONSTANTS.get(found[0], Expression(found[0])), self._place(offset)), found.end()

    def _string(self, offset: int) -> tuple[str, int]:
        try:
            value, end = _DECODER.raw_decode(self._text, offset)
        except json.JSONDecodeError as error:
            raise self._error(error.msg, error.pos) from None
        return value, end

    def _object(self, offset: int, depth: int) -> tuple[_Node, int]:
        members: list[tuple[str, Place, _Node]] = []
        position = self._skip(offset + 1)
        while self._text[position : position + 1] != "}":
            if self._text[position : position + 1] != '"':
                raise self._error("a key in double quotes should stand here", position)
            place = self._place(position)
            key, position = self._string(position)
            position = self._expect(":", position)
            value, position = self._value(position, depth + 1)
            members.append((key, place, value))
            position = self._next("}", position)
        return _Node({key: value.value for key, _, value in members}, self._place(offset), tuple(members)), position + 1

    def _list(self, offset: int, depth: int) -> tuple[_Node, int]:
        items: list[_Node] = []
        position = self._skip(offset + 1)
        while self._text[position : position + 1] != "]":
            value, position = self._value(position, depth + 1)
            items.append(value)
            position = self._next("]", position)
        return _Node([item.value for item in items], self._place(offset), items=tuple(items)), position + 1

    def _expect(self, mark: str, offset: int) -> int:
        offset = self._skip(offset)
        if self._text[offset : offset + 1] != mark:
            raise self._error(f"`{mark}` should stand here", offset)
        return self._skip(offset + 1)

    def _next(self, end: str, offset: int) -> int:
        """Where the next member begins, or the bracket that ends them; no comma may stand before that one."""
        offset = self._skip(offset)
        if self._text[offset : offset + 1] == end:
            return offset
        offset = self._expect(",", offset)
        if self._text[offset : offset + 1] == end:
            raise self._error("a value should stand here", offset)
        return offset
