"""Terraform's JSON syntax read into the same blocks and attributes as its own language.

https://developer.hashicorp.com/terraform/language/syntax/json says which keys are labels. Without a provider's schema
nested objects may be blocks or values, so they are both: an attribute with the text of the value, and blocks to walk.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Attribute, Block
from groundplan.hcl.json_document import Node, read_json
from groundplan.hcl.write import hcl

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
_REFERENCE = re.compile(r"\$\{((?:[^\"{}]|\"[^\"\\]*\")*)\}")


def parse_json(text: str, file: str) -> Block:
    """The file as a block without type that holds everything in it; raises JsonSyntaxError."""
    document, maker = read_json(text), _Maker(text, file)
    block = Block("", (), Place(file, 1))
    for part in document.objects:
        if file.endswith(".tfvars.json"):
            maker.fill(block, part, nested=False)
        else:
            for key, offset, value in part.members:
                block.blocks += maker.blocks(key, offset, value, _LABELS.get(key, 0))
    return block


class _Maker:
    """Makes blocks of nodes, with places."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def blocks(self, type_: str, offset: int, value: Node, labels: int, above: tuple[str, ...] = ()) -> Iterator[Block]:
        for body in value.objects:
            if labels:
                for key, inner, content in body.members:
                    yield from self.blocks(type_, inner, content, labels - 1, (*above, key))
            else:
                block = Block(type_, above, self._place(offset))
                self.fill(block, body, nested=True)
                yield block

    def fill(self, block: Block, body: Node, *, nested: bool) -> None:
        for key, offset, value in body.members:
            if key == "//":
                continue
            span = value.offset, value.end
            block.attributes[key] = Attribute(key, _text(value.value), self._place(offset), span)
            if nested:
                labels = 0 if key in _AT_THE_TOP and block.type != "check" else _LABELS.get(key, 0)
                block.blocks += self.blocks(key, offset, value, labels)

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_right(self._lines, offset)
        return Place(self._file, line, offset - self._lines[line - 1] + 1)


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
