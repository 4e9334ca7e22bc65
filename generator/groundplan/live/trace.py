"""What an apply has told, kept until it ended by itself: the only record of what was made since a state was written.

Terraform writes a state in a bucket every 20 seconds and at its end. Killed in between, it leaves behind objects that
no state names; the lines that it wrote name them.
https://github.com/hashicorp/terraform/blob/main/internal/backend/local/backend_apply.go
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from groundplan.live.cloud import time_of
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, parse_json, read_regular

_BYTES = 64 * MIB
_BEGIN, _PID = "groundplan_begin", "groundplan_pid"
_LEFT_BEHIND = ("operation canceled", "Error releasing the state lock")
"""What Terraform says when it was interrupted twice, and what it was making goes on without it, or leaves a lock."""


@dataclass(frozen=True, slots=True)
class Made:
    """An object that a resource was made into; `id` is empty for one of which only the beginning was told."""

    address: str
    type: str
    id_attribute: str = ""
    id: str = ""
    replaces: bool = False
    """Whether it takes the place of an earlier one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which state a run was to write."""

    place: str
    """Its bucket and key, or its file."""
    lineage: str
    """Empty where there was none yet."""
    destroys: bool = False
    """Whether it was there to destroy, and so says nothing about what an earlier one has made."""


def this_host() -> str:
    """The name of this machine, as Terraform writes it into locks."""
    return os.uname().nodename


@dataclass(frozen=True, slots=True)
class Trace:
    """What one apply, or several that were cut off, have told."""

    pid: int
    """Of the last Terraform; 0 where it was not noted."""
    host: str
    """Where that ran."""
    origin: Origin
    """Of the last one."""
    began: datetime | None
    made: tuple[Made, ...]
    begun: tuple[Made, ...]
    """Of which nothing says whether they were made."""
    deleted: tuple[Made, ...]
    ended: bool
    """Whether the last one ended by itself, so that its state has everything."""
    owes: bool
    """Whether one that made something did not, so that it may have made what no state has."""

    @property
    def runs(self) -> bool:
        """Whether that Terraform is still at work, as far as this machine knows: it leads a session of its own."""
        if self.host not in ("", this_host()):
            return True
        try:
            return self.pid > 0 and os.getsid(self.pid) == self.pid
        except OSError:
            return False


def begin_line(origin: Origin) -> bytes:
    """Written before Terraform is started."""
    return json.dumps({"type": _BEGIN, "host": this_host(), **asdict(origin)}).encode() + b"\n"


def pid_line(pid: int) -> bytes:
    """Written among the lines of Terraform when it was started."""
    return json.dumps({"type": _PID, "pid": pid}).encode() + b"\n"


def read_trace(file: Path, operation: str = "apply") -> Trace | None:
    """What the file tells of applies, or plans; None where there is none that can be read."""
    try:
        data = read_regular(file, limit_bytes=_BYTES, within=file.parent)
    except UnreadableError:
        return None
    return trace_of(data, operation)


def trace_of(data: bytes, operation: str = "apply") -> Trace:
    """What lines of `terraform apply -json`, or `plan`, tell, whatever else is among them."""
    told = _Told(operation)
    for line in _lines(data):
        told.add(line)
    told.close()
    made, begun = tuple(told.made.values()), tuple(told.begun.values())
    deleted = tuple(told.deleted.values())
    return Trace(told.pid, told.host, told.origin, told.began, made, begun, deleted, told.ended, told.owes)


class _Told:
    """What was told so far."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.pid, self.host, self.origin = 0, "", Origin("", "")
        self.ended, self.owes, self.left_behind = False, False, False
        self.began: datetime | None = None
        self.made: dict[str, Made] = {}
        self.begun: dict[str, Made] = {}
        self.replaced: set[str] = set()
        self.going: dict[str, Made] = {}
        self.deleted: dict[str, Made] = {}

    def add(self, line: Mapping[str, Any]) -> None:
        """Takes one line."""
        kind = line.get("type")
        if kind == _BEGIN:
            self._begin(line)
        elif kind == _PID and type(line.get("pid")) is int:
            self.pid = line["pid"]
        elif kind == "version":
            self.close()
            self.began, self.ended = time_of(str(line.get("@timestamp", ""))), False
            self.left_behind, self.owes = False, self.owes or not self.origin.destroys
            self.replaced, self.going = set(), {}
        elif kind == "change_summary":
            changes = line.get("changes")
            is_last = isinstance(changes, dict) and changes.get("operation") == self.operation
            self.ended = self.ended or (is_last and not self.left_behind)
        elif kind == "diagnostic":
            self.left_behind = self.left_behind or any(each in str(line.get("@message", "")) for each in _LEFT_BEHIND)
            self.ended = (self.ended or line.get("@level") == "error") and not self.left_behind
        elif kind == "planned_change" and isinstance(change := line.get("change"), dict):
            if change.get("action") == "replace":
                self.replaced.add(_resource(change)[0])
        elif isinstance(hook := line.get("hook"), dict):
            self._hook(str(kind), hook)

    def close(self) -> None:
        """The end of what one run has told."""
        if self.ended and not self.origin.destroys:
            self.owes = False

    def _begin(self, line: Mapping[str, Any]) -> None:
        self.close()
        self.ended, self.pid, self.host = False, 0, str(line.get("host", ""))
        self.origin = Origin(str(line.get("place", "")), str(line.get("lineage", "")), line.get("destroys") is True)

    def _hook(self, kind: str, hook: Mapping[str, Any]) -> None:
        address, type_ = _resource(hook)
        action = hook.get("action")
        id_attribute, id_ = str(hook.get("id_key", "")), str(hook.get("id_value", ""))
        one = Made(address, type_, id_attribute, id_, address in self.replaced)
        if kind == "apply_start" and action == "create":
            self.begun[address] = one
        elif kind == "apply_start" and action == "delete":
            self.going[address] = one
        elif kind == "apply_errored":
            self.begun.pop(address, None)
        elif kind == "apply_complete":
            self.begun.pop(address, None)
            if action == "create":
                self.made[address] = one
            elif action == "delete":
                self._delete(address)

    def _delete(self, address: str) -> None:
        """The predecessor of one that was made before it goes, with `create_before_destroy`, has its address."""
        gone, made = self.going.pop(address, None), self.made.get(address)
        if made and not (gone and gone.id and gone.id != made.id):
            del self.made[address]
        if gone:
            self.deleted[address] = gone


def _resource(told: Mapping[str, Any]) -> tuple[str, str]:
    """Address and type of what a line is about."""
    about = told.get("resource")
    about = about if isinstance(about, dict) else {}
    return str(about.get("addr", "")), str(about.get("resource_type", ""))


def _lines(data: bytes) -> Iterator[Mapping[str, Any]]:
    for line in data.decode("utf-8", "replace").splitlines():
        if line.startswith("{"):
            try:
                found = parse_json(line)
            except MalformedJSONError:
                continue
            if isinstance(found, dict):
                yield found
