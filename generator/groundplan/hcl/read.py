"""The blocks and attributes of Terraform source with their places.

It reads what `terraform validate` accepts and does not judge syntax. Values stay text: nothing is evaluated.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Attribute, Block

_TOKEN = re.compile(
    r"""[ \t\r]*(?:
    (?P<name>[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff-]*)
  | (?P<newline>\n\s*)
  | (?P<string>"(?:[^"\\$%]++|\\.|\$\$\{|%%\{|[$%](?!\{))*")
  | (?P<comment>\#[^\n]*|//[^\n]*|/\*(?:.*?\*/|.*))
  | (?P<heredoc><<-?(?P<tag>[^\W\d][\w-]*)[^\n]*\n(?:.*?^[ \t]*(?P=tag)[ \t\r]*$|.*))
  | (?P<quote>")
  | (?P<mark>.)
    )""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
MAX_DEPTH = 60
DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
"""How much deeper a value is after a bracket."""
_PLAIN_IN_BLOCK = re.compile(r'[^"{}#/<]+')
_PLAIN_IN_VALUE = re.compile(r'[^"\n{}()\[\]#/<]+')
_PLAIN_IN_STRING = re.compile(r'[^"\\$%]+')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t"}
_SKIP = re.compile(r"(?:checkov|bridgecrew|cortex):skip=\s*([A-Z_\d]+)(?::([^\n]*))?")


class NestingError(ValueError):
    """Blocks or templates in it are nested more than `MAX_DEPTH` levels deep."""


class Token(NamedTuple):
    """A piece of source: its kind (`name`, `string`, `mark`, …), its text, and the offsets it stands between."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str, file: str, *, outline: bool = False) -> Block:
    """The file as a block without type that holds everything in it; places name `file`. Raises NestingError.

    An `outline` leaves blocks inside of blocks empty: a third of the time for the variables of a module.
    """
    return _Parser(text, file, outline=outline).parse()


def read_folder(folder: Path, *, outline: bool = False) -> list[Block]:
    """The top-level blocks of every `.tf` file directly in a folder, by the files' names; places name the files."""
    files = sorted(folder.glob("*.tf"))
    return [block for file in files for block in parse(file.read_text("utf-8"), file.name, outline=outline).blocks]


class _Parser:
    def __init__(self, text: str, file: str, *, outline: bool) -> None:
        self._text, self._file, self._outline = text, file, outline
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._depth = 0
        self._next: Token | None = None
        self._advance(1 if text.startswith("\ufeff") else 0)

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
        labels = tuple(_unquoted(token.text) for token in head[1:])
        block = Block(head[0].text, labels, self._place(head[0].start))
        parent.blocks.append(block)
        if self._outline and parent.type:
            self._advance(_block_end(self._text, start))
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NestingError(f"line {block.place.line}")
        self._body(block)
        self._depth -= 1
        self._skip()
        parent.skips |= block.skips if parent.type else {}

    def _attribute(self, block: Block, name: Token) -> None:
        text, depth = self._text, 0
        position = start = end = self._next.start if self._next else len(text)
        while position < len(text):
            if plain := _PLAIN_IN_VALUE.match(text, position):
                position = plain.end()
                end = end if plain[0].isspace() else position
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
        value = text[start:end].strip()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        block.attributes[name.text] = Attribute(name.text, value, self._place(name.start), (start, start + len(value)))


def _unquoted(text: str) -> str:
    """What a label says: `"a\\u005fb"` and `a_b` are the same to Terraform."""
    return _ESCAPE.sub(_character, text[1:-1]) if text.startswith('"') else text


def _character(match: re.Match[str]) -> str:
    code, simple = match[1] or match[2], match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= sys.maxunicode else "\ufffd"
    return _SIMPLE.get(simple, simple) if simple else match[0][1:]


def _note_skips(block: Block, comment: str) -> None:
    for check_id, reason in _SKIP.findall(comment):
        block.skips[check_id] = reason.strip() or None


def tokens(text: str) -> Iterator[Token]:
    """The pieces of source text, blanks left out; a string is one, templates in it included."""
    position = 0
    while (token := _token_at(text, position)) is not None:
        yield token
        position = token.end


def _token_at(text: str, position: int, strings: int = 0) -> Token | None:
    match = _TOKEN.match(text, position)
    if match is None:
        return None
    kind = match.lastgroup or "mark"
    start, end = match.span(kind)
    if kind == "quote":
        kind, end = "string", _string_end(text, end, strings)
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


def _string_end(text: str, position: int, depth: int = 0) -> int:
    """The offset after the quote that closes a string, templates in it included."""
    if depth > MAX_DEPTH:
        raise NestingError(f"character {position}")
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
            position = _template_end(text, position + 2, depth)
        elif character == '"':
            return position + 1
        else:
            position += 1
    return position


def _template_end(text: str, position: int, strings: int) -> int:
    """The offset after the brace that closes a template: what is in it is source like any other."""
    depth = 1
    while position < len(text) and depth:
        if plain := _PLAIN_IN_BLOCK.match(text, position):
            position = plain.end()
            continue
        token = _token_at(text, position, strings + 1)
        if token is None:
            return len(text)
        depth += (token.text == "{") - (token.text == "}")
        position = token.end
    return position
