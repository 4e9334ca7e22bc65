"""Where the state of the root that makes the state bucket is: in the file, in the bucket, in both, or elsewhere."""

from __future__ import annotations

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from groundplan.app.live.connected import Connected, connected
from groundplan.app.live.first import First, advice, begun, seen, taken_out
from groundplan.app.live.status import status
from groundplan.app.live.unlock import held
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.live.cloud import StateLock
from groundplan.live.copied import OVERRIDE
from groundplan.live.places import kept_states
from groundplan.live.program import LiveProgram
from groundplan.live.state import state_of
from groundplan.live.terraform import Live, RunResult
from groundplan.views.console import Console
from groundplan.views.live import status as view
from tests.unit.live.environments import BUCKET, NAME, PROJECT, Demo, state
from tests.unit.live.google import Answer, refused

ROOT = "00-state"
LOCK = StateLock("run-1", "ada", "groundplan apply", datetime(2026, 11, 30, tzinfo=UTC), ROOT)
TOP = f"/storage/v1/b/{BUCKET}"
WITH_BUCKET = b'"resources": [{"mode": "managed", "type": "google_storage_bucket", "name": "this", "instances": [%s]}]'


class Runs(Live):
    """Terraform that does what a test says: `fails` names what ends badly, `changes` is what a plan has."""

    fails: str = ""
    stopped = False
    """Whether a signal is why."""
    changes = False

    def __init__(self, demo: Demo, environment: dict[str, str]) -> None:
        super().__init__(
            LiveProgram(("false",), "terraform", (1, 11, 4)), demo.folder, environment, None, lambda _: None
        )
        self.demo, self.ran = demo, list[str]()

    def _end(self, command: str, root: str) -> RunResult:
        self.ran.append(command)
        found = (Diagnostic("GP926", f"{root}: {command} broke"),) if command == self.fails else ()
        if found and self.stopped:
            found = (*found, Diagnostic("GP924", f"{root}: terraform {command} was interrupted"))
        return RunResult(root, not found, found, 0.0, changes=self.changes)

    def init(self, root: str, *, reconfigure: bool = False) -> RunResult:
        assert reconfigure, "the root had another backend before"
        return self._end("init", root)

    def plan(self, root: str, out: Path, *, destroy: bool = False, refresh_only: bool = False) -> RunResult:
        return self._end("plan", root)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def file(environment: dict[str, str]) -> Path:
    """Where the state is kept on this machine."""
    made = kept_states(BUCKET, environment) / ROOT / "terraform.tfstate"
    made.parent.mkdir(parents=True)
    return made


@pytest.fixture
def runs(demo: Demo, environment: dict[str, str]) -> Runs:
    prefix = f'bucket = "{BUCKET}"\n    prefix = "{NAME}/{ROOT}"'
    text = f'terraform {{\n  backend "gcs" {{\n    {prefix}\n  }}\n}}\n'
    (demo.folder / ROOT / "backend.tf").write_text(text, encoding="utf-8")
    return Runs(demo, environment)


def start(runs: Runs, environment: dict[str, str]) -> tuple[Connected, Live, First | None]:
    return begun(connected(runs.demo.folder, environment, ConsoleProgress(Console.of_process({}))), runs, environment)


def first_of(runs: Runs, environment: dict[str, str]) -> First:
    first = start(runs, environment)[2]
    assert first is not None
    return first


def no_bucket(demo: Demo) -> None:
    demo.session.answers[TOP] = refused(404, "The specified bucket does not exist.")


def with_bucket(serial: int, status: str = "") -> bytes:
    instance = f'{{"attributes": {{"name": "{BUCKET}"}}{status}}}'.encode()
    return state(serial).replace(b'"resources": [', b'"was": [').rstrip(b"}\n") + b", " + WITH_BUCKET % instance + b"}"


