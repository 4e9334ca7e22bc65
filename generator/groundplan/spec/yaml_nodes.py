"""Text to YAML nodes with their positions; reports what is wrong on the way.

Works on PyYAML's event stream rather than its node graph: events are not recursive, so a file nested 100,000 levels
deep is an error message and not a crash of the C parser's composer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from groundplan.diagnostics import Diagnostic, Place
from groundplan.spec.document import Document, Timestamp, lines_of
from groundplan.spec.yaml_syntax import explain

MAX_DEPTH = 32

EMPTY = ("the file is empty", "`groundplan init` writes a spec to start from")

_Loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAG = "tag:yaml.org,2002:"
_LONGEST_NUMBER = 40
_LOOKAHEAD = 1024
"""Characters between the start of a key and its `:` at most (https://yaml.org/spec/1.2.2/#742-flow-mappings)."""


@dataclass(slots=True, eq=False)
class Node:
    """A node of the file; `items` holds values of a list, and alternating keys and values of a mapping."""

    kind: str
    start: Any
    end: Any
    value: Any = None
    written: str | None = None
    text: str = ""
    merge: bool = False
    items: list[Node] = field(default_factory=list)
    complete: bool = True


class Report:
    """Gathers the problems of one file, each place once."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._document = Document(file, {}, {}, {file: text})
        self._found: dict[tuple[str, Place], Diagnostic] = {}

    def __call__(self, code: str, message: str, mark: Any, *, length: int = 1, hint: str | None = None) -> None:
        """Adds a finding at `mark`, PyYAML's position."""
        place = Place(self.file, mark.line + 1, mark.column + 1)
        snippet = self._document.snippet(place, length)
        self._found.setdefault((code, place), Diagnostic(code, message, hint=hint, place=place, snippet=snippet))

    @property
    def problems(self) -> list[Diagnostic]:
        """What was found, in the order it was found."""
        return list(self._found.values())


class NodeReader:
    """Reads the nodes of one text; `report` takes what is wrong."""

    def __init__(self, text: str, report: Report) -> None:
        self.text = text
        self.report = report
        self.anchors: dict[str, Node] = {}

    def read(self) -> Node | None:
        """The root node, or None when there is none to go on with."""
        if match := _UNPRINTABLE.search(self.text):
            before = lines_of(self.text[: match.start()])
            mark = _mark(len(before) - 1, len(before[-1]))
            self.report("GP102", f"control character U+{ord(match.group()):04X}", mark, hint="remove it")
            return None
        try:
            root = self._read_events(_Loader(self.text))
        except yaml.MarkedYAMLError as error:
            self._refuse(error)
        except yaml.YAMLError:
            self.report("GP102", "not text that YAML can hold", _mark(0, 0), hint="save the file as plain UTF-8 text")
        else:
            if root is None and not self.report.problems:
                self.report("GP102", EMPTY[0], _mark(0, 0), hint=EMPTY[1])
            return root
        return None

    def _refuse(self, error: yaml.MarkedYAMLError) -> None:
        """Reports a syntax error, or the depth that made the parser give up.

        libyaml 0.2.6 refuses 1,000 levels of brackets. It looks 1,024 characters ahead for the end of a key, so it may
        get there before it has passed on the events of the first 33. PyYAML's own parser has no such limit.
        """
        mark: Any = error.problem_mark
        ahead = self.text[max(0, mark.index - _LOOKAHEAD) : mark.index] if mark else ""
        if ahead.count("[") + ahead.count("{") > MAX_DEPTH:
            try:
                if deep := _first_too_deep(self.text):
                    self._report_depth(deep)
                    return
            except yaml.MarkedYAMLError as later:
                error = max(error, later, key=_place)
        found = explain(error, self.text)
        self.report("GP102", found.message, found.mark, hint=found.hint)

    def _report_depth(self, mark: Any) -> None:
        self.report("GP105", f"nested more than {MAX_DEPTH} levels deep", mark)

    def _read_events(self, loader: Any) -> Node | None:
        open_nodes: list[Node] = []
        root: Node | None = None
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
                self._report_depth(event.start_mark)
                return None
        return root

    def _node(self, event: Any, loader: Any) -> Node:
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
            node = Node(kind, event.start_mark, event.end_mark, complete=False)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        name, target = event.anchor, self.anchors.get(event.anchor)
        if target is None:
            hint = f"set it with `&{name}` further up, or quote text that starts with `*`"
            self.report("GP102", f"`*{name}` names no anchor", event.start_mark, length=len(name) + 1, hint=hint)
        elif not target.complete:
            self.report("GP104", f"`*{name}` contains itself", event.start_mark, length=len(name) + 1)
        else:
            return target
        return Node("scalar", event.start_mark, event.end_mark, value="")

    def _scalar(self, event: Any, loader: Any) -> Node:
        plain = event.style is None or event.style == ""
        node = Node("scalar", event.start_mark, event.end_mark, value=event.value, text=event.value)
        if not plain or event.tag is not None:
            return node
        node.written = event.value
        tag = loader.resolve(yaml.ScalarNode, event.value, (True, False)).removeprefix(_TAG)
        node.merge = tag == "merge"
        node.value = _construct(tag, event.value, loader)
        return node


def _first_too_deep(text: str) -> Any:
    """Where the first list or mapping below `MAX_DEPTH` levels starts, or None; raises a syntax error before it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return event.start_mark
    return None


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


def node_length(node: Node) -> int:
    """Characters of the node on its first line; a block mapping or list counts as one."""
    if node.start.line == node.end.line:
        return max(1, int(node.end.column - node.start.column))
    return max(1, len(node.text)) if node.written else 1


def _place(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.index if error.problem_mark else 0


def _mark(line: int, column: int) -> Any:
    return yaml.Mark("", 0, line, column, None, 0)
