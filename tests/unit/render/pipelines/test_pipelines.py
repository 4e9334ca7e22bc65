"""Pipelines of a repository: what is written, what is left alone, and what the systems' own tools say of it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import groundplan.paths
from groundplan.app.pipelines import targets_of
from groundplan.cli import COMMANDS, run
from groundplan.environment.apart import OWNERS_FILE, read_owners
from groundplan.environment.files import digest
from groundplan.render.pipelines.github import github_files
from groundplan.render.pipelines.gitlab import gitlab_files
from groundplan.render.pipelines.jenkins import jenkins_files
from tests.conftest import Golden
from tests.unit.render.pipelines.repository import CI, environment, git, write_spec
from tests.unit.render.pipelines.systems import against_schemas, audited

GOLDEN = Path(__file__).parent / "golden"
VERSION = re.compile(r"groundplan(==| )[0-9]+\.[0-9]+\.[0-9]+")


def written(top: Path) -> list[str]:
    return sorted(read_owners(top).files)


def workflow(top: Path, name: str = "groundplan") -> Any:
    return yaml.safe_load((top / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))


def lines(top: Path) -> Iterator[str]:
    """Every line that a system gives to a shell."""
    for name in written(top):
        text = (top / name).read_text(encoding="utf-8")
        if name.startswith(".github/"):
            jobs = yaml.safe_load(text)["jobs"].values()
            yield from (step["run"] for job in jobs for step in job.get("steps", []) if "run" in step)
        elif name.startswith(".gitlab/"):
            jobs = (job for job in yaml.safe_load(text).values() if "script" in job)
            yield from (line for job in jobs for line in (*job.get("before_script", []), *job["script"]))
        elif name == "Jenkinsfile":
            said = re.findall(r"(?:sh|script:) '((?:[^'\\]|\\.)*)'", text)
            plain = (one.replace("\\n", "\n").replace("\\'", "'").replace("\\\\", "\\") for one in said)
            yield from (line for one in plain for line in one.split("\n"))


def test_the_files_are_what_they_were(top: Path, golden: Golden) -> None:
    for name in written(top):
        text = VERSION.sub(r"groundplan\1VERSION", (top / name).read_text(encoding="utf-8"))
        golden(GOLDEN / name.replace("/", "-").removeprefix("."), text)


def test_zizmor_finds_nothing(top: Path) -> None:
    assert audited(top / ".github") == (0, [])


def test_the_schemas_of_the_systems_hold(top: Path) -> None:
    assert against_schemas(top) == ""


def test_every_line_of_a_shell_is_one_call_that_the_command_line_takes(top: Path) -> None:
    """Whatever is an option today stays one: a pipeline is not rendered again on the day of a release."""
    calls = 0
    for line in lines(top):
        assert "${{" not in line, "GitHub would put its value into the text"
        begin = line.removeprefix(". ./team-aws.env && ").removeprefix("exec ")
        if not begin.startswith("groundplan "):
            continue
        plain = re.sub(r"\$\{\w+:\+(.*?)\}", r"\1", begin)
        words = shlex.split(re.split(r" > | \|\| | && ", plain)[0])
        name, *arguments = words[words.index("groundplan") + 1 :]
        assert name in COMMANDS, line
        command: click.Command = import_module(f"groundplan.cli.{name}").command
        with command.make_context(name, arguments, help_option_names=["-h", "--help"]) as context:
            assert context.args == [], line
        calls += 1
    assert calls > 30


def test_only_checks_run_for_forks(top: Path) -> None:
    """What has an identity or writes to the system runs for changes from the repository itself."""
    for name, job in workflow(top)["jobs"].items():
        writes = {key for key, level in job["permissions"].items() if level == "write"}
        proposed = "pull_request" in job.get("if", "")
        if writes and proposed:
            assert "github.event.pull_request.head.repo.id == github.event.repository.id" in job["if"], name
    for name, job in yaml.safe_load((top / ".gitlab/groundplan/team-aws.yml").read_text()).items():
        if "id_tokens" in job:
            assert all(
                "SOURCE_PROJECT_ID" in rule["if"] or "$CI_COMMIT_BRANCH" in rule["if"] for rule in job["rules"]
            ), name


def test_an_apply_is_approved_runs_alone_and_is_never_cancelled(top: Path) -> None:
    for name in ("apply", "destroy"):
        job = workflow(top)["jobs"][name]
        assert job["concurrency"] == {"group": "${{ inputs.lock }}", "cancel-in-progress": False}
        assert job["environment"]["name"] == "${{ inputs.apply_environment }}"
        file = top / f".gitlab/groundplan/{'apply/' * (name == 'apply')}team-gcp.yml"
        other = yaml.safe_load(file.read_text())[f"team-gcp:{name}"]
        assert (other["resource_group"], other["interruptible"]) == ("groundplan-team-gcp", False)
        assert all(rule["when"] == "manual" for rule in other["rules"])
    text = (top / "Jenkinsfile").read_text(encoding="utf-8")
    assert text.count("submitter 'ml-platform'") == text.count("options { lock(resource: 'groundplan-team-") == 4


def test_a_cancelled_apply_is_told_so_while_it_has_credentials(top: Path) -> None:
    """GitHub signals the entry process of a step alone, and the role is held no longer than its module says."""
    text = (Path(groundplan.paths.MODULES) / "aws/ci_identity/variables.tf").read_text(encoding="utf-8")
    hours = re.search(r'variable "session_hours" \{[^}]*default += (\d+)', text)
    assert hours
    for name in ("apply", "destroy"):
        job = workflow(top)["jobs"][name]
        assert job["steps"][-1]["run"].startswith("exec groundplan ")
        [login] = [step["with"] for step in job["steps"] if "aws-actions/" in step.get("uses", "")]
        assert int(login["role-duration-seconds"]) == 3600 * int(hours[1])
        assert job["timeout-minutes"] < 60 * int(hours[1])


def test_gitlab_takes_the_pipelines(top: Path) -> None:
    """No schema knows that a job may not need one of a later stage, and that a newer pipeline cancels what it may."""
    stages = yaml.safe_load((top / ".gitlab-ci.yml").read_text(encoding="utf-8"))["stages"]
    for cloud in ("aws", "gcp"):
        jobs = yaml.safe_load((top / f".gitlab/groundplan/team-{cloud}.yml").read_text(encoding="utf-8"))
        for name, job in jobs.items():
            names = [need if isinstance(need, str) else need["job"] for need in job["needs"]]
            assert all(stages.index(jobs[one]["stage"]) <= stages.index(job["stage"]) for one in names), name
            proposed = any("merge_request_event" in rule["if"] for rule in job["rules"])
            assert job.get("interruptible", False) == proposed, name
            if "id_tokens" in job and proposed:
                assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in job["rules"][0]["if"]


def test_nothing_that_people_start_stands_in_a_pipeline_of_a_merge_on_gitlab(top: Path) -> None:
    """It would block the pipeline where nothing is pending, too."""
    jobs = yaml.safe_load((top / ".gitlab/groundplan/team-aws.yml").read_text(encoding="utf-8"))
    manual = {name for name, job in jobs.items() for rule in job["rules"] if rule.get("when") == "manual"}
    assert manual == {"team-aws:destroy"}
    [source] = jobs["team-aws:apply"]["trigger"]["include"]
    assert source["artifact"] in jobs[source["job"]]["artifacts"]["paths"]


def test_environments_share_no_file_of_a_workspace_on_jenkins(top: Path) -> None:
    text = (top / "Jenkinsfile").read_text(encoding="utf-8")
    kept = re.findall(r"archiveArtifacts artifacts: '([^']+)'", text)
    assert kept and all(name.startswith("team-") for names in kept for name in names.split(", "))


def test_environments_on_jenkins_have_agents_of_their_own_and_people_take_none(top: Path) -> None:
    write_spec(top / "gcp", "gcp", {**CI, "runner": {"labels": ["far"]}})
    assert run(["pipelines", str(top)]) == 0
    text = (top / "Jenkinsfile").read_text(encoding="utf-8")
    head, _, stages = text.partition("  stages {\n")
    assert "agent none" in head and "disableConcurrentBuilds()" in head
    assert stages.count("agent { label 'far' }") == 3, "plans, an apply and a destroy"
    questions = re.findall(r"stage\('[\w-]+: approve \w+'\) \{.*?steps", stages, re.DOTALL)
    assert len(questions) == 4 and not any("agent" in one for one in questions)


def test_every_action_is_a_commit(top: Path) -> None:
    steps = [step for job in workflow(top)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert len(steps) > 20
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]) for step in steps)


def test_other_workflows_stay_and_nothing_is_written_twice(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = top / ".github/workflows/lint.yml"
    other.write_text("name: lint\n", encoding="utf-8")
    assert run(["pipelines", str(top)]) == 0
    assert "as they were" in capsys.readouterr().out
    assert other.read_text(encoding="utf-8") == "name: lint\n"
    assert run(["pipelines", str(top), "--check"]) == 0


def test_files_that_are_as_they_were_are_not_said_to_be_written(
    top: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    run(["pipelines", str(top)])
    first = capsys.readouterr().out.splitlines()[-1]
    run(["pipelines", str(top)])
    again = capsys.readouterr().out.splitlines()[-1]
    assert again.startswith("0 files written, ")
    assert first.rpartition("; ")[2] == again.rpartition("; ")[2] == "environments: team-aws, team-gcp"
    (tmp_path / "none").mkdir()
    assert run(["pipelines", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("environments: none that is rendered has a block `ci`")


def test_a_file_edited_by_hand_stops_it(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = top / ".github/workflows/groundplan-team-aws.yml"
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = {name: digest((top / name).read_text(encoding="utf-8")) for name in written(top)}
    for arguments in ((), ("--check",)):
        assert run(["pipelines", str(top), *arguments]) == 4
        assert "GP401" in capsys.readouterr().err
    assert before == {name: digest((top / name).read_text(encoding="utf-8")) for name in written(top)}
    assert run(["pipelines", str(top), "--overwrite"]) == 0
    assert run(["pipelines", str(top), "--check"]) == 0


def test_a_file_of_the_users_is_not_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment(tmp_path / "aws", "aws")
    (tmp_path / "Jenkinsfile").write_text("node {}\n", encoding="utf-8")
    assert run(["pipelines", str(tmp_path)]) == 4
    assert "GP402" in capsys.readouterr().err
    assert not (tmp_path / ".github").exists()
    assert not (tmp_path / OWNERS_FILE).exists()


def test_what_the_specs_ask_for_no_more_goes(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ci = {key: CI[key] for key in ("repository", "default_branch", "gcp") if key in CI}
    write_spec(top / "gcp", "gcp", {**ci, "system": "github"})
    capsys.readouterr()
    assert run(["pipelines", str(top), "--check"]) == 4
    assert ".gitlab/groundplan/team-gcp.yml is left over" in capsys.readouterr().err
    assert run(["pipelines", str(top)]) == 0
    assert not (top / ".gitlab/groundplan/team-gcp.yml").exists()
    assert (top / ".gitlab/groundplan/team-aws.yml").exists()


@pytest.mark.parametrize(
    ("name", "ci", "words"),
    [
        ("team-aws", CI, "two environments are called team-aws"),
        ("team-two", {**CI, "default_branch": "trunk"}, "say different things about github"),
    ],
)
def test_what_does_not_fit_together(
    top: Path, capsys: pytest.CaptureFixture[str], name: str, ci: Any, words: str
) -> None:
    environment(top / "two", "aws", ci, name)
    capsys.readouterr()
    assert run(["pipelines", str(top)]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert ":1:1: error" not in told, "the line that says it"
    assert run(["pipelines", str(top), "--check"]) == 1


def test_a_default_branch_that_does_not_exist(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for cloud in ("aws", "gcp"):
        write_spec(top / cloud, cloud, {**CI, "default_branch": "mian"})
    before = (top / "Jenkinsfile").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(["pipelines", str(top), "--overwrite"]) == 1
    told = capsys.readouterr().err
    assert told.count("`ci.default_branch` is mian, which the repository does not have") == 2
    assert ":1:1: error" not in told, "the line that says it"
    assert "did you mean `main`" in told.lower()
    assert (top / "Jenkinsfile").read_text(encoding="utf-8") == before
    git(top, "update-ref", "refs/remotes/origin/mian", "HEAD")
    assert run(["pipelines", str(top)]) == 0


def test_a_folder_whose_name_a_shell_would_act_on(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (top / "aws").rename(top / "a$(id)")
    assert run(["pipelines", str(top)]) == 1
    assert "no pipeline can name the folder" in capsys.readouterr().err


def test_nothing_is_written_through_a_link(top: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in written(top):
        (top / name).unlink()
    (top / OWNERS_FILE).unlink()
    (top / ".github/workflows").rmdir()
    (top / ".github").rmdir()
    (top / ".github").symlink_to(outside)
    assert run(["pipelines", str(top)]) in (2, 4)
    assert not list(outside.rglob("*"))


HOSTILE = 'x\'; id; "$(id)" `id` \\ \n#'


def test_a_hostile_name_that_got_past_the_spec_stays_one_value(top: Path) -> None:
    """No pattern of the spec lets it in; the writers hold by themselves."""
    [target, _] = targets_of(top)
    branch = f"{HOSTILE} ${{{{ github.token }}}}"
    pipeline = replace(target.pipeline, default_branch=branch, labels=(HOSTILE,), approvers=(HOSTILE,), image=HOSTILE)
    hostile = replace(target, pipeline=pipeline, folder=HOSTILE, spec=HOSTILE)
    values = yaml.safe_load(github_files([hostile])[".github/workflows/groundplan-team-aws.yml"])["jobs"]["groundplan"]
    assert values["with"]["folder"] == HOSTILE
    assert json.loads(values["with"]["runner"]) == [HOSTILE]
    assert values["with"]["default_branch"] == f"{HOSTILE} ${{{{ '${{{{' }}}} github.token }}}}"
    text = jenkins_files([hostile])["Jenkinsfile"]
    outside = re.sub(r"'(?:[^'\\\n]|\\.)*'", "''", text)
    assert "id;" not in outside and "`" not in outside.replace("`groundplan pipelines .`", "")
    with pytest.raises(ValueError, match="no condition can hold it"):
        gitlab_files([hostile])
