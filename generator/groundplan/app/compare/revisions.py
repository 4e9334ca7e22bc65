"""Specs as they stand in a revision of their Git repository: read from its objects, nothing is checked out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, did_you_mean
from groundplan.spec.document import Document
from groundplan.spec.load import MAX_BYTES, load

GIT_SECONDS = 30.0
REGULAR = ("100644", "100755")
"""Modes of files; a link or a submodule is none."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository and where its working tree is."""

    program: str
    top: Path
    environment: Mapping[str, str]
    """What Git runs with."""

    @classmethod
    def around(cls, path: Path, environment: Mapping[str, str]) -> Repository:
        """The repository that `path` lies in; raises GP801 without Git and GP101 without a repository."""
        program = shutil.which("git", path=environment.get("PATH"))
        if program is None:
            raise DiagnosticsError([Diagnostic("GP801", "git is not on PATH", hint="install it to compare revisions")])
        folder = next(f for f in Path(os.path.realpath(path)).parents if f.is_dir())
        done = _run([program, "-C", str(folder), "rev-parse", "--show-toplevel"], environment)
        if done.returncode:
            raise _unreadable(path, "no Git repository around it", _said(done))
        return cls(program, Path(os.fsdecode(done.stdout.rstrip(b"\n"))), environment)

    def ends(self, span: str) -> tuple[str, str]:
        """The two revisions of `A..B`; with three dots the first is where B left A. Without a name it is HEAD."""
        dots = "..." if "..." in span else ".."
        first, found, second = span.partition(dots)
        if not found:
            hint = f"write two revisions: `{span}..HEAD`, or give --against {span}"
            raise DiagnosticsError([Diagnostic("GP204", f"`{span}` is one revision", hint=hint)])
        first, second = first or "HEAD", second or "HEAD"
        if dots == "...":
            done = self._git("merge-base", self.commit(first), self.commit(second))
            if done.returncode:
                raise DiagnosticsError([Diagnostic("GP101", f"`{first}` and `{second}` have no commit in common")])
            return done.stdout.decode().strip()[:12], second
        return first, second

    def commit(self, revision: str) -> str:
        """The commit that `revision` names; raises GP101 for none."""
        done = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode or "\0" in revision:
            names = self._git("for-each-ref", "--format=%(refname:short)").stdout.decode(errors="replace").split()
            hint = did_you_mean(revision, names) or "a branch, a tag or a commit of this repository"
            raise DiagnosticsError([Diagnostic("GP101", f"no revision `{revision}` here", hint=hint)])
        return done.stdout.decode().strip()

    def load(self, path: Path, revision: str) -> Document:
        """The spec at `path` as it is in `revision`, with the bases that it extends there.

        Places show as `REVISION:/path in the repository`.
        """
        commit = self.commit(revision)
        root = Path(f"{revision}:")
        own = Path(os.path.relpath(Path(os.path.realpath(path.parent)) / path.name, os.path.realpath(self.top)))

        def entry(file: Path) -> list[str]:
            """Mode, kind, object and size of a file of the revision; empty when it holds none."""
            if not file.is_relative_to(root):
                return []
            inside = file.relative_to(root).as_posix()
            done = self._git("ls-tree", "--full-tree", "-l", "-z", commit, "--", inside)
            lines = [line for line in os.fsdecode(done.stdout).split("\0") if line.endswith(f"\t{inside}")]
            return lines[0].partition("\t")[0].split() if lines else []

        def read(file: Path) -> bytes:
            found = entry(file)
            if not found:
                raise _unreadable(file, "no such file in this revision")
            if found[0] not in REGULAR:
                raise _unreadable(file, "is not a regular file there")
            if int(found[3]) > MAX_BYTES:
                message = f"larger than {MAX_BYTES // 1024} KiB"
                raise DiagnosticsError([Diagnostic("GP105", message, place=Place(str(file), 1, 1))])
            return self._git("cat-file", "blob", found[2]).stdout

        return load(root / own, read=read, exists=lambda file: bool(entry(file)))

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return _run([self.program, "--literal-pathspecs", "-C", str(self.top), *arguments], self.environment)


def _run(command: list[str], given: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    environment = {**given, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(command, capture_output=True, env=environment, timeout=GIT_SECONDS, check=False)


def _said(done: subprocess.CompletedProcess[bytes]) -> str | None:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else None


def _unreadable(path: Path, why: str, hint: str | None = None) -> DiagnosticsError:
    message = f"cannot read the spec: {why}"
    return DiagnosticsError([Diagnostic("GP101", message, hint=hint, place=Place(str(path), 1, 1))])
