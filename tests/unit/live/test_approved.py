"""Saved plans are approved once, and what comes on top of them is nobody's word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.allowances import Allowance
from groundplan.app.live.apply import Applied, Apply
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.outcomes import Question, Recorder, Result
from groundplan.app.live.past import Past
from groundplan.app.live.plan import plan_environment
from groundplan.app.live.save import Made, save
from groundplan.app.live.telling import Teller
from groundplan.change.costs import CostChange
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.live.terraform import RunResult
from groundplan.views.console import Console
from groundplan.views.live import apply as view
from tests.unit.live.environments import NAME, Demo, state
from tests.unit.live.google import Session
from tests.unit.live.test_failures import Terraform, at, watched

FOUNDATION, PLATFORM = "10-foundation", "20-platform"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
Plans = dict[str, list[dict[str, Any]]]


def resource(type_: str, *actions: str, name: str = "a", **about: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": None, "after": None, "after_unknown": {}, **about}
    return {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name, "change": change}


MADE = resource("google_container_node_pool", "create", after={"name": "a", "node_count": 1})
POOL_GOES = resource("google_container_node_pool", "delete", "create", before={"name": "a"}, after={"name": "a"})
PART_GOES = resource("aws_autoscaling_group_tag", "delete", before={"autoscaling_group_name": "a"})
OPENED = resource(
    "google_storage_bucket_iam_member",
    "create",
    after={"bucket": "b", "role": "roles/storage.objectViewer", "member": "allUsers"},
)


@dataclass
class Changing(Terraform):
    """Plans of each root as they are now."""

    plans: Plans = field(default_factory=dict)
    states: Session = field(default_factory=Session)
    secrets: Any = field(default_factory=lambda: SimpleNamespace(hide=lambda text: text))
    begun: list[str] = field(default_factory=list)
    """What was asked of it and what was done meanwhile, in order."""

    def plan(self, root: str, out: Path, **_: object) -> RunResult:
        out.write_text(json.dumps({"format_version": "1.2", "resource_changes": self.plans.get(root, [])}))
        return RunResult(root, True, (), 0.0, changes=True)

    def show(self, root: str, file: Path) -> dict[str, Any]:
        self.begun.append(f"show {root}")
        found: dict[str, Any] = json.loads(file.read_text())
        return found

    def apply(self, root: str, _file: Path, _lineage: str = "") -> RunResult:
        self.states.put(f"{NAME}/{root}/default.tfstate", state(4))
        return RunResult(root, True, (), 0.0)


@dataclass
class Pipeline:
    """Plans are saved; when they are applied, roots do something else."""

    demo: Demo
    work: Path
    yes: bool = True
    named: bool = False
    asked: list[Question] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    """As Terraform has it, while the saved plans are applied."""

    def __call__(self, before: Plans, now: Plans, words: tuple[str, ...] = (), *, first: bool = False) -> Applied:
        for root in () if first else (FOUNDATION, PLATFORM):
            self.demo.session.put(self.demo.key(root), state(3))
        (self.demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
        here, live = at(self.demo), self.terraform(before)
        teller = Teller(here, Past(here), date(2026, 11, 30), [Allowance(*word.split(":")) for word in words])
        progress = ConsoleProgress(Console.of_process())
        plans, work = self.work / "plans", self.work / "work"
        plans.mkdir(), work.mkdir()
        found = plan_environment(here, live, plans, progress, teller.change, lambda: NOW)
        save(plans, here, found, Made("r", live.program.title, NOW))
        live.plans, live.begun = now, self.begun
        ledger = Ledger(here, "run-1", lambda: NOW)
        run = Apply(
            replace(here, meanwhile=lambda: self.begun.append("meanwhile")),
            live,
            Recorder(lambda _event: None),
            self.approve,
            work,
            watched,
            progress,
            ledger,
            lambda: teller,
            plans,
        )
        return run.run(())

    def terraform(self, plans: Plans) -> Any:
        return Changing(self.demo.folder, Recorder(lambda _event: None), plans=plans, states=self.demo.session)

    def approve(self, asked: Question) -> bool:
        self.asked.append(asked)
        return asked.passes(yes=self.yes, named=self.named)


@pytest.fixture
def pipeline(demo: Demo, tmp_path: Path) -> Pipeline:
    return Pipeline(demo, tmp_path)


def results(applied: Applied) -> Mapping[str, Result]:
    return {one.root: one.result for one in applied.outcomes}


def changed(**after: Any) -> dict[str, Any]:
    return resource("google_container_node_pool", "update", before={"node_count": 1}, after=after)


def test_a_root_that_does_what_was_approved_is_not_asked_about_again(pipeline: Pipeline) -> None:
    plans = {FOUNDATION: [MADE], PLATFORM: [changed(node_count=2)]}
    applied = pipeline(plans, plans)
    assert results(applied)[PLATFORM] is Result.APPLIED
    [question] = pipeline.asked
    assert list(question.roots) == [FOUNDATION, PLATFORM]


def test_what_can_be_done_meanwhile_is_begun_before_saved_plans_are_shown(pipeline: Pipeline) -> None:
    pipeline({FOUNDATION: [MADE]}, {FOUNDATION: [MADE]})
    assert pipeline.begun[0] == "meanwhile"


def test_another_value_is_asked_about_and_told(pipeline: Pipeline) -> None:
    """The same resource, the same action."""
    applied = pipeline(
        {FOUNDATION: [MADE], PLATFORM: [changed(node_count=2)]}, {FOUNDATION: [MADE], PLATFORM: [changed(node_count=9)]}
    )
    assert results(applied)[PLATFORM] is Result.APPLIED, "it loses and opens nothing"
    asked = pipeline.asked[1]
    assert list(asked.beyond) == ["google_container_node_pool.a: node_count will be 9, approved was 2"]
    told = view.question(asked, color=False)
    assert told.startswith(
        "not as it was approved:\n  google_container_node_pool.a: node_count will be 9, approved was 2\n"
    )


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("goes", "what"),
    [
        (POOL_GOES, "replaces: node pool a is replaced"),
        (PART_GOES, "gone: aws_autoscaling_group_tag.a"),
        (OPENED, "opens: "),
    ],
)
def test_what_nobody_approved_destroys_replaces_and_opens_nothing(
    pipeline: Pipeline, goes: dict[str, Any], what: str, named: bool
) -> None:
    """Also where the name was typed, since that was before it was known."""
    pipeline.named = named
    applied = pipeline({FOUNDATION: [MADE]}, {FOUNDATION: [MADE], PLATFORM: [goes]})
    assert results(applied) == {
        "00-state": Result.NOTHING,
        FOUNDATION: Result.APPLIED,
        PLATFORM: Result.DECLINED,
    }
    applied = replace(applied, again=["--root", PLATFORM, "--plans", "plans/"])
    lines = [line.strip() for line in view.text(applied, asks=False).splitlines()]
    assert "not as it was approved:" in lines
    assert any(line.startswith(what) for line in lines), lines
    again = f"next: groundplan plan {pipeline.demo.folder}"
    assert lines[-1] == f"{again} --root {PLATFORM} --out plans-again"
    kept = view.text(replace(applied, again=["--kept", "0a1b"]), asks=False)
    assert kept.endswith(f"\n{again} --keep groundplan.env\n")
    assert view.as_json(applied)["roots"][2]["not_approved"] == list(pipeline.asked[1].beyond)


def test_what_a_word_lets_pass_passes(pipeline: Pipeline) -> None:
    applied = pipeline(
        {FOUNDATION: [MADE]},
        {FOUNDATION: [MADE], PLATFORM: [POOL_GOES]},
        ("replaces:20-platform/google_container_node_pool.a",),
    )
    assert results(applied)[PLATFORM] is Result.APPLIED


def test_a_root_that_could_not_be_planned_by_then_makes_things_unasked(pipeline: Pipeline) -> None:
    applied = pipeline({FOUNDATION: [MADE]}, {FOUNDATION: [MADE], PLATFORM: [MADE]}, first=True)
    assert results(applied)[PLATFORM] is Result.APPLIED
    assert list(pipeline.asked[1].beyond) == [
        "20-platform is no part of what was approved: it could be planned only after 10-foundation was applied"
    ]


def test_old_prices_of_what_was_shown_are_told_once(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Diagnostic("GP707", "3 of 4 prices used: older than 365 days", Severity.WARNING)
    monkeypatch.setattr("groundplan.app.live.telling.plan_costs", lambda *_: CostChange(notices=[old]))
    applied = pipeline({FOUNDATION: [MADE]}, {FOUNDATION: [MADE], PLATFORM: [POOL_GOES]})
    assert results(applied)[PLATFORM] is Result.DECLINED
    assert [one.code for one in applied.diagnostics] == ["GP707"]
