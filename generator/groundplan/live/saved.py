"""Saved plans of an environment: a folder with a plan for each root, and what they are good for.

A plan is applied to exactly what it was made of: the same files, the same states, the same programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.digests import lock_digest, plan_digest, tree_digest
from groundplan.live.roots import Standing
from groundplan.live.state import State
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, parse_json, read_regular
from groundplan.writing import write_file

RECORD_FILE = "plan.json"
RECORD_BYTES = 16 * MIB
_NOTHING = (["no-op"], ["read"])

Text = Annotated[str, pydantic.Field(max_length=1_024)]


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Action(_Part):
    """What a plan does to one resource, in Terraform's words."""

    address: Text
    actions: tuple[Text, ...]
    deposed: Text = ""


class SavedRoot(_Part):
    """The plan of one root and the state it was made on; `serial` is 0 and `lineage` empty where there was none."""

    root: Annotated[str, pydantic.Field(pattern=r"^[0-9]{2}-[a-z0-9-]{1,60}$")]
    sha256: Text
    serial: Annotated[int, pydantic.Field(ge=0, le=2**53)] = 0
    lineage: Text = ""
    pending: bool
    actions: tuple[Action, ...] = ()
    providers: Text = ""
    """Digest of the providers' lock file that it was made with; empty where there was none."""

    @property
    def file(self) -> str:
        """Name of the plan in the folder of the record."""
        return f"{self.root}.tfplan"

    @property
    def is_first(self) -> bool:
        """Whether there was no state when it was made."""
        return not self.serial and not self.lineage


class Record(_Part):
    """What a folder of saved plans is for."""

    format_version: Literal["1"] = "1"
    run: Text
    made: Text
    """When, in UTC."""
    groundplan: Text
    terraform: Text
    """The program with its version."""
    environment: Text
    account: Text
    commit: Text = ""
    """Of the folder; empty where it is in no repository."""
    edited: bool = False
    """Whether the folder was another than in the commit."""
    tree: Text
    """Digest of every file that Terraform reads in the environment's folder."""
    lock: Text
    """Digest of its lock."""
    roots: tuple[SavedRoot, ...]
    """Those that could be planned, in their order."""
    later: Mapping[Text, Text] = {}
    """The others, each with the root that has to be applied before."""

    def of(self, root: str) -> SavedRoot | None:
        """The saved plan of a root."""
        return next((one for one in self.roots if one.root == root), None)

    def knows(self, root: str) -> bool:
        """Whether it was asked for when the plans were made."""
        return root in self.later or self.of(root) is not None


@dataclass(frozen=True, slots=True)
class Basis:
    """What plans are made of, as it is now."""

    standing: Standing
    account: str
    terraform: str
    groundplan: str
    states: Mapping[str, State | None]


def actions_of(plan: Mapping[str, Any]) -> tuple[Action, ...]:
    """What a plan does, without a value: by address, without what stays as it is in the cloud and in the state."""
    found = (
        Action(address=one["address"], actions=done, deposed=one.get("deposed", ""))
        for one in plan.get("resource_changes") or ()
        if (done := _done(one))
    )
    return tuple(sorted(found, key=lambda one: (one.address, one.deposed)))


def _done(change: Mapping[str, Any]) -> tuple[str, ...]:
    """What happens to one resource; a state that alone differs after an import or a move is applied like anything."""
    about = change["change"]
    state = ("import" if "importing" in about else "", "move" if change.get("previous_address") else "")
    cloud = () if about["actions"] in _NOTHING else about["actions"]
    return tuple(word for word in (*state, *cloud) if word)


def write_record(folder: Path, record: Record) -> None:
    """Puts the record beside the plans that it is about."""
    write_file(folder / RECORD_FILE, (record.model_dump_json(indent=2) + "\n").encode(), below=folder)


def read_record(folder: Path) -> Record:
    """The record of a folder of saved plans. Raises GP416 where there is none that can be read."""
    try:
        text = read_regular(folder / RECORD_FILE, limit_bytes=RECORD_BYTES, within=folder).decode("utf-8")
        return Record.model_validate(parse_json(text))
    except UnreadableError as error:
        raise _refused("GP416", f"{folder / RECORD_FILE}: {error.reason}") from None
    except (UnicodeDecodeError, MalformedJSONError, pydantic.ValidationError):
        raise _refused("GP416", f"{folder / RECORD_FILE} is no record of saved plans") from None


def stale(record: Record, plans: Path, now: Basis) -> Iterator[Diagnostic]:
    """Why the saved plans may not be applied to what there is now; nothing where they may."""
    standing = now.standing
    if (record.environment, record.account) != (standing.name, now.account):
        yield _reason(
            "GP413",
            f"the plans are of {record.environment} in {record.account}, not of {standing.name} in {now.account}",
        )
        return
    if record.lock != lock_digest(standing.folder) or record.tree != tree_digest(standing.folder):
        yield _reason("GP411", f"{standing.folder} is not what the plans were made of")
    if (record.terraform, record.groundplan) != (now.terraform, now.groundplan):
        made = f"{record.terraform} and groundplan {record.groundplan}"
        yield _reason("GP415", f"the plans were made by {made}, this is {now.terraform} and {now.groundplan}")
    for saved in record.roots:
        yield from _stale_root(saved, plans, now.states.get(saved.root))


def _stale_root(saved: SavedRoot, plans: Path, state: State | None) -> Iterator[Diagnostic]:
    if plan_digest(plans / saved.file) != saved.sha256:
        yield _reason("GP412", f"{saved.file} is not the plan that was saved")
    serial, lineage = (state.serial, state.lineage) if state else (0, "")
    if (serial, lineage) != (saved.serial, saved.lineage) and not (saved.is_first and _is_blank(state)):
        yield _reason("GP414", f"the state of {saved.root} was written since it was planned")


def _is_blank(state: State | None) -> bool:
    """Whether nothing was applied: a backend on Cloud Storage leaves an empty state as soon as it is asked for one."""
    return state is None or not (state.resources or state.outputs)


def _reason(code: str, message: str) -> Diagnostic:
    return Diagnostic(code, message, hint="plan again; nothing was applied")


def _refused(code: str, message: str) -> DiagnosticsError:
    return DiagnosticsError([_reason(code, message)])
