"""Many changes rehearsed in one session: each environment is applied once, and what follows is planned on its state."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml

from groundplan.app import change as use_case
from groundplan.app.change import change
from groundplan.app.check import Tools
from groundplan.app.overrides import NO_OVERRIDES
from groundplan.app.pipeline import resolve_for, resolve_spec
from groundplan.app.progress import Progress
from groundplan.app.sides.model import SideFolder
from groundplan.change.model import Change
from groundplan.environment.lock import read_lock
from groundplan.environment.write import write
from groundplan.terraform.offline import Inputs, OfflineSession, find_roots, offline_session
from groundplan.terraform.protection import lift_protection
from groundplan.terraform.sameness import same_roots
from groundplan.terraform.succession import RootChange, taken_as_configured
from tests.changes.rows import Values

DAY = date(2026, 11, 30)
_SILENT = cast(Progress, None)
"""Nobody is told, as nothing of Terraform runs where it would be."""
_OPTIONS = ("-json", "-input=false", "-lock=false", "-refresh=false")


def environment(spec: Values, name: str, top: Path, last: SideFolder | None = None) -> SideFolder:
    """The environment of a spec, rendered into a folder of `top`: over the last one, which it leaves as it is.

    Raises DiagnosticsError for a spec that is refused.
    """
    path, folder = top / f"{name}.yaml", top / name
    path.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    resolved = resolve_for(path, last.folder, NO_OVERRIDES) if last else resolve_spec(path)
    write(resolved.render(folder), folder)
    return SideFolder(folder, name, "", read_lock(folder), resolved.document, resolved)


@dataclass
class Rehearsals:
    """Changes between environments of one folder."""

    session: OfflineSession
    top: Path
    _states: dict[str, str] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def change(self, before: SideFolder, after: SideFolder) -> Change:
        """What leads from one to the other, which may itself be what the other was changed from."""
        with ExitStack() as stack:
            stack.enter_context(_instead(self._succeed))
            return change((before, after), Tools(), _SILENT, DAY)

    def _succeed(self, old: Path, new: Path, inputs: Inputs, *, progress: Progress) -> tuple[RootChange, ...]:
        names = sorted({*find_roots(old), *find_roots(new)})
        same = same_roots(old, new, names)
        return tuple(
            RootChange(root, None, True, (), same=True) if root in same else self._planned(old, new, root)
            for root in names
        )

    def _planned(self, old: Path, new: Path, root: str) -> RootChange:
        there = root in find_roots(new)
        name = f"{(new if there else old).name}/{root}"
        state = self.state(old, root) if root in find_roots(old) else ""
        with self._locks.setdefault(name, threading.Lock()):
            self._ready(name)
            file = self.session.copy_of(name) / "terraform.tfstate"
            kept = file.read_text(encoding="utf-8") if file.exists() else None
            file.unlink(missing_ok=True)
            if state:
                file.write_text(state, encoding="utf-8")
            self._run(name, "plan", "-out=change.tfplan", *(() if there else ("-destroy",)))
            shown = json.loads(self.session.run(name, "show", "-json", "change.tfplan").stdout)
            if kept is not None:
                file.write_text(kept, encoding="utf-8")
        return RootChange(root, taken_as_configured(shown), True, ())

    def state(self, folder: Path, root: str) -> str:
        """The state of a root of an environment that stands."""
        name = f"{folder.name}/{root}"
        with self._locks.setdefault(name, threading.Lock()):
            if name not in self._states:
                self._ready(name)
                self._run(name, "apply", "-auto-approve")
                self._states[name] = (self.session.copy_of(name) / "terraform.tfstate").read_text(encoding="utf-8")
            return self._states[name]

    def _ready(self, name: str) -> None:
        ready, _ = self.session.ready(name)
        assert ready.ok, ready.diagnostics

    def _run(self, name: str, command: str, *arguments: str) -> None:
        completed = self.session.run(name, command, *_OPTIONS, *arguments)
        assert completed.returncode == 0, [m for m in completed.messages() if m.get("@level") == "error"]


@contextmanager
def rehearsals(top: Path) -> Iterator[Rehearsals]:
    """Between the environments that are folders of `top`."""
    roots = [
        f"{folder.name}/{root}" for folder in sorted(top.iterdir()) if folder.is_dir() for root in find_roots(folder)
    ]
    with offline_session(top, roots, apart=True) as session:
        lift_protection(session.work_folder)
        yield Rehearsals(session, top)


@contextmanager
def _instead(succeed: Any) -> Iterator[None]:
    original, use_case.succeed = use_case.succeed, succeed
    try:
        yield
    finally:
        use_case.succeed = original
