"""Which identity a token of a job gets by the rendered conditions: what a proposed change could ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sizes import Values
from tests.unit.components.test_ci_identity import CLOUDS, GITHUB, GITLAB, JENKINS, arguments

Token = dict[str, str]
SUBJECT = "repo:acme@1234/infra@5678"
WORKFLOW = "acme/infra/.github/workflows/groundplan.yml"
OURS: Token = {"repository_id": "5678", "repository_owner_id": "1234"}
APPLY: Token = {
    **OURS,
    "sub": f"{SUBJECT}:environment:small-team-apply",
    "ref": "refs/heads/main",
    "job_workflow_ref": f"{WORKFLOW}@refs/heads/main",
}
PROJECT: Token = {"project_id": "77", "ref_protected": "false"}
BRANCH = "project_path:acme/infra:ref_type:branch:ref:"
JOB = "https://ci.example.com/job/platform/job/infra/job"


def taken(cloud: str, found: Any, token: Token) -> set[str]:
    """What the token is good for: every claim that is asked for has one of the values."""
    roles = {role for role, trusts in found["trusts"].items() if any(_meets(one, token) for one in trusts)}
    if cloud == "aws":
        return roles
    [issuer] = found["issuers"].values()
    inside = token["sub"].startswith(issuer.get("jobs", ""))
    return roles if inside and _has(issuer.get("claims", {}), token) else set()


def _meets(trust: Any, token: Token) -> bool:
    claims = trust.get("claims", {})
    branches = trust.get("branches", [])
    if any(token.get("sub", "").startswith(begin) for begin in branches):
        return _has({name: values for name, values in claims.items() if name != "sub"}, token)
    return _has(claims, token) and bool(claims or not branches)


def _has(claims: Any, token: Token) -> bool:
    return all(token.get(claim) in values for claim, values in claims.items())


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("token", "apply", "plan"),
    [
        (APPLY, True, False),
        ({**OURS, "sub": f"{SUBJECT}:ref:refs/heads/main", "ref": "refs/heads/main"}, False, True),
        ({**OURS, "sub": f"{SUBJECT}:pull_request", "ref": "refs/pull/7/merge"}, False, True),
        # A job that names the environment in a pull request, from a branch of one's own, or in a workflow of one's own.
        ({**APPLY, "ref": "refs/pull/7/merge"}, False, False),
        ({**APPLY, "ref": "refs/heads/main2"}, False, False),
        ({**APPLY, "ref": "refs/tags/main"}, False, False),
        ({**APPLY, "job_workflow_ref": f"{WORKFLOW}@refs/heads/other"}, False, False),
        ({**APPLY, "job_workflow_ref": f"{WORKFLOW}@refs/pull/7/merge"}, False, False),
        ({**APPLY, "job_workflow_ref": "acme/infra/.github/workflows/mine.yml@refs/heads/main"}, False, False),
        ({name: value for name, value in APPLY.items() if name != "job_workflow_ref"}, False, False),
        # A fork, a repository that took the name, another environment of this one.
        ({**APPLY, "repository_id": "9"}, False, False),
        ({**APPLY, "sub": "repo:acme/infra:environment:small-team-apply"}, False, False),
        ({**APPLY, "sub": "repo:eve@6/infra@9:pull_request", "repository_id": "9"}, False, False),
        ({**APPLY, "sub": f"{SUBJECT}:environment:small-team-apply-2"}, False, False),
        ({**OURS, "sub": f"{SUBJECT}:ref:refs/heads/environment:small-team-apply"}, False, False),
    ],
)
def test_github(tmp_path: Path, cloud: str, token: Token, apply: bool, plan: bool) -> None:
    found = taken(cloud, arguments(tmp_path, cloud, GITHUB), token)
    assert ("apply" in found, "plan" in found) == (apply, plan)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("token", "apply", "plan"),
    [
        ({**PROJECT, "sub": f"{BRANCH}main", "ref_protected": "true", "environment": "small-team-apply"}, True, True),
        ({**PROJECT, "sub": f"{BRANCH}feature"}, False, True),
        ({**PROJECT, "sub": f"{BRANCH}feature", "environment": "small-team-apply"}, False, True),
        ({**PROJECT, "sub": f"{BRANCH}main/evil", "environment": "small-team-apply"}, False, True),
        ({"project_id": "9", "sub": "project_path:eve/infra:ref_type:branch:ref:main"}, False, False),
    ],
)
def test_gitlab(tmp_path: Path, cloud: str, token: Token, apply: bool, plan: bool) -> None:
    found = taken(cloud, arguments(tmp_path, cloud, GITLAB), token)
    assert ("apply" in found, "plan" in found) == (apply, plan)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_proposed_is_not_what_is_merged(tmp_path: Path, cloud: str) -> None:
    """Who looks for drift reads Secrets and keeps plans, which a pull request may not."""
    github, gitlab = arguments(tmp_path, cloud, GITHUB), arguments(tmp_path, cloud, GITLAB)
    proposed = {**OURS, "sub": f"{SUBJECT}:pull_request", "ref": "refs/pull/7/merge"}
    assert taken(cloud, github, proposed) == {"plan"}
    assert "drift" in taken(cloud, github, {**OURS, "sub": f"{SUBJECT}:ref:refs/heads/main"})
    assert taken(cloud, gitlab, {**PROJECT, "sub": f"{BRANCH}feature"}) == {"plan"}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("job", "roles"),
    [
        (f"{JOB}/main/", {"plan", "apply"}),
        (f"{JOB}/PR-7/", {"plan"}),
        (f"{JOB}/main%252Fevil/", set()),
        (f"{JOB}/feature/", set()),
        ("https://ci.example.com/job/eve/job/main/", set()),
    ],
)
def test_jenkins(tmp_path: Path, cloud: str, job: str, roles: set[str]) -> None:
    found = taken(cloud, arguments(tmp_path, cloud, JENKINS), {"sub": job})
    assert found - {"drift"} == roles


def test_on_aws_gitlab_is_told_apart_by_its_branch_alone(tmp_path: Path) -> None:
    """What the documentation says to protect: a job of the default branch takes `apply` without its environment."""
    ci: Values = GITLAB
    assert "apply" in taken("aws", arguments(tmp_path, "aws", ci), {"sub": f"{BRANCH}main"})
