"""Where each root of a rendered environment keeps its state, as its backend block says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.outline import Outline, lock_text, outline_of
from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse
from groundplan.reading import KIB, MIB, MalformedJSONError, UnreadableError, parse_json, read_regular
from groundplan.terraform.root_folders import find_roots

if TYPE_CHECKING:
    from groundplan.environment.lock import Lock

BACKEND_FILE = "backend.tf"
BACKEND_BYTES = 64 * KIB
LOCAL_STATE = "terraform.tfstate"
LOCAL_STATE_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class RootState:
    """Where one root keeps its state: in a bucket, or in a file of its own folder."""

    root: str
    backend: Mapping[str, str]
    file: Path

    @property
    def bucket(self) -> str:
        """Empty where the state is in a file."""
        return self.backend.get("bucket", "")


@dataclass(frozen=True)
class Standing:
    """A rendered environment: its folder, the outline of its lock, and where its roots have their states, in order."""

    folder: Path
    outline: Outline
    states: tuple[RootState, ...]

    @cached_property
    def lock(self) -> Lock:
        """The whole lock, which is read when it is asked for. Raises GP402."""
        from groundplan.environment.lock import read_lock

        found = read_lock(self.folder)
        if found is None or found.outline != self.outline:
            message, hint = f"{self.folder} was rendered again meanwhile", "the same command again"
            raise DiagnosticsError([Diagnostic("GP402", message, hint=hint)])
        return found

    @property
    def name(self) -> str:
        """The environment's."""
        return self.outline.environment

    def chosen(self, roots: tuple[str, ...]) -> tuple[RootState, ...]:
        """The states of the named roots, all without names. Raises GP101 for a name that is none."""
        known = {state.root: state for state in self.states}
        wrong = [root for root in roots if root not in known]
        if wrong:
            message, hint = f"no root {shortened(wrong[0])} in {self.folder}", f"it has {', '.join(known)}"
            raise DiagnosticsError([Diagnostic("GP101", message, hint=hint)])
        return tuple(known[root] for root in roots) if roots else self.states


def standing_in(folder: Path) -> Standing:
    """The environment in the folder. Raises GP402 where none was rendered or its lock or backends cannot be read."""
    outline = _outline(folder) if folder.is_dir() else None
    if outline is None or not outline.environment:
        hint = "name the folder that `render` or `build` wrote; a lock of an early release: render again"
        raise DiagnosticsError(
            [Diagnostic("GP402", f"{folder} has no {LOCK_FILE} that names an environment", hint=hint)]
        )
    return Standing(folder, outline, tuple(_state(folder, root) for root in find_roots(folder)))


def _outline(folder: Path) -> Outline | None:
    """None without a lock; what an outline does not explain, the whole lock does."""
    try:
        found = outline_of(lock_text(folder))
    except UnreadableError:
        found = None
    if found is not None:
        return found
    from groundplan.environment.lock import read_lock

    lock = read_lock(folder)
    return lock.outline if lock else None


def _state(folder: Path, root: str) -> RootState:
    path = folder / root / BACKEND_FILE
    try:
        text = read_regular(path, limit_bytes=BACKEND_BYTES, within=folder).decode("utf-8")
        backend = next(block for block in parse(text, str(path)).walk() if block.type == "backend")
    except (UnreadableError, ValueError, DiagnosticsError, StopIteration):
        message = f"{root}/{BACKEND_FILE} does not say where the state is"
        raise DiagnosticsError([Diagnostic("GP402", message, hint="render the environment again")]) from None
    return RootState(root, _settings(backend), folder / root / LOCAL_STATE)


def _settings(backend: Block) -> dict[str, str]:
    return {name: text for name, given in backend.attributes.items() if (text := _text(given.value))}


def _text(value: str) -> str:
    try:
        found = parse_json(value)
    except MalformedJSONError:
        return ""
    return found if isinstance(found, str) else ""
