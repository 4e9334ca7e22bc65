"""One YAML file to values with places: everything that is wrong with the text itself, in one pass.

Works on PyYAML's event stream rather than its node graph: events are not recursive, so a file nested 100,000 levels
deep is an error message and not a crash of the C parser's composer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet
from groundplan.spec.document import LINE_BREAK, Document, KeyPlace, Path, Timestamp, dotted

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_VALUES = 10_000
"""Values after aliases are expanded; the largest spec that the model accepts stays far below."""

_Loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAG = "tag:yaml.org,2002:"
_LONGEST_NUMBER = 40


@dataclass(slots=True, eq=False)
class _Node:
    """A node of the file; `items` holds values of a list, and alternating keys and values of a mapping."""

    kind: str
    start: Any
    end: Any
    value: Any = None
    written: str | None = None
    text: str = ""
    merge: bool = False
    items: list[_Node] = field(default_factory=list)
    complete: bool = True


def decode(data: bytes, file: str) -> str:
    """The text of a UTF-8 file without its byte order mark; raises `DiagnosticsError` for anything else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = LINE_BREAK.split(data[: error.start].decode("utf-8-sig"))
        after = LINE_BREAK.split(data[error.start :].decode("utf-8", errors="replace"))
        place, snippet = Place(file, len(before), len(before[-1]) + 1), Snippet(before[-1] + after[0])
        message, hint = f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        raise DiagnosticsError([Diagnostic("GP102", message, hint=hint, place=place, snippet=snippet)]) from None
    return text


