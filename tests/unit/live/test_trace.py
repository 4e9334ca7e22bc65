"""What an apply that was killed has told."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from groundplan.live.trace import Made, Origin, begin_line, pid_line, trace_of

VERSION = {"type": "version", "@timestamp": "2026-11-30T09:22:33.941675Z"}


def hook(kind: str, address: str, action: str = "create", **more: str) -> dict[str, Any]:
    resource = {"addr": address, "resource_type": address.split(".")[-2]}
    return {"type": kind, "hook": {"resource": resource, "action": action, **more}}


def told(*lines: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_what_was_made_and_what_was_begun() -> None:
    trace = trace_of(
        told(
            VERSION,
            hook("apply_start", "module.network.aws_vpc.this"),
            hook("apply_start", "aws_eip.a"),
            hook("apply_start", "aws_eip.b"),
            hook("apply_start", "aws_kms_key.old", "delete"),
            hook("apply_complete", "module.network.aws_vpc.this", id_key="id", id_value="vpc-1"),
            hook("apply_errored", "aws_eip.b"),
        )
        + b'{"type": "apply_comp'
    )
    assert trace.made == (Made("module.network.aws_vpc.this", "aws_vpc", "id", "vpc-1"),)
    assert trace.begun == (Made("aws_eip.a", "aws_eip"),)
    assert not trace.ended
    assert trace.began is not None and trace.began.isoformat() == "2026-11-30T09:22:33.941675+00:00"


def test_what_was_destroyed_again_is_not_there() -> None:
    made = hook("apply_complete", "aws_vpc.this", id_key="id", id_value="vpc-1")
    assert trace_of(told(made, hook("apply_complete", "aws_vpc.this", "delete"))).made == ()


SUMMARY = {"type": "change_summary", "changes": {"operation": "apply"}}
HALTED = {"type": "diagnostic", "@level": "error", "@message": "Error: execution halted"}
UNRELEASED = {"type": "diagnostic", "@level": "error", "@message": "Error: Error releasing the state lock"}
CANCELED = {"type": "diagnostic", "@level": "error", "@message": "Error: operation canceled"}


@pytest.mark.parametrize(
    ("lines", "ended"),
    [
        ([VERSION, SUMMARY], True),
        ([VERSION, HALTED], True),
        ([VERSION, HALTED, CANCELED], False),
        ([VERSION, UNRELEASED, HALTED], False),
        ([VERSION, UNRELEASED, VERSION, HALTED], True),
        ([VERSION, {"type": "change_summary", "changes": {"operation": "plan"}}], False),
        ([VERSION, {"type": "change_summary", "changes": None}], False),
        ([VERSION, SUMMARY, VERSION], False),
        ([], False),
    ],
)
def test_whether_terraform_ended_by_itself(lines: list[dict[str, Any]], ended: bool) -> None:
    assert trace_of(told(*lines)).ended is ended


def ran_by(pid: int) -> bytes:
    return begin_line(Origin("states/10", "")) + pid_line(pid)


def test_whether_it_runs() -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as leader:
        assert trace_of(ran_by(leader.pid)).runs
        leader.kill()
    assert not trace_of(ran_by(leader.pid)).runs
    with subprocess.Popen(["sleep", "60"]) as other:
        assert not trace_of(ran_by(other.pid)).runs
        other.kill()
    assert not trace_of(ran_by(0)).runs
    assert not trace_of(ran_by(2**22 + 1)).runs
    assert not trace_of(b"").runs


@pytest.mark.parametrize(
    "line", [b"[]", b'{"type": 1, "hook": {"resource": 2}}', b'{"type": "groundplan_pid", "pid": "x"}', b"\xff{"]
)
def test_lines_of_any_kind_are_taken(line: bytes) -> None:
    assert trace_of(line + b"\n" + told(VERSION, SUMMARY)).ended
