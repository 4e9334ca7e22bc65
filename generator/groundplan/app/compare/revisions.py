"""Specs as they stand in a revision of their Git repository: read from its objects, nothing is checked out."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, did_you_mean
from groundplan.reading import UnreadableError, read_regular
from groundplan.sandbox.processes import collect, running
from groundplan.sandbox.sandbox import SETTING, Needs, Sandbox, sandbox_for
from groundplan.sandbox.walls import Limits
from groundplan.spec.document import Document
from groundplan.spec.load import MAX_BYTES, load

GIT_SECONDS = 30.0
SEARCH_SECONDS = 5.0
"""For a walk through history, which may be long: nobody waits for it."""
REGULAR = ("100644", "100755")
"""Modes of files; a link or a submodule is none."""

_LIMITS = Limits(cpu_seconds=60, data_bytes=2 * 1024**3)
_OUTPUT_BYTES = 1024**2
"""More than a spec, and more names than anybody could have meant."""
_NAMES = 2_000
_NOT_STARTED = (126, 127)
_MAX_ALTERNATES = 20
_SMALL_FILE_BYTES = 64 * 1024

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
"""All that Git sees: no settings but the repository's own, and nothing that would fetch an object it lacks."""

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.pager": "cat",
    "protocol.allow": "never",
    "gc.auto": "0",
}
"""In place of what the repository's own say, as far as they run programs."""


class NoRepositoryError(DiagnosticsError):
    """Nothing above a path is a Git repository."""


def _as_git(root: str, file: str) -> str:
    """A file below the root of a revision, as Git names it: no `/` before its path."""
    return root.removesuffix("/") + file.removeprefix(root) if file.startswith(root) else file