def test_before_the_bucket_the_root_runs_in_a_copy_with_its_state_in_a_file(
    runs: Runs, environment: dict[str, str], file: Path
) -> None:
    no_bucket(runs.demo)
    at, live, first = start(runs, environment)
    assert first and first.moves and first.file == file
    assert [one.bucket for one in at.standing.states] == ["", BUCKET, BUCKET]
    assert live.place(ROOT) == file.parent
    assert live.place("10-foundation") == runs.demo.folder / "10-foundation"
    assert 'backend "local" {}' in (file.parent / OVERRIDE).read_text("utf-8"), "without a path of this machine"
    assert stat.S_IMODE(first.copy.stat().st_mode) == 0o700
    assert first.ended(LOCK, ok=False, is_empty=False) == [], "nothing was made"


def test_in_the_bucket_there_is_nothing_to_do(runs: Runs, environment: dict[str, str]) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), state(3))
    at, live, first = start(runs, environment)
    assert (first, live.place(ROOT)) == (None, runs.demo.folder / ROOT)
    assert (at.standing.states[0].bucket, advice(at)) == (BUCKET, "")


def test_a_file_that_is_newer_is_the_state_and_is_moved(runs: Runs, environment: dict[str, str], file: Path) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(3))
    file.write_bytes(with_bucket(4))
    first = first_of(runs, environment)
    (file.parent / ".terraform.lock.hcl").write_text("chosen", encoding="utf-8")
    assert first.ended(LOCK, ok=True, is_empty=True) == []
    assert runs.ran == ["init", "plan"]
    moved = state_of(runs.demo.session.objects[runs.demo.key(ROOT)][-1][1])
    assert moved and (moved.serial, moved.lineage) == (4, "one")
    assert not first.copy.exists()
    assert (runs.demo.folder / ROOT / ".terraform.lock.hcl").read_text("utf-8") == "chosen"
    assert start(runs, environment)[2] is None


@pytest.mark.parametrize("fails", ["init", "plan", "nothing, but what is planned"])
def test_the_file_stays_until_the_move_is_proven(
    runs: Runs, environment: dict[str, str], file: Path, fails: str
) -> None:
    no_bucket(runs.demo)
    file.write_bytes(with_bucket(4))
    first = first_of(runs, environment)
    runs.fails, runs.changes = fails, fails.startswith("nothing")
    why = "a plan on the state in the bucket is not empty" if runs.changes else f"00-state: {fails} broke"
    [found] = first.ended(LOCK, ok=True, is_empty=False)
    assert (found.code, found.severity, why in found.message, str(file) in found.message) == (
        "GP949",
        Severity.ERROR,
        True,
        True,
    )
    assert file.exists()
    runs.fails, runs.changes = "", False
    del runs.demo.session.answers[TOP]
    assert first_of(runs, environment).ended(LOCK, ok=True, is_empty=True) == []
    assert not file.exists()


@pytest.mark.parametrize("fails", ["init", "plan"])
def test_a_signal_that_ends_the_move_is_told(runs: Runs, environment: dict[str, str], file: Path, fails: str) -> None:
    no_bucket(runs.demo)
    file.write_bytes(with_bucket(4))
    first = first_of(runs, environment)
    runs.fails, runs.stopped = fails, True
    assert [one.code for one in first.ended(LOCK, ok=True, is_empty=False)] == ["GP949", "GP924"]
    assert file.exists()


def test_a_state_that_somebody_holds_is_not_written(runs: Runs, environment: dict[str, str], file: Path) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(3))
    file.write_bytes(with_bucket(4))
    runs.demo.session.put(f"{NAME}/{ROOT}/default.tflock", b'{"Who": "bob@ci"}')
    first = first_of(runs, environment)
    assert "locked by bob@ci" in first.ended(LOCK, ok=True, is_empty=True)[0].message
    runs.demo.session.removed.add(f"{NAME}/{ROOT}/default.tflock")
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(5))
    assert "in the meantime" in first.ended(LOCK, ok=True, is_empty=True)[0].message
    assert file.exists()


