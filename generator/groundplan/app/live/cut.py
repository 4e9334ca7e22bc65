"""Going on after an apply that was killed: what it made and did not write down is taken over, not made again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, Severity, shortened
from groundplan.hcl.write import quote
from groundplan.live.cloud import StateLock, time_of
from groundplan.live.copied import OVERRIDE, copied, kept_in
from groundplan.live.events import quoted_addresses
from groundplan.live.imports import SHARED, import_id
from groundplan.live.roots import RootState
from groundplan.live.state import State, attributes
from groundplan.live.terraform import LOCK_SECONDS, Live, RunResult
from groundplan.live.trace import Made, Origin, Trace

if TYPE_CHECKING:
    from groundplan.live.saved import Record

IMPORTS_FILE = "groundplan_taken_over.tf"
MOST = 10
"""Resources that a message names."""
_ROUNDS = 12
_SKEW = timedelta(seconds=10)
"""By which a lock may seem older than the first line of the run that took it."""
_ADDRESS = re.compile(r"[A-Za-z_][\w-]*(\[[^\]\n]+\])?(\.[A-Za-z_][\w-]*(\[[^\]\n]+\])?)+")
_ID = "id"
_DELETE = "import it, or delete it by hand"


def origin_of(at: Connected, state: RootState, lineage: str, *, destroys: bool = False) -> Origin:
    """Which state a run is about to write."""
    place = f"{state.bucket}/{at.key(state)}" if state.bucket else str(state.file)
    return Origin(place, lineage, destroys)


def dead_lock(at: Connected, live: Live, state: RootState, lock: StateLock) -> Diagnostic | None:
    """GP927 for a lock that a dead run of this machine has left, with what removes it; None for any other."""
    root = state.root
    runs = {"an apply": live.trace(root), "a plan": live.planning(root)}
    run = next((name for name, trace in runs.items() if trace and _has_left(at, state, trace, lock)), None)
    if run is None:
        return None
    message = f"{root}: its state is still locked by {run} of this machine that was killed"
    words = shlex.join(["groundplan", "unlock", str(at.standing.folder), "--id", lock.id, "--force"])
    return Diagnostic("GP927", message, hint=f"nobody is at work: `{words}`, then the same command again")


def _has_left(at: Connected, state: RootState, trace: Trace, lock: StateLock) -> bool:
    """Terraform takes its lock when it begins, or within the time that it waits for another's."""
    if trace.ended or trace.runs or not (trace.began and lock.created) or not _is_here(at, state, trace):
        return False
    is_its = trace.began - _SKEW <= lock.created <= trace.began + _SKEW + timedelta(seconds=LOCK_SECONDS)
    return is_its and lock.who.rpartition("@")[2] == trace.host


def was_cut(at: Connected, live: Live) -> bool:
    """Whether an apply of the environment was killed on this machine and not gone on with."""
    traces = ((state, live.trace(state.root)) for state in at.standing.states)
    return any(trace and trace.owes and _is_here(at, state, trace) for state, trace in traces)


def planned_after_cut(
    at: Connected, live: Live, state: RootState, now: State | None, file: Path
) -> tuple[RunResult, tuple[Diagnostic, ...]]:
    """Plans a root into the file, and imports what an apply has made that was killed before it was written down.

    With it, what is to be known: GP745 for what is taken over, GP746 for what cannot be, GP747 for what may be there.
    """
    trace = live.trace(state.root)
    lost, foreign = lost_by(at, trace, state, now), _foreign(at, trace, state, now)
    if trace and lost is None and not trace.runs:
        live.forget(state.root)
    if lost is None:
        return live.plan(state.root, file, origin=origin_of(at, state, now.lineage if now else "")), foreign
    with live.copied(state.root) as copy:
        return _Taking(at, live.elsewhere({state.root: copy}), state, copy, lost).plan(file)


def _is_here(at: Connected, state: RootState, trace: Trace) -> bool:
    return trace.origin.place == origin_of(at, state, "").place


def _is_of(at: Connected, trace: Trace, state: RootState, now: State | None) -> bool:
    """Whether the trace is about this state, and not about one that was there before it in the same place.

    A state gets its lineage when it is written first: then what is recorded has to be what the trace says.
    """
    if not _is_here(at, state, trace):
        return False
    if trace.origin.lineage or now is None or not now.resources:
        return not trace.origin.lineage or (now is not None and now.lineage == trace.origin.lineage)
    recorded = dict(attributes(now))
    return any(not _is_new(one, recorded) for one in trace.made)


