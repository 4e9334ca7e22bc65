"""The two environments of a change: as it was and as it will be, each in a throwaway folder of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan import __version__
from groundplan.app.compare.revisions import Repository
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import Resolved, resolve_document, resolve_document_for
from groundplan.app.sides.model import SideFolder
from groundplan.app.sides.origins import InRevision, OfSpec, OnDisk, Origin, origin_of
from groundplan.app.source import source_in
from groundplan.change.upgrade.changelog import number
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, shortened
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, FileSet, digest
from groundplan.environment.lock import Lock, last_lock, read_lock
from groundplan.environment.overlay import laid_over
from groundplan.reading import is_file
from groundplan.spec.document import Document
from groundplan.terraform.offline import find_roots
from groundplan.terraform.workspace import throwaway_folder


@dataclass(frozen=True, slots=True)
class _Subject:
    """The environment that changes: its folder, and the spec of it."""

    folder: Path
    spec: Path
    spec_named: bool
    """Whether it is the spec that was asked about, and not what the folder says of itself."""


@contextlib.contextmanager
def sides(  # noqa: PLR0913 - what a change is asked about
    target: Path,
    before: str | None = None,
    after: str | None = None,
    *,
    upgrade: bool = False,
    forget: bool = False,
    output: Path | None = None,
    environment: Mapping[str, str],
) -> Iterator[tuple[SideFolder, SideFolder]]:
    """The environment of `target`, a spec or a rendered folder, as it was and as it will be.

    It was as its folder stands, and will be what its spec renders now, with the choices of the last render unless
    `upgrade`. `before` and `after` name other ends: a folder, a spec, or a revision. With a `before`, a folder that its
    spec has not left behind is taken as it stands, because that is what will be applied. `output` is the folder of a
    spec that lies elsewhere. `environment` is what Git runs with.

    Neither folder is screened: who runs Terraform does that. Raises DiagnosticsError for what cannot be read.
    """
    subject = _subject(target, output)
    overrides = Overrides(upgrade=upgrade, forget=forget)
    stands = after is not None or (before is not None and not upgrade)
    with throwaway_folder() as base:
        maker = _Maker(base, subject, environment, {})
        old = _before(maker, before)
        yield old, _after(maker, after, old, overrides, stands=stands)


@contextlib.contextmanager
def writing(
    folder: Path, files: FileSet, resolved: Resolved, environment: Mapping[str, str]
) -> Iterator[tuple[SideFolder, SideFolder]]:
    """The environment in `folder` as it stands, and as it will be with the files, which are of the resolved spec.

    Raises DiagnosticsError for what cannot be read.
    """
    with throwaway_folder() as base:
        maker = _Maker(base, _Subject(folder, resolved.path, spec_named=True), environment, {})
        origin = maker.origin(None)
        yield maker.standing(origin), maker.laid(origin, "after", resolved, files)


def _subject(target: Path, output: Path | None) -> _Subject:
    if is_file(target) or target.suffix in (".yaml", ".yml"):
        return _Subject(output or target.parent, target, spec_named=True)
    lock = last_lock(target)
    return _Subject(target, target / (lock.spec.file if lock else SPEC_FILE), spec_named=False)


def _before(maker: _Maker, word: str | None) -> SideFolder:
    origin = maker.origin(word)
    if maker.holds_environment(origin):
        return maker.standing(origin)
    rendered = maker.rendered_then(origin) if word is not None else None
    return rendered or maker.empty(origin, "before", _nothing_there(origin, word))


def _after(maker: _Maker, word: str | None, old: SideFolder, overrides: Overrides, *, stands: bool) -> SideFolder:
    """The new side; `stands` is whether a folder is taken as it is, unless its spec has left it behind."""
    origin = maker.origin(word)
    if stands and maker.holds_environment(origin) and not maker.left_behind(origin):
        return maker.standing(origin)
    return maker.rendered_now(origin, old, overrides)


def _nothing_there(origin: Origin, word: str | None) -> Diagnostic:
    elsewhere = "`REVISION:PATH` is another folder there" if word else "give it with -o"
    hint = f"where the environment lies in another folder: {elsewhere}"
    return Diagnostic("GP725", f"{origin.label} has no environment: everything is created", Severity.NOTE, hint=hint)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the folders of both sides, in `base`."""

    base: Path
    subject: _Subject
    environment: Mapping[str, str]
    taken: dict[Origin, SideFolder]
    """Folders that have been copied already: both sides often begin with the same one."""

    def origin(self, word: str | None) -> Origin:
        """What a user's word names; without one it is the folder on the disk."""
        return OnDisk(self.subject.folder) if word is None else origin_of(word, self.subject.folder, self.environment)

    def holds_environment(self, origin: Origin) -> bool:
        """Whether the folder was rendered, or is Terraform that was asked about and not what lies around a spec."""
        side = self.take(origin)
        around_spec = self.subject.spec_named and origin.folder == self.subject.folder
        return side.lock is not None or (not around_spec and bool(find_roots(side.folder)))

    def empty(self, origin: Origin, name: str, why: Diagnostic) -> SideFolder:
        """No environment."""
        (self.base / name).mkdir()
        return SideFolder(self.base / name, origin.label, "", None, notices=(why,))

    def take(self, origin: Origin) -> SideFolder:
        """The folder with what lies there, an environment or not."""
        if origin not in self.taken:
            copy = self.base / f"standing-{len(self.taken)}"
            origin.take(copy)
            lock = read_lock(copy)
            release = lock.groundplan if lock else ""
            self.taken[origin] = SideFolder(copy, origin.label, release, lock, shown=origin.shown)
        return self.taken[origin]

    def standing(self, origin: Origin) -> SideFolder:
        """The folder as it stands, with the spec that it was rendered from."""
        side = self.take(origin)
        if side.lock is None:
            return side
        document = self._document(origin, side.lock)
        return _resolved(replace(side, document=document), origin.folder / side.lock.spec.file)

    def left_behind(self, origin: Origin) -> bool:
        """Whether the spec says something else now than when the folder was rendered from it."""
        lock = self.take(origin).lock
        if lock is None:
            return False
        spec = self._spec(origin, lock)
        document = origin.load(spec)
        return document is not None and not _is_of(lock, document, spec, origin.folder)

    def rendered_then(self, origin: Origin) -> SideFolder | None:
        """What the spec there renders to; None without one. What runs now says which choices it had, if it can."""
        spec = self._spec(origin, None)
        document = origin.load(spec)
        if document is None:
            return None
        try:
            resolved = resolve_document(document, spec, self.subject.folder)
        except DiagnosticsError:
            resolved = resolve_document(document, spec, self.subject.folder, Overrides(forget=True))
        return self._written(origin, "before", resolved)

    def rendered_now(self, origin: Origin, old: SideFolder, overrides: Overrides) -> SideFolder:
        """What the spec renders to in place of `old`; files beside the rendered ones stay."""
        standing = self.take(origin)
        spec = self._spec(origin, standing.lock)
        document = origin.load(spec)
        if document is None:
            return self._gone(origin, old, spec)
        last = standing.folder if standing.lock else old.folder
        return self._written(origin, "after", resolve_document_for(document, spec, last, overrides))

    def _gone(self, origin: Origin, old: SideFolder, spec: Path) -> SideFolder:
        """A folder that is not there any more; raises GP101 for a spec that is missing."""
        if old.is_empty or origin.folder.exists():
            missing = f"cannot read the spec: {origin.shown(spec.name)} is not there"
            raise DiagnosticsError([Diagnostic("GP101", missing)])
        message = f"{origin.label} has no environment any more: everything is destroyed"
        return self.empty(origin, "after", Diagnostic("GP725", message, Severity.WARNING))

    def _spec(self, origin: Origin, lock: Lock | None) -> Path:
        """The path of the spec there: as it was named, as the lock names it, or as the folder on the disk does."""
        if isinstance(origin, OfSpec):
            return origin.spec
        own = origin.folder == self.subject.folder
        if own and (self.subject.spec_named or lock is None):
            return self.subject.spec
        return origin.folder / (lock.spec.file if lock else SPEC_FILE)

    def _document(self, origin: Origin, lock: Lock) -> Document | None:
        """The spec that the lock is of: as it stands, or as it was committed."""
        spec = origin.folder / lock.spec.file
        for place in (origin, *self._committed(origin)):
            with contextlib.suppress(DiagnosticsError):
                document = place.load(spec)
                if document is not None and _is_of(lock, document, spec, origin.folder):
                    return document
        return None

    def _committed(self, origin: Origin) -> Iterator[Origin]:
        """Where the spec of a folder may still be found once it has moved on: when the lock was committed, and now."""
        lock = origin.folder / LOCK_FILE
        with contextlib.suppress(DiagnosticsError):
            if isinstance(origin, InRevision):
                repository, revision = origin.repository, origin.revision
            else:
                repository, revision = Repository.around(lock, self.environment), "HEAD"
            for commit in repository.last(lock, revision):
                yield InRevision(repository, commit, origin.folder)

    def _written(self, origin: Origin, name: str, resolved: Resolved) -> SideFolder:
        top = origin.folder if isinstance(origin, OnDisk) else self.base / name
        return self.laid(origin, name, resolved, resolved.render(top))

    def laid(self, origin: Origin, name: str, resolved: Resolved, files: FileSet) -> SideFolder:
        """The files, which are of the spec, with what lies beside the rendered ones."""
        standing, top = self.take(origin), self.base / name
        laid_over(files, standing.folder, top)
        label = str(resolved.path) if isinstance(origin, OnDisk) else origin.label
        notices = (*resolved.read_as, *_goes_back(standing), *_edited(standing, files, origin))
        return SideFolder(
            top, label, __version__, read_lock(top), resolved.document, resolved, notices, shown=origin.shown
        )


