"""The keys and values of a `.tf.json` file in one list, read as Terraform reads them, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groundplan.hcl.json_document import JsonSyntaxError, Node, read_json
from groundplan.hcl.strict import UncertainError


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
        return list(_values(read_json(text), ()))
    except JsonSyntaxError as error:
        raise UncertainError(error.reason, error.offset) from None


def _values(node: Node, path: tuple[str, ...]) -> Iterator[Value]:
    match node.value:
        case str():
            yield Value("string", path, node.offset, node.value)
        case dict():
            yield Value("object", path, node.offset)
        case list():
            yield Value("list", path, node.offset)
        case _:
            yield Value("other", path, node.offset)
    for item in node.items:
        yield from _values(item, path)
    for key, offset, value in node.members:
        yield Value("key", path, offset, key)
        yield from _values(value, (*path, key))
