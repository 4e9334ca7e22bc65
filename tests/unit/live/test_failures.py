"""Applies that fail: what is told, what is left to do, and what is gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.app.live.apply import Applied, Apply, Approve
from groundplan.app.live.connected import Connected, connected
from groundplan.app.live.destroy.plans import Planner
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.outcomes import Recorder, Result
from groundplan.app.live.past import Past
from groundplan.app.live.plan import plan_root
from groundplan.app.live.resume import Unfinished, unfinished
from groundplan.app.live.telling import Teller
from groundplan.app.live.unlock import holder
from groundplan.cli.common import MISSING, ConsoleProgress, exit_code_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.events import Event
from groundplan.live.terraform import RunResult
from groundplan.live.trace import Origin
from groundplan.views.console import Console
from groundplan.views.live import apply as view
from tests.unit.live.environments import PROJECT, Demo, state
from tests.unit.live.google import refused

ROOT = "10-foundation"


@contextmanager
def watched(_root: str, _actions: int) -> Iterator[None]:
    yield


@dataclass
class Terraform:
    """A program that plans three resources and makes one of them."""

    folder: Path
    recorder: Recorder
    found: Diagnostic | None = None
    program: Any = field(default_factory=lambda: SimpleNamespace(title="Terraform 1.11.4"))
    pushed: list[str] = field(default_factory=list)
    signals: int = 0
    prepared: bool = False
    has_proxy: bool = True

    def place(self, root: str) -> Path:
        return self.folder / root

    def halted(self, root: str) -> Diagnostic | None:
        return Diagnostic("GP924", root) if self.signals else None

    def trace(self, _root: str) -> None:
        """None of a run that was killed."""

    planning = trace

    def is_prepared(self, _root: str) -> bool:
        return self.prepared

    def init(self, root: str) -> RunResult:
        return RunResult(root, True, (), 0.0)

    def plan(self, root: str, out: Path, **_: object) -> RunResult:
        out.write_bytes(b"plan")
        return RunResult(root, True, (), 0.0, changes=True)

    def show(self, _root: str, _file: Path) -> dict[str, Any]:
        change = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {}}
        about = {"mode": "managed", "type": "terraform_data", "provider_name": "terraform.io/builtin/terraform"}
        names = ("one", "two", "three")
        changes = [{"address": f"terraform_data.{n}", "name": n, "change": change, **about} for n in names]
        return {"format_version": "1.2", "resource_changes": changes}

    def apply(self, root: str, _file: Path, _origin: Origin) -> RunResult:
        for kind, name in (("apply_start", "one"), ("apply_complete", "one"), ("apply_start", "two")):
            self.recorder(Event(root, kind, f"terraform_data.{name}", "create"))
        if self.found is None:
            return RunResult(root, True, (), 0.0)
        return RunResult(root, False, (self.found,), 0.0)

    def state_push(self, root: str, file: Path) -> RunResult:
        self.pushed.append(file.read_text())
        return RunResult(root, True, (), 0.0)


def at(demo: Demo) -> Connected:
    return connected(demo.folder, {}, ConsoleProgress(Console.of_process()))


@dataclass
class Run:
    """An apply of the foundation."""

    demo: Demo
    work: Path
    found: Diagnostic | None = None
    resumed: Unfinished | None = None
    approve: Approve = lambda _: True

    def __post_init__(self) -> None:
        self.demo.session.put(self.demo.key(ROOT), state(3))
        (self.demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
        self.recorder = Recorder(lambda _event: None)
        self.terraform = Terraform(self.demo.folder, self.recorder, self.found)

    def __call__(self) -> Applied:
        here = at(self.demo)
        teller = Teller(here, Past(here), date(2026, 11, 30))
        ledger = Ledger(here, "run-1", lambda: datetime.now(UTC), roots=(ROOT,))
        progress = ConsoleProgress(Console.of_process())
        live: Any = self.terraform
        run = Apply(
            here,
            live,
            self.recorder,
            self.approve,
            self.work,
            watched,
            progress,
            ledger,
            lambda: teller,
            None,
            self.resumed,
        )
        return run.run((ROOT,))


def test_what_is_there_and_what_is_not_and_the_way_back(demo: Demo, tmp_path: Path) -> None:
    applied = Run(demo, tmp_path, Diagnostic("GP923", "10-foundation: no quota"))()
    lines = [line.strip() for line in view.text(applied).splitlines()]
    version = applied.outcomes[0].version
    assert lines[:6] == [
        "10-foundation  failed",
        "done, and still there: terraform_data.one",
        "begun and not finished: terraform_data.two",
        "not begun: terraform_data.three",
        f"its state before: version {version}; going back to it forgets what is done:",
        f"groundplan state restore {demo.folder} --root {ROOT} --version {version}",
    ]
    assert lines[-1] == f"next: groundplan apply {demo.folder} --resume"
    told = view.as_json(applied)
    assert (told["run"], told["roots"][0]["untouched"]) == ("run-1", ["terraform_data.three"])
    found = unfinished(at(demo), Past(at(demo)))
    assert (found.run, found.asked, found.stopped_at) == ("run-1", (ROOT,), ROOT)


def test_credentials_that_expire_in_the_middle(demo: Demo, tmp_path: Path) -> None:
    run = Run(demo, tmp_path, Diagnostic("GP923", "10-foundation: 401"))

    def expires(root: str, file: Path, origin: Origin) -> RunResult:
        demo.session.answers[f"/v3/projects/{PROJECT}"] = refused(401, "Invalid Credentials")
        return Terraform.apply(run.terraform, root, file, origin)

    run.terraform.apply = expires  # type: ignore[method-assign]
    [outcome] = run().outcomes
    first = outcome.diagnostics[0]
    assert first.code == "GP814" and first.message.startswith("in the middle of the run "), outcome.diagnostics
    assert first.hint == f"log in again, then `groundplan apply {demo.folder} --resume`"
    assert exit_code_of(outcome.diagnostics) == MISSING


def test_a_state_that_was_not_written_is_not_planned_over(demo: Demo, tmp_path: Path) -> None:
    file = demo.folder / ROOT / "errored.tfstate"
    file.write_bytes(state(9))
    run = Run(demo, tmp_path)
    [outcome] = run().outcomes
    assert outcome.result is Result.FAILED and [one.code for one in outcome.diagnostics] == ["GP419"]
    assert file.exists() and not run.terraform.pushed
    resumed = Unfinished("run-1", "ada", None, (ROOT,), (), ROOT, failed=True, same_folder=True)
    again = Run(demo, tmp_path, resumed=resumed)
    [outcome] = again().outcomes
    assert outcome.result is Result.APPLIED and again.terraform.pushed == [state(9).decode()]
    assert not file.exists()


def test_after_a_signal_no_root_is_begun(demo: Demo, tmp_path: Path) -> None:
    run = Run(demo, tmp_path)
    asked = run.terraform.show

    def interrupted(root: str, file: Path) -> dict[str, Any]:
        run.terraform.signals = 1
        return asked(root, file)

    run.terraform.show = interrupted  # type: ignore[method-assign]
    [outcome] = run().outcomes
    assert outcome.result is Result.FAILED and [one.code for one in outcome.diagnostics] == ["GP924"]
    assert not run.recorder.done
    [outcome] = run().outcomes
    assert [one.code for one in outcome.diagnostics] == ["GP924"]


def test_a_plan_that_was_interrupted_waits_for_no_other_root(demo: Demo, tmp_path: Path) -> None:
    live: Any = Terraform(demo.folder, Recorder(lambda _event: None))
    here = at(demo)
    [foundation, platform] = here.standing.chosen((ROOT, "20-platform"))
    for root in here.standing.states[1:]:
        demo.session.put(demo.key(root.root), state(1))
    (demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
    progress = ConsoleProgress(Console.of_process())
    first = plan_root(here, live, foundation, tmp_path, progress, lambda: datetime.now(UTC))
    assert first.pending
    live.plan = lambda root, _out, **_: RunResult(root, False, (Diagnostic("GP924", root),), 0.0, interrupted=True)
    found = plan_root(here, live, platform, tmp_path, progress, lambda: datetime.now(UTC), [first])
    assert (found.after, [one.code for one in found.diagnostics]) == ("", ["GP924"])


def test_versions_that_may_not_be_listed_keep_nothing_from_being_applied(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_store: object, _key: str) -> None:
        raise DiagnosticsError([Diagnostic("GP815", "s3:ListBucketVersions")])

    monkeypatch.setattr("groundplan.clouds.gcp.live.store.GcsStore.versions", denied)
    [outcome] = Run(demo, tmp_path)().outcomes
    assert (outcome.result, outcome.version) == (Result.APPLIED, "")


def test_another_plan_than_was_shown_is_not_applied(demo: Demo, tmp_path: Path) -> None:
    run = Run(demo, tmp_path, approve=lambda _: (tmp_path / f"{ROOT}.tfplan").write_bytes(b"another") > 0)
    [outcome] = run().outcomes
    assert outcome.result is Result.FAILED and [one.code for one in outcome.diagnostics] == ["GP412"]
    assert not run.recorder.done


def test_a_state_that_was_not_written_can_be_gone_on_with_after_any_run(demo: Demo) -> None:
    with pytest.raises(DiagnosticsError, match="no run is in the journal"):
        unfinished(at(demo), Past(at(demo)))
    (demo.folder / ROOT / "errored.tfstate").write_bytes(state(9))
    assert unfinished(at(demo), Past(at(demo))).run == ""


def test_a_destruction_writes_the_state_that_was_not_written_first(demo: Demo, tmp_path: Path) -> None:
    (demo.folder / ROOT / "errored.tfstate").write_bytes(state(9))
    live: Any = Terraform(demo.folder, Recorder(lambda _event: None))
    [root] = at(demo).standing.chosen((ROOT,))
    Planner(at(demo), live, tmp_path).plan(root)
    assert live.pushed == [state(9).decode()]
    assert not (demo.folder / ROOT / "errored.tfstate").exists()


def test_a_state_that_lists_what_is_gone_is_emptied_by_a_destruction(demo: Demo, tmp_path: Path) -> None:
    """As after a destruction that was killed before it wrote its state: roots before it wait for that."""

    class Gone(Terraform):
        def plan(self, root: str, out: Path, **_: object) -> RunResult:
            return super().plan(root, out)

        def show(self, _root: str, _file: Path) -> dict[str, Any]:
            return {"resource_changes": []}

    demo.session.put(demo.key(ROOT), state(9))
    live: Any = Gone(demo.folder, Recorder(lambda _event: None))
    [root] = at(demo).standing.chosen((ROOT,))
    assert Planner(at(demo), live, tmp_path).plan(root).pending
    demo.session.put(demo.key(ROOT), state(10, resources=0))
    assert not Planner(at(demo), live, tmp_path).plan(root).pending


def test_a_destruction_does_not_wait_for_an_old_lock(demo: Demo, tmp_path: Path) -> None:
    TestLocks().locked(demo, 3.2)
    demo.session.put(demo.key(ROOT), state(9))
    live: Any = Terraform(demo.folder, Recorder(lambda _event: None))
    [root] = at(demo).standing.chosen((ROOT,))
    held = holder(at(demo), ROOT, datetime.now(UTC))
    assert [one.code for one in Planner(at(demo), live, tmp_path).plan(root, held).diagnostics] == ["GP927"]


class TestLocks:
    def locked(self, demo: Demo, hours: float) -> str:
        created = (datetime.now(UTC) - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
        fields = {"ID": "x", "Who": "ci@runner-7", "Operation": "OperationTypeApply", "Created": created}
        return str(demo.session.put(f"demo/{ROOT}/default.tflock", json.dumps(fields).encode()))

    def plan(self, demo: Demo, tmp_path: Path, terraform: Any) -> Diagnostic:
        [root] = at(demo).standing.chosen((ROOT,))
        progress = ConsoleProgress(Console.of_process())
        found = plan_root(at(demo), terraform, root, tmp_path, progress, lambda: datetime.now(UTC))
        [one] = found.diagnostics
        return one

    def test_an_old_one_is_told_at_once(self, demo: Demo, tmp_path: Path) -> None:
        number = self.locked(demo, 3.2)
        found = self.plan(demo, tmp_path, Terraform(demo.folder, Recorder(lambda _event: None)))
        assert found.code == "GP927"
        assert found.message == f"the state of {ROOT} is locked by ci@runner-7, for 3 h 12 min: apply"
        assert found.hint and found.hint.endswith(f"groundplan unlock {demo.folder} --id {number}")

    def test_who_may_not_read_locks_plans_all_the_same(
        self, demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def denied(_store: object, _key: str) -> None:
            raise DiagnosticsError([Diagnostic("GP815", "s3:GetObject")])

        monkeypatch.setattr("groundplan.clouds.gcp.live.store.GcsStore.lock", denied)
        [outcome] = Run(demo, tmp_path)().outcomes
        assert outcome.result is Result.APPLIED

    def test_a_young_one_is_waited_for(
        self, demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.locked(demo, 0.1)
        (demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
        terraform = Terraform(demo.folder, Recorder(lambda _event: None))

        def waits(root: str, _out: Path, **_: object) -> RunResult:
            return RunResult(root, False, (Diagnostic("GP927", "Error acquiring the state lock: a long text"),), 300.0)

        monkeypatch.setattr(terraform, "plan", waits)
        monkeypatch.setattr("groundplan.views.console.PATIENCE_SECONDS", -1.0)
        found = self.plan(demo, tmp_path, terraform)
        assert found.message == f"the state of {ROOT} is locked by ci@runner-7, for 6 min: apply"
        assert found.hint and "wait for them" in found.hint
        told = capsys.readouterr().err
        assert f"planning {ROOT} (ci@runner-7 holds its state: waiting for 300s at most)" in told