def parse_yaml(text: str, file: str) -> Document:
    """Values and places of one file; raises `DiagnosticsError` with everything that is wrong with its text."""
    reader = _Reader(text, file)
    root = reader.read()
    values = reader.expand_root(root) if root is not None else {}
    if reader.problems:
        raise DiagnosticsError(reader.problems)
    return Document(file, values, reader.places, {file: text})


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.text = text
        self.lines = Document(file, {}, {}, {file: text})
        self.problems: list[Diagnostic] = []
        self.places: dict[Path, KeyPlace] = {}
        self.anchors: dict[str, _Node] = {}
        self.expanded = 0
        self.top_key: _Node | None = None

    def report(self, code: str, message: str, mark: Any, *, length: int = 1, hint: str | None = None) -> None:
        place = Place(self.file, mark.line + 1, mark.column + 1)
        found = Diagnostic(code, message, hint=hint, place=place, snippet=self.lines.snippet(place, length))
        if found not in self.problems:
            self.problems.append(found)

    # text -> nodes

    def read(self) -> _Node | None:
        """The root node, or None when there is none to go on with."""
        if match := _UNPRINTABLE.search(self.text):
            before = LINE_BREAK.split(self.text[: match.start()])
            mark = _mark(len(before) - 1, len(before[-1]))
            self.report("GP102", f"control character U+{ord(match.group()):04X}", mark, hint="remove it")
            return None
        try:
            root = self._read_events(_Loader(self.text))
        except yaml.MarkedYAMLError as error:
            self._report_syntax(error)
        except yaml.YAMLError:
            self.report("GP102", "not text that YAML can hold", _mark(0, 0), hint="save the file as plain UTF-8 text")
        else:
            if root is None and not self.problems:
                self.report("GP102", "the file is empty", _mark(0, 0), hint=_INIT)
            return root
        return None

    def _read_events(self, loader: Any) -> _Node | None:
        open_nodes: list[_Node] = []
        root: _Node | None = None
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                hint = "keep one spec in a file: remove everything from `---` on"
                self.report("GP104", "a second document starts here", event.start_mark, length=3, hint=hint)
                return root
            if isinstance(event, yaml.CollectionEndEvent):
                done = open_nodes.pop()
                done.end, done.complete = event.end_mark, True
                continue
            if not isinstance(event, yaml.NodeEvent):
                continue
            node = self._node(event, loader)
            root = root or node
            if open_nodes:
                open_nodes[-1].items.append(node)
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH:
                self.report("GP105", f"nested more than {MAX_DEPTH} levels deep", event.start_mark)
                return None
        return root

    def _node(self, event: Any, loader: Any) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None:
            tag = event.tag.replace(_TAG, "!!")
            hint = "leave the tag out; put text that looks like a number in quotes"
            self.report("GP104", f"tag `{tag}`", event.start_mark, length=len(tag), hint=hint)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, loader)
        else:
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
            node = _Node(kind, event.start_mark, event.end_mark, complete=False)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> _Node:
        name, target = event.anchor, self.anchors.get(event.anchor)
        if target is None:
            hint = f"set it with `&{name}` further up, or quote text that starts with `*`"
            self.report("GP102", f"`*{name}` names no anchor", event.start_mark, length=len(name) + 1, hint=hint)
        elif not target.complete:
            self.report("GP104", f"`*{name}` contains itself", event.start_mark, length=len(name) + 1)
        else:
            return target
        return _Node("scalar", event.start_mark, event.end_mark, value="")

    def _scalar(self, event: Any, loader: Any) -> _Node:
        plain = event.style is None or event.style == ""
        node = _Node("scalar", event.start_mark, event.end_mark, value=event.value, text=event.value)
        if not plain or event.tag is not None:
            return node
        node.written = event.value
        tag = loader.resolve(yaml.ScalarNode, event.value, (True, False)).removeprefix(_TAG)
        node.merge = tag == "merge"
        node.value = _construct(tag, event.value, loader)
        return node

    def _report_syntax(self, error: yaml.MarkedYAMLError) -> None:
        problem, mark = error.problem or "", error.problem_mark or error.context_mark or _mark(0, 0)
        opened = error.context_mark
        character = self._character(mark)
        if "expected ',' or" in problem and opened and opened.line == mark.line and character not in ("", "#"):
            closing = "]" if "']'" in problem else "}"
            hint = "quote text that contains quotes, brackets or commas"
            self.report("GP102", f"`,` or `{closing}` expected here", mark, hint=hint)
            return
        if character in ("]", "}"):
            self.report(
                "GP102", f"this `{character}` closes nothing", mark, hint="remove it, or check the brackets before it"
            )
            return
        if "flow node" in (error.context or "") and not self.text[mark.index :].strip():
            self.report("GP102", "the file ends inside brackets", mark, hint="close them with `]` or `}`")
            return
        for pattern, at_context, message, hint in _SYNTAX:
            if pattern in f"{error.context or ''}: {problem}":
                mark = opened if at_context and opened else mark
                self.report("GP102", message, mark, hint=hint)
                return
        if "cannot start any token" in problem:
            self._report_bad_start(mark)
        else:
            self.report("GP102", "this does not fit what stands above it", mark, hint=_LAYOUT)

    def _report_bad_start(self, mark: Any) -> None:
        character = self._character(mark)
        if character == "\t":
            self.report("GP102", "tab in the indentation", mark, hint="indent with spaces")
        else:
            self.report("GP102", f"text cannot start with `{character}`", mark, hint="put the text in quotes")

    def _character(self, mark: Any) -> str:
        """What stands at the mark; empty at the end of a line."""
        lines = LINE_BREAK.split(self.text)
        return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""

    # nodes -> values

    def expand_root(self, root: _Node) -> dict[str, Any]:
        if root.kind != "mapping":
            if root.value is None and root.kind == "scalar":
                self.report("GP102", "the file is empty", root.start, hint=_INIT)
            else:
                what = "a list" if root.kind == "list" else "a single value"
                hint = "start with `apiVersion: groundplan/v1`"
                self.report("GP203", f"the file holds {what} instead of keys", root.start, hint=hint)
            return {}
        try:
            return self._mapping(root, ())
        except _TooManyValuesError:
            hint = "aliases count each time they are used"
            message = f"this expands to more than {MAX_VALUES:,} values, or {MAX_DEPTH} levels"
            where = self.top_key or root
            self.report("GP105", message, where.start, length=_length(where), hint=hint)
            return {}

    def _expand(self, node: _Node, path: Path) -> Any:
        self.expanded += 1
        if self.expanded > MAX_VALUES or len(path) > MAX_DEPTH:
            raise _TooManyValuesError
        if node.kind == "scalar":
            return node.value
        if node.kind == "mapping":
            return self._mapping(node, path)
        values = []
        for index, item in enumerate(node.items):
            inner = (*path, index)
            self._remember(inner, item, item)
            values.append(self._expand(item, inner))
        return values

    def _mapping(self, node: _Node, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        keys: dict[str, _Node] = {}
        merged: list[tuple[_Node, _Node]] = []
        pairs = list(zip(node.items[::2], node.items[1::2], strict=False))
        for key, value in pairs:
            if key.merge:
                merged += self._merged_pairs(value)
        for index, (key, value) in enumerate([*pairs, *merged]):
            if not path:
                self.top_key = key
            if key.merge or not self._key_is_text(key, path):
                continue
            first = keys.get(key.text)
            if first is None:
                keys[key.text] = key
                inner = (*path, key.text)
                self._remember(inner, key, value)
                values[key.text] = self._expand(value, inner)
            elif index < len(pairs):
                where = f" in `{dotted(path)}`" if path else ""
                hint = f"first given on line {first.start.line + 1}; keep one of them"
                self.report("GP103", f"`{key.text}` given twice{where}", key.start, length=_length(key), hint=hint)
        return values

    def _merged_pairs(self, value: _Node) -> list[tuple[_Node, _Node]]:
        sources = value.items if value.kind == "list" else [value]
        pairs: list[tuple[_Node, _Node]] = []
        for source in sources:
            if source.kind != "mapping":
                self.report("GP104", "`<<` takes an alias of a mapping", source.start, length=_length(source))
                continue
            self.expanded += len(source.items)
            if self.expanded > MAX_VALUES:
                raise _TooManyValuesError
            own = list(zip(source.items[::2], source.items[1::2], strict=False))
            pairs += [pair for pair in own if not pair[0].merge]
            for key, inner in own:
                if key.merge and inner is not value:
                    pairs += self._merged_pairs(inner)
        return pairs

    def _key_is_text(self, key: _Node, path: Path) -> bool:
        if key.kind != "scalar":
            self.report("GP104", "a list or mapping as a key", key.start, hint="keys are single words")
            return False
        if not isinstance(key.value, str):
            hint = f'write "{key.text}" in quotes' if key.text else "write a name before the `:`"
            message = f"key `{key.text}` is read as {read_as(key.value)}, not as text"
            self.report("GP205", message, key.start, length=_length(key), hint=hint)
        return True

    def _remember(self, path: Path, key: _Node, value: _Node) -> None:
        self.places[path] = KeyPlace(
            key=Place(self.file, key.start.line + 1, key.start.column + 1),
            key_length=_length(key),
            value=Place(self.file, value.start.line + 1, value.start.column + 1),
            value_length=_length(value),
            written=value.written,
        )


class _TooManyValuesError(Exception):
    pass


def read_as(value: object) -> str:
    """What YAML took a scalar for, in words: `the number 1.3`, `false`, `nothing`, `a date`, `text`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "a date" if isinstance(value, Timestamp) else "text"


def _construct(tag: str, text: str, loader: Any) -> Any:
    """The Python value of a plain scalar; text that only looks like a number stays text."""
    if tag == "null":
        return None
    if tag == "bool":
        return loader.construct_yaml_bool(yaml.ScalarNode(_TAG + "bool", text))
    if tag == "timestamp":
        return Timestamp(text)
    if tag in ("int", "float") and len(text) <= _LONGEST_NUMBER:
        node = yaml.ScalarNode(_TAG + tag, text)
        try:
            return loader.construct_yaml_int(node) if tag == "int" else loader.construct_yaml_float(node)
        except ValueError:  # `0b_`, which YAML's pattern lets through
            return text
    return text


def _length(node: _Node) -> int:
    """Characters of the node on its first line; a block mapping or list counts as one."""
    if node.start.line == node.end.line:
        return max(1, int(node.end.column - node.start.column))
    return max(1, len(node.text)) if node.written else 1


def _mark(line: int, column: int) -> Any:
    return yaml.Mark("", 0, line, column, None, 0)


_INIT = "`groundplan init` writes a spec to start from"

_LAYOUT = "keys of one block start in the same column; text after a closing quote or bracket is not allowed"

_SYNTAX: tuple[tuple[str, bool, str, str], ...] = (
    # in PyYAML's words, whether the place is where the construct began, our words, what to do
    ("mapping values are not allowed", False, "unexpected `:`", "quote text that contains `: `; indent keys alike"),
    ("flow sequence: ", True, "this `[` is not closed", "close the list with `]`; separate items with `,`"),
    ("flow mapping: ", True, "this `{` is not closed", "close it with `}`; separate keys with `,`"),
    ("quoted scalar: found unexpected end", True, "this quote is not closed", "end the text with the same quote"),
    ("unknown escape", False, "unknown escape in double quotes", "write `\\\\` for a backslash, or use single quotes"),
    ("expected '-' indicator", False, "a key among list items", "indent it under an item, or move it out of the list"),
    ("expected <block end>", False, "this does not fit what stands above it", _LAYOUT),
    ("did not find expected key", False, "this does not fit what stands above it", _LAYOUT),
    ("expected ':'", True, "key without `:`", "write `key: value`"),
    ("expected node content", False, "value missing", "give a value, or put text that starts with a sign in quotes"),
    ("expected <document start>", False, "text after the end of the spec", "remove it, or check the brackets above"),
    ("incompatible YAML document", False, "unknown YAML version", "remove the `%YAML` line"),
    ("alphabetic or numeric character", False, "`&` or `*` without a name", "quote text that starts with them"),
)
