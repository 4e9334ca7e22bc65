"""The blocks and attributes of Terraform source with their places, and the way from an address to its block.

It reads what `terraform validate` accepts and does not judge syntax. Values stay text: nothing is evaluated.
"""

from __future__ import annotations

import bisect
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from groundplan.diagnostics import Place

_TOKEN = re.compile(
    r"""[ \t\r]*(?:
    (?P<name>[^\W\d][\w-]*)
  | (?P<newline>\n\s*)
  | (?P<string>"(?:[^"\\$%]|\\.|\$\$\{|%%\{|[$%](?!\{))*+")
  | (?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)
  | (?P<heredoc><<-?(?P<tag>[^\W\d][\w-]*)[^\n]*\n.*?^[ \t]*(?P=tag)\b)
  | (?P<quote>")
  | (?P<mark>.)
    )""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
"""How much deeper a value is after a bracket."""
_PLAIN_IN_BLOCK = re.compile(r'[^"{}#/<]+')
_PLAIN_IN_VALUE = re.compile(r'[^"\n{}()\[\]#/<]+')
_PLAIN_IN_STRING = re.compile(r'[^"\\$%]+')
_PLAIN_IN_TEMPLATE = re.compile(r'[^"{}]+')
_SKIP = re.compile(r"(?:checkov|bridgecrew|cortex):skip=\s*([A-Z_\d]+)(?::([^\n]*))?")
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value`; the value is its source text."""

    name: str
    value: str
    place: Place


@dataclass(slots=True)
class Block:
    """`type "label" … { … }` and what is in it."""

    type: str
    labels: tuple[str, ...]
    place: Place
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    skips: dict[str, str | None] = field(default_factory=dict)
    """checkov checks that a comment directly or deeper in the block skips, with the reason given."""

    def walk(self) -> Iterator[Block]:
        """The block and every block inside."""
        yield self
        for block in self.blocks:
            yield from block.walk()


class Token(NamedTuple):
    """A piece of source: its kind (`name`, `string`, `mark`, …), its text, and the offsets it stands between."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str, file: str, *, outline: bool = False) -> Block:
    """The file as a block without type that holds everything in it; places name `file`.

    An `outline` leaves blocks inside of blocks empty: a third of the time for the variables of a module.
    """
    return _Parser(text, file, outline=outline).parse()


def read_folder(folder: Path, *, outline: bool = False) -> list[Block]:
    """The top-level blocks of every `.tf` file directly in a folder, by the files' names; places name the files."""
    files = sorted(folder.glob("*.tf"))
    return [block for file in files for block in parse(file.read_text("utf-8"), file.name, outline=outline).blocks]


def strip_indexes(address: str) -> str:
    """`module.a["x"].aws_b.c[0]` as `module.a.aws_b.c`."""
    return _INDEX.sub("", address)


class _Parser:
    def __init__(self, text: str, file: str, *, outline: bool) -> None:
        self._text, self._file, self._outline = text, file, outline
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._next: Token | None = None
        self._advance(0)

    def parse(self) -> Block:
        block = Block("", (), Place(self._file, 1))
        while self._next is not None:
            self._body(block)
            self._skip()
        return block

    def _advance(self, offset: int) -> None:
        self._next = _token_at(self._text, offset)

    def _skip(self) -> None:
        if self._next is not None:
            self._advance(self._next.end)

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_left(self._breaks, offset)
        start = self._breaks[line - 1] + 1 if line else 0
        return Place(self._file, line + 1, offset - start + 1)

    def _body(self, block: Block) -> None:
        """Reads up to the brace that closes the block, or to the end."""
        head: list[Token] = []
        while (token := self._next) is not None:
            if token.text == "}" and token.kind == "mark":
                return
            self._advance(token.end)
            if token.kind == "comment":
                _note_skips(block, token.text)
            elif token.kind == "newline":
                head = []
            elif token.text == "=" and len(head) == 1:
                self._attribute(block, head[0])
                head = []
            elif token.text == "{" and head:
                self._block(block, head, token.end)
                head = []
            else:
                head.append(token)

    def _block(self, parent: Block, head: list[Token], start: int) -> None:
        labels = tuple(token.text.strip('"') for token in head[1:])
        block = Block(head[0].text, labels, self._place(head[0].start))
        parent.blocks.append(block)
        if self._outline and parent.type:
            self._advance(_block_end(self._text, start))
        self._body(block)
        self._skip()
        parent.skips |= block.skips if parent.type else {}

    def _attribute(self, block: Block, name: Token) -> None:
        text, depth = self._text, 0
        position = start = end = self._next.start if self._next else len(text)
        while position < len(text):
            if plain := _PLAIN_IN_VALUE.match(text, position):
                position = end = plain.end()
                continue
            token = _token_at(text, position)
            if token is None or (depth == 0 and (token.kind == "newline" or token.text == "}")):
                break
            position = token.end
            if token.kind == "comment":
                _note_skips(block, token.text)
                start = position if text[start:end].isspace() or start == end else start
            else:
                end = position
            depth += DEPTH.get(token.text, 0)
        self._advance(position)
        block.attributes[name.text] = Attribute(name.text, text[start:end].strip(), self._place(name.start))


def _note_skips(block: Block, comment: str) -> None:
    for check_id, reason in _SKIP.findall(comment):
        block.skips[check_id] = reason.strip() or None


def tokens(text: str) -> Iterator[Token]:
    """The pieces of source text, blanks left out; a string is one, templates in it included."""
    position = 0
    while (token := _token_at(text, position)) is not None:
        yield token
        position = token.end


def _token_at(text: str, position: int) -> Token | None:
    match = _TOKEN.match(text, position)
    if match is None:
        return None
    kind = match.lastgroup or "mark"
    start, end = match.span(kind)
    if kind == "quote":
        kind, end = "string", _string_end(text, end)
    return Token(kind, text[start:end], start, end)


def _block_end(text: str, position: int) -> int:
    """The offset of the brace that closes the block in which `position` is, or that of the end."""
    depth = 1
    while position < len(text):
        if plain := _PLAIN_IN_BLOCK.match(text, position):
            position = plain.end()
            continue
        depth += (text[position] == "{") - (text[position] == "}")
        token = _token_at(text, position)
        if depth == 0 or token is None:
            return position
        position = token.end
    return position


def _string_end(text: str, position: int) -> int:
    """The offset after the quote that closes a string, templates in it included."""
    while position < len(text):
        if plain := _PLAIN_IN_STRING.match(text, position):
            position = plain.end()
            continue
        character = text[position]
        if character == "\\":
            position += 2
        elif text[position : position + 3] in ("$${", "%%{"):
            position += 3
        elif text[position : position + 2] in ("${", "%{"):
            position = _template_end(text, position + 2)
        elif character == '"':
            return position + 1
        else:
            position += 1
    return position


def _template_end(text: str, position: int) -> int:
    depth = 1
    while position < len(text) and depth:
        if plain := _PLAIN_IN_TEMPLATE.match(text, position):
            position = plain.end()
            continue
        character = text[position]
        depth += (character == "{") - (character == "}")
        position = _string_end(text, position + 1) if character == '"' else position + 1
    return position


class Sources:
    """The Terraform files of a folder; file names are relative to it."""

    def __init__(self, folder: Path, roots: tuple[str, ...]) -> None:
        self.folder = folder
        self.roots = roots

    @cached_property
    def files(self) -> Mapping[str, Block]:
        """Every `.tf` and `.tfvars` file, parsed; hidden folders stay out."""
        found: dict[str, Block] = {}
        for parent, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent) / name
                if name.endswith((".tf", ".tfvars")) and path.is_file():
                    relative = path.relative_to(self.folder).as_posix()
                    found[relative] = parse(path.read_text(encoding="utf-8", errors="replace"), relative)
        return found

    @cached_property
    def _modules(self) -> Mapping[str, tuple[Block, ...]]:
        modules: dict[str, tuple[Block, ...]] = {}
        for name, block in self.files.items():
            if name.endswith(".tf"):
                folder = os.path.dirname(name) or "."  # noqa: PTH120 a key, not a path of the machine
                modules[folder] = (*modules.get(folder, ()), *block.blocks)
        return modules

    def module(self, folder: str) -> tuple[Block, ...]:
        """The top-level blocks of one module folder."""
        return self._modules.get(folder, ())

    def chain(self, root: str, address: str) -> tuple[Block, ...]:
        """The blocks on the way from the root's module call to the resource; empty if one is not there."""
        folder, blocks = root, []
        parts = strip_indexes(address).split(".")
        while len(parts) > 2 and parts[0] == "module":
            call = self._find(folder, ("module",), (parts[1],))
            source = call.attributes.get("source") if call else None
            if call is None or source is None:
                return ()
            blocks.append(call)
            folder = os.path.normpath(f"{folder}/{source.value.strip(chr(34))}")
            parts = parts[2:]
        mode = ("data",) if parts[0] == "data" else ("resource", "ephemeral")
        block = self._find(folder, mode, tuple(parts[-2:]))
        return (*blocks, block) if block else ()

    def unset_variables(self, root: str) -> tuple[str, ...]:
        """The variables of a root without default that no automatically loaded file of the root sets."""
        needed = {b.labels[0] for b in self.module(root) if b.type == "variable" and "default" not in b.attributes}
        for name, file in self.files.items():
            folder, _, base = f"./{name}".rpartition("/")
            if os.path.normpath(folder) == root and (base == "terraform.tfvars" or base.endswith(".auto.tfvars")):
                needed -= file.attributes.keys()
        return tuple(sorted(needed))

    def place(self, root: str | None, address: str) -> Place | None:
        """Where the resource with this address is written."""
        chain = self.chain(root, address) if root is not None else ()
        return chain[-1].place if chain else None

    def roots_of(self, file: str, address: str) -> tuple[str, ...]:
        """The roots in which an address leads to this file: several when two roots call a module by the same name."""
        found = ((root, self.place(root, address)) for root in self.roots)
        return tuple(root for root, place in found if place is not None and place.file == file)

    def skips(self, root: str, address: str) -> Mapping[str, str | None]:
        """The checkov checks that comments skip for a resource, on itself or on a module call above it."""
        skips: dict[str, str | None] = {}
        for block in self.chain(root, address):
            skips |= block.skips
        return skips

    def _find(self, folder: str, types: tuple[str, ...], labels: tuple[str, ...]) -> Block | None:
        return next((b for b in self.module(folder) if b.type in types and b.labels == labels), None)