def _foreign(at: Connected, trace: Trace | None, state: RootState, now: State | None) -> tuple[Diagnostic, ...]:
    """GP747 where what is kept of a killed apply is about another state."""
    if (
        trace is None
        or not trace.owes
        or not (trace.made or trace.begun)
        or trace.runs
        or _is_of(at, trace, state, now)
    ):
        return ()
    parts = {"made": trace.made, "begun": trace.begun}
    did = " and ".join(f"{done} {_names([one.address for one in those])}" for done, those in parts.items() if those)
    message = f"{state.root}: an apply that was killed wrote another state than there is now; it had {did}"
    return (Diagnostic("GP747", message, Severity.WARNING, "look whether they are still in the account"),)


@dataclass(frozen=True)
class Lost:
    """What no state has: objects that were made, and those that may have been.

    A successor's address is in the state, with its predecessor: Terraform passes over an import to such an address.
    """

    made: Mapping[str, Made]
    begun: Mapping[str, Made]
    successors: Mapping[str, Made]
    begun_successors: Mapping[str, Made]
    orphans: Set[str]
    """Addresses that the state has with an object that was deleted."""

    @property
    def addresses(self) -> list[str]:
        """Of all of them."""
        return [*self.made, *self.successors, *self.begun, *self.begun_successors]


def lost_by(at: Connected, trace: Trace | None, state: RootState, now: State | None) -> Lost | None:
    """What applies that were killed have made and no state has; None where that is nothing."""
    if trace is None or not trace.owes or not _is_of(at, trace, state, now):
        return None
    again: Set[str] = at.cloud.imports.again | SHARED.again
    recorded = dict(attributes(now)) if now else {}
    made = {one.address: one for one in trace.made if one.type not in again and _is_new(one, recorded)}
    begun = {one.address: one for one in trace.begun if one.type not in again}
    lost = Lost(
        {address: one for address, one in made.items() if address not in recorded},
        {address: one for address, one in begun.items() if address not in recorded},
        {address: one for address, one in made.items() if address in recorded},
        {address: one for address, one in begun.items() if address in recorded and one.replaces},
        {one.address for one in trace.deleted if not _is_new(one, recorded)},
    )
    return lost if lost.addresses else None


def _is_new(one: Made, recorded: Mapping[str, Mapping[str, Any]]) -> bool:
    attributes = recorded.get(one.address)
    return attributes is None or (bool(one.id) and attributes.get(one.id_attribute) != one.id)


def overtaken(at: Connected, live: Live, record: Record, now: Mapping[str, State | None]) -> list[Diagnostic]:
    """GP414 for saved plans of roots whose apply was killed since: they would make once more what that has made."""
    found, made = [], time_of(record.made)
    for state in at.standing.states:
        saved, trace = record.of(state.root), live.trace(state.root)
        is_older = trace and trace.began and made and made < trace.began
        if saved and saved.pending and is_older and lost_by(at, trace, state, now[state.root]):
            message = f"{state.root}: an apply was killed since it was planned, and has made what no state has"
            found.append(Diagnostic("GP414", message, hint="plan again; nothing was applied"))
    return found


def left_by_cut(at: Connected, root: str, lost: Lost) -> Diagnostic:
    """GP746 for a destruction, which leaves what no state has."""
    message = f"{root}: made by an apply that was killed, in no state, and left: {_names(lost.addresses)}"
    words = shlex.join(["groundplan", "apply", str(at.standing.folder), "--root", root])
    hint = f"`{words}` before takes them over, so that they go too; else delete them by hand"
    return Diagnostic("GP746", message, Severity.WARNING, hint)


