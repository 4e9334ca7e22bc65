"""The first `groundplan apply`: it makes the state bucket and brings the state of the root that made it into it."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.failures import held_at
from tests.live.faults import Fault
from tests.live.world import NAME, World, render, world

GROUNDPLAN = Path(sys.executable).with_name("groundplan")
ROOT = "00-state"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def rendered_remote(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The small environment whose `00-state` is to keep its state in the bucket that it makes."""
    return {
        one: render(one, tmp_path_factory.mktemp(f"first-{one}"), state={"backend": "remote"}) for one in ("aws", "gcp")
    }


@pytest.fixture(params=["aws", "gcp"])
def operator(request: pytest.FixtureRequest, rendered_remote: dict[str, Path], tmp_path: Path) -> Iterator[World]:
    with world(request.param, rendered_remote[request.param], tmp_path) as made:
        yield made


aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)
gcp = pytest.mark.parametrize("operator", ["gcp"], indirect=True)


def run(operator: World, command: str, *arguments: str, **variables: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr of a command on the folder."""
    words = [GROUNDPLAN, command, operator.folder, "--terraform-bin", operator.program, "--format", "json", *arguments]
    ran = subprocess.run(
        words,
        check=False,
        env={**operator.variables, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else {}, ran.stderr + ran.stdout


def apply(operator: World, *arguments: str, **variables: str) -> tuple[int, str, list[str], str]:
    """Exit code, result and codes of `00-state`, and what was told."""
    code, found, told = run(operator, "apply", "--root", ROOT, *arguments, **variables)
    result = found["roots"][0]["result"] if found.get("roots") else ""
    return code, result, [one["code"] for one in found.get("diagnostics", ())], told


def kept(operator: World) -> list[Path]:
    """Files of this machine that have a state of `00-state`."""
    places = (operator.home / ".local" / "state" / "groundplan", operator.folder / ROOT)
    return sorted(file for place in places for file in place.rglob("terraform.tfstate") if ".data" not in file.parts)


def in_bucket(operator: World) -> dict[str, Any]:
    """The state in the bucket."""
    data = operator.get(operator.state_key(ROOT))
    assert data
    found: dict[str, Any] = json.loads(data)
    return found


def test_nothing_becomes_everything_and_the_state_is_in_the_bucket(operator: World) -> None:
    code, found, told = run(operator, "plan")
    assert (code, [root["after"] for root in found["roots"]]) == (6, [None, ROOT, "10-foundation"]), told
    assert [one["code"] for one in found["diagnostics"]] == ["GP741"]
    two = ("--yes", "--root", ROOT, "--root", "10-foundation")
    code, found, told = run(operator, "apply", *two)
    assert (code, [root["result"] for root in found["roots"]]) == (0, ["applied"] * 2), (found, told)
    assert "is kept in" in told
    assert (kept(operator), bool(in_bucket(operator)["resources"])) == ([], True)
    code, found, told = run(operator, "apply", *two)
    assert (code, [root["result"] for root in found["roots"]]) == (0, ["nothing to apply"] * 2), (found, told)


def test_what_has_failed_goes_on_from_the_bucket_on_any_machine(operator: World, tmp_path: Path) -> None:
    late = {"aws": "aws_s3_bucket_policy", "gcp": "google_logging_project_sink"}[operator.provider]
    operator.cloud.fail(Fault("error", type=late))
    assert apply(operator, "--yes")[:2] == (1, "failed")
    lineage = in_bucket(operator)["lineage"]
    operator.cloud.fail()
    another = str(tmp_path / "another")
    code, result, codes, told = apply(operator, "--confirm", NAME, HOME=another)
    assert (code, result, codes) == (0, "applied", []), told
    assert in_bucket(operator)["lineage"] == lineage
    assert len(kept(operator)) == 1, "nothing has proven the move on this machine"
    assert apply(operator, "--yes")[:3] == (0, "nothing to apply", [])
    assert kept(operator) == []


@gcp
@pytest.mark.long
def test_before_there_is_a_bucket_the_file_stays_for_its_owner_alone(operator: World) -> None:
    operator.cloud.fail(Fault("error", type="google_storage_bucket"))
    assert apply(operator, "--yes")[:2] == (1, "failed")
    [file] = kept(operator)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    operator.cloud.fail()
    code, result, codes, told = apply(operator, "--confirm", NAME)
    assert (code, result, codes, kept(operator)) == (0, "applied", [], []), told


@gcp
@pytest.mark.long
def test_plans_of_the_first_apply_are_good_on_another_machine(operator: World, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    assert run(operator, "plan", "--root", ROOT, "--out", str(plans))[0] == 6
    shutil.copytree(operator.folder, tmp_path / "checkout")
    operator.folder = tmp_path / "checkout"
    code, result, codes, told = apply(operator, "--yes", "--plans", str(plans), HOME=str(tmp_path / "another"))
    assert (code, result, codes, kept(operator)) == (0, "applied", [], []), told
    assert in_bucket(operator)["resources"]


@aws
def test_a_killed_groundplan_leaves_a_terraform_that_ends_and_the_same_command_moves_the_state(
    operator: World,
) -> None:
    with held_at(operator, "aws_s3_bucket_versioning") as wait:
        words = [str(GROUNDPLAN), "apply", str(operator.folder), "--terraform-bin", str(operator.program), "--yes"]
        process = operator.start_words([*words, "--root", ROOT], cwd=operator.folder)
        wait()
        operator.send(process, signal.SIGKILL)
    operator.ended(process)
    code, result, codes, told = apply(operator, "--confirm", NAME)
    assert (code, result in ("applied", "nothing to apply"), codes) == (0, True, []), told
    assert (kept(operator), bool(in_bucket(operator)["resources"])) == ([], True)


@aws
@pytest.mark.long
def test_a_state_that_is_lost_is_told_and_one_that_is_left_in_the_root_is_moved(operator: World) -> None:
    root = operator.folder / ROOT
    (root / "first_override.tf").write_text('terraform {\n  backend "local" {}\n}\n', encoding="utf-8")
    operator.apply(ROOT)
    (root / "first_override.tf").unlink()
    file = root / "terraform.tfstate"
    away = file.replace(operator.home / "away")
    assert apply(operator, "--yes")[:3] == (1, "", ["GP947"])
    away.replace(file)
    code, result, codes, told = apply(operator, "--yes")
    assert (code, result, codes, kept(operator)) == (0, "nothing to apply", [], []), told


@gcp
@pytest.mark.long
def test_by_hand_as_the_readme_says(operator: World) -> None:
    """The commands of the rendered README, each as it stands there."""
    text = (operator.folder / "README.md").read_text("utf-8")
    block = next(part for part in text.split("```") if "first_override.tf" in part)
    path = operator.home / "bin"
    path.mkdir()
    (path / "terraform").symlink_to(operator.program)
    script = f"set -e\n{block}".replace(
        "terraform -chdir=00-state apply", "terraform -chdir=00-state apply -auto-approve"
    )
    operator.extra["PATH"] = f"{path}:{operator.environment['PATH']}"
    ran = operator.ended(operator.start_words(["bash", "-c", script], cwd=operator.folder))
    assert ran.code == 0, ran.output
    assert (kept(operator), bool(in_bucket(operator)["resources"])) == ([], True)
    assert apply(operator, "--yes")[:3] == (0, "nothing to apply", [])


@gcp
@pytest.mark.long
def test_the_root_that_makes_the_bucket_goes_with_its_state_in_a_file(operator: World) -> None:
    assert apply(operator, "--yes")[:2] == (0, "applied")
    words = ("--root", ROOT, "--confirm", NAME)
    code, found, told = run(operator, "destroy", *words)
    assert (code, kept(operator), bool(in_bucket(operator)["resources"])) == (6, [], True), told
    allowed = (*words, "--allow", "destroys-data", "--allow", "cannot-be-undone")
    operator.cloud.fail(Fault("error", "delete", "google_logging_project_sink"))
    code, found, told = run(operator, "destroy", *allowed)
    assert (code, found["roots"][0]["result"], len(kept(operator))) == (1, "failed", 1), told
    operator.cloud.fail()
    code, found, told = run(operator, "destroy", *allowed)
    assert (code, found["roots"][0]["result"], kept(operator)) == (0, "destroyed", []), told
    assert operator.bucket not in operator.storage.buckets if operator.storage else False


@gcp
@pytest.mark.long
def test_after_going_back_a_plan_shows_what_was_forgotten_and_nothing_is_broken(operator: World) -> None:
    assert apply(operator, "--yes")[:2] == (0, "applied")
    operator.cloud.store.lose("google_logging_project_sink")
    assert apply(operator, "--confirm", NAME)[:2] == (0, "applied")
    versions = run_state(operator, "history")["roots"][ROOT]
    for version, code in ((versions[-1], 6), (versions[0], 0)):
        run_state(operator, "restore", "--root", ROOT, "--version", version["version"], "--confirm", NAME)
        ended, found, told = run(operator, "plan", "--root", ROOT)
        assert ended == code, (found, told)
    assert operator.cloud.store.count("google_logging_project_sink") == 1


def run_state(operator: World, command: str, *arguments: str) -> dict[str, Any]:
    """What `groundplan state` says, which has to end well."""
    words = [GROUNDPLAN, "state", command, operator.folder, "--format", "json", *arguments]
    ran = subprocess.run(words, check=False, env=operator.variables, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
