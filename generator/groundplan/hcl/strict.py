"""HCL read exactly as Terraform reads it, or not at all: for sources nobody has looked at yet.

`hcl/read.py` takes what `terraform validate` accepts; here the text may be written so that two readers disagree.
Whatever Terraform's parser would reject, recover from or read in a way that is not certain raises UncertainError.
[The grammar](https://github.com/hashicorp/hcl/blob/main/hclsyntax/scan_tokens.rl).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_DEPTH = 60
"""How deep brackets, blocks and templates may nest: Terraform has no limit, nobody writes half of it."""

MAX_TOKENS = 300_000
"""How long a file may be: the longest of a rendered environment has 5,000."""

_CODE = re.compile(
    r"""[ \t]*(?:
    (?P<id>[A-Za-z_\x80-\U0010ffff][\w\-\x80-\U0010ffff]*)
  | (?P<nl>\r?\n|(?:\#|//)[^\n]*(?:\n|\Z))
  | (?P<comment>/\*.*?\*/)
  | (?P<num>[0-9](?:(?:[0-9.]|[eE][+-]?[0-9])*(?:[0-9]|[eE][+-]?[0-9]))?)
  | (?P<heredoc><<-?(?P<tag>[A-Za-z_][A-Za-z0-9_-]*)\r?\n)
  | (?P<op>\.\.\.|==|!=|>=|<=|&&|\|\||::|=>|~\}|[\[\](){}.,*/%+\-=<>!?:"])
  | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SIGN = r"\$(?!\$?\{)|%(?!%?\{)"
_MARK = r"\$\$\{|%%\{|\$\{~?|%\{~?"
_QUOTED = re.compile(
    rf"""(?P<text>(?:[^"\\$%\r\n]++|\\[nrt"\\]|\\u[0-9a-fA-F]{{4}}|\\U[0-9a-fA-F]{{8}}|{_SIGN})+)|(?P<mark>{_MARK}|")"""
)
_LINES = re.compile(rf"(?P<text>(?:[^$%\r\n]++|{_SIGN})+)|(?P<mark>{_MARK}|\r?\n)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_BINARY = frozenset({"||", "&&", "==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/", "%"})


class UncertainError(Exception):
    """Why a text is not read, and the offset at which that shows."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason = reason
        self.offset = offset
        super().__init__(reason)


class Token(NamedTuple):
    """A piece of source: kind (`id`, `num`, `op`, `nl`, `str`, `heredoc`, `end`), text, offset, parts of a string."""

    kind: str
    text: str
    offset: int
    parts: tuple[str | Sequence, ...] = ()


class Sequence(NamedTuple):
    """`${…}` or, with `control`, `%{…}` in a template: its tokens, the last of kind `end`.

    `trims` says that a `~` takes the blanks away that stand beside it.
    """

    control: bool
    trims: bool
    tokens: list[Token]


@dataclass(slots=True)
class Call:
    """A call of a function: its name without namespace, and the tokens of each argument."""

    name: str
    offset: int
    arguments: list[list[Token]] = field(default_factory=list)


@dataclass(slots=True)
class Attribute:
    """`name = expression` in a body, with the tokens of the expression."""

    name: str
    offset: int
    tokens: list[Token]


@dataclass(slots=True)
class Block:
    """`type "label" … { … }`, the file itself without a type."""

    type: str
    labels: tuple[str, ...]
    offset: int
    attributes: list[Attribute] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """A file: its blocks, every call of a function in it, and every name that an expression or a block binds."""

    body: Block
    calls: list[Call] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)


def read(text: str) -> Source:
    """The blocks and calls of a `.tf` file. Raises UncertainError."""
    tokens, _ = _Lexer(text.removeprefix("\ufeff")).code(0, template=False)
    source = Source(Block("", (), 0))
    _Parser(tokens, source).file()
    return source


def read_template(text: str) -> Source:
    """The calls in a template, as the files of `templatefile` and strings in `.tf.json` are. Raises UncertainError."""
    source = Source(Block("", (), 0))
    _parts(_Lexer(text).bare(), 0, source, 0)
    return source


def read_expression(text: str) -> Source:
    """The calls in a text that is one expression. Raises UncertainError."""
    tokens, _ = _Lexer(text).code(0, template=False)
    source = Source(Block("", (), 0))
    _Parser(tokens, source).expression_only()
    return source


def literal(tokens: list[Token]) -> str | None:
    """The text of an expression that is one quoted string without templates in it, else nothing.

    In Unicode's form NFC, as Terraform's strings are.
    """
    text = _plain([token for token in tokens if token.kind not in ("nl", "end")])
    return None if text is None else unicodedata.normalize("NFC", text)


def _plain(tokens: list[Token]) -> str | None:
    """The text of a single string token without templates in it, as it is written, else nothing."""
    if len(tokens) != 1 or tokens[0].kind != "str" or any(isinstance(part, Sequence) for part in tokens[0].parts):
        return None
    return "".join(part for part in tokens[0].parts if isinstance(part, str))


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = self._count = 0
        if (at := text.find("\0")) >= 0:
            raise UncertainError("a NUL character", at)

    def code(self, position: int, *, template: bool) -> tuple[list[Token], int]:  # noqa: PLR0912 one loop, for speed
        """The tokens up to the end, or to the brace that closes a template, and the offset after them."""
        tokens: list[Token] = []
        open_braces = 0
        match_at, text = _CODE.match, self._text
        while True:
            match = match_at(text, position)
            if match is None:
                raise UncertainError(f"unexpected {_shown(text, position)}", position)
            kind = match.lastgroup or ""
            start, position = match.start(kind), match.end()
            self._count += 1
            if self._count > MAX_TOKENS:
                raise UncertainError(f"more than {MAX_TOKENS:,} words", start)
            word = match.group(kind)
            if kind == "op":
                if word == "{":
                    open_braces += 1
                elif word == '"':
                    parts, position = self._template(position, None)
                    tokens.append(Token("str", word, start, parts))
                    continue
                elif word in ("}", "~}"):
                    if template and not open_braces:
                        tokens.append(Token("end", word, start))
                        return tokens, position
                    open_braces -= 1
                    if word == "~}":
                        raise UncertainError("unexpected `~}`", start)
                tokens.append(Token(kind, word, start))
            elif kind == "heredoc":
                parts, position = self._template(position, match["tag"])
                tokens.append(Token(kind, word, start, parts))
                tokens.append(Token("nl", "\n", position - 1))
            elif kind == "end":
                if template:
                    raise UncertainError("a template is not closed", start)
                tokens.append(Token(kind, "", start))
                return tokens, position
            elif kind != "comment":
                if kind == "id":
                    if not word.isascii():
                        _check_name(word, start)
                elif kind == "num" and not _NUMBER.fullmatch(word):
                    raise UncertainError(f"unexpected {word}", start)
                tokens.append(Token(kind, word, start))

    def bare(self) -> tuple[str | Sequence, ...]:
        """The parts of a text that is a template as a whole."""
        return self._template(0, "")[0]

    def _template(self, position: int, tag: str | None) -> tuple[tuple[str | Sequence, ...], int]:
        """The parts of a template from `position`, and the offset after its end.

        Without a tag it is a quoted string, with one a heredoc, with an empty one it lasts until the end of the text.
        """
        parts: list[str | Sequence] = []
        pattern = _QUOTED if tag is None else _LINES
        start_of_line, text = True, self._text
        self._deeper(position)
        while True:
            if tag and start_of_line and (end := self._end_marker(tag, position)) is not None:
                self._depth -= 1
                return tuple(parts), end
            if tag == "" and position == len(text):
                self._depth -= 1
                return tuple(parts), position
            match = pattern.match(text, position)
            if match is None:
                raise UncertainError(f"unexpected {_shown(text, position)} in a string", position)
            word, position = match[0], match.end()
            start_of_line = False
            self._count += 1
            if match.lastgroup == "text":
                parts.append(word if tag is not None or "\\" not in word else _unescaped(word, match.start()))
            elif word == '"':
                self._depth -= 1
                return tuple(parts), position
            elif word.endswith("\n"):
                parts.append(word)
                start_of_line = True
            elif word in ("$${", "%%{"):
                parts.append(word[1:])
            else:
                tokens, position = self.code(position, template=True)
                parts.append(Sequence(word[0] == "%", "~" in word + tokens[-1].text, tokens))

    def _end_marker(self, tag: str, position: int) -> int | None:
        """The offset after the line that ends a heredoc if the line at `position` does."""
        end = self._text.find("\n", position)
        line = self._text[position : end if end >= 0 else len(self._text)]
        if line.strip() != tag:
            return None
        if end < 0 or line.strip(" \t") not in (tag, f"{tag}\r"):
            raise UncertainError(f"`{tag}` must stand on a line of its own", position)
        return end + 1

    def _deeper(self, position: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UncertainError("nested too deeply", position)


def _unescaped(text: str, offset: int) -> str:
    def character(match: re.Match[str]) -> str:
        short, long, simple = match.groups()
        if simple:
            return _SIMPLE[simple]
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise UncertainError("an escape that is no character", offset + match.start())
        return chr(code)

    return _ESCAPE.sub(character, text)


def _check_name(name: str, offset: int) -> None:
    """Allows the characters that were letters in Unicode 3.2 already: Go and Python carry tables of different age."""
    known = all(unicodedata.ucd_3_2_0.category(character) != "Cn" for character in name)
    if not known or not name.replace("-", "_").isidentifier():
        raise UncertainError(f"{name!a} is not certainly a name", offset)


def _shown(text: str, position: int) -> str:
    character = text[position : position + 1]
    if not character:
        return "end"
    return f"`{character}`" if character.isprintable() else f"character {character!a}"


class _Parser:
    """Recursive descent over the tokens; brackets skip newlines as Terraform's parser does."""

    def __init__(self, tokens: list[Token], source: Source, depth: int = 0) -> None:
        self._tokens, self._source = tokens, source
        self._at, self._newlines, self._depth = 0, True, depth

    def file(self) -> None:
        self._body(self._source.body, "end")

    # bodies

    def _body(self, block: Block, closer: str) -> None:
        while True:
            token = self._read()
            if token.kind == "nl":
                continue
            if token.kind == "id":
                self._item(block, token)
            elif (token.kind if closer == "end" else token.text) == closer and token.kind in ("op", "end"):
                return
            else:
                raise self._unexpected(token)

    def _item(self, block: Block, name: Token) -> None:
        if self._peek().text == "=" and self._peek().kind == "op":
            self._attribute(block, name)
        else:
            self._block(block, name)
        end = self._peek()
        if end.kind not in ("nl", "end"):
            raise self._unexpected(end)

    def _attribute(self, block: Block, name: Token) -> None:
        self._read()
        start = self._at
        self._expression()
        block.attributes.append(Attribute(name.text, name.offset, self._tokens[start : self._at]))

    def _block(self, parent: Block, name: Token) -> None:
        labels = []
        while not self._is(self._peek(), "{"):
            token = self._read()
            label = token.text if token.kind == "id" else _plain([token])
            if label is None:
                raise self._unexpected(token)
            labels.append(label)
        self._read()
        block = Block(name.text, tuple(labels), name.offset)
        parent.blocks.append(block)
        if block.type == "dynamic":
            self._source.bound.update(labels)
        self._deeper(name)
        if self._peek().kind == "id":
            self._attribute_of_line(block)
        else:
            self._body(block, "}")
        self._depth -= 1

    def _attribute_of_line(self, block: Block) -> None:
        name = self._read()
        if not self._is(self._peek(), "="):
            raise self._unexpected(self._peek())
        self._attribute(block, name)
        self._expect("}")

    # expressions

    def expression_only(self) -> None:
        """All tokens as one expression in which newlines mean nothing."""
        self._newlines = False
        self._expression()
        self._expect_end()

    def control(self) -> str:
        """The keyword of a `%{…}` sequence, its expression read."""
        self._newlines = False
        word = self._read()
        if word.text == "for" and word.kind == "id":
            self._for_names()
            self._expression()
        elif word.text == "if" and word.kind == "id":
            self._expression()
        elif word.kind != "id" or word.text not in ("else", "endif", "endfor"):
            raise self._unexpected(word)
        self._expect_end()
        return word.text

    def _expression(self) -> None:
        self._deeper(self._peek())
        self._operand()
        while (token := self._peek()).kind == "op" and token.text in _BINARY:
            self._read()
            self._operand()
        if self._is(token, "?"):
            self._read()
            self._expression()
            self._expect(":")
            self._expression()
        self._depth -= 1

    def _operand(self) -> None:
        while (token := self._peek()).kind == "op" and token.text in ("-", "!"):
            self._read()
        self._term()
        while (token := self._peek()).kind == "op" and token.text in (".", "["):
            self._read()
            if token.text == "[":
                self._index()
            else:
                after = self._read()
                if after.kind not in ("id", "num") and not self._is(after, "*"):
                    raise self._unexpected(after)

    def _index(self) -> None:
        before, self._newlines = self._newlines, False
        if self._is(self._peek(), "*"):
            self._read()
        else:
            self._expression()
        self._close("]", before)

    def _term(self) -> None:
        token = self._read()
        if token.kind == "id":
            if self._is(self._peek(), "(") or self._is(self._peek(), "::"):
                self._call(token)
        elif token.kind in ("str", "heredoc"):
            _parts(token.parts, self._depth, self._source, token.offset)
        elif self._is(token, "("):
            before, self._newlines = self._newlines, False
            self._expression()
            self._close(")", before)
        elif self._is(token, "["):
            self._tuple()
        elif self._is(token, "{"):
            self._object()
        elif token.kind != "num":
            raise self._unexpected(token)

    def _call(self, name: Token) -> None:
        call = Call(name.text, name.offset)
        while self._is(self._peek(), "::"):
            self._read()
            call.name = self._name()
        self._expect("(")
        before, self._newlines = self._newlines, False
        self._source.calls.append(call)
        while not self._is(self._peek(), ")"):
            start = self._at
            self._expression()
            call.arguments.append(self._tokens[start : self._at])
            if self._is(self._peek(), "..."):
                self._read()
                call.arguments.append([])
                break
            if self._is(self._peek(), ")"):
                break
            self._expect(",")
        self._close(")", before)

    def _tuple(self) -> None:
        before, self._newlines = self._newlines, False
        if self._is_word(self._peek(), "for"):
            self._for()
        else:
            while not self._is(self._peek(), "]"):
                self._expression()
                if self._is(self._peek(), "]"):
                    break
                self._expect(",")
        self._close("]", before)

    def _object(self) -> None:
        before, self._newlines = self._newlines, False
        if self._is_word(self._peek(), "for"):
            self._for(key=True)
            self._close("}", before)
            return
        self._newlines = True
        while True:
            if self._peek().kind == "nl":
                self._read()
            elif self._is(self._peek(), "}"):
                break
            else:
                self._pair()
                if not self._is(self._peek(), "}") and not self._is(self._peek(), ",") and self._peek().kind != "nl":
                    raise self._unexpected(self._peek())
                if not self._is(self._peek(), "}"):
                    self._read()
        self._close("}", before)

    def _pair(self) -> None:
        self._expression()
        middle = self._read()
        if not self._is(middle, "=") and not self._is(middle, ":"):
            raise self._unexpected(middle)
        self._expression()

    def _for(self, *, key: bool = False) -> None:
        self._read()
        self._for_names()
        self._expression()
        self._expect(":")
        self._expression()
        if key:
            self._expect("=>")
            self._expression()
            if self._is(self._peek(), "..."):
                self._read()
        if self._is_word(self._peek(), "if"):
            self._read()
            self._expression()

    def _for_names(self) -> None:
        self._source.bound.add(self._name())
        if self._is(self._peek(), ","):
            self._read()
            self._source.bound.add(self._name())
        word = self._read()
        if not self._is_word(word, "in"):
            raise self._unexpected(word)

    def _name(self) -> str:
        token = self._read()
        if token.kind != "id":
            raise self._unexpected(token)
        return token.text

    # tokens

    def _peek(self) -> Token:
        token = self._tokens[self._at]
        while token.kind == "nl" and not self._newlines:
            self._at += 1
            token = self._tokens[self._at]
        return token

    def _read(self) -> Token:
        tokens, at = self._tokens, self._at
        token = tokens[at]
        while token.kind == "nl" and not self._newlines:
            at += 1
            token = tokens[at]
        self._at = at if token.kind == "end" else at + 1
        return token

    def _close(self, text: str, newlines: bool) -> None:
        self._expect(text)
        self._newlines = newlines

    def _expect(self, text: str) -> None:
        token = self._read()
        if not self._is(token, text):
            raise self._unexpected(token)

    def _expect_end(self) -> None:
        if self._peek().kind != "end":
            raise self._unexpected(self._peek())

    @staticmethod
    def _is(token: Token, text: str) -> bool:
        return token.text == text and token.kind == "op"

    @staticmethod
    def _is_word(token: Token, text: str) -> bool:
        return token.text == text and token.kind == "id"

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UncertainError("nested too deeply", token.offset)

    @staticmethod
    def _unexpected(token: Token) -> UncertainError:
        what = {"nl": "end of line", "end": "end", "str": "string", "heredoc": "heredoc"}.get(token.kind)
        return UncertainError(f"unexpected {what or f'`{token.text}`'}", token.offset)


_CLOSES = {"endif": ("if", "else"), "endfor": ("for",), "else": ("if",)}


def _parts(parts: tuple[str | Sequence, ...], depth: int, source: Source, offset: int) -> None:
    """Reads every sequence of a template, whose directives must be balanced."""
    open_directives: list[str] = []
    for part in parts:
        if not isinstance(part, Sequence):
            continue
        parser = _Parser(part.tokens, source, depth + 1)
        if not part.control:
            parser.expression_only()
            continue
        word = parser.control()
        if word in _CLOSES and (not open_directives or open_directives.pop() not in _CLOSES[word]):
            raise UncertainError(f"unexpected `{word}`", part.tokens[0].offset)
        if word in ("if", "for", "else"):
            open_directives.append(word)
    if open_directives:
        raise UncertainError(f"`{open_directives[-1]}` without its end", offset)
