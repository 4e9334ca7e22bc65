"""Tokens of jobs, and that the trusts of an environment take each of them for what it is."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.access.tokens import EVENTS, tokens
from groundplan.components.ci.part import Github, Gitlab, Jenkins, Pipeline


def pipeline(**systems: Any) -> Pipeline:
    both = {"github": None, "gitlab": None, "jenkins": None, **systems}
    return Pipeline(tuple(systems), **both, default_branch="main", labels=(), image="", approvers=(), drift_cron="")


GITHUB = Github("https://github.com", "acme", "infra", 12, 34, "immutable")
GITLAB = Gitlab("https://gitlab.com", "acme/infra", 77)
JENKINS = Jenkins("https://ci.example.com", "infra", "https://ci.example.com/oidc")


@pytest.mark.parametrize(
    ("event", "subject", "ref"),
    [
        ("pr", "repo:acme@12/infra@34:pull_request", "refs/pull/1/merge"),
        ("main", "repo:acme@12/infra@34:ref:refs/heads/main", "refs/heads/main"),
        ("environment", "repo:acme@12/infra@34:environment:dev-apply", "refs/heads/main"),
        ("drift", "repo:acme@12/infra@34:ref:refs/heads/main", "refs/heads/main"),
        ("branch:x", "repo:acme@12/infra@34:ref:refs/heads/x", "refs/heads/x"),
        ("tag:v1", "repo:acme@12/infra@34:ref:refs/tags/v1", "refs/tags/v1"),
    ],
)
def test_of_github(event: str, subject: str, ref: str) -> None:
    [token] = tokens(pipeline(github=GITHUB), "dev", event)
    claims = token.claims
    assert (claims["sub"], claims["ref"]) == (subject, ref)
    assert claims["job_workflow_ref"] == f"acme/infra/.github/workflows/groundplan.yml@{ref}"


def test_a_fork_gets_none_from_github() -> None:
    [token] = tokens(pipeline(github=GITHUB), "dev", "fork")
    assert (dict(token.claims), "id-token" in token.why) == ({}, True)


def test_a_fork_on_gitlab_is_another_project() -> None:
    [token] = tokens(pipeline(gitlab=GITLAB), "dev", "fork")
    assert token.claims["project_id"] != "77"
    assert not token.claims["sub"].startswith("project_path:acme/infra:")


def test_branches_of_gitlab_that_are_protected() -> None:
    protected = {event: next(tokens(pipeline(gitlab=GITLAB), "dev", event)).claims["ref_protected"] for event in EVENTS}
    assert protected == {"pr": "false", "fork": "false", "main": "true", "environment": "true", "drift": "true"}


def test_jobs_of_jenkins_by_their_addresses() -> None:
    found = [next(tokens(pipeline(jenkins=JENKINS), "dev", event)).claims["sub"] for event in ("pr", "main")]
    assert found == ["https://ci.example.com/job/infra/job/PR-1/", "https://ci.example.com/job/infra/job/main/"]