def test_a_file_that_is_left_over_goes_when_a_plan_on_the_bucket_is_empty(
    runs: Runs, environment: dict[str, str], file: Path
) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(4))
    file.write_bytes(with_bucket(4))
    first = first_of(runs, environment)
    assert not first.moves
    assert first.ended(LOCK, ok=False, is_empty=False) == []
    assert file.exists()
    assert (first.ended(LOCK, ok=True, is_empty=True), file.exists(), runs.ran) == ([], False, [])


def test_what_an_apply_has_begun_is_moved_once_there_is_a_bucket(
    runs: Runs, environment: dict[str, str], file: Path
) -> None:
    file.write_bytes(state(2))
    no_bucket(runs.demo)
    [found] = first_of(runs, environment).ended(LOCK, ok=False, is_empty=False)
    assert (found.code, found.severity, runs.ran) == ("GP949", Severity.NOTE, [])
    file.write_bytes(with_bucket(3, ', "status": "tainted"'))
    [found] = first_of(runs, environment).ended(LOCK, ok=False, is_empty=False)
    assert (found.code, runs.ran) == ("GP949", []), "the bucket would be made anew, with the state in it"
    file.write_bytes(with_bucket(4))
    first = first_of(runs, environment)
    assert (first.ended(LOCK, ok=False, is_empty=False), runs.ran) == ([], ["init"])
    assert file.exists(), "nothing has proven the move"
    del runs.demo.session.answers[TOP]
    assert not first_of(runs, environment).moves


def test_the_roots_own_file_moves_as_well(runs: Runs, environment: dict[str, str]) -> None:
    own = runs.demo.folder / ROOT / "terraform.tfstate"
    own.write_bytes(with_bucket(7))
    _, live, first = start(runs, environment)
    assert first and (first.moves, first.file) == (True, own)
    assert str(own) in (live.place(ROOT) / OVERRIDE).read_text("utf-8")
    assert (first.ended(LOCK, ok=True, is_empty=True), own.exists()) == ([], False)


def test_a_state_on_another_machine_is_one_line_until_it_is_brought_or_imported(
    runs: Runs, environment: dict[str, str]
) -> None:
    with pytest.raises(
        DiagnosticsError, match="GP947: the bucket states is there, and the state of 00-state is neither"
    ):
        start(runs, environment)
    text = 'import {\n  to = module.state_store.google_storage_bucket.this\n  id = "states"\n}\n'
    (runs.demo.folder / ROOT / "imports.tf").write_text(text, encoding="utf-8")
    assert first_of(runs, environment).moves


def test_two_states_with_nothing_in_common_are_not_guessed_about(
    runs: Runs, environment: dict[str, str], file: Path
) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), state(3))
    file.write_bytes(state(9, lineage="two"))
    with pytest.raises(DiagnosticsError, match="GP948"):
        start(runs, environment)


@pytest.mark.parametrize(
    "answer", [refused(403, "you do not have storage.buckets.get access"), {"name": BUCKET, "projectNumber": "43"}]
)
def test_a_bucket_of_somebody_else_stops_before_anything(
    runs: Runs, environment: dict[str, str], answer: Answer
) -> None:
    runs.demo.session.answers[TOP] = answer
    runs.demo.session.answers[f"/v3/projects/{PROJECT}"] = {"projectId": PROJECT, "name": "projects/42"}
    with pytest.raises(DiagnosticsError, match="GP821: the bucket states is another account's"):
        start(runs, environment)
    assert not (Path(environment["HOME"]) / ".local").exists()


def test_a_root_whose_state_stays_in_a_file_is_left_alone(demo: Demo, environment: dict[str, str]) -> None:
    at, _, first = start(Runs(demo, environment), environment)
    assert (first, at.standing.states[0].bucket) == (None, "")
    assert "`state.own_state: remote` moves it" in advice(at)


def test_there_has_to_be_a_place_for_it(runs: Runs) -> None:
    with pytest.raises(DiagnosticsError, match="GP818: neither XDG_STATE_HOME nor HOME"):
        kept_states(BUCKET, {})
    assert kept_states(BUCKET, {"XDG_STATE_HOME": str(runs.demo.folder.parent / "s")}).parent.name == "groundplan"


