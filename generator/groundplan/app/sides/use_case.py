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
from groundplan.app.sides.origins import InRevision, OfSpec, OnDisk, Origin, located, origin_of
from groundplan.app.source import source_in
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, FileSet, digest
from groundplan.environment.lock import Lock, last_lock, read_lock
from groundplan.environment.overlay import laid_over
from groundplan.reading import is_file
from groundplan.spec.document import Document
from groundplan.terraform.offline import find_roots
from groundplan.terraform.screen import screen
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

    Raises DiagnosticsError for what cannot be read, resolved, or given to Terraform.
    """
    subject = _subject(target, output)
    overrides = Overrides(upgrade=upgrade, forget=forget)
    stands = after is not None or (before is not None and not upgrade)
    with throwaway_folder() as base:
        old = _before(_Maker(base / "before", subject, environment), before)
        new = _after(_Maker(base / "after", subject, environment), after, old, overrides, stands=stands)
        yield old, new


def _subject(target: Path, output: Path | None) -> _Subject:
    if is_file(target) or target.suffix in (".yaml", ".yml"):
        return _Subject(output or target.parent, target, spec_named=True)
    lock = last_lock(target)
    return _Subject(target, target / (lock.spec.file if lock else SPEC_FILE), spec_named=False)


def _before(maker: _Maker, word: str | None) -> SideFolder:
    origin = maker.origin(word)
    side = maker.standing(origin)
    if not maker.holds_environment(origin, side):
        rendered = maker.rendered_then(origin, side) if word is not None else None
        side = rendered or maker.empty(origin)
    return replace(side, notices=(*side.notices, _nothing_there(side, word))) if side.is_empty else side


def _after(maker: _Maker, word: str | None, old: SideFolder, overrides: Overrides, *, stands: bool) -> SideFolder:
    """The new side; `stands` is whether a folder is taken as it is, unless its spec has left it behind."""
    origin = maker.origin(word)
    side = maker.standing(origin)
    if stands and maker.holds_environment(origin, side) and not maker.left_behind(origin, side):
        return side
    return maker.rendered_now(origin, side, old, overrides)


def _nothing_there(side: SideFolder, word: str | None) -> Diagnostic:
    hint = None if word else "where the environment lies in another folder, give it with -o"
    return Diagnostic("GP725", f"{side.label} has no environment: everything is created", Severity.NOTE, hint=hint)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the folder of one side, `top`."""

    top: Path
    subject: _Subject
    environment: Mapping[str, str]

    def origin(self, word: str | None) -> Origin:
        """What a user's word names; without one it is the folder on the disk."""
        return OnDisk(self.subject.folder) if word is None else origin_of(word, self.subject.folder, self.environment)

    def holds_environment(self, origin: Origin, side: SideFolder) -> bool:
        """Whether the folder was rendered, or is Terraform that was asked about and not what lies around a spec."""
        around_spec = self.subject.spec_named and origin.folder == self.subject.folder
        return side.lock is not None or (not around_spec and bool(find_roots(side.folder)))

    def empty(self, origin: Origin) -> SideFolder:
        """No environment."""
        self.top.mkdir()
        return SideFolder(self.top, origin.label, "", None)

    def standing(self, origin: Origin) -> SideFolder:
        """The folder as it stands, rendered or not; an empty one where there is none."""
        copy = self.top.with_name(f"{self.top.name}-standing")
        notices = origin.take(copy)
        lock = read_lock(copy)
        notices += _screened(copy, origin)
        side = SideFolder(copy, origin.label, lock.groundplan if lock else "", lock)
        if lock is None:
            return replace(side, notices=tuple(notices))
        document = self._document(origin, lock)
        resolved = _resolved_as(document, origin.folder / lock.spec.file, copy, notices)
        return replace(side, document=document, resolved=resolved, notices=tuple(notices))

    def left_behind(self, origin: Origin, side: SideFolder) -> bool:
        """Whether the spec says something else now than when the folder was rendered from it."""
        if side.lock is None:
            return False
        spec = self._spec(origin, side.lock)
        document = origin.load(spec)
        return document is not None and not _is_of(side.lock, document, spec, origin.folder)

    def rendered_then(self, origin: Origin, standing: SideFolder) -> SideFolder | None:
        """What the spec there renders to; None without one. What runs now says which choices it had, if it can."""
        spec = self._spec(origin, None)
        document = origin.load(spec)
        if document is None:
            return None
        try:
            resolved = resolve_document(document, spec, self.subject.folder)
        except DiagnosticsError:
            resolved = resolve_document(document, spec, self.subject.folder, Overrides(forget=True))
        return self._written(origin, standing, resolved, resolved.render(self.top))

    def rendered_now(self, origin: Origin, standing: SideFolder, old: SideFolder, overrides: Overrides) -> SideFolder:
        """What the spec renders to in place of `old`; files beside the rendered ones stay."""
        spec = self._spec(origin, standing.lock)
        document = origin.load(spec)
        if document is None:
            return self._gone(origin, old, spec)
        last = standing.folder if standing.lock else old.folder
        resolved = resolve_document_for(document, spec, last, overrides)
        own = isinstance(origin, OnDisk)
        return self._written(origin, standing, resolved, resolved.render(origin.folder if own else self.top))

    def _gone(self, origin: Origin, old: SideFolder, spec: Path) -> SideFolder:
        """A folder that is not there any more; raises GP101 for a spec that is missing."""
        if old.is_empty or origin.folder.exists():
            raise DiagnosticsError(
                [Diagnostic("GP101", f"cannot read the spec: {origin.shown(spec.name)} is not there")]
            )
        message = f"{origin.label} has no environment any more: everything is destroyed"
        return replace(self.empty(origin), notices=(Diagnostic("GP725", message, Severity.WARNING),))

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
        if isinstance(origin, OnDisk):
            with contextlib.suppress(DiagnosticsError):
                repository = Repository.around(origin.folder / LOCK_FILE, self.environment)
                for revision in repository.last(origin.folder / LOCK_FILE):
                    yield InRevision(repository, revision, origin.folder)

    def _written(self, origin: Origin, standing: SideFolder, resolved: Resolved, files: FileSet) -> SideFolder:
        laid_over(files, standing.folder, self.top)
        notices = (*standing.notices, *_edited(standing, files, origin))
        label = str(resolved.path) if isinstance(origin, OnDisk) else origin.label
        return SideFolder(self.top, label, __version__, read_lock(self.top), resolved.document, resolved, notices)


def _is_of(lock: Lock, document: Document, spec: Path, folder: Path) -> bool:
    """Whether rendering the document now would say that it comes from the same text."""
    files = source_in(document, spec, folder, retargeted=False).files
    return {digest(text) for text in files.values()} == {source.sha256 for source in lock.spec.sources}


def _resolved_as(document: Document | None, spec: Path, folder: Path, notices: list[Diagnostic]) -> Resolved | None:
    """The spec as the lock in `folder` decided it; None, and said, where this release cannot."""
    if document is None:
        why = "the spec that it was rendered from is neither in its place nor in the last commits"
    else:
        try:
            return resolve_document(document, spec, folder)
        except DiagnosticsError as error:
            why = f"this release does not take its spec: {error.diagnostics[0].message}"
    message = f"what the environment cost before is not known: {why}"
    notices.append(Diagnostic("GP727", message, Severity.NOTE))
    return None


def _screened(folder: Path, origin: Origin) -> list[Diagnostic]:
    found = [located(one, origin) for one in screen(folder)]
    if has_errors(found):
        raise DiagnosticsError(found)
    return found


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
