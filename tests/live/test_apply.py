"""`groundplan apply` on a cloud that remembers, with Terraform and states in buckets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.pipeline import resolve_spec
from tests.live.faults import Fault
from tests.live.world import NAME, World

GROUNDPLAN = Path(sys.executable).with_name("groundplan")
aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)


def apply(operator: World, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr."""
    ran = subprocess.run(
        [GROUNDPLAN, "apply", operator.folder, "--terraform-bin", operator.program, "--format", "json", *arguments],
        check=False,
        env=operator.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def apply_ends(operator: World, *arguments: str) -> int:
    """Exit code of a call that may be misused."""
    command = [GROUNDPLAN, "apply", operator.folder, "--terraform-bin", operator.program, *arguments]
    return subprocess.run(command, check=False, env=operator.variables, stdin=subprocess.DEVNULL).returncode


def results(found: dict[str, Any]) -> list[str]:
    return [root["result"] for root in found["roots"]]


@pytest.mark.slow
def test_one_command_makes_an_environment_and_has_nothing_to_do_the_second_time(operator: World) -> None:
    code, found, told = apply(operator, "--yes")
    assert (code, results(found)) == (0, ["applied"] * 3), (found, told)
    assert operator.get(operator.state_key("20-platform"))
    code, found, _ = apply(operator, "--yes")
    assert (code, results(found)) == (0, ["nothing to apply"] * 3)
    command = [GROUNDPLAN, "status", operator.folder, "--format", "json"]
    ran = subprocess.run(command, env=operator.variables, check=True, capture_output=True, text=True)
    assert [root["pending"] for root in json.loads(ran.stdout)["roots"].values()] == [False] * 3
    an_edit_is_told_with_its_line_and_its_dollars(operator)


def an_edit_is_told_with_its_line_and_its_dollars(operator: World) -> None:
    """By `plan`, from the spec that lies beside the states: the folder is in no repository."""
    spec = operator.folder / "groundplan.yaml"
    before = resolve_spec(spec).estimate().total
    spec.write_text(spec.read_text("utf-8").replace("max: 1", "max: 4", 1), encoding="utf-8")
    line = spec.read_text("utf-8").splitlines().index("        max: 4") + 1
    subprocess.run([GROUNDPLAN, "render", spec, "-o", operator.folder], check=True, capture_output=True)
    difference = resolve_spec(spec).estimate().total.expected - before.expected
    planned = [GROUNDPLAN, "plan", operator.folder, "--terraform-bin", operator.program, "--format", "json"]
    ran = subprocess.run(planned, check=False, env=operator.variables, capture_output=True)
    change = json.loads(ran.stdout)["change"]
    assert (ran.returncode, change["monthly_usd"]["expected"]) == (6, round(float(difference), 2))
    assert difference > 0
    edits = {(edit["path"], edit["line"]) for one in change["entries"] for edit in one["edits"]}
    assert edits == {("serving.pools.ranker.nodes.max", line)}, change


@aws
@pytest.mark.slow
def test_nothing_is_applied_without_a_word_and_with_a_saved_plan_only_what_it_was_made_of(
    operator: World, tmp_path: Path
) -> None:
    code, found, told = apply(operator, "--root", "00-state")
    assert (code, results(found)) == (6, ["not approved"]), told
    assert apply_ends(operator, "--root", "00-state", "--yes", "--confirm", "another") == 2
    assert operator.cloud.store.count() == 0
    plans = tmp_path / "plans"
    command = [GROUNDPLAN, "plan", operator.folder, "--terraform-bin", operator.program, "--out", plans]
    subprocess.run(command, env=operator.variables, check=False, capture_output=True)
    code, found, told = apply(operator, "--plans", str(plans), "--root", "00-state", "--confirm", NAME)
    assert (code, results(found)) == (0, ["applied"]), (found, told)
    code, found, _ = apply(operator, "--plans", str(plans), "--root", "00-state", "--confirm", NAME)
    assert (code, [one["code"] for one in found["diagnostics"]]) == (4, ["GP414"])


@aws
@pytest.mark.slow
def test_a_failure_in_the_middle_says_what_there_is_and_the_same_command_goes_on(operator: World) -> None:
    operator.cloud.fail(Fault("error", type="aws_s3_bucket_versioning"))
    code, found, _ = apply(operator, "--yes", "--root", "00-state")
    [root] = found["roots"]
    assert (code, root["result"]) == (1, "failed")
    assert any(one["address"].endswith("aws_s3_bucket.this") for one in root["done"]), root
    assert any("aws_s3_bucket_versioning" in one["address"] for one in root["unfinished"]), root
    assert found["next"] == f"groundplan apply {operator.folder} --resume"
    operator.cloud.fail()
    assert apply(operator, "--yes", "--root", "00-state")[0] == 6, "what failed to be made is replaced, which is severe"
    code, found, told = apply(operator, "--confirm", NAME, "--resume")
    assert (code, results(found)) == (0, ["applied"]), (found, told)
    assert "Going on with run" in told and "failed: 00-state" in told
    assert apply(operator, "--resume")[0] == 4, "there is nothing left"
    assert results(apply(operator, "--root", "00-state")[1]) == ["nothing to apply"]


@pytest.mark.parametrize("operator", ["gcp"], indirect=True)
@pytest.mark.slow
def test_a_pipeline_makes_in_one_run_what_could_not_be_planned_when_the_rest_was_approved(
    operator: World, tmp_path: Path
) -> None:
    assert apply(operator, "--root", "00-state", "--yes")[0] == 0
    plans = tmp_path / "plans"
    command = [GROUNDPLAN, "plan", operator.folder, "--terraform-bin", operator.program, "--out", plans]
    assert subprocess.run(command, env=operator.variables, check=False, capture_output=True).returncode == 6
    code, found, told = apply(operator, "--plans", str(plans), "--yes")
    assert (code, results(found)) == (0, ["nothing to apply", "applied", "applied"]), (found, told)
    assert "20-platform is no part of what was approved: it could be planned only after 10-foundation" in told
