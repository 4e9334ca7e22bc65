"""What is known of earlier runs: which commit, which spec, and what was left unfinished."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from groundplan.app.live.commit import commit_of
from groundplan.app.live.connected import Connected, connected
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.past import DESTROYED, Past
from groundplan.app.live.plan import RootPlan
from groundplan.app.live.resume import unfinished
from groundplan.app.live.telling import Teller
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK, STALE, ConsoleProgress
from groundplan.diagnostics import DiagnosticsError
from groundplan.environment.lock import Lock, read_lock
from groundplan.live.applied import FOLDER, MOST_BYTES, Snapshot, Snapshots, snapshot_of
from groundplan.live.digests import lock_digest
from groundplan.views.console import Console
from tests.sizes import spec_text
from tests.unit.app.compare.test_revisions import PATH, commit, git
from tests.unit.live.environments import NAME, Demo, state

Capture = pytest.CaptureFixture[str]


def at(demo: Demo) -> Connected:
    return connected(demo.folder, {}, ConsoleProgress(Console.of_process()))


def ledger(demo: Demo, run_id: str = "run-1", **options: object) -> Ledger:
    return Ledger(at(demo), run_id, lambda: datetime.now(UTC), **options)  # type: ignore[arg-type]


def lock_of(folder: Path) -> Lock:
    lock = read_lock(folder)
    assert lock
    return lock


@pytest.fixture
def with_spec(demo: Demo) -> Demo:
    """The same environment, rendered from a spec that lies in its folder."""
    write_spec(demo, spec_text("cpu-serving", "gcp", "minimal"))
    return demo


def write_spec(demo: Demo, text: str) -> None:
    from groundplan.environment.files import digest

    (demo.folder / "groundplan.yaml").write_text(text, encoding="utf-8")
    file = demo.folder / "groundplan.lock.json"
    lock = json.loads(file.read_text())
    lock["spec"] = {"file": "groundplan.yaml", "sources": [{"file": "groundplan.yaml", "sha256": digest(text)}]}
    file.write_text(json.dumps(lock), encoding="utf-8")


class TestSnapshots:
    def snapshots(self, demo: Demo) -> Snapshots:
        return Snapshots(at(demo).cloud.state_store("states"), NAME)

    def test_lock_and_spec_come_back_by_the_digest_that_the_journal_has(self, with_spec: Demo) -> None:
        kept = snapshot_of(with_spec.folder, lock_of(with_spec.folder))
        assert kept and kept.digest == lock_digest(with_spec.folder) and list(kept.spec) == ["groundplan.yaml"]
        self.snapshots(with_spec).keep(kept)
        assert self.snapshots(with_spec).read(kept.digest) == kept

    def test_a_spec_that_has_moved_on_is_left_out(self, with_spec: Demo) -> None:
        (with_spec.folder / "groundplan.yaml").write_text("another: true\n")
        kept = snapshot_of(with_spec.folder, lock_of(with_spec.folder))
        assert kept and kept.spec == {}

    @pytest.mark.parametrize(
        "text", [b"", b"{", b"[]", b'{"format_version": "1", "lock": 1}', b"\xff", b'"' + b"x" * MOST_BYTES]
    )
    def test_what_is_something_else_is_not_read(self, demo: Demo, text: bytes) -> None:
        demo.session.put(f"{NAME}/{FOLDER}/{'0' * 64}.json", text)
        assert self.snapshots(demo).read(f"sha256:{'0' * 64}") is None
        assert self.snapshots(demo).read("sha256:../../x") is None

    def test_what_says_another_lock_than_its_name_is_not_read(self, demo: Demo) -> None:
        forged = json.dumps({"format_version": "1", "lock": "{}", "spec": {}})
        demo.session.put(f"{NAME}/{FOLDER}/{'0' * 64}.json", forged.encode())
        assert self.snapshots(demo).read(f"sha256:{'0' * 64}") is None
        assert Snapshot("{}", {}).digest != f"sha256:{'0' * 64}"


class TestStatus:
    def test_what_of_the_spec_is_pending(self, with_spec: Demo, capsys: Capture) -> None:
        with_spec.session.put(with_spec.key("10-foundation"), state(1))
        [foundation] = at(with_spec).standing.chosen(("10-foundation",))
        assert not ledger(with_spec).ended(foundation, ok=True)
        write_spec(with_spec, spec_text("cpu-serving", "gcp", "minimal").replace("max: ", "max: 1"))
        assert run(["status", str(with_spec.folder)]) == OK
        out = capsys.readouterr().out
        assert "changed since" in out and "pending in the spec:" in out, out
        assert "groundplan.yaml:" in out, out

    def test_a_run_that_was_cut_off(self, demo: Demo, capsys: Capture) -> None:
        [foundation] = at(demo).standing.chosen(("10-foundation",))
        ledger(demo).begun(foundation)
        assert run(["status", str(demo.folder)]) == OK
        out = capsys.readouterr().out
        assert "10-foundation: an apply by ada@example.com was begun and has not ended, 0 min ago\n" in out
        assert out.endswith(f"next: groundplan apply {demo.folder} --resume\n")
        ledger(demo).ended(foundation, ok=True)
        assert run(["status", str(demo.folder)]) == OK
        assert "next:" not in capsys.readouterr().out

    def test_a_destruction_that_failed(self, demo: Demo, capsys: Capture) -> None:
        [foundation] = at(demo).standing.chosen(("10-foundation",))
        own = ledger(demo, action=DESTROYED)
        own.begun(foundation)
        own.ended(foundation, ok=False)
        assert run(["status", str(demo.folder)]) == OK
        out = capsys.readouterr().out
        assert "10-foundation: a destruction by ada@example.com failed, 0 min ago\n" in out
        assert out.endswith(f"next: groundplan destroy {demo.folder}\n")
        own.closed(whole=False)
        with pytest.raises(DiagnosticsError, match="the last run was a destroy"):
            unfinished(at(demo), Past(at(demo)))

    def test_a_root_that_was_only_planned_was_never_applied(self, demo: Demo, capsys: Capture) -> None:
        """Terraform leaves an empty state in Cloud Storage where it only plans."""
        demo.session.put(demo.key("10-foundation"), state(1, resources=0))
        assert run(["status", str(demo.folder)]) == OK
        [row] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("10-foundation")]
        assert row.split()[3] == "never"
        assert (
            Teller(at(demo), Past(at(demo)), date(2026, 11, 30))._never([RootPlan("10-foundation")])
            == "for the first time"
        )

    def test_a_first_apply_that_failed_is_told_as_one(self, demo: Demo, capsys: Capture) -> None:
        [foundation] = at(demo).standing.chosen(("10-foundation",))
        ledger(demo).begun(foundation)
        demo.session.put(demo.key("10-foundation"), state(2))
        ledger(demo).ended(foundation, ok=False)
        assert run(["status", str(demo.folder)]) == OK
        assert "in part" in capsys.readouterr().out
        told = Teller(at(demo), Past(at(demo)), date(2026, 11, 30))._never([RootPlan("10-foundation")])
        assert told == "on what ada@example.com applied in part"


class TestResume:
    def test_the_roots_and_the_id_of_the_run_that_failed(self, demo: Demo) -> None:
        _, foundation, platform = at(demo).standing.states
        own = ledger(demo, "run-7", roots=("10-foundation", "20-platform"))
        for root, ok in ((foundation, True), (platform, False)):
            own.begun(root)
            own.ended(root, ok=ok)
        found = unfinished(at(demo), Past(at(demo)))
        assert (found.run, found.asked, found.done) == ("run-7", own.roots, ["10-foundation"])
        assert (found.stopped_at, found.failed, found.same_folder) == ("20-platform", True, True)
        own.closed(whole=False)
        assert unfinished(at(demo), Past(at(demo))).run == "run-7"

    def test_a_run_that_was_killed_between_roots(self, demo: Demo) -> None:
        _, foundation, _ = at(demo).standing.states
        ledger(demo).begun(foundation)
        ledger(demo).ended(foundation, ok=True)
        found = unfinished(at(demo), Past(at(demo)))
        assert (found.done, found.stopped_at) == (["10-foundation"], "")

    def test_nothing_to_go_on_with(self, demo: Demo, capsys: Capture) -> None:
        assert run(["apply", str(demo.folder), "--resume"]) == STALE
        assert "GP418" in (err := capsys.readouterr().err) and "no run is in the journal" in err
        _, foundation, _ = at(demo).standing.states
        own = ledger(demo)
        own.begun(foundation)
        own.ended(foundation, ok=True)
        own.closed(whole=True)
        with pytest.raises(DiagnosticsError, match="GP418"):
            unfinished(at(demo), Past(at(demo)))
        assert run(["apply", str(demo.folder), "--resume", "--root", "00-state"]) == BAD_SPEC

    def test_the_first_root_has_no_journal(self, demo: Demo) -> None:
        assert unfinished(at(demo), Past(at(demo)), killed=True).run == "", "it was killed before it was written"
        (demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
        assert unfinished(at(demo), Past(at(demo))).run == ""


class TestCommit:
    def test_no_repository(self, with_spec: Demo) -> None:
        assert commit_of(with_spec.folder, lock_of(with_spec.folder), PATH) is None

    def test_as_committed_and_edited_since(self, with_spec: Demo) -> None:
        folder = with_spec.folder
        git(folder.parent, "init", "--quiet", "--initial-branch=main")
        assert commit_of(folder, lock_of(folder), PATH) is None, "no commit yet"
        commit(folder.parent)
        found = commit_of(folder, lock_of(folder), PATH)
        assert found and found.id == git(folder.parent, "rev-parse", "HEAD") and not found.edited
        (folder / "groundplan.yaml").write_text("name: other\n")
        assert str(commit_of(folder, lock_of(folder), PATH)) == f"{found.id[:12]}, edited since"

    def test_a_folder_that_is_not_committed(self, with_spec: Demo) -> None:
        top = with_spec.folder.parent
        git(top, "init", "--quiet", "--initial-branch=main")
        (top / "readme").write_text("x")
        git(top, "add", "readme")
        git(top, "commit", "--quiet", "--message", "x")
        assert commit_of(with_spec.folder, lock_of(with_spec.folder), PATH) is None

    def test_no_hook_and_no_setting_of_the_repository_is_run(self, with_spec: Demo, tmp_path: Path) -> None:
        top = with_spec.folder.parent
        git(top, "init", "--quiet", "--initial-branch=main")
        commit(top)
        ran = tmp_path / "ran"
        git(top, "config", "core.fsmonitor", f"touch {ran}; false")
        git(top, "config", "filter.x.clean", f"touch {ran}; cat")
        (top / ".gitattributes").write_text("* filter=x\n")
        found = commit_of(with_spec.folder, lock_of(with_spec.folder), PATH)
        assert found and not found.edited and not ran.exists()

    def test_status_shows_it(self, with_spec: Demo, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
        git(with_spec.folder, "init", "--quiet", "--initial-branch=main")
        commit(with_spec.folder)
        head = subprocess.run(
            ["git", "-C", with_spec.folder, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
        ).stdout.strip()
        assert run(["status", str(with_spec.folder)]) == OK
        assert f"demo in ml-project-1, folder {with_spec.folder} at {head[:12]}\n" in capsys.readouterr().out