def _shown(found: Diagnostic, show: Callable[[str], str]) -> Diagnostic:
    return replace(found, place=replace(found.place, file=show(found.place.file))) if found.place else found


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository and where its working tree is."""

    program: str
    top: Path
    folder: Path
    """Its `.git`, or where the file of that name leads."""
    sandbox: Sandbox

    @classmethod
    def around(cls, path: Path, environment: Mapping[str, str]) -> Repository:
        """The repository that `path` lies in; raises GP801 without Git and GP101 without a repository.

        It is the one whose `.git` is nearest above. Git itself would also open a bare one, and such a folder can come
        with a pull request, settings included; a `.git` cannot.
        """
        program = shutil.which("git", path=environment.get("PATH"))
        if program is None:
            raise DiagnosticsError([Diagnostic("GP801", "git is not on PATH", hint="install it to compare revisions")])
        for top in Path(os.path.realpath(path)).parents:
            if (top / ".git").exists():
                return cls(program, top, _git_folder(path, top / ".git"), sandbox_for(environment))
        raise NoRepositoryError(_unreadable(path, "no Git repository around it").diagnostics)

    def ends(self, span: str) -> tuple[str, str]:
        """The two revisions of `A..B`; with three dots the first is where B left A. Without a name it is HEAD."""
        dots = "..." if "..." in span else ".."
        first, found, second = span.partition(dots)
        if not found:
            hint = f"write two revisions: `{span}..HEAD`, or give --against {span}"
            raise DiagnosticsError([Diagnostic("GP204", f"`{span}` is one revision", hint=hint)])
        first, second = first or "HEAD", second or "HEAD"
        if dots == "...":
            code, output = self.run("merge-base", self.commit(first), self.commit(second))
            if code:
                hint = "a shallow clone has only its newest commits: `git fetch --unshallow`"
                message = f"`{first}` and `{second}` have no commit in common"
                raise DiagnosticsError([Diagnostic("GP101", message, hint=hint)])
            return output.decode().strip()[:12], second
        return first, second

    def commit(self, revision: str) -> str:
        """The commit that `revision` names; raises GP101 for none."""
        name = revision.replace("\0", "")
        code, output = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if code or name != revision:
            _, listed = self.run("for-each-ref", f"--count={_NAMES}", "--format=%(refname:short)")
            names = listed.decode(errors="replace").split()
            hint = self._hint(did_you_mean(revision, names))
            raise DiagnosticsError([Diagnostic("GP101", f"no revision `{revision}` here", hint=hint)])
        return output.decode().strip()

    def _hint(self, near: str) -> str:
        """What to do about a revision that is not there: the clone of a pipeline often has one commit and no branch."""
        if any((folder / "shallow").is_file() for folder in _object_folders(self.folder)):
            history = "`git fetch --unshallow` brings its history"
            branch = "`git fetch origin BRANCH` another branch, which FETCH_HEAD then names"
            return f"{near} a shallow clone has only its newest commits: {history}, {branch}".lstrip()
        return near or "a branch, a tag or a commit of this repository"

    def inside(self, path: Path) -> str:
        """The path from the top of the repository, with `/` between; `.` for the top itself."""
        own = Path(os.path.realpath(path.parent)) / path.name
        return Path(os.path.relpath(own, os.path.realpath(self.top))).as_posix()

    def holds(self, path: Path, revision: str) -> bool:
        """Whether there is something at `path` in the revision."""
        inside = self.inside(path)
        code, output = self.run("ls-tree", "--full-tree", "-z", self.commit(revision), "--", inside)
        return not code and any(line.endswith(f"\t{inside}") for line in os.fsdecode(output).split("\0"))

    def last(self, path: Path, revision: str) -> list[str]:
        """The commit that the revision names, and the one before it that changed `path` last."""
        words = ("rev-list", "--max-count=1", self.commit(revision))
        searches = ((), ("--", self.inside(path)))
        found = (self.run(*words, *search, seconds=SEARCH_SECONDS) for search in searches)
        return list(dict.fromkeys(output.decode().strip() for code, output in found if not code and output.strip()))

    def load(self, path: Path, revision: str) -> Document:
        """The spec at `path` as it is in `revision`, with the bases that it extends there.

        Places show as Git writes them: `REVISION:path in the repository`.
        """
        commit = self.commit(revision)
        root = Path(f"{revision}:")
        show = partial(_as_git, f"{root}/")
        own = self.inside(path)

        def entry(file: Path) -> list[str]:
            """Mode, kind, object and size of a file of the revision; empty when it holds none."""
            if not file.is_relative_to(root):
                return []
            inside = file.relative_to(root).as_posix()
            code, output = self.run("ls-tree", "--full-tree", "-l", "-z", commit, "--", inside)
            if code:
                raise _missing(file)
            lines = [line for line in os.fsdecode(output).split("\0") if line.endswith(f"\t{inside}")]
            return lines[0].partition("\t")[0].split() if lines else []

        def read(file: Path) -> bytes:
            found = entry(file)
            if not found:
                raise _unreadable(file, "no such file in this revision")
            if found[0] not in REGULAR:
                raise _unreadable(file, "is not a regular file there")
            if not found[3].isdigit():
                raise _missing(file)
            if int(found[3]) > MAX_BYTES:
                message = f"larger than {MAX_BYTES // 1024} KiB"
                raise DiagnosticsError([Diagnostic("GP105", message, place=Place(str(file), 1, 1))])
            code, content = self.run("cat-file", "blob", found[2])
            if code:
                raise _missing(file)
            return content

        try:
            return load(root / own, read=read, exists=lambda file: bool(entry(file))).renamed(show)
        except DiagnosticsError as error:
            raise DiagnosticsError([_shown(found, show) for found in error.diagnostics]) from None

    def run(
        self, *arguments: str, limit_bytes: int = _OUTPUT_BYTES, given: bytes = b"", seconds: float = GIT_SECONDS
    ) -> tuple[int, bytes]:
        """The exit code and the output of Git, which reads the repository and what it is `given`, and nothing else.

        Raises GP101 where it writes more than `limit_bytes` or runs for too long, and GP801 where it does not start.
        """
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        # A working tree is given so that none is looked for; no command here reads one.
        places = [f"--git-dir={self.folder}", f"--work-tree={self.folder}"]
        words = [self.program, "--no-pager", "--literal-pathspecs", *settings, *places, *arguments]
        needs = Needs(read=tuple(_object_folders(self.folder)), limits=_LIMITS, input=bool(given))
        with tempfile.TemporaryFile() as stdin:
            stdin.write(given)
            stdin.seek(0)
            process = subprocess.Popen(
                self.sandbox.command(words, needs),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT,
                cwd=self.folder,
                start_new_session=True,
            )
            with running(process):
                output = collect(process, timeout_seconds=seconds, limit_bytes=limit_bytes)
        if output.timed_out or output.too_long:
            why = f"took longer than {seconds:g} s" if output.timed_out else "wrote too much"
            raise DiagnosticsError([Diagnostic("GP101", f"git {arguments[0]} {why} and was stopped")])
        if process.returncode in _NOT_STARTED:
            why = output.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            hint = f"{SETTING}=off runs it with limits alone"
            raise DiagnosticsError([Diagnostic("GP801", f"{self.program} does not start: {why}", hint=hint)])
        return process.returncode, output.stdout


def _git_folder(path: Path, entry: Path) -> Path:
    """The repository's own folder: `entry`, or where it leads as the file of a worktree or a submodule."""
    if entry.is_dir():
        return Path(os.path.realpath(entry))
    text = _small_text(entry)
    if not text.startswith("gitdir: "):
        raise _unreadable(path, f"{entry} is not a Git repository")
    folder = Path(os.path.realpath(entry.parent / text.removeprefix("gitdir: ").strip()))
    if not folder.is_dir():
        raise _unreadable(path, f"{entry} leads to {folder}, which is not there")
    return folder


def _object_folders(folder: Path) -> Iterator[Path]:
    """What Git reads: the repository, the one that a worktree belongs to, and those it borrows objects from."""
    yield folder
    common = _small_text(folder / "commondir").strip()
    main = Path(os.path.realpath(folder / common)) if common else folder
    if main != folder:
        yield main
    borrowed = [main / "objects"]
    for objects in borrowed[:_MAX_ALTERNATES]:
        lines = _small_text(objects / "info/alternates").splitlines()
        others = [Path(os.path.realpath(objects / line)) for line in lines if line and not line.startswith("#")]
        borrowed += others[:_MAX_ALTERNATES]
        yield from (other for other in others[:_MAX_ALTERNATES] if other.is_dir())


def _small_text(file: Path) -> str:
    """The text of a small file; empty where there is none."""
    try:
        return os.fsdecode(read_regular(file, limit_bytes=_SMALL_FILE_BYTES))
    except UnreadableError:
        return ""


def _missing(path: Path) -> DiagnosticsError:
    hint = "a partial clone lacks objects, and nothing is fetched here: `git fetch --refetch --filter=blob:limit=1m`"
    return _unreadable(path, "the repository does not have this object", hint)


def _unreadable(path: Path, why: str, hint: str | None = None) -> DiagnosticsError:
    message = f"cannot read the spec: {why}"
    return DiagnosticsError([Diagnostic("GP101", message, hint=hint, place=Place(str(path), 1, 1))])
