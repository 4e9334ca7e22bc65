"""The system whose job this is, by the variables that it gives to jobs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from groundplan.live.forges.base import Forge, Rest, stopped
from groundplan.live.forges.github import Github
from groundplan.live.forges.gitlab import Gitlab

_PULL = re.compile(r"refs/pull/([1-9][0-9]{0,9})/merge")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9_.-]{1,100}){1,20}")
_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
_ALLOW = (
    "give the job its token: `pull-requests: write` or `issues: write` on GitHub, GROUNDPLAN_GITLAB_TOKEN on GitLab, "
    "the credential of `ci.jenkins.comments` on Jenkins"
)


def forge_around(environment: Mapping[str, str], *, proposed: bool) -> Forge:
    """The system with the token of the job; `proposed`: for the proposed change that the job is for.

    Raises GP953 outside of a job, without a token, and outside of a proposed change where one is asked for.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment, proposed)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment, proposed)
    if environment.get("JENKINS_URL") and environment.get("GROUNDPLAN_FORGE"):
        return _jenkins(environment, proposed)
    problem = "this is no job of GitHub Actions or GitLab CI, and no build of Jenkins with `ci.jenkins.comments`"
    raise stopped("GP953", problem, "it says nothing elsewhere: read the files")


def _github(environment: Mapping[str, str], proposed: bool) -> Forge:
    repository = environment.get("GITHUB_REPOSITORY", "")
    pull = _PULL.fullmatch(environment.get("GITHUB_REF", ""))
    _require(_REPOSITORY.fullmatch(repository) is not None, "GITHUB_REPOSITORY names no repository")
    _require(pull is not None or not proposed, "the job is not for a pull request")
    token = _token(environment.get("GITHUB_TOKEN", ""))
    headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
    url = environment.get("GITHUB_API_URL") or "https://api.github.com"
    return Github(Rest(url.rstrip("/"), headers, "GitHub"), repository, int(pull[1]) if pull else 0)


def _gitlab(environment: Mapping[str, str], proposed: bool) -> Forge:
    project, request = environment.get("CI_PROJECT_ID", ""), environment.get("CI_MERGE_REQUEST_IID", "")
    _require(_NUMBER.fullmatch(project) is not None, "CI_PROJECT_ID names no project")
    _require(_NUMBER.fullmatch(request) is not None or not proposed, "the job is not for a merge request")
    own = environment.get("GROUNDPLAN_GITLAB_TOKEN", "")
    job = environment.get("CI_JOB_TOKEN", "")
    headers = {"PRIVATE-TOKEN": _token(own)} if own else {"JOB-TOKEN": _token(job)}
    rest = Rest(environment.get("CI_API_V4_URL", "").rstrip("/"), headers, "GitLab")
    return Gitlab(rest, int(project), int(request) if _NUMBER.fullmatch(request) else 0)


def _jenkins(environment: Mapping[str, str], proposed: bool) -> Forge:
    """The forge that the rendered Jenkinsfile names, with a token of the controller's."""
    project, request = environment.get("GROUNDPLAN_FORGE_PROJECT", ""), environment.get("CHANGE_ID", "")
    _require(_PROJECT.fullmatch(project) is not None, "GROUNDPLAN_FORGE_PROJECT names no repository")
    _require(_NUMBER.fullmatch(request) is not None or not proposed, "the build is not for a proposed change")
    number = int(request) if _NUMBER.fullmatch(request) else 0
    token, url = _token(environment.get("GROUNDPLAN_FORGE_TOKEN", "")), environment.get("GROUNDPLAN_FORGE_URL", "")
    if environment["GROUNDPLAN_FORGE"] == "gitlab":
        return Gitlab(Rest(url, {"PRIVATE-TOKEN": token}, "GitLab"), quote(project, safe=""), number)
    headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
    return Github(Rest(url, headers, "GitHub"), project, number, is_person=True)


def _token(text: str) -> str:
    _require(bool(text) and text.isascii() and text.isprintable() and " " not in text, "there is no token")
    return text


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise stopped("GP953", problem, _ALLOW)
