"""The root that makes the state bucket keeps its own state in there too: in a file of this machine until it can.

Whichever is newer, file or object, is the state, and both are of one lineage. So every command goes on where another
was cut off, and the file goes only when a plan on the bucket has shown that nothing is missing in it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.live.connected import Connected
from groundplan.app.live.states import locked
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse
from groundplan.live.cloud import StateLock
from groundplan.live.copied import OVERRIDE, copied, kept_in
from groundplan.live.file_locks import file_lock
from groundplan.live.places import kept_states
from groundplan.live.roots import BACKEND_BYTES, LOCAL_STATE, RootState
from groundplan.live.state import State, gone_back
from groundplan.live.terraform import LOCK_FILE, Live
from groundplan.reading import UnreadableError, read_regular
from groundplan.stack.layers import STATE
from groundplan.writing import UnwritableError, write_file


@dataclass(frozen=True)
class First:
    """The root that makes the bucket, as long as a file has its state or is left over.

    `home` is where the state belongs; `at` and `live` are those of the rendered folder, which the root goes back to.
    """

    at: Connected
    live: Live
    home: RootState
    copy: Path
    """Where the root runs meanwhile."""
    file: Path
    moves: bool
    """Whether the file is the state; otherwise the bucket has it already."""

    @property
    def root(self) -> str:
        """Its name."""
        return self.home.root

    @property
    def note(self) -> Diagnostic:
        """Where the state is now, and where it goes."""
        message = f"the state of {self.root} is kept in {self.file} until it is in {self.home.bucket}"
        return Diagnostic(
            "GP741", message, Severity.NOTE, hint="`groundplan apply` makes the bucket and moves it there"
        )

    def ended(self, lock: StateLock, *, ok: bool, is_empty: bool) -> Sequence[Diagnostic]:
        """Brings the state into the bucket after an apply of the root, under a lock, and takes the file away.

        After one that failed the state is moved as well once there is a bucket, so that another machine can go on.
        `is_empty` says that a plan had nothing to apply. Returns GP949 where the file is still there, else nothing.
        """
        if self.moves:
            now = _resources(self.at, self.root, self.file)
            if now is None or not _has(now, self.home.bucket):
                return [self._kept("there is no such bucket yet", Severity.NOTE)] if now else []
            if found := self._written(now, lock):
                return self._stays(found, Severity.ERROR if ok else Severity.WARNING)
        if not ok:
            return []
        if (self.moves or not is_empty) and (found := self._unproven()):
            return self._stays(found, Severity.ERROR)
        self._removed()
        return []

    def _written(self, now: State, lock: StateLock) -> Sequence[Diagnostic]:
        """Puts the state into the bucket as it is; why not, or nothing when it is there.

        Terraform itself would give it another lineage: its `state push` and `init -migrate-state` begin a new one where
        there was none (https://github.com/hashicorp/terraform/blob/main/internal/states/remote/state.go).
        """
        store, key = self.at.store(self.home), self.at.key(self.home)
        try:
            with locked(store, key, self.root, replace(lock, path=key)):
                there = _in_bucket(self.at, self.home)
                if there and not _is_newer(now, there):
                    return [Diagnostic("GP949", "another has written it there in the meantime")]
                store.write(key, gone_back(now, now.serial))
        except DiagnosticsError as error:
            return error.diagnostics
        made, own = self.copy / self.root / LOCK_FILE, self.live.place(self.root) / LOCK_FILE
        if made.exists() and not own.exists():
            shutil.copyfile(made, own)
        ready = self.live.init(self.root, reconfigure=True)
        return () if ready.ok else ready.diagnostics

    def _unproven(self) -> Sequence[Diagnostic]:
        """Why it is not certain that the bucket has all of the state."""
        with tempfile.TemporaryDirectory(prefix="groundplan-plans-") as folder:
            planned = self.live.plan(self.root, Path(folder) / "proof.tfplan")
        if not planned.ok:
            return planned.diagnostics
        return [Diagnostic("GP949", "a plan on the state in the bucket is not empty")] if planned.changes else ()

    def _stays(self, why: Sequence[Diagnostic], severity: Severity) -> Sequence[Diagnostic]:
        """GP949 with the first reason, and that it was interrupted (GP924) where it was."""
        return [self._kept(_said(why), severity), *(one for one in why if one.code == "GP924")]

    def _kept(self, reason: str, severity: Severity) -> Diagnostic:
        message = f"the state of {self.root} is in {self.file} and stays there: {reason}"
        return Diagnostic("GP949", message, severity, hint="the same command goes on from there, on this machine")

    def _removed(self) -> None:
        self.file.unlink(missing_ok=True)
        shutil.rmtree(self.copy, ignore_errors=True)


def begun(at: Connected, live: Live, environment: Mapping[str, str]) -> tuple[Connected, Live, First | None]:
    """The environment as it is run until the state of the root that makes the bucket is in there; None: it is.

    Nothing is asked of Terraform. Raises GP821 for a bucket of somebody else's, GP947 where the state is on another
    machine, GP948 where there are two.
    """
    home = _home(at)
    if home is None:
        return at, live, None
    is_there = at.store(home).exists()
    there = _in_bucket(at, home) if is_there else None
    copy = kept_states(home.bucket, environment)
    file, kept = _newest(at, home, copy)
    _require_one(home, file, kept, there)
    if there and (kept is None or kept.serial <= there.serial):
        return at, live, First(at, live, home, copy, file, moves=False) if kept else None
    if is_there and kept is None and not (_was_cut(live, file) or _imports(at.standing.folder / home.root)):
        raise _elsewhere(home, file)
    return _swapped(First(at, live, home, copy, file, moves=True))


def _home(at: Connected) -> RootState | None:
    """The root that makes the bucket; None where its state does not belong in there."""
    return next((one for one in at.standing.states if one.root == STATE and one.bucket), None)


def _is_newer(one: State, other: State) -> bool:
    return one.lineage == other.lineage and one.serial > other.serial


def _was_cut(live: Live, file: Path) -> bool:
    """Whether an apply into the file was killed on this machine before it was written, so that the next goes on."""
    trace = live.trace(STATE)
    return trace is not None and trace.owes and trace.origin.place == str(file)


def seen(at: Connected, environment: Mapping[str, str]) -> Connected:
    """The environment for whoever only looks: with the state of that root in the file, where it is not in the bucket.

    Nothing is made and nothing refused; where the two are of different lineages, it is what the bucket has.
    """
    home = _home(at)
    if home is None:
        return at
    file, kept = _newest(at, home, kept_states(home.bucket, environment, make=False))
    there = _in_bucket(at, home)
    newer = kept is not None and (there is None or _is_newer(kept, there))
    begins = there is None and file_lock(file) is not None
    return _in_file(at, home.root, file) if newer or begins else at


def advice(at: Connected) -> str:
    """What an operator may want to know of a state that stays in a file; empty where there is none."""
    own = next((one for one in at.standing.states if one.root == STATE and not one.bucket), None)
    if own is None or not any(one.bucket for one in at.standing.states):
        return ""
    return (
        f"the state of {STATE} is {own.file}, on this machine alone: `state.own_state: remote` moves it into the bucket"
    )


@contextmanager
def taken_out(at: Connected, environment: Mapping[str, str], roots: Sequence[str]) -> Iterator[Connected]:
    """The environment with the state of the root that makes the bucket in a file, where that root is among those named.

    Its bucket cannot be destroyed with the state that says so in there. What is left of the root when the context ends
    stays in the file, from which every command goes on; where nothing was done, or nothing is left, the file goes.
    """
    home = _home(at) if STATE in roots else None
    if home is None:
        yield at
        return
    there = _in_bucket(at, home) if at.store(home).exists() else None
    copy = kept_states(home.bucket, environment)
    file, kept = _newest(at, home, copy)
    _require_one(home, file, kept, there)
    out = gone_back(there, there.serial + 1) if there and (kept is None or kept.serial <= there.serial) else b""
    if out:
        _write(file, out)
    try:
        yield _in_file(at, home.root, file)
    finally:
        if file.exists() and (not _resources(at, home.root, file) or (out and file.read_bytes() == out)):
            file.unlink()
            shutil.rmtree(copy, ignore_errors=True)


def _write(file: Path, data: bytes) -> None:
    """For its owner alone. Raises GP818."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        write_file(file, data)
    except (OSError, UnwritableError) as error:
        raise DiagnosticsError([Diagnostic("GP818", f"cannot write {file}: {error}")]) from None


def _in_file(at: Connected, root: str, file: Path) -> Connected:
    states = tuple(RootState(root, {}, file) if one.root == root else one for one in at.standing.states)
    return replace(at, standing=replace(at.standing, states=states))


def _swapped(first: First) -> tuple[Connected, Live, First]:
    """The root in its copy, with its state in the file."""
    at, root = first.at, first.root
    own = first.copy / root / LOCAL_STATE
    override = kept_in(None if first.file == own else first.file)
    copied(at.standing.folder, first.copy, [root], {f"{root}/{OVERRIDE}": override})
    return _in_file(at, root, first.file), first.live.elsewhere({root: first.copy}), first


def _newest(at: Connected, home: RootState, copy: Path) -> tuple[Path, State | None]:
    """The file of this machine that has the state: that of an earlier run, or the root's own from before it moved."""
    found = [(file, _resources(at, home.root, file)) for file in (copy / home.root / LOCAL_STATE, home.file)]
    return max(found, key=lambda one: one[1].serial if one[1] else -1)


def _in_bucket(at: Connected, home: RootState) -> State | None:
    """The state in the bucket; None for one without resources, as `terraform init` may leave it with Cloud Storage."""
    found = at.read(home)
    return found if found and found.resources else None


def _resources(at: Connected, root: str, file: Path) -> State | None:
    """The state in a file; None for one without resources."""
    found = at.read(RootState(root, {}, file))
    return found if found and found.resources else None


def _has(state: State, bucket: str) -> bool:
    """Whether the bucket is made as the state has it, and not about to be made anew."""
    instances = (one for resource in state.fields["resources"] for one in resource.get("instances", ()))
    made = (one for one in instances if one.get("status") != "tainted")
    return any(bucket in ((one.get("attributes") or {}).get(name) for name in ("bucket", "name")) for one in made)


def _said(found: Sequence[Diagnostic]) -> str:
    return next((one.message for one in found if one.severity is Severity.ERROR), "it cannot be read")


def _imports(root: Path) -> bool:
    """Whether a file of the root imports what is there, which is how a lost state comes back."""
    return any(block.type == "import" for file in sorted(root.glob("*.tf")) for block in _blocks(file, root))


def _blocks(file: Path, root: Path) -> Sequence[Block]:
    try:
        return parse(read_regular(file, limit_bytes=BACKEND_BYTES, within=root).decode(), str(file)).blocks
    except (UnreadableError, ValueError, DiagnosticsError):
        return []


def _elsewhere(home: RootState, file: Path) -> DiagnosticsError:
    message = f"the bucket {home.bucket} is there, and the state of {home.root} is neither in it nor in {file}"
    hint = (
        "run this on the machine where the bucket was made, or bring that file from there; where it is lost, "
        f"import the bucket and its key in a file of {home.root} (docs/state.md)"
    )
    return DiagnosticsError([Diagnostic("GP947", message, hint=hint)])


def _require_one(home: RootState, file: Path, kept: State | None, there: State | None) -> None:
    """Raises GP948 where the file has another state than the bucket."""
    if there and kept and there.lineage != kept.lineage:
        message = f"{file} and the bucket {home.bucket} have states of {home.root} that have nothing in common"
        hint = "find out which one lists what there is, and put the other away"
        raise DiagnosticsError([Diagnostic("GP948", message, hint=hint)])
