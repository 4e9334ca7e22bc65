"""`groundplan state`: versions of states, and going back to one."""

from __future__ import annotations

import json

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, NEEDS_WORD, OK
from groundplan.live.state import state_of
from tests.unit.live.environments import Demo, state

Capture = pytest.CaptureFixture[str]
ROOT = "10-foundation"


@pytest.fixture
def versions(demo: Demo) -> list[str]:
    """Of the foundation's state: it grew, and then lost nearly everything."""
    return [str(demo.session.put(demo.key(ROOT), state(*one))) for one in ((1, 4), (2, 9), (3, 1))]


def newest(demo: Demo) -> tuple[int, int]:
    found = state_of(demo.session.objects[demo.key(ROOT)][-1][1])
    assert found is not None
    return found.serial, found.resources


def restore(demo: Demo, version: str, *more: str) -> int:
    return run(["state", "restore", str(demo.folder), "--root", ROOT, "--version", version, *more])


def test_history_is_the_newest_first(demo: Demo, versions: list[str], capsys: Capture) -> None:
    assert run(["state", "history", str(demo.folder), "--format", "json"]) == OK
    found = json.loads(capsys.readouterr().out)["roots"][ROOT]
    assert [one["version"] for one in found] == versions[::-1]
    assert [(one["serial"], one["resources"], one["latest"]) for one in found] == [
        (3, 1, True),
        (2, 9, False),
        (1, 4, False),
    ]
    assert run(["state", "history", str(demo.folder), "--most", "1"]) == OK
    out = capsys.readouterr().out
    assert f"{versions[2]} (now)" in out and versions[1] not in out


def test_without_the_word_nothing_is_written(demo: Demo, versions: list[str], capsys: Capture) -> None:
    assert restore(demo, versions[1]) == NEEDS_WORD
    out = capsys.readouterr().out
    assert "from serial 3, 1 resources, back to what serial 2, 9 resources said, as serial 4" in out
    assert "--confirm demo" in out
    assert restore(demo, versions[1], "--confirm", "prod") == BAD_SPEC
    assert newest(demo) == (3, 1)


def test_going_back_is_a_newer_version_of_the_same_lineage(demo: Demo, versions: list[str], capsys: Capture) -> None:
    assert restore(demo, versions[1], "--confirm", "demo") == OK
    assert newest(demo) == (4, 9)
    assert len(demo.session.objects[demo.key(ROOT)]) == 4, "nothing is lost"
    assert "demo/10-foundation/default.tflock" in demo.session.removed, "the lock is given back"
    assert run(["unlock", str(demo.folder)]) == OK


def test_a_held_state_stays(demo: Demo, versions: list[str], capsys: Capture) -> None:
    demo.session.put("demo/10-foundation/default.tflock", b'{"Who": "bob@ci"}')
    assert restore(demo, versions[1], "--confirm", "demo") == FINDINGS
    assert "GP931" in (err := capsys.readouterr().err) and "bob@ci" in err
    assert newest(demo) == (3, 1)
    assert "demo/10-foundation/default.tflock" not in demo.session.removed


def test_versions_that_do_not_fit(demo: Demo, versions: list[str], capsys: Capture) -> None:
    other = str(demo.session.put(demo.key(ROOT), state(9, lineage="two")))
    torn = str(demo.session.put(demo.key(ROOT), b'{"version": 4'))
    demo.session.put(demo.key(ROOT), state(3))
    for version, code in ((other, "GP934"), (torn, "GP934"), ("77", "GP933"), ("../x", "GP933")):
        assert restore(demo, version, "--confirm", "demo") == FINDINGS
        assert code in capsys.readouterr().err
    assert newest(demo)[0] == 3


def test_a_state_that_was_removed_comes_back(demo: Demo, versions: list[str]) -> None:
    demo.session.removed.add(demo.key(ROOT))
    assert restore(demo, versions[2], "--confirm", "demo") == OK
    assert newest(demo) == (4, 1)


def test_a_local_state_has_no_versions(demo: Demo, capsys: Capture) -> None:
    assert run(["state", "restore", str(demo.folder), "--root", "00-state", "--version", "1"]) == FINDINGS
    assert "GP934" in capsys.readouterr().err
    assert run(["state", "history", str(demo.folder), "--root", "00-state"]) == OK


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"version": 3}', b'{"version": 4, "serial": "1", "lineage": "a"}', b"\xff", b"[" * 99999]
)
def test_what_is_no_state(text: bytes) -> None:
    assert state_of(text) is None


def test_resources_are_counted_as_plans_count_them() -> None:
    """Each instance, and none of what is only looked up."""
    resources = [
        {"mode": "managed", "type": "a", "name": "b", "instances": [{"index_key": 0}, {"index_key": 1}]},
        {"mode": "managed", "type": "a", "name": "c", "instances": []},
        {"mode": "data", "type": "a", "name": "d", "instances": [{}]},
    ]
    found = state_of(json.dumps({"version": 4, "serial": 1, "lineage": "one", "resources": resources}).encode())
    assert found
    assert found.resources == 2
