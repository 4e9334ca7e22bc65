"""`groundplan cost` and `explain`: ways of buying, free amounts, budgets of parts and hints, in text and in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK, OVER_BUDGET
from tests.unit.stack.specs import BASE, serving, training

WASTEFUL = {
    **BASE,
    "name": "fraud-dev",
    "network": {"nat": "per_zone"},
    "training": training(vcpus=4, capacity="on_demand", nodes={"min": 1, "max": 3}),
    "serving": serving(vcpus=2),
    "tracking": {"mlflow": {"artifacts_gib": 10}},
    "budget": {"monthly_usd": 5000, "components": {"training": 20, "keys": 100}},
}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "groundplan.yaml"
    file.write_text(yaml.safe_dump(WASTEFUL, sort_keys=False))
    return file


def made(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = OVER_BUDGET) -> dict[str, Any]:
    assert run([*map(str, arguments), "--format", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_hints_stand_in_text_and_json_with_their_line(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", str(spec)]) == OVER_BUDGET
    text = capsys.readouterr().out
    hints = made(capsys, "cost", spec)["hints"]
    assert {hint["path"] for hint in hints if hint["kind"] == "setting"} == {
        "network.nat",
        "training.pools.main.capacity",
        "training.pools.main.nodes.min",
        "tracking.mlflow.database.high_availability",
    }
    lines = spec.read_text().splitlines()
    for hint in (hint for hint in hints if hint["path"] != "cluster"):  # a key that this spec does without
        place = hint["place"]
        assert f"{hint['saving_usd']:,.2f} {place['file']}:{place['line']}:{place['column']}" in text
        assert hint["change"] in text
        words = [*hint["path"].split(".")]
        assert any(word in lines[place["line"] - 1] for word in words)


def test_following_a_hint_saves_what_it_says(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made(capsys, "cost", spec)
    saving = next(hint["saving_usd"] for hint in before["hints"] if hint["path"] == "network.nat")
    spec.write_text(spec.read_text().replace("nat: per_zone", "nat: single"))
    after = made(capsys, "cost", spec)
    assert before["total"]["expected"] - after["total"]["expected"] == pytest.approx(saving)


def test_a_part_over_its_budget_ends_with_3_and_says_by_how_much(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cost", str(spec)]) == OVER_BUDGET
    seen = capsys.readouterr()
    assert "error[GP701]" in seen.err and "for `training`" in seen.err
    assert f"{spec}:" in seen.err
    assert "Over budget for training: " in seen.out and "Within budget for keys: " in seen.out
    budgets = {one["component"]: one["exceeded"] for one in made(capsys, "cost", spec)["component_budgets"]}
    assert budgets == {"training": True, "keys": False}


def test_free_amounts_are_taken_off_when_asked(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, less = made(capsys, "cost", spec), made(capsys, "cost", spec, "--free-tiers")
    saved = sum(free["saves_usd"]["expected"] for free in plain["free_tiers"]["amounts"])
    assert saved > 0 and not plain["free_tiers"]["applied"] and less["free_tiers"]["applied"]
    assert plain["total"]["expected"] - less["total"]["expected"] == pytest.approx(saved)
    assert plain["coverage"] == less["coverage"]


@pytest.mark.parametrize("capacity", ["on_demand", "spot", "commit_1y", "commit_3y"])
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_all_machines_bought_one_way(cloud: str, capacity: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = made(capsys, "cost", spec, "--capacity", capacity, "--cloud", cloud, code=OVER_BUDGET)
    options = {line["option"] for line in report["lines"]} - {None, "sustained_use"}
    assert report["purchase"] == capacity
    assert options <= {capacity, "on_demand"}
    assert capacity in options
    total = sum(line["monthly_usd"]["expected"] for line in report["lines"])
    assert report["total"]["expected"] == pytest.approx(total)


def test_explain_says_which_nodes_are_committed_to(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["explain", str(spec), "cluster.commitment", "--capacity", "commit_3y", "--cloud", "gcp"]
    assert run(arguments) == OK
    assert "2 of 3 nodes" in capsys.readouterr().out


def test_an_unknown_way_of_buying(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", str(spec), "--capacity", "commit_5y"]) == BAD_SPEC


def test_a_bound_of_nothing_is_told_with_the_name_it_may_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "groundplan.yaml"
    budget = {"monthly_usd": 5000, "unpriced_usd": {"disk.generl": 50}, "bounds": {"egress.internet": 20}}
    file.write_text(yaml.safe_dump({**WASTEFUL, "budget": budget}, sort_keys=False))
    assert run(["cost", str(file)]) == OK
    said = capsys.readouterr().err
    assert said.count("GP719") == 1
    assert "`disk.generl`" in said and "`disk.general`" in said


class TestBudgetOfAPlan:
    def plan(self, folder: Path, *extra: dict[str, Any]) -> Path:
        zone = {"region": "us-east-1"}
        address = {"address": "aws_eip.a", "mode": "managed", "type": "aws_eip", "name": "a", "values": zone}
        file = folder / "plan.json"
        root = {"resources": [address, *extra]}
        file.write_text(json.dumps({"format_version": "1.2", "planned_values": {"root_module": root}}))
        return file

    @pytest.mark.parametrize(("usd", "code"), [("3.65", OK), ("3.64", OVER_BUDGET)])
    def test_the_last_cent_decides(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], usd: str, code: int
    ) -> None:
        assert run(["cost", "--plan", str(self.plan(tmp_path)), "--budget", usd]) == code
        seen = capsys.readouterr()
        assert ("Within budget" in seen.out, "GP701" in seen.err) == (code == OK, code != OK)

    def test_what_has_no_figure_keeps_it_from_being_shown(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        values = {"bucket": "b", "region": "us-east-1"}
        bucket = {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b"}
        plan = self.plan(tmp_path, {**bucket, "values": values})
        assert run(["cost", "--plan", str(plan), "--budget", "1000000"]) == OVER_BUDGET
        seen = capsys.readouterr()
        assert "error[GP717]" in seen.err and "--usage" in seen.err
        assert run(["cost", "--plan", str(plan)]) == OK

    @pytest.mark.parametrize("usd", ["0", "-1", "1e3", "nan", "", "10000000001"])
    def test_no_amount(self, tmp_path: Path, usd: str) -> None:
        assert run(["cost", "--plan", str(self.plan(tmp_path)), "--budget", usd]) == BAD_SPEC
