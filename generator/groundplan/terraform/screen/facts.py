"""What one file says, wherever it is called from: dangers, sources of modules, and files that are read."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import normalize

from groundplan.diagnostics import Diagnostic, Place
from groundplan.hcl import strict, strict_json
from groundplan.hcl.strict import Block, Source, UncertainError
from groundplan.terraform.screen.dangers import danger, danger_in_json
from groundplan.terraform.screen.findings import RUNS, UNREADABLE, finding
from groundplan.terraform.screen.paths import Reach, reach

_HASHES = ("md5", "sha1", "sha256", "sha512", "base64", "base64sha256", "base64sha512")
READERS = frozenset({"file", "fileexists", "fileset", "templatefile", *(f"file{name}" for name in _HASHES)})
"""The functions that read files: https://developer.hashicorp.com/terraform/language/functions."""
_WATCHED = READERS | {"templatestring"}

_READS = re.compile(r"(?<![A-Za-z_])(?:file|template(?:file|string)\b)", re.ASCII)
_OVERRIDE = re.compile(r"(?:.*_)?override\.tf(?:\.json)?", re.DOTALL)
_EXPRESSIONS = frozenset({"import", "moved", "removed", "lifecycle", "depends_on", "provider", "providers"})
"""Keys below which a string of JSON may be an expression without `${`."""


class Kind(NamedTuple):
    """How Terraform reads a file, which the name it finds decides: that of a link, not of what it leads to."""

    json: bool
    override: bool

    @classmethod
    def of(cls, name: str) -> Kind:
        """That of a name."""
        return cls(name.endswith(".json"), _OVERRIDE.fullmatch(name.rpartition("/")[2]) is not None)


@dataclass(frozen=True, slots=True)
class Read:
    """A call of a function that reads a file, and the path, or why that is not certain."""

    function: str
    reach: Reach | str
    place: Place


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """Where a module is called from: its source if it is a plain string, and who calls, as messages say it.

    Terraform joins marks to the letters before them (NFC), and so is the text.
    """

    caller: str
    text: str | None
    place: Place


@dataclass(slots=True)
class Facts:
    """What a file says."""

    found: list[Diagnostic] = field(default_factory=list)
    sources: list[ModuleSource] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)


def read_facts(text: str, name: str, kind: Kind) -> Facts:
    """The facts of a file of configuration; places name it."""
    reader = _Reader(text, name, override=kind.override)
    reader.guarded(reader.json if kind.json else reader.native)
    return reader.facts


def facts_of_template(text: str, name: str) -> Facts:
    """The facts of a file that `templatefile` evaluates, with values under any name."""
    if _READS.search(text) is None:
        return Facts()
    reader = _Reader(text, name, override=False)
    reader.guarded(reader.template)
    return reader.facts


class _Reader:
    def __init__(self, text: str, name: str, *, override: bool) -> None:
        self.facts = Facts()
        self._text, self._name, self._override = text, name, override
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def guarded(self, read: Callable[[], None]) -> None:
        """Reads; a text that is not certain is a finding of its own."""
        try:
            read()
        except UncertainError as refused:
            self._refuse(refused, self._place(refused.offset))

    def native(self) -> None:
        source = strict.read(self._text)
        for block in source.body.blocks:
            self._block(block, ())
        self._calls(source, trusted=not _binds_path(source))

    def template(self) -> None:
        self._calls(strict.read_template(self._text), trusted=False)

    def json(self) -> None:
        values = strict_json.read(self._text)
        trusted = not any(_iterates_as_path(value) for value in values)
        dangers: dict[tuple[str, ...], int] = {}
        for value in values:
            if value.kind in ("object", "list"):
                dangers.setdefault(value.path, value.offset)
            elif value.kind == "string" and (caller := _caller(value.path)):
                plain = None if "${" in value.text or "%{" in value.text else normalize("NFC", value.text)
                self.facts.sources.append(ModuleSource(caller, plain, self._place(value.offset)))
            if value.text and _READS.search(value.text):
                self._json_text(value, trusted=trusted)
        for path, offset in dangers.items():
            self._danger(danger_in_json(path, override=self._override), offset)

    def _json_text(self, value: strict_json.Value, *, trusted: bool) -> None:
        """A string or key in JSON: a template, and in a few places an expression."""
        place = self._place(value.offset)
        try:
            if "${" in value.text or "%{" in value.text:
                source = strict.read_template(value.text)
                self._calls(source, trusted=trusted and not _binds_path(source), place=place)
            elif _EXPRESSIONS.intersection(value.path):
                self._calls(strict.read_expression(value.text), trusted=trusted, place=place)
        except UncertainError as refused:
            self._refuse(refused, place)

    def _block(self, block: Block, above: tuple[str, ...]) -> None:
        types = (*above, block.type)
        self._danger(danger(types, block.labels, override=self._override), block.offset)
        if block.type in ("module", "mock_provider"):
            caller = " ".join((block.type, *block.labels))
            self.facts.sources += [
                ModuleSource(caller, strict.literal(attribute.tokens), self._place(attribute.offset))
                for attribute in block.attributes
                if attribute.name == "source"
            ]
        for inner in block.blocks:
            self._block(inner, types)

    def _danger(self, message: str | None, offset: int) -> None:
        if message:
            self.facts.found.append(finding(RUNS, message, self._place(offset)))

    def _calls(self, source: Source, *, trusted: bool, place: Place | None = None) -> None:
        self.facts.reads += [
            Read(call.name, reach(call, trusted=trusted), place or self._place(call.offset))
            for call in source.calls
            if call.name in _WATCHED
        ]

    def _refuse(self, refused: UncertainError, place: Place) -> None:
        message = f"cannot be read exactly as Terraform reads it: {refused.reason}"
        self.facts.found.append(finding(UNREADABLE, message, place))

    def _place(self, offset: int) -> Place:
        line = bisect.bisect_right(self._lines, offset)
        return Place(self._name, line, offset - self._lines[line - 1] + 1)


def _caller(path: Sequence[str]) -> str | None:
    """Who calls a module by the string that these keys lead to, also in a run of a test."""
    if path[-1:] != ("source",):
        return None
    if len(path) == 3 and path[0] in ("module", "mock_provider"):
        return f"{path[0]} {path[1]}"
    return "module" if path[0] == "run" and path[-2] == "module" else None


def _binds_path(source: Source) -> bool:
    """Whether `path` may mean something else somewhere in the file."""
    return "path" in source.bound or any(_iterates(block) for block in source.body.blocks)


def _iterates(block: Block) -> bool:
    iterators = (a for a in block.attributes if block.type == "dynamic" and a.name == "iterator")
    return any(t.text == "path" for a in iterators for t in a.tokens) or any(_iterates(b) for b in block.blocks)


def _iterates_as_path(value: strict_json.Value) -> bool:
    named = (
        value.path[-1:] == ("iterator",) and "path" in value.text
    )  # read as an expression, so blanks may stand there
    return named or value.path[-2:] == ("dynamic", "path")
