"""One YAML file to values with places: everything that is wrong with the text itself, in one pass."""

from __future__ import annotations

from typing import Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet, bounded
from groundplan.spec.document import Document, KeyPlace, Path, Timestamp, dotted, lines_of
from groundplan.spec.yaml_nodes import EMPTY, MAX_DEPTH, Node, NodeReader, Report, node_length

MAX_VALUES = 10_000
"""Values after aliases are expanded; the largest spec that the model accepts stays far below."""

MOST_PROBLEMS = 200
"""Of a text that are listed."""

_COMPLETE = ("GP103", "GP205")
"""Problems that leave every value readable: the file can be checked further."""


def decode(data: bytes, file: str) -> str:
    """The text of a UTF-8 file without its byte order mark; raises `DiagnosticsError` for anything else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = lines_of(data[: error.start].decode("utf-8-sig"))
        after = lines_of(data[error.start :].decode("utf-8", errors="replace"))
        place, snippet = Place(file, len(before), len(before[-1]) + 1), Snippet(before[-1] + after[0])
        message, hint = f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        raise DiagnosticsError([Diagnostic("GP102", message, hint=hint, place=place, snippet=snippet)]) from None
    return text


def parse_yaml(text: str, file: str) -> Document:
    """Values and places of one file; raises `DiagnosticsError` with all that is wrong if values are lost by it."""
    report = Report(text, file)
    root = NodeReader(text, report).read()
    expansion = _Expansion(report)
    values = expansion.root(root) if root is not None else {}
    if any(problem.code not in _COMPLETE for problem in report.problems):
        raise DiagnosticsError(bounded(report.problems, MOST_PROBLEMS))
    return Document(file, values, expansion.places, {file: text}, tuple(report.problems))


def read_as(value: object) -> str:
    """What YAML took a scalar for, in words: `the number 1.3`, `false`, `nothing`, `a date`, `text`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "a date" if isinstance(value, Timestamp) else "text"


class _TooManyValuesError(Exception):
    pass


class _Expansion:
    """Nodes to values: aliases and merge keys expanded, every key and item given its place."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.places: dict[Path, KeyPlace] = {}
        self.count = 0
        self.top_key: Node | None = None

    def root(self, root: Node) -> dict[str, Any]:
        if root.kind != "mapping":
            if root.value is None and root.kind == "scalar":
                self.report("GP102", EMPTY[0], root.start, hint=EMPTY[1])
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
            self.report("GP105", message, where.start, length=node_length(where), hint=hint)
            return {}

    def _expand(self, node: Node, path: Path) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
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

    def _mapping(self, node: Node, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        keys: dict[str, Node] = {}
        merged: list[tuple[Node, Node]] = []
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
                self.report("GP103", f"`{key.text}` given twice{where}", key.start, length=node_length(key), hint=hint)
        return values

    def _merged_pairs(self, value: Node, depth: int = 1) -> list[tuple[Node, Node]]:
        sources = value.items if value.kind == "list" else [value]
        pairs: list[tuple[Node, Node]] = []
        for source in sources:
            if source.kind != "mapping":
                self.report("GP104", "`<<` takes an alias of a mapping", source.start, length=node_length(source))
                continue
            self.count += len(source.items)
            if self.count > MAX_VALUES or depth > MAX_DEPTH:
                raise _TooManyValuesError
            own = list(zip(source.items[::2], source.items[1::2], strict=False))
            pairs += [pair for pair in own if not pair[0].merge]
            for key, inner in own:
                if key.merge:
                    pairs += self._merged_pairs(inner, depth + 1)
        return pairs

    def _key_is_text(self, key: Node, path: Path) -> bool:
        if key.kind != "scalar":
            self.report("GP104", "a list or mapping as a key", key.start, hint="keys are single words")
            return False
        if not isinstance(key.value, str):
            hint = f'write "{key.text}" in quotes' if key.text else "write a name before the `:`"
            message = f"key `{key.text}` is read as {read_as(key.value)}, not as text"
            self.report("GP205", message, key.start, length=node_length(key), hint=hint)
        return True

    def _remember(self, path: Path, key: Node, value: Node) -> None:
        self.places[path] = KeyPlace(
            key=Place(self.report.file, key.start.line + 1, key.start.column + 1),
            key_length=node_length(key),
            value=Place(self.report.file, value.start.line + 1, value.start.column + 1),
            value_length=node_length(value),
            written=value.written,
        )
