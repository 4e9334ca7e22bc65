"""The first wall: what Terraform would act on by itself is found in the text, before any Terraform starts.

Programs it would run, connections it would open, modules it would fetch, files it would read from elsewhere. A file
that cannot be read with certainty is refused: [why](../../../docs/security.md).
"""

from __future__ import annotations

import bisect
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.diagnostics import Diagnostic, Place
from groundplan.hcl import strict, strict_json
from groundplan.hcl.strict import Block, Call, Source, UncertainError
from groundplan.reading import MIB, UnreadableError, read_regular

MAX_MODULE_CALLS = 2_000
"""Modules that a root may call in all, those they call included: a rendered root has about 20."""
_FILE_LIMIT_BYTES = 4 * MIB

_HASHES = ("md5", "sha1", "sha256", "sha512", "base64", "base64sha256", "base64sha512")
READERS = frozenset({"file", "fileexists", "fileset", "templatefile", *(f"file{name}" for name in _HASHES)})
"""The functions that read files."""
_WATCHED = READERS | {"templatestring"}

_NATIVE = (".tf", ".tftest.hcl", ".tfmock.hcl")
_JSON = (".tf.json", ".tftest.json", ".tfmock.json")
_TOFU = (".tofu", ".tofu.json", ".tofutest.hcl", ".tofutest.json")
_SUSPECT = re.compile(
    r"\\[uU]|provisioner|connection|cloud|remote_state|key_provider|encryption|state_store|\bmethod\b|\bmodule\b"
    r"|\bmock_provider\b|\bfile|\btemplate(?:file|string)\b|^\W*action\b",
    re.MULTILINE,
)
"""Without one of these words in its text a file holds nothing that is looked for."""
_SUSPECT_IN_OVERRIDE = re.compile(rf"{_SUSPECT.pattern}|backend", re.MULTILINE)
_SUSPECT_IN_TEMPLATE = re.compile(r"\bfile|\btemplate(?:file|string)\b")
_OVERRIDE = re.compile(r"(?:.*_)?override\.tf(?:\.json)?", re.DOTALL)
_PATTERN = re.compile(r"(?:[\w.*?/ -]|\{\w[\w-]*(?:,\w[\w-]*)*\})*", re.ASCII)

_RUNS = "GP909"
_MODULE = "GP906"
_READS = "GP910"
_UNREADABLE = "GP503"
_TOO_MUCH = "GP105"

_HINTS = {
    _RUNS: "nothing that is checked may do that; take it out, or look values up with data sources",
    _MODULE: "keep a copy of the module in the folder and call it by a relative path",
    _READS: 'write "${path.module}/folder/file", or "${path.module}/folder/${basename(name)}" for a name that varies',
    _UNREADABLE: "write it so that every reader of HCL reads the same: `terraform fmt` and `terraform validate` help",
    _TOO_MUCH: f"call fewer modules: at most {MAX_MODULE_CALLS:,} in all from one root",
}


def screen(folder: Path) -> tuple[Diagnostic, ...]:
    """One error for each thing in the folder that Terraform would act on; places are relative to the folder.

    `folder` is a private copy that holds regular files, folders, and links that stay inside.
    """
    return _Screen(folder).run()


@dataclass(frozen=True, slots=True)
class _Module:
    """A call of a module by a local path: the folder it is called from, where, and the folder called."""

    caller: str
    place: Place
    targets: tuple[str, ...]


