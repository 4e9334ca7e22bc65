"""The charts of a folder's releases: where they are, and fetching them from their repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.charts.cache import Cache, archive, cache_of, sha256
from groundplan.charts.find import Found, find
from groundplan.charts.http import Client, RefusedError, client_of
from groundplan.charts.pull import DigestError, pull
from groundplan.charts.records import CHARTS_FILE, Record, Records, read_records, records_text
from groundplan.charts.releases import ChartName, Release, charts_of, releases
from groundplan.diagnostics import Diagnostic, DiagnosticsError, has_errors
from groundplan.environment.write import exclusive
from groundplan.hcl.sources import Sources
from groundplan.terraform.assumed import users
from groundplan.terraform.intake import take_in
from groundplan.terraform.offline import find_roots, offline_session
from groundplan.terraform.screen import screen
from groundplan.terraform.workspace import throwaway_folder
from groundplan.writing import UnwritableError, write_file

_HELM = "registry.terraform.io/hashicorp/helm"


@dataclass(frozen=True, slots=True)
class Charts:
    """The releases of a folder, each with its chart."""

    found: tuple[Found, ...]
    records: Records

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Vendored archives that are not what was pulled."""
        return tuple(one.problem for one in self.found if one.problem)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull has done: charts fetched, those that were at hand, and files of the folder."""

    fetched: tuple[ChartName, ...]
    at_hand: tuple[ChartName, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def list_charts(folder: Path, tools: Tools, progress: Progress) -> Charts:
    """The charts of what a folder's roots plan. Raises DiagnosticsError where they cannot be planned."""
    planned, records = _planned(folder, tools, progress), read_records(folder)
    cache = cache_of(tools.environment)
    return Charts(tuple(find(release, folder, records, cache) for release in planned), records)


def pull_charts(folder: Path, tools: Tools, progress: Progress, *, vendor: bool = False) -> Pulled:
    """Fetches the charts that are not at hand, and notes the digest of each; with `vendor`, their archives go into the
    folder.

    A chart is fetched once: an archive of another digest under the same version is refused (GP609). What can be
    fetched is kept even where others cannot (GP827). Records and archives of charts that no release names are removed.
    """
    return fetch(folder, _planned(folder, tools, progress), tools.environment, progress, vendor=vendor)


def fetch(
    folder: Path, planned: Sequence[Release], environment: Mapping[str, str], progress: Progress, *, vendor: bool
) -> Pulled:
    """`pull_charts` of releases that are known."""
    with exclusive(folder):
        task = _Pull(folder, read_records(folder), cache_of(environment), client_of(environment), vendor)
        for name in charts_of(planned):
            if name.problem:
                task.refuse(name)
                continue
            with progress.step(f"fetching {name}"):
                task.chart(name)
        return task.pulled()


@dataclass
class _Pull:
    folder: Path
    before: Records
    cache: Cache
    client: Client
    vendor: bool
    after: Records = field(default_factory=dict)
    fetched: list[ChartName] = field(default_factory=list)
    at_hand: list[ChartName] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def chart(self, name: ChartName) -> None:
        """One chart: as it is at hand, else from its repository; what was known of it stays known where neither is."""
        record = self.before.get(name)
        if record is not None:
            self.after[name] = record
        data = self._held(record) if record else None
        if data is not None:
            self.at_hand.append(name)
        else:
            data = self._fetched(name, record)
        if data is not None:
            self._keep(name, data, vendored=self.vendor or bool(record and record.vendored))

    def refuse(self, name: ChartName) -> None:
        """One that names no archive."""
        self._failed("GP827", name, name.problem, "give the release a repository and an exact version")

    def _held(self, record: Record) -> bytes | None:
        cached = self.cache.find(record.sha256)
        held = archive(cached, record.sha256) if cached else None
        return held or archive(self.folder / record.file, record.sha256, self.folder)

    def _fetched(self, name: ChartName, record: Record | None) -> bytes | None:
        try:
            data = pull(name, self.client)
        except RefusedError as error:
            hint = "check the address, the proxy and the certificates; vendored archives need no network"
            self._failed("GP827", name, error.reason, hint)
            return None
        except DigestError as error:
            self._failed("GP609", name, str(error), "do not use it; tell who keeps the repository")
            return None
        if record is not None and sha256(data) != record.sha256:
            reason = f"the archive is sha256:{sha256(data)} now, and was sha256:{record.sha256} when it was pulled"
            self._failed("GP609", name, reason, f"find out why; to take it, remove its entry in {CHARTS_FILE}")
            return None
        self.fetched.append(name)
        return data

    def _failed(self, code: str, name: ChartName, reason: str, hint: str) -> None:
        self.problems.append(Diagnostic(code, f"{name} of {name.shown.repository}: {reason}", hint=hint))

    def _keep(self, name: ChartName, data: bytes, *, vendored: bool) -> None:
        self.cache.keep(data)
        self.after[name] = Record(
            repository=name.repository, chart=name.chart, version=name.version, sha256=sha256(data), vendored=vendored
        )
        if vendored:
            self._write(self.after[name].file, data)

    def pulled(self) -> Pulled:
        """Writes the records, and only then removes what they name no more."""
        if self.after or self.before:
            self._write(CHARTS_FILE, records_text(self.after.values()).encode())
        removed = tuple(self._removed())
        return Pulled(tuple(self.fetched), tuple(self.at_hand), tuple(self.written), removed, tuple(self.problems))

    def _removed(self) -> Iterator[str]:
        """Archives that an earlier pull has vendored, and nobody has changed."""
        kept = {record.file for record in self.after.values() if record.vendored}
        for record in self.before.values():
            path = self.folder / record.file
            gone = record.vendored and record.file not in kept
            if gone and archive(path, record.sha256, self.folder) is not None:
                self._remove(path)
                yield record.file

    def _remove(self, path: Path) -> None:
        try:
            path.unlink()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise DiagnosticsError([Diagnostic("GP403", f"cannot remove {path}: {reason}")]) from None

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        if archive(path, sha256(data), self.folder) is not None:
            return
        try:
            path.parent.mkdir(exist_ok=True)
            write_file(path, data, below=self.folder)
        except (OSError, UnwritableError) as error:
            reason = error.reason if isinstance(error, UnwritableError) else (error.strerror or str(error)).lower()
            raise DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {reason}")]) from None
        self.written.append(name)


def _planned(folder: Path, tools: Tools, progress: Progress) -> list[Release]:
    """The releases of every root that uses Helm, planned offline."""
    if not folder.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
    with throwaway_folder() as base:
        intake = take_in(folder, base / "folder")
        refused = [*intake.problems, *screen(intake.top)]
        if has_errors(refused):
            raise DiagnosticsError(refused)
        roots = find_roots(intake.top)
        sources = Sources(intake.top, roots)
        using = [root for root in roots if any(users(sources, root, _HELM))]
        return releases(_plans(intake.top, using, tools, progress))


def _plans(top: Path, roots: Sequence[str], tools: Tools, progress: Progress) -> Mapping[str, Mapping[str, Any]]:
    if not roots:
        return {}
    plans = {}
    with offline_session(top, roots, **vars(tools.inputs), assume_unknown=True) as session:
        for root in roots:
            with progress.step(f"planning {root}"):
                planned = session.plan(root)
            if planned.plan is None:
                raise DiagnosticsError([one for one in planned.diagnostics if has_errors([one])])
            plans[root] = planned.plan
    return plans
