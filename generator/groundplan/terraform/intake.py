"""A folder that came with a pull request, taken in: a private copy, of bounded size, of what is in it.

Everything that looks at an untrusted folder looks at this copy: no pipe or device to wait for, no link that leads
out, nothing that changes or grows meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.reading import MIB, UnreadableError, read_regular, size

MAX_ENTRIES = 20_000
MAX_DEPTH = 64
MAX_NAME_BYTES = 200
MAX_SOURCE_BYTES, MAX_SOURCES_BYTES = 2 * MIB, 8 * MIB
"""Of one file of Terraform, and of all: a rendered environment has a third of a mebibyte."""
MAX_OTHER_BYTES, MAX_OTHERS_BYTES = 16 * MIB, 256 * MIB
"""Of what lies beside the source; what is larger is left out, and the report says so."""

IGNORED = frozenset({"__pycache__", "node_modules"})
SOURCE = (".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tofu", ".tofu.json", ".hcl")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of the folder that is not in the copy."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The copy, and what of the folder is not in it; places and names are relative to the folder."""

    top: Path
    problems: tuple[Diagnostic, ...]
    left_out: tuple[LeftOut, ...]


def take_in(folder: Path, top: Path) -> Intake:
    """Copies `folder` to `top`, which must not be there yet.

    Hidden folders (`.terraform`, `.git`) stay behind: Terraform is run without them, and nothing reads them. A link
    stays a link when it leads to something inside the folder. Problems are GP101 for anything that is neither file nor
    folder, for links that lead out or nowhere and for what cannot be read, and GP105 for what is too large; raises
    DiagnosticsError (GP105) for a folder that is too large as a whole.
    """
    walk = _Walk(Path(os.path.realpath(folder)), top)
    walk.folder(Path(), 0)
    return Intake(top, tuple(walk.problems), tuple(walk.left_out))


@dataclass
class _Walk:
    origin: Path
    top: Path
    problems: list[Diagnostic] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    entries: int = 0
    source_bytes: int = 0
    other_bytes: int = 0

    def folder(self, name: Path, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _too_large(name, f"folders nested more than {MAX_DEPTH} deep")
        (self.top / name).mkdir()
        for entry in self._entries(name):
            inner = name / entry.name
            if not self._usable(inner):
                continue
            if entry.is_symlink():
                self._link(inner)
            elif entry.is_dir():
                if not entry.name.startswith(".") and entry.name not in IGNORED:
                    self.folder(inner, depth + 1)
            else:
                self._file(inner, entry.stat(follow_symlinks=False))

    def _entries(self, name: Path) -> Iterator[os.DirEntry[str]]:
        try:
            found = sorted(self._counted(name), key=lambda entry: entry.name)
        except OSError as error:
            self._problem("GP101", name, f"cannot read it: {(error.strerror or '').lower()}")
            return
        yield from found

    def _counted(self, name: Path) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.origin / name) as entries:
            for entry in entries:
                self.entries += 1
                if self.entries > MAX_ENTRIES:
                    raise _too_large(name, f"more than {MAX_ENTRIES:,} files")
                yield entry

    def _usable(self, name: Path) -> bool:
        """Whether the name is text of ordinary length: what sorts and shows names can rely on it."""
        if len(os.fsencode(name.name)) > MAX_NAME_BYTES:
            shortened = name.with_name(f"{name.name[:40]}…")
            self._problem("GP105", shortened, f"has a name of more than {MAX_NAME_BYTES} bytes")
        elif not name.name.isprintable():
            self._problem("GP101", name.with_name(ascii(name.name)), "has a name with characters that cannot be shown")
        else:
            return True
        return False

    def _link(self, name: Path) -> None:
        """Keeps a link that ends inside the folder, written so that it ends at the same place of the copy."""
        target = Path(os.path.realpath(self.origin / name))
        if not target.is_relative_to(self.origin):
            self._problem("GP101", name, "is a link that leads out of the folder")
        elif not target.exists():
            if not name.name.startswith("."):  # such as the locks of an editor
                self._problem("GP101", name, "is a link that leads nowhere")
        else:
            kept = os.path.relpath(self.top / target.relative_to(self.origin), (self.top / name).parent)
            (self.top / name).symlink_to(kept)

    def _file(self, name: Path, about: os.stat_result) -> None:
        if not stat.S_ISREG(about.st_mode):
            self._problem("GP101", name, "is neither a file nor a folder")
        elif not name.name.endswith(SOURCE):
            self._other(name, about.st_size)
        elif about.st_size > MAX_SOURCE_BYTES:
            self._problem("GP105", name, f"is larger than {size(MAX_SOURCE_BYTES)}")
        elif self.source_bytes + about.st_size > MAX_SOURCES_BYTES:
            raise _too_large(name, f"more than {size(MAX_SOURCES_BYTES)} of Terraform in all")
        else:
            self.source_bytes += self._copy(name, MAX_SOURCE_BYTES)

    def _other(self, name: Path, file_bytes: int) -> None:
        """A file beside the source, which is left out where it does not fit."""
        if file_bytes > MAX_OTHER_BYTES:
            self.left_out.append(LeftOut(name.as_posix(), f"it is larger than {size(MAX_OTHER_BYTES)}"))
        elif self.other_bytes + file_bytes > MAX_OTHERS_BYTES:
            self.left_out.append(LeftOut(name.as_posix(), f"the folder holds more than {size(MAX_OTHERS_BYTES)}"))
        else:
            self.other_bytes += self._copy(name, MAX_OTHER_BYTES)

    def _copy(self, name: Path, limit_bytes: int) -> int:
        try:
            content = read_regular(self.origin / name, limit_bytes=limit_bytes, within=self.origin)
        except UnreadableError as error:
            self._problem("GP101", name, f"cannot be read: {error.reason}")
            return 0
        return (self.top / name).write_bytes(content)

    def _problem(self, code: str, name: Path, message: str) -> None:
        self.problems.append(Diagnostic(code, f"{name.as_posix()} {message}", place=Place(name.as_posix(), 1)))


def _too_large(name: Path, what: str) -> DiagnosticsError:
    hint = "check the folder of one environment, or keep data elsewhere"
    return DiagnosticsError([Diagnostic("GP105", f"too large to check: {what}", hint=hint, place=Place(str(name), 1))])