class _Taking:
    """A plan in a copy of a folder with blocks that import; what the cloud does not know is left out of it again."""

    def __init__(self, at: Connected, live: Live, state: RootState, copy: Path, lost: Lost) -> None:
        self._at, self._live, self._root, self._copy, self._lost = at, live, state.root, copy, lost
        self._added = {} if state.bucket else {f"{state.root}/{OVERRIDE}": kept_in(state.file)}
        self._imports = at.cloud.imports.and_those_of(SHARED)
        named = ((one.address, self._import_id(one, {})) for one in lost.made.values())
        self._ids = {address: id_ for address, id_ in named if id_ and _ADDRESS.fullmatch(address)}
        self._refused: set[str] = set()
        self._taken: set[str] = set()
        self._origin = origin_of(at, state, "")

    def plan(self, file: Path) -> tuple[RunResult, tuple[Diagnostic, ...]]:
        """The plan, and what is told of what it takes over."""
        copied(self._at.standing.folder, self._copy, [self._root], self._added)
        ready = self._live.init(self._root)
        if not ready.ok:
            return ready, ()
        for _ in range(_ROUNDS):
            result = self._planned(file)
            if not result.ok and not self._ids:
                return result, ()
            if result.ok and not self._learned(self._live.show(self._root, file)):
                return result, tuple(self._told())
            if not result.ok:
                self._drop(result.diagnostics)
        self._ids = {}
        return self._planned(file), tuple(self._told())

    def _planned(self, file: Path) -> RunResult:
        blocks = [f"import {{\n  to = {to}\n  id = {quote(id_)}\n}}\n" for to, id_ in sorted(self._ids.items())]
        (self._copy / self._root / IMPORTS_FILE).write_text("\n".join(blocks), encoding="utf-8")
        return replace(self._live.plan(self._root, file, origin=self._origin), root=self._root)

    def _drop(self, found: Sequence[Diagnostic]) -> None:
        """Leaves out what the plan failed for; where that is not told, first what may not be there, then all."""
        named = {address for one in found for address in (one.address, *quoted_addresses(one.message))}
        drop = (self._ids.keys() & named) or (self._ids.keys() & self._lost.begun.keys()) or set(self._ids)
        self._refused |= drop
        self._ids = {to: id_ for to, id_ in self._ids.items() if to not in drop}

    def _learned(self, plan: Mapping[str, Any]) -> bool:
        """Whether the plan says by what name more of it can be imported."""
        before = len(self._ids)
        for change in plan.get("resource_changes") or ():
            address = change.get("address", "")
            if (change.get("change") or {}).get("importing"):
                self._taken.add(address)
            one = self._lost.made.get(address) or self._lost.begun.get(address)
            if one and address not in self._ids and address not in self._refused and _ADDRESS.fullmatch(address):
                values = (change.get("change") or {}).get("after") or {}
                if found := self._import_id(one, values):
                    self._ids[address] = found
        return len(self._ids) > before

    def _import_id(self, one: Made, values: Mapping[str, Any]) -> str:
        known = {_ID: one.id} if one.id_attribute == _ID else {}
        return import_id(self._imports.forms_of(one.type), {**values, _ID: "", **known})

    def _told(self) -> Iterator[Diagnostic]:
        root, lost = self._root, self._lost
        taken = self._ids.keys() & self._taken
        if taken:
            message = f"{root}: made by an apply that was killed, and taken over: {_names(sorted(taken))}"
            yield Diagnostic("GP745", message, Severity.WARNING, "look at each before you approve the plan")
        for address, one in lost.made.items():
            if address not in taken:
                message = (
                    f"{root}: an apply that was killed has made {address} ({shortened(one.id)}), which no state has"
                )
                remedy = self._imports.never.get(one.type, _DELETE)
                yield Diagnostic("GP746", message, Severity.WARNING, remedy, address=address)
        yield from map(self._successor, lost.successors.values())
        doubtful = [*(address for address in lost.begun if address not in taken), *lost.begun_successors]
        if doubtful:
            message = f"{root}: an apply was killed while it made {_names(doubtful)}: they may be there twice"
            yield Diagnostic("GP747", message, Severity.WARNING, "look for them in the account and delete what is left")

    def _successor(self, one: Made) -> Diagnostic:
        """GP746 for what was made in place of what the state still names."""
        message = f"{self._root}: an apply that was killed has replaced {one.address}; the new one"
        remedy = f"delete {shortened(one.id)} by hand: the plan replaces the old one, which is still there, once more"
        if one.address in self._lost.orphans:
            words = shlex.join(["terraform", "state", "rm", one.address])
            remedy = f"the old one is gone: `{words}` in {self._root}, then the same command takes the new one over"
        message += f" ({shortened(one.id)}) is in no state"
        return Diagnostic("GP746", message, Severity.WARNING, remedy, address=one.address)


def _names(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - MOST} more" if len(addresses) > MOST else ""
    return ", ".join(addresses[:MOST]) + more