@dataclass(slots=True)
class _File:
    """A file under examination; places are made only when something is found."""

    name: str
    text: str
    override: bool = False
    _breaks: list[int] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.name)

    def place(self, offset: int) -> Place:
        if not self._breaks:
            self._breaks = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect.bisect_right(self._breaks, offset)
        return Place(self.name, line, offset - self._breaks[line - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Target:
    """A path that is inside the folder: of the module's folder, or of any root's, and what varies in its last part."""

    of_root: bool
    folder: str
    prefix: str
    suffix: str | None = None

    @property
    def varies(self) -> bool:
        return self.suffix is not None


class _Screen:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: list[Diagnostic] = []
        self._modules: list[_Module] = []
        self._templates: dict[str, None] = {}
        self._folders: list[str] = []
        self._has_links = False

    def run(self) -> tuple[Diagnostic, ...]:
        for name in self._files():
            self._file(name)
        for name in list(self._templates):
            self._template(name)
        self._graph()
        return tuple(dict.fromkeys(sorted(self._found, key=lambda d: (d.place or Place("", 0), d.code, d.message))))

    # files

    def _files(self) -> list[str]:
        """Every file that Terraform or OpenTofu could read as configuration."""
        names = []
        for parent, folders, files in os.walk(self._folder):
            relative = Path(parent).relative_to(self._folder).as_posix()
            inside = "" if relative == "." else f"{relative}/"
            folders.sort()
            self._has_links |= any(os.path.islink(os.path.join(parent, name)) for name in folders)  # noqa: PTH114, PTH118
            if Path(parent).name == "terraform.d" and files:
                self._add(_RUNS, "programs in `terraform.d` would be run as providers", Place(inside + min(files), 1))
            names += [inside + name for name in sorted(files) if not name.startswith(".")]
        self._folders = sorted({posixpath.dirname(name) for name in names if name.endswith((".tf", ".tf.json"))})
        return names

    def _file(self, name: str) -> None:
        if name.endswith(_TOFU):
            self._add(_RUNS, "OpenTofu would read this file in place of what is checked", Place(name, 1))
        elif name.endswith((*_NATIVE, *_JSON)):
            file = self._read(name)
            if file is not None:
                self._examine(file)

    def _read(self, name: str) -> _File | None:
        try:
            data = read_regular(self._folder / name, limit_bytes=_FILE_LIMIT_BYTES, within=self._folder)
            text = data.decode("utf-8")
        except UnreadableError as error:
            self._add("GP101", f"cannot read {name}: {error.reason}", Place(name, 1))
            return None
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._add(_UNREADABLE, "not UTF-8", Place(name, line))
            return None
        return _File(name, text, _OVERRIDE.fullmatch(posixpath.basename(name)) is not None)

    def _examine(self, file: _File) -> None:
        suspect = _SUSPECT_IN_OVERRIDE if file.override else _SUSPECT
        if suspect.search(file.text) is None:
            return
        try:
            if file.name.endswith(".json"):
                self._json(file)
            else:
                self._native(file)
        except UncertainError as refused:
            self._refuse(file, refused)

    def _refuse(self, file: _File, refused: UncertainError, place: Place | None = None) -> None:
        message = f"cannot be read with certainty: {refused.reason}"
        self._add(_UNREADABLE, message, place or file.place(refused.offset))

    def _add(self, code: str, message: str, place: Place) -> None:
        self._found.append(Diagnostic(code, message, hint=_HINTS.get(code), place=place))

    # blocks

    def _native(self, file: _File) -> None:
        source = strict.read(file.text)
        for block in source.body.blocks:
            self._block(file, block, ())
        for call in source.calls:
            if call.name in _WATCHED:
                self._call(file, call, file.place(call.offset), shadowed=_shadows(source))

    def _block(self, file: _File, block: Block, parents: tuple[str, ...]) -> None:
        message = _danger((*parents, block.type), block.labels, override=file.override)
        if message:
            self._add(_RUNS, message, file.place(block.offset))
        if block.type in ("module", "mock_provider"):
            for attribute in block.attributes:
                if attribute.name == "source":
                    self._source(file, block, strict.literal(attribute.tokens), file.place(attribute.offset))
        for inner in block.blocks:
            self._block(file, inner, (*parents, block.type))

    def _source(self, file: _File, block: Block, source: str | None, place: Place) -> None:
        """A module call's source, which must be a local path that stays in the folder."""
        name = f"module {block.labels[0]}" if block.type == "module" and block.labels else block.type
        if source is None:
            self._add(_MODULE, f"{name}: source is not a plain string", place)
        elif not source.startswith(("./", "../")) or not source.isprintable():
            self._add(_MODULE, f"{name}: source {source} is fetched when Terraform runs", place)
        else:
            targets = self._module_folders(file.folder, source)
            if file.name.endswith((".tftest.hcl", ".tftest.json")) and posixpath.basename(file.folder) == "tests":
                targets += self._module_folders(posixpath.dirname(file.folder), source)
            if None in targets:
                self._add(_MODULE, f"{name}: source {source} leaves the folder", place)
            elif block.type == "module" and file.name.endswith((".tf", ".tf.json")):
                self._modules.append(_Module(file.folder, place, tuple(dict.fromkeys(filter(None, targets)))))

    def _module_folders(self, folder: str, source: str) -> list[str | None]:
        """Where a source leads, read as text and by way of links; nothing for what is outside."""
        real = posixpath.relpath(os.path.realpath(self._folder / folder), os.path.realpath(self._folder))
        found: list[str | None] = []
        for start in dict.fromkeys((folder, "" if real == "." else real)):
            target = posixpath.normpath(posixpath.join(start, source))
            inside = not _leaves(target) and not any(part.startswith("~") for part in target.split("/"))
            at = os.path.realpath(self._folder / target) if inside else ""
            inside = inside and Path(at).is_relative_to(os.path.realpath(self._folder))
            found.append(("" if target == "." else target) if inside else None)
        return found

    # JSON

    def _json(self, file: _File) -> None:
        values = strict_json.read(file.text)
        shadowed = any(v.kind == "string" and v.path[-1:] == ("iterator",) and v.text == "path" for v in values)
        shadowed |= any(v.path[-2:] == ("dynamic", "path") for v in values)
        for value in values:
            if value.kind in ("object", "list"):
                self._json_block(file, value)
            elif value.kind == "string" and _is_source(value.path):
                block = Block(value.path[-3] if len(value.path) > 2 else "module", value.path[-2:-1], 0)
                block.type = "mock_provider" if "mock_provider" in value.path else "module"
                literal = None if "${" in value.text or "%{" in value.text else value.text
                self._source(file, block, literal, file.place(value.offset))
            if value.text and ("${" in value.text or "%{" in value.text):
                self._json_template(file, value, shadowed)

    def _json_block(self, file: _File, value: strict_json.Value) -> None:
        if value.kind == "list" and _is_source(value.path):
            return
        message = _json_danger(value.path, override=file.override)
        if message and not any(
            d.code == _RUNS and d.message == message and d.place == file.place(value.offset) for d in self._found
        ):
            self._add(_RUNS, message, file.place(value.offset))

    def _json_template(self, file: _File, value: strict_json.Value, shadowed: bool) -> None:
        if _SUSPECT_IN_TEMPLATE.search(value.text) is None:
            return
        place = file.place(value.offset)
        try:
            source = strict.read_template(value.text)
        except UncertainError as refused:
            self._refuse(file, refused, place)
            return
        for call in source.calls:
            if call.name in _WATCHED:
                self._call(file, call, place, shadowed=shadowed or _shadows(source))

    # functions

    def _call(self, file: _File, call: Call, place: Place, *, shadowed: bool, template: bool = False) -> None:
        target = None if call.name == "templatestring" else _target(file, call, template=template, shadowed=shadowed)
        if target is not None and (target.folder or target.prefix).startswith("..") and not target.of_root:
            target = None
        if target is None or (call.name == "fileset" and not _plain_pattern(call, target)):
            self._add(_READS, _reason(call), place)
        elif call.name == "templatefile":
            self._templates |= dict.fromkeys(self._targets(target))

    def _targets(self, target: _Target) -> Iterator[str]:
        """The files that a path can stand for."""
        for root in self._folders if target.of_root else [""]:
            folder = posixpath.normpath(posixpath.join(root, target.folder))
            if not target.varies:
                yield posixpath.normpath(posixpath.join(folder, target.prefix))
                continue
            here = self._folder / folder
            for name in sorted(path.name for path in here.iterdir()) if here.is_dir() else ():
                if name.startswith(target.prefix) and name.endswith(target.suffix or ""):
                    yield posixpath.normpath(posixpath.join(folder, name))
            yield posixpath.normpath(posixpath.join(folder, target.prefix, target.suffix or ""))

    def _template(self, name: str) -> None:
        """A file whose text `templatefile` evaluates; in it `path` may be anything."""
        if not (self._folder / name).is_file():
            return
        file = self._read(name)
        if file is None or _SUSPECT_IN_TEMPLATE.search(file.text) is None:
            return
        try:
            source = strict.read_template(file.text)
        except UncertainError as refused:
            self._refuse(file, refused)
            return
        for call in source.calls:
            if call.name in _WATCHED:
                self._call(file, call, file.place(call.offset), shadowed=True, template=True)

    # calls of modules

    def _graph(self) -> None:
        """Reports modules that call each other in a circle, and folders from which too many are called."""
        calls: dict[str, list[_Module]] = {}
        for module in self._modules:
            calls.setdefault(module.caller, []).append(module)
        counts: dict[str, int | None] = {}
        for folder in calls:
            self._count(folder, calls, counts)

    def _count(self, start: str, calls: dict[str, list[_Module]], counts: dict[str, int | None]) -> None:
        """How many modules are called from a folder in all; None while that is being counted."""
        stack: list[tuple[str, Iterator[tuple[_Module, str]]]] = []

        def enter(folder: str) -> None:
            counts[folder] = None
            stack.append((folder, iter([(c, t) for c in calls.get(folder, ()) for t in c.targets])))

        if start not in counts:
            enter(start)
        while stack:
            folder, rest = stack[-1]
            for module, target in rest:
                if target not in counts:
                    enter(target)
                    break
                if counts[target] is None:
                    self._add(_TOO_MUCH, "modules call each other in a circle", module.place)
            else:
                stack.pop()
                below = [counts[t] or 0 for c in calls.get(folder, ()) for t in c.targets]
                counts[folder] = sum(below) + len(below)
                if max(below, default=0) <= MAX_MODULE_CALLS < (counts[folder] or 0):
                    place = calls[folder][0].place
                    self._add(_TOO_MUCH, f"{counts[folder]:,} modules are called in all", place)


def _danger(  # noqa: PLR0911 a list
    types: Sequence[str], labels: Sequence[str], *, override: bool
) -> str | None:
    """What Terraform would do because of a block, by the types it is nested in and its own."""
    kind, inside = types[-1], types[-2] if len(types) > 1 else ""
    if kind == "data" and labels[:1] == ("terraform_remote_state",):
        return "terraform_remote_state would connect to a backend, which may run programs"
    if kind == "provisioner":
        return f"provisioner {labels[0]} would run" if labels else "a provisioner would run"
    if kind == "connection" and inside in ("resource", "removed", "provisioner"):
        return "a connection would be opened"
    if inside == "terraform":
        return _danger_in_settings(kind, override=override)
    if kind in ("key_provider", "method") and "encryption" in types:
        return "encryption would run a program for its keys"
    if kind == "action" and len(types) == 1:
        return "an action would be run by its provider, outside what a plan shows"
    return None


def _danger_in_settings(kind: str, *, override: bool) -> str | None:
    if kind in ("cloud", "state_store"):
        return f"a {kind} block would connect to where the state is"
    if kind == "backend" and override:
        return "a backend in an override file takes the place of the one the check uses"
    if kind == "encryption":
        return "encryption would run a program for its keys"
    return None


def _json_danger(path: Sequence[str], *, override: bool) -> str | None:
    """The same for a value of a JSON file, by the keys that lead to it."""
    if not path:
        return None
    if path[-1] == "terraform_remote_state":
        return _danger(("data",), ("terraform_remote_state",), override=override)
    if path[-1] == "provisioner":
        return _danger(("provisioner",), (), override=override)
    if path[-1] == "connection" and (len(path) in (2, 4)):
        return _danger((path[0], "connection"), (), override=override)
    if len(path) == 2 and path[0] == "terraform":
        return _danger(path, (), override=override)
    return _danger(("action",), (), override=override) if tuple(path) == ("action",) else None


def _is_source(path: tuple[str, ...]) -> bool:
    """Whether keys lead to the source of a module call, also to that of a run of a test."""
    if path[-1:] != ("source",):
        return False
    return (len(path) == 3 and path[0] in ("module", "mock_provider")) or (
        path[:1] == ("run",) and path[-2:-1] == ("module",)
    )


def _shadows(source: Source) -> bool:
    """Whether `path` may mean something else somewhere in the file."""
    return "path" in source.bound or any(_iterates_as_path(block) for block in source.body.blocks)


def _iterates_as_path(block: Block) -> bool:
    if block.type == "dynamic":
        for attribute in block.attributes:
            if attribute.name == "iterator" and any(token.text == "path" for token in attribute.tokens):
                return True
    return any(_iterates_as_path(inner) for inner in block.blocks)


def _target(file: _File, call: Call, *, template: bool, shadowed: bool) -> _Target | None:
    """The path that a function reads if it certainly lies in the folder."""
    tokens = call.arguments[0] if call.arguments else []
    tokens = [token for token in tokens if token.kind != "nl"]
    if len(tokens) != 1 or tokens[0].kind != "str":
        return None
    parts = list(tokens[0].parts)
    of_root, base = True, ""
    if parts and isinstance(parts[0], strict.Sequence):
        words = [token.text for token in parts[0].tokens if token.kind not in ("nl", "end")]
        if words not in (["path", ".", "module"], ["path", ".", "root"], ["path", ".", "cwd"]) or template or shadowed:
            return None
        of_root = words[2] != "module"
        base = "" if of_root else file.folder
        parts = parts[1:]
        if parts and not (isinstance(parts[0], str) and parts[0].startswith("/")):
            return None
        if parts:
            parts[0] = "." + str(parts[0])
    elif not parts or str(parts[0]).startswith(("/", "~")):
        return None
    return _located(base, parts, of_root=of_root)


def _located(base: str, parts: list[str | strict.Sequence], *, of_root: bool) -> _Target | None:
    """The path made of a folder and parts, of which one in the last segment may be `${basename(…)}`."""
    varying = [index for index, part in enumerate(parts) if isinstance(part, strict.Sequence)]
    if len(varying) > 1:
        return None
    cut = varying[0] if varying else len(parts)
    before = "".join(str(part) for part in parts[:cut])
    after = "".join(str(part) for part in parts[cut + 1 :]) if varying else None
    if not all(text.isprintable() for text in (before, after or "")):
        return None
    folder, _, prefix = before.rpartition("/")
    if varying and (not _is_basename(parts[cut]) or "/" in (after or "") or prefix == ".."):
        return None
    if not varying:
        folder, prefix = before, ""
    folder = posixpath.normpath(posixpath.join(base, folder or "."))
    return None if _leaves(folder) else _Target(of_root, folder, prefix, after)


def _is_basename(part: object) -> bool:
    """Whether a sequence is one call of `basename` and nothing else."""
    if not isinstance(part, strict.Sequence) or part.control:
        return False
    words = [token for token in part.tokens if token.kind not in ("nl", "end")]
    if len(words) < 4 or words[0].text != "basename" or words[1].text != "(":
        return False
    depth = 0
    for index, token in enumerate(words):
        depth += (token.kind == "op") * ((token.text in "([{") - (token.text in ")]}"))
        if depth == 0 and index > 0:
            return index == len(words) - 1
    return False


def _plain_pattern(call: Call, target: _Target) -> bool:
    """Whether a `fileset` looks in one folder and below it only."""
    pattern = strict.literal(call.arguments[1]) if len(call.arguments) == 2 else None
    if target.varies or pattern is None or _PATTERN.fullmatch(pattern) is None:
        return False
    return not pattern.startswith("/") and ".." not in pattern.split("/")


def _reason(call: Call) -> str:
    if call.name == "templatestring":
        return "templatestring evaluates a text that nobody has seen"
    return f"{call.name} may read a file outside the folder"


def _leaves(path: str) -> bool:
    return path == ".." or path.startswith(("../", "/"))
