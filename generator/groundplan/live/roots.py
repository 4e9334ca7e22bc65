"""Where each root of a rendered environment keeps its state, as its backend block says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.lock import Lock, read_lock
from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse
from groundplan.reading import KIB, MIB, MalformedJSONError, UnreadableError, parse_json, read_regular
from groundplan.terraform.root_folders import find_roots

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


@dataclass(frozen=True, slots=True)
class Standing:
    """A rendered environment: its folder, its lock and where its states are, in the order of its roots."""

    folder: Path
    lock: Lock
    states: tuple[RootState, ...]

    @property
    def name(self) -> str:
        """The environment's."""
        return self.lock.cloud.environment

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
    lock = read_lock(folder) if folder.is_dir() else None
    if lock is None or not lock.cloud.environment:
        hint = "name the folder that `render` or `build` wrote; a lock of an early release: render again"
        raise DiagnosticsError(
            [Diagnostic("GP402", f"{folder} has no {LOCK_FILE} that names an environment", hint=hint)]
        )
    return Standing(folder, lock, tuple(_state(folder, root) for root in find_roots(folder)))


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
