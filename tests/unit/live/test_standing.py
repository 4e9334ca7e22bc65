"""`groundplan status`, `output` and `kubeconfig`: what stands, what it hands out, and the way in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from groundplan.check.freshness import stale
from groundplan.cli import run
from groundplan.cli.common import FINDINGS, OK
from groundplan.clouds.gcp.live.rest import Rest
from groundplan.clouds.gcp.live.store import GcsStore
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.live.digests import lock_digest
from groundplan.live.journal import Journal, Record
from groundplan.live.roots import standing_in
from tests.unit.live.environments import BUCKET, NAME, PROJECT, Demo, state

Capture = pytest.CaptureFixture[str]


def journal(demo: Demo) -> Journal:
    return Journal(GcsStore(Rest(demo.session), "https://storage.googleapis.com", BUCKET), NAME)


def record(demo: Demo, hours: int, result: str = "ok", root: str = "10-foundation", digest: str = "") -> Record:
    ended = datetime.now(UTC) - timedelta(hours=hours)
    lock = digest or lock_digest(demo.folder)
    return Record(
        f"run-{hours}", root, "apply", result, "ada@example.com", ended, "0123456789abcdef", "sha256:p", lock, 3
    )


class TestJournal:
    def runs(self, demo: Demo, *most: int) -> list[str]:
        return [one.run for one in journal(demo).of("10-foundation", *most)]

    def test_the_newest_comes_first(self, demo: Demo) -> None:
        written = [record(demo, hours) for hours in (5, 1, 3)]
        assert all(journal(demo).append(one) for one in (*written, record(demo, 2, root="20-platform")))
        assert self.runs(demo) == ["run-1", "run-3", "run-5"]
        assert next(journal(demo).of("10-foundation")) == written[1]
        assert self.runs(demo, 1) == ["run-1"]

    def test_nothing_is_written_over(self, demo: Demo) -> None:
        one = record(demo, 1)
        assert journal(demo).append(one) and not journal(demo).append(one)

    def test_one_request_lists_the_newest_however_many_there_are(self, demo: Demo) -> None:
        for hours in range(400):
            journal(demo).append(record(demo, hours))
            journal(demo).append(record(demo, hours, root="all"))
        demo.session.listed = 0
        assert self.runs(demo) == [f"run-{hours}" for hours in range(50)]
        assert demo.session.listed == 1

    @pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"format_version": "1"}', b"\xff", b'"' + b"x" * 99_999])
    def test_what_is_no_record_is_left_out(self, demo: Demo, text: bytes) -> None:
        journal(demo).append(record(demo, 1))
        demo.session.put(f"{NAME}/groundplan/journal/10-foundation/0.json", text)
        assert self.runs(demo) == ["run-1"]


class TestStatus:
    def roots(self, demo: Demo, capsys: Capture) -> dict[str, dict[str, object]]:
        assert run(["status", str(demo.folder), "--format", "json"]) == OK
        found: dict[str, dict[str, object]] = json.loads(capsys.readouterr().out)["roots"]
        return found

    def test_nothing_is_applied(self, demo: Demo, capsys: Capture) -> None:
        assert {root: one["applied"] for root, one in self.roots(demo, capsys).items()} == dict.fromkeys(
            ("00-state", "10-foundation", "20-platform")
        )
        assert run(["status", str(demo.folder)]) == OK
        assert "never" in capsys.readouterr().out

    def test_who_applied_what_and_when(self, demo: Demo, capsys: Capture) -> None:
        demo.session.put(demo.key("10-foundation"), state(3, 7))
        journal(demo).append(record(demo, 49))
        journal(demo).append(record(demo, 2, "failed"))
        found = self.roots(demo, capsys)["10-foundation"]
        assert (found["resources"], found["serial"], found["pending"]) == (7, 3, False)
        assert found["applied"]["run"] == "run-49" and found["last_run"]["result"] == "failed"  # type: ignore[index]
        assert run(["status", str(demo.folder)]) == OK
        out = capsys.readouterr().out
        assert all(word in out for word in ("2 d 1 h ago", "ada@example.com", "0123456789ab", "as applied"))

    def test_another_folder_is_pending(self, demo: Demo, capsys: Capture) -> None:
        journal(demo).append(record(demo, 1, digest="sha256:another"))
        assert self.roots(demo, capsys)["10-foundation"]["pending"] is True


class TestOutputs:
    @pytest.fixture(autouse=True)
    def applied(self, demo: Demo) -> None:
        demo.session.put(demo.key("10-foundation"), state(3, 1, cluster_name="demo", secret_word="hunter2"))

    def test_all(self, demo: Demo, capsys: Capture) -> None:
        assert run(["output", str(demo.folder)]) == OK
        out = capsys.readouterr().out
        assert "cluster_name" in out and "(sensitive)" in out and "hunter2" not in out

    def test_json_has_no_secret(self, demo: Demo, capsys: Capture) -> None:
        assert run(["output", str(demo.folder), "--format", "json"]) == OK
        out = capsys.readouterr().out
        found = json.loads(out)["outputs"]["10-foundation"]
        assert found["cluster_name"]["value"] == "demo" and found["secret_word"]["value"] is None
        assert "hunter2" not in out

    def test_one_for_a_script(self, demo: Demo, capsys: Capture) -> None:
        assert run(["output", str(demo.folder), "cluster_name"]) == OK
        assert capsys.readouterr().out == "demo\n"
        assert run(["output", str(demo.folder), "secret_word"]) == OK
        assert capsys.readouterr().out == "(sensitive)\n"

    def test_one_that_is_none(self, demo: Demo, capsys: Capture) -> None:
        assert run(["output", str(demo.folder), "cluster_nam"]) == FINDINGS
        assert "GP937" in (err := capsys.readouterr().err) and "cluster_name" in err

    def test_a_state_that_cannot_be_read(self, demo: Demo, capsys: Capture) -> None:
        demo.session.put(demo.key("20-platform"), b'{"encrypted_data": "AAAA"}')
        assert run(["output", str(demo.folder)]) == FINDINGS
        assert "GP936" in capsys.readouterr().err

    def test_a_local_state(self, demo: Demo, capsys: Capture) -> None:
        (demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1, bucket="states"))
        assert run(["output", str(demo.folder), "bucket"]) == OK
        assert capsys.readouterr().out == "states\n"


class TestKubeconfig:
    def test_no_cluster(self, demo: Demo, capsys: Capture) -> None:
        assert run(["kubeconfig", str(demo.folder)]) == FINDINGS
        assert "GP938" in capsys.readouterr().err

    def test_the_way_in(self, demo: Demo, capsys: Capture) -> None:
        path = f"/v1/projects/{PROJECT}/locations/us-central1/clusters/{NAME}"
        demo.session.answers[path] = {"endpoint": "127.0.0.1:1", "masterAuth": {"clusterCaCertificate": "Q0E="}}
        assert run(["kubeconfig", str(demo.folder)]) == OK
        done = capsys.readouterr()
        found = json.loads(done.out)
        assert found["clusters"][0]["cluster"] == {
            "server": "https://127.0.0.1:1",
            "certificate-authority-data": "Q0E=",
        }
        assert found["current-context"] == NAME
        assert found["users"][0]["user"]["exec"]["command"] == "gke-gcloud-auth-plugin"
        assert "demo answers not from here." in done.err


class TestStanding:
    def test_the_whole_lock_is_that_of_the_outline(self, demo: Demo) -> None:
        standing = standing_in(demo.folder)
        assert standing.lock.outline == standing.outline

    def test_a_folder_that_was_rendered_again_meanwhile_is_refused(self, demo: Demo) -> None:
        standing, file = standing_in(demo.folder), demo.folder / "groundplan.lock.json"
        lock = json.loads(file.read_text())
        lock["files"]["10-foundation/more.tf"] = "sha256:0"
        file.write_text(json.dumps(lock), encoding="utf-8")
        with pytest.raises(DiagnosticsError, match="rendered again"):
            _ = standing.lock

    @pytest.mark.parametrize("name", ["/proc/self/environ", "/dev/zero", "../../other.tf", "a\n.tf"])
    def test_a_lock_that_names_what_is_not_of_the_folder_leads_to_nothing(self, demo: Demo, name: str) -> None:
        file = demo.folder / "groundplan.lock.json"
        lock = json.loads(file.read_text())
        lock["files"][name] = "sha256:0"
        lock["spec"]["sources"] = [{"file": name, "sha256": "sha256:0"}]
        file.write_text(json.dumps(lock), encoding="utf-8")
        found, not_checked = stale(demo.folder, standing_in(demo.folder).outline, None)
        assert name in {one.place.file for one in found if one.place and one.severity is Severity.ERROR}
        assert not_checked