def test_for_its_end_the_state_is_taken_out_and_is_the_newer_one(
    runs: Runs, environment: dict[str, str], file: Path
) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(3))
    at = connected(runs.demo.folder, environment, ConsoleProgress(Console.of_process({})))
    with taken_out(at, environment, ()) as without:
        assert without is at
    with taken_out(at, environment, [ROOT]) as out:
        assert (out.standing.states[0].bucket, out.standing.states[0].file) == ("", file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        now = out.read(out.standing.states[0])
        assert now and (now.serial, now.lineage, now.resources) == (4, "one", 1)
    assert not file.exists(), "nothing was done"
    with taken_out(at, environment, [ROOT]):
        file.write_bytes(with_bucket(6))
    assert file.exists(), "something of it is left"
    assert first_of(runs, environment).moves
    no_bucket(runs.demo)
    with taken_out(at, environment, [ROOT]) as out:
        assert out.standing.states[0].file == file
        file.write_bytes(state(8, resources=0))
    assert not file.parent.parent.exists(), "nothing of it is left"


def test_what_breaks_leaves_the_state_that_was_taken_out(runs: Runs, environment: dict[str, str], file: Path) -> None:
    runs.demo.session.put(runs.demo.key(ROOT), with_bucket(3))
    at = connected(runs.demo.folder, environment, ConsoleProgress(Console.of_process({})))
    with pytest.raises(KeyboardInterrupt), taken_out(at, environment, [ROOT]):
        file.write_bytes(with_bucket(5))
        raise KeyboardInterrupt
    assert file.exists()


class TestLooking:
    """`status` and `unlock` see a first state that is in a file, and make and refuse nothing."""

    def seen(self, runs: Runs, environment: dict[str, str]) -> Connected:
        return seen(connected(runs.demo.folder, environment, ConsoleProgress(Console.of_process({}))), environment)

    def test_a_state_that_is_in_the_file_alone_is_seen_and_told(
        self, runs: Runs, environment: dict[str, str], file: Path
    ) -> None:
        no_bucket(runs.demo)
        file.write_bytes(with_bucket(4))
        at = connected(runs.demo.folder, environment, ConsoleProgress(Console.of_process({})))
        found = status(at, LOCK.created or datetime.now(UTC), None, environment)
        assert (found.roots[0].file, found.roots[0].bucket) == (file, BUCKET)
        assert found.roots[0].state and found.roots[0].state.serial == 4
        told = view.text(found, color=False)
        assert f"00-state: its state is in {file}, on this machine alone, until `groundplan apply" in told
        assert view.as_json(found)["roots"][ROOT]["file"] == str(file)

    def test_what_the_bucket_has_is_not_looked_for_in_a_file(
        self, runs: Runs, environment: dict[str, str], file: Path
    ) -> None:
        runs.demo.session.put(runs.demo.key(ROOT), with_bucket(4))
        for left_over in (with_bucket(4), state(9, lineage="another")):
            file.write_bytes(left_over)
            assert self.seen(runs, environment).standing.states[0].bucket == BUCKET
        file.write_bytes(with_bucket(5))
        assert self.seen(runs, environment).standing.states[0].file == file

    def test_who_holds_it_in_the_first_apply_is_seen(self, runs: Runs, environment: dict[str, str], file: Path) -> None:
        no_bucket(runs.demo)
        file.write_bytes(b"")
        (file.parent / ".terraform.tfstate.lock.info").write_text('{"ID": "1", "Who": "ada@here"}', encoding="utf-8")
        hold = "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print(); input()"
        with Popen([sys.executable, "-c", hold, file], stdin=PIPE, stdout=PIPE) as process:
            assert process.stdout and process.stdin
            process.stdout.readline()
            [one] = held(self.seen(runs, environment), (ROOT,), datetime.now(UTC))
            process.stdin.close()
        assert (one.root, one.lock.who) == (ROOT, "ada@here")

    def test_looking_makes_no_folder(self, runs: Runs, environment: dict[str, str]) -> None:
        no_bucket(runs.demo)
        self.seen(runs, environment)
        assert not Path(environment["HOME"]).exists()
