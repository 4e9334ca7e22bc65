"""`groundplan comment`: one comment and one issue for each environment, whatever others have written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from groundplan.app.comment import comment_body, fitted
from groundplan.cli import run
from groundplan.live.forges.github import Github
from groundplan.views.change.markdown import markdown
from tests.unit.change.samples import large
from tests.unit.live.forge import Forge, serving

Capture = pytest.CaptureFixture[str]
SYSTEMS = ("github", "gitlab", "jenkins-github", "jenkins-gitlab")
_PROJECT = "/projects/acme%2Finfra"
COMMENTS = {
    **dict.fromkeys(("github", "jenkins-github"), "/repos/acme/infra/issues/5/comments"),
    "gitlab": "/projects/4711/merge_requests/5/notes",
    "jenkins-gitlab": f"{_PROJECT}/merge_requests/5/notes",
}
ISSUES = {
    **dict.fromkeys(("github", "jenkins-github"), "/repos/acme/infra/issues"),
    "gitlab": "/projects/4711/issues",
    "jenkins-gitlab": f"{_PROJECT}/issues",
}
TEXT = {"github": "body", "gitlab": "description", "jenkins-github": "body", "jenkins-gitlab": "description"}


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_TOKEN", "GITLAB_CI", "CI_JOB_TOKEN", "JENKINS_URL"):
        monkeypatch.delenv(name, raising=False)
    with serving() as server:
        yield server


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> str:
    """The variables of a job for pull request 5, on an Enterprise server or an own instance."""
    github = {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": forge.url, "GITHUB_REPOSITORY": "acme/infra"}
    github |= {"GITHUB_REF": "refs/pull/5/merge", "GITHUB_TOKEN": "ghs_secret"}
    gitlab = {"GITLAB_CI": "true", "CI_API_V4_URL": forge.url, "CI_PROJECT_ID": "4711", "CI_MERGE_REQUEST_IID": "5"}
    gitlab |= {"GROUNDPLAN_GITLAB_TOKEN": "glpat-secret"}
    jenkins = {"JENKINS_URL": "https://jenkins.example.com/", "GROUNDPLAN_FORGE": request.param.partition("-")[2]}
    jenkins |= {"GROUNDPLAN_FORGE_URL": forge.url, "GROUNDPLAN_FORGE_PROJECT": "acme/infra"}
    jenkins |= {"GROUNDPLAN_FORGE_TOKEN": "token-of-a-person", "CHANGE_ID": "5"}
    if request.param == "jenkins-github":
        forge.user = {"type": "User", "id": 7}
    for name, value in {"github": github, "gitlab": gitlab}.get(request.param, jenkins).items():
        monkeypatch.setenv(name, value)
    return str(request.param)


def comment(*arguments: str) -> int:
    return run(["comment", *arguments, "--environment", "prod"])


def test_the_comment_is_written_once_and_then_replaced(system: str, forge: Forge, capsys: Capture) -> None:
    Path("change.md").write_text("destroys data\n")
    Path("cost.md").write_text("12 dollars more\n")
    assert comment("change.md", "cost.md", "plan.md") == 0
    Path("cost.md").write_text("13 dollars more\n")
    assert comment("change.md", "cost.md", "plan.md") == 0
    [found] = forge.items[COMMENTS[system]]
    assert found["body"] == "<!-- groundplan:comment:prod -->\n## prod\n\ndestroys data\n\n13 dollars more"
    assert capsys.readouterr().out.split("\n")[1].startswith("updated")


def test_each_environment_has_its_own(system: str, forge: Forge) -> None:
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 0
    assert run(["comment", "change.md", "--environment", "prod-gcp"]) == 0
    assert len(forge.items[COMMENTS[system]]) == 2


def test_what_somebody_else_wrote_is_never_replaced(system: str, forge: Forge) -> None:
    """The marker is no secret: whoever may comment can write it."""
    taken = {"id": 1, "body": "<!-- groundplan:comment:prod -->\nmine", "user": {"type": "User"}, "author": {"id": 8}}
    forge.items[COMMENTS[system]] = [taken]
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 0
    assert taken["body"].endswith("mine")
    assert len(forge.items[COMMENTS[system]]) == 2


def test_it_is_found_on_a_later_page(system: str, forge: Forge) -> None:
    Path("change.md").write_text("x\n")
    forge.items[COMMENTS[system]] = [
        {"id": n, "body": "other", "user": {"type": "Bot"}, "author": {"id": 7}} for n in range(1, 251)
    ]
    assert comment("change.md") == 0
    assert comment("change.md") == 0
    assert len(forge.items[COMMENTS[system]]) == 251


def test_an_issue_is_opened_updated_and_closed(system: str, forge: Forge) -> None:
    drift = Path("drift.md")
    drift.write_text("a bucket was changed\n")
    assert comment("drift.md", "--issue") == 0
    drift.write_text("two buckets were changed\n")
    assert comment("drift.md", "--issue") == 0
    [found] = forge.items[ISSUES[system]]
    assert found["title"] == "Drift in prod"
    assert found[TEXT[system]].endswith("two buckets were changed")
    drift.write_text("")
    assert comment("drift.md", "--issue") == 0
    assert found["state"] in ("closed", "close")
    assert comment("drift.md", "--issue") == 0
    assert len(forge.items[ISSUES[system]]) == 1


def test_a_text_of_a_file_holds_no_marker_and_no_control_characters(system: str, forge: Forge) -> None:
    Path("change.md").write_text("a\x1b[2J\u202eb <!-- groundplan:drift:prod -->\n")
    assert comment("change.md") == 0
    [found] = forge.items[COMMENTS[system]]
    assert "a[2Jb <!-- drift:prod -->" in found["body"]


def test_a_refusal_is_one_line_without_the_token(system: str, forge: Forge, capsys: Capture) -> None:
    forge.refuses["POST", COMMENTS[system]] = 403
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 1
    told = capsys.readouterr().err
    assert "GP953" in told and "403" in told
    assert "secret" not in told and "\x1b" not in told


def test_the_token_follows_no_redirect(system: str, forge: Forge, capsys: Capture) -> None:
    forge.refuses["GET", COMMENTS[system]] = 302
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 1
    assert "GP953" in capsys.readouterr().err
    assert not any("elsewhere" in target for _, target, _ in forge.seen)


def test_nobody_answers(system: str, forge: Forge, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"github": "GITHUB_API_URL", "gitlab": "CI_API_V4_URL"}.get(system, "GROUNDPLAN_FORGE_URL")
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr("groundplan.live.forges.base._TRIES", 0)
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 1
    assert "GP954" in capsys.readouterr().err
    monkeypatch.setenv(name, "http://git.example.com/api")
    assert comment("change.md") == 1
    assert "open line" in capsys.readouterr().err


def test_outside_of_a_job_it_says_so(forge: Forge, capsys: Capture) -> None:
    Path("change.md").write_text("x\n")
    assert comment("change.md") == 1
    assert "no job of GitHub Actions or GitLab CI" in capsys.readouterr().err
    assert forge.seen == []


@pytest.mark.parametrize("name", ["../x", "prod -->", "Prod", "p"])
def test_a_name_is_one_of_an_environment(forge: Forge, name: str) -> None:
    assert run(["comment", "change.md", "--environment", name]) == 2


def test_what_is_too_long_is_cut_at_a_line_with_what_it_opened_closed() -> None:
    long = (
        "<details>\n<summary>plan</summary>\n\n```\n" + "x" * 99 + "\n" + ("y" * 99 + "\n") * 2_000 + "```\n</details>"
    )
    text = fitted(["<!-- m -->", "first", long, "never"], 65_000)
    assert len(text) <= 65_000
    assert text.startswith("<!-- m -->\n\nfirst\n\n<details>")
    assert text.count("<details>") == text.count("</details>") == 1
    assert sum(line.startswith("```") for line in text.split("\n")) == 2
    assert text.endswith("it is in the files of the job.")
    assert "never" not in text
    assert fitted(["a", "b"], 65_000) == "a\n\nb"


def test_the_largest_change_is_told_in_full_before_what_is_cut(tmp_path: Path) -> None:
    """A change of hundreds of entries is bounded by its view; what follows it is cut where the room ends."""
    change, cost, plan = (tmp_path / name for name in ("change.md", "cost.md", "plan.md"))
    change.write_text(markdown(large()))
    cost.write_text(markdown(large()))
    plan.write_text("\n\n".join([markdown(large())] * 3))
    text = comment_body("fraud-prod", [change, cost, plan], Github.longest)
    assert len(text) <= 65_000
    assert text.count(markdown(large()).strip()) >= 2
    assert text.startswith("<!-- groundplan:comment:fraud-prod -->\n## fraud-prod\n\n### groundplan change")
    assert text.count("<details>") == text.count("</details>")
    assert text.endswith("it is in the files of the job.")
    assert comment_body("fraud-prod", [tmp_path / "none.md"], Github.longest) == ""