def _is_of(lock: Lock, document: Document, spec: Path, folder: Path) -> bool:
    """Whether rendering the document now would say that it comes from the same text."""
    files = source_in(document, spec, folder, retargeted=False).files
    return {digest(text) for text in files.values()} == {source.sha256 for source in lock.spec.sources}


def _resolved(side: SideFolder, spec: Path) -> SideFolder:
    """With the spec as the lock decided it; without, and said, where this release cannot."""
    if side.document is None:
        why = "the spec that it was rendered from is neither in its place nor in the last commits"
    else:
        try:
            resolved = resolve_document(side.document, spec, side.folder)
            return replace(side, resolved=resolved, notices=(*side.notices, *resolved.read_as))
        except DiagnosticsError as error:
            why = f"this release does not take its spec: {error.diagnostics[0].message}"
    message = f"what {side.label} costs is not known: {why}"
    return replace(side, notices=(*side.notices, Diagnostic("GP727", message, Severity.NOTE)))


def _goes_back(standing: SideFolder) -> Iterator[Diagnostic]:
    """GP729 where the folder is of a later release than this one, whose modules it then loses."""
    if number(standing.release) > number(__version__):
        release = shortened(standing.release)
        message = (
            f"{standing.label} was rendered by groundplan {release}, and this is {__version__}: its modules go back"
        )
        yield Diagnostic("GP729", message, Severity.WARNING, hint=f"install groundplan {release} or later")


def _edited(standing: SideFolder, files: FileSet, origin: Origin) -> Iterator[Diagnostic]:
    """Rendered files that somebody has edited: part of what runs, and given up by the next render."""
    lock = standing.lock
    for name in sorted(lock.owned if lock else ()):
        path = standing.folder / name
        text = path.read_text(encoding="utf-8", errors="backslashreplace") if is_file(path) else None
        if lock and text is not None and lock.edited(name, text) and text != files.get(name):
            message = f"{origin.shown(name)} was edited since it was rendered: the next render would give that up"
            hint = "move the edit into the spec, or into a file of its own beside the rendered ones"
            yield Diagnostic("GP726", message, Severity.WARNING, hint=hint)
