"""`groundplan unlock`: who holds states, and which locks go."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, OK, STALE
from tests.unit.live.environments import Demo
from tests.unit.live.google import Answer, refused

Capture = pytest.CaptureFixture[str]


def locked(demo: Demo, minutes: int | None, root: str = "10-foundation", **more: Any) -> str:
    fields = {"ID": "from-the-text", "Who": "ada@laptop", "Operation": "OperationTypeApply", **more}
    if minutes is not None:
        fields["Created"] = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    return str(demo.session.put(f"demo/{root}/default.tflock", json.dumps(fields).encode()))


def test_nothing_is_locked(demo: Demo, capsys: Capture) -> None:
    assert run(["unlock", str(demo.folder)]) == OK
    assert capsys.readouterr().out == "No state is locked.\n"


def test_holder_and_age(demo: Demo, capsys: Capture) -> None:
    lock_id = locked(demo, 192)
    assert run(["unlock", str(demo.folder)]) == FINDINGS
    out = capsys.readouterr().out
    assert all(word in out for word in ("10-foundation", "ada@laptop", "apply", "3 h 12 min", lock_id))
    assert out.endswith(f": groundplan unlock {demo.folder} --id {lock_id}\n"), "the command can be pasted"
    assert run(["unlock", str(demo.folder), "--format", "json"]) == FINDINGS
    [one] = json.loads(capsys.readouterr().out)["locks"]
    assert (one["id"], one["removed"], one["age_seconds"] // 60) == (lock_id, False, 192)
    assert run(["unlock", str(demo.folder), "--root", "20-platform"]) == OK


def test_an_old_lock_goes_by_its_id(demo: Demo, capsys: Capture) -> None:
    lock_id = locked(demo, 61)
    assert run(["unlock", str(demo.folder), "--id", lock_id]) == OK
    assert "The lock of 10-foundation is removed; ada@laptop held it." in capsys.readouterr().out
    assert run(["unlock", str(demo.folder)]) == OK


@pytest.mark.parametrize("minutes", [0, 59, None, -600])
def test_a_young_lock_stays_without_force(demo: Demo, capsys: Capture, minutes: int | None) -> None:
    """So does one that does not say its age, or says that it comes from the future."""
    lock_id = locked(demo, minutes)
    assert run(["unlock", str(demo.folder), "--id", lock_id]) == FINDINGS
    assert "GP931" in capsys.readouterr().err
    assert run(["unlock", str(demo.folder)]) == FINDINGS
    assert run(["unlock", str(demo.folder), "--id", lock_id, "--force"]) == OK


def test_another_lock_stays(demo: Demo, capsys: Capture) -> None:
    locked(demo, 600)
    assert run(["unlock", str(demo.folder), "--id", "from-the-text"]) == FINDINGS
    err = capsys.readouterr().err
    assert "GP932" in err
    assert f"`groundplan unlock {demo.folder}` shows" in err
    assert run(["unlock", str(demo.folder)]) == FINDINGS


def test_force_needs_the_id(demo: Demo) -> None:
    locked(demo, 1)
    assert run(["unlock", str(demo.folder), "--force"]) == BAD_SPEC


def test_what_a_lock_says_reaches_no_terminal(demo: Demo, capsys: Capture) -> None:
    locked(demo, 1, Who="\x1b[2Jeve\n@host")
    assert run(["unlock", str(demo.folder)]) == FINDINGS
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "code", "exit_code"),
    [
        (refused(404, "none"), "GP813", MISSING),
        (Answer(200, b'{"projectId": "another"}'), "GP813", MISSING),
        (refused(403, "denied"), "GP815", MISSING),
    ],
)
def test_another_project_is_asked_nothing(
    demo: Demo, capsys: Capture, answer: Answer, code: str, exit_code: int
) -> None:
    lock_id = locked(demo, 600)
    demo.session.answers = {"/v3/projects/ml-project-1": answer}
    assert run(["unlock", str(demo.folder), "--id", lock_id]) == exit_code
    [line, *_] = capsys.readouterr().err.splitlines()
    assert code in line
    assert "demo/10-foundation/default.tflock" not in demo.session.removed


def test_a_folder_that_is_no_environment(demo: Demo, capsys: Capture) -> None:
    assert run(["unlock", str(demo.folder / "10-foundation")]) == STALE
    assert "GP402" in capsys.readouterr().err
    (demo.folder / "10-foundation" / "backend.tf").write_text("terraform {", encoding="utf-8")
    assert run(["unlock", str(demo.folder)]) == STALE


def test_a_root_that_is_none(demo: Demo, capsys: Capture) -> None:
    assert run(["unlock", str(demo.folder), "--root", "30-other"]) == BAD_SPEC
    assert "it has 00-state, 10-foundation, 20-platform" in capsys.readouterr().err
