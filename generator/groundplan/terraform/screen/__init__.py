"""The first wall: what Terraform would act on by itself is found in the text, before any Terraform starts.

Programs it would run, connections it would open, modules it would fetch, files it would read from elsewhere. A file
that cannot be read exactly as Terraform reads it is refused: docs/security.md.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.reading import MIB, UnreadableError, is_file, read_regular, size
from groundplan.terraform.screen.calls import Call, refused_calls
from groundplan.terraform.screen.facts import Facts, Kind, ModuleSource, facts_of_template, read_facts
from groundplan.terraform.screen.findings import MODULE, READS, RUNS, TOO_MUCH, UNREADABLE, finding
from groundplan.terraform.screen.folder import Listing, list_files
from groundplan.terraform.screen.paths import Reach, candidates, inside, leaves

_FILE_LIMIT_BYTES = 4 * MIB
_TOTAL_LIMIT_BYTES = 8 * MIB
"""Of source: a rendered environment has a third of a MiB, and one takes half a second."""
_MOST_FINDINGS = 1_000
_MOST_STEPS = 200_000

_NATIVE = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl")
_JSON = (".tf.json", ".tfvars.json", ".tftest.json", ".tfmock.json")
_MODULE_FILES = (".tf", ".tf.json")
_TEST_FILES = (".tftest.hcl", ".tftest.json")
_TOFU = (".tofu", ".tofu.json", ".tofutest.hcl", ".tofutest.json")


Known = dict[tuple[str, str, Kind], Facts]
"""What texts say, by text, name and kind."""


def screen(folder: Path, known: Known | None = None) -> tuple[Diagnostic, ...]:
    """One error for each thing in the folder that Terraform would act on; places are relative to the folder.

    `folder` is a private copy that holds regular files, folders, and links that stay inside. A text that is `known`,
    from another folder, is not read again.
    """
    run = _Screen(folder, list_files(folder), {} if known is None else known)
    try:
        run.files()
        run.templates()
    except DiagnosticsError as error:
        return error.diagnostics
    return run.found()


@dataclass(slots=True)
class _Screen:
    folder: Path
    listing: Listing
    known: Known
    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _facts: dict[tuple[str, Kind], Facts] = field(default_factory=dict)
    _calls: list[Call] = field(default_factory=list)
    _templates: dict[str, None] = field(default_factory=dict)
    _bytes: int = 0
    _steps: int = 0

    def found(self) -> tuple[Diagnostic, ...]:
        """Every finding once, by place."""
        self._add(*refused_calls(self._calls))
        return tuple(sorted(self._found, key=lambda d: (d.place or Place("", 0), d.code, d.message))[:_MOST_FINDINGS])

    def files(self) -> None:
        """What the files that Terraform or OpenTofu would read as configuration say."""
        self._add(*self.listing.refused)
        for name, real in self.listing.files.items():
            if name.endswith(_TOFU):
                self._add(finding(RUNS, "OpenTofu reads this file in place of what is checked", Place(real, 1)))
            elif name.endswith((*_NATIVE, *_JSON)):
                self._file(name, real)

    def templates(self) -> None:
        """The texts that `templatefile` evaluates; in them `path` may be anything."""
        for name in list(self._templates):
            real = self.listing.files.get(name, name)
            text = self._read(real) if is_file(self.folder / name) else None
            if text is not None:
                facts = facts_of_template(text, real)
                self._charge(facts, text, real)
                self._judge(facts, posixpath.dirname(name))

    def _file(self, name: str, real: str) -> None:
        """A file as the folder has it under one name; its facts are read once, however many links lead to it."""
        kind = Kind.of(name)
        facts = self._facts.get((real, kind))
        if facts is None:
            text = self._read(real)
            facts = self._facts[real, kind] = Facts() if text is None else self._read_facts(text, real, kind)
            self._charge(facts, text or "", real)
        self._judge(facts, posixpath.dirname(name))
        for source in facts.sources:
            self._step(1, source.place)
            self._source(name, source)

    def _read_facts(self, text: str, name: str, kind: Kind) -> Facts:
        found = self.known.get((text, name, kind))
        if found is None:
            found = self.known[text, name, kind] = read_facts(text, name, kind)
        return found

    def _step(self, count: int, place: Place) -> None:
        """Counts what is asked for each name of a file: many links to a file of many calls would take hours."""
        self._steps += count
        if self._steps > _MOST_STEPS:
            raise DiagnosticsError([finding(TOO_MUCH, "too many calls that read files or modules", place)])

    def _charge(self, facts: Facts, text: str, name: str) -> None:
        """Takes over what is wrong with a text, and counts it."""
        self._add(*facts.found)
        self._bytes += len(text)
        if self._bytes > _TOTAL_LIMIT_BYTES:
            message = f"more than {size(_TOTAL_LIMIT_BYTES)} of Terraform source to read"
            raise DiagnosticsError([finding(TOO_MUCH, message, Place(name, 1))])

    def _read(self, name: str) -> str | None:
        try:
            data = read_regular(self.folder / name, limit_bytes=_FILE_LIMIT_BYTES, within=self.folder)
            return data.decode("utf-8")
        except UnreadableError as error:
            self._add(finding("GP101", f"cannot read {name}: {error.reason}", Place(name, 1)))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._add(finding(UNREADABLE, "cannot be read exactly as Terraform reads it: not UTF-8", Place(name, line)))
        return None

    def _judge(self, facts: Facts, folder: str) -> None:
        """Whether every file that is read lies inside, seen from a folder that the facts' file is in."""
        for read in facts.reads:
            self._step(1, read.place)
            target = inside(read.reach, folder) if isinstance(read.reach, Reach) else None
            if target is None or (read.function == "fileset" and target.varies):
                why = read.reach if isinstance(read.reach, str) else "the path may lead out of the folder"
                self._add(finding(READS, f"{read.function}: {why}", read.place))
            elif read.function == "templatefile":
                for root in self.listing.module_folders if target.of_root else ("",):
                    found = candidates(self.folder, root, target)
                    self._step(len(found) + target.varies * 100, read.place)
                    self._templates |= dict.fromkeys(found)

    def _source(self, name: str, source: ModuleSource) -> None:
        """A module call's source, which must be a local path that stays in the folder."""
        if source.text is None:
            self._add(finding(MODULE, f"{source.caller}: source is not a plain string", source.place))
        elif not source.text.startswith(("./", "../")) or not source.text.isprintable():
            shown = source.text if source.text.isprintable() else ascii(source.text)
            self._add(finding(MODULE, f"{source.caller}: source {shown} is fetched when Terraform runs", source.place))
        else:
            targets = [self._target(folder, source.text) for folder in _callers(name)]
            if None in targets:
                message = f"{source.caller}: source {source.text} leaves the folder"
                self._add(finding(MODULE, message, source.place))
            elif name.endswith(_MODULE_FILES):
                called = tuple(dict.fromkeys(t for target in targets if target for t in target))
                self._calls.append(Call(posixpath.dirname(name), called, source.place))

    def _target(self, folder: str, source: str) -> tuple[str, ...] | None:
        """The folder that a source leads to, as text and with links resolved; nothing if that is outside.

        A path that begins with `~` would be a home folder to Terraform's functions, in `${path.module}`.
        """
        target = posixpath.normpath(posixpath.join(folder, source))
        if leaves(target) or any(part.startswith("~") for part in target.split("/")):
            return None
        real = self.listing.real(target)
        return None if real is None else tuple(dict.fromkeys(["" if target == "." else target, real]))

    def _add(self, *found: Diagnostic) -> None:
        self._found |= dict.fromkeys(found)


def _callers(name: str) -> Iterator[str]:
    """The folders from which Terraform resolves the sources that a file names: those of tests stand in a sub-folder."""
    yield posixpath.dirname(name)
    if name.endswith(_TEST_FILES) and "/" in name:
        yield posixpath.dirname(posixpath.dirname(name))
