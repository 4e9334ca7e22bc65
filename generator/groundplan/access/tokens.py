"""What stands in the tokens that jobs get: the claims as each system sends them, whatever a trust asks for.

https://docs.github.com/en/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/,
https://github.com/jenkinsci/oidc-provider-plugin
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from groundplan.components.ci.part import REUSABLE, Github, Gitlab, Jenkins, Pipeline
from groundplan.components.ci.spec import GITHUB
from groundplan.components.ci_identity.names import AWS_AUDIENCE, environment_of
from groundplan.components.ci_identity.tokens import GITHUB_ISSUER

Claims = Mapping[str, str]
PULL_REQUEST, FORK, MAIN, ENVIRONMENT, DRIFT = "pr", "fork", "main", "environment", "drift"
EVENTS = (PULL_REQUEST, FORK, MAIN, ENVIRONMENT, DRIFT)
"""Whose job it is: of a pull or merge request, of one from a fork, of what is merged, of the protected environment."""
_RUN = "1000000001"


@dataclass(frozen=True, slots=True)
class Token:
    """What a job of a system gets for an event; no claims where it gets no token."""

    system: str
    event: str
    claims: Claims
    why: str = ""
    """Why there is none."""


def tokens(pipeline: Pipeline, environment: str, event: str, audience: str = AWS_AUDIENCE) -> Iterator[Token]:
    """One of each system; `branch:NAME` and `tag:NAME` are events, too."""
    branch = pipeline.default_branch
    if pipeline.github:
        yield _github(pipeline.github, branch, environment, event, audience)
    if pipeline.gitlab:
        yield _gitlab(pipeline.gitlab, branch, environment, event, audience)
    if pipeline.jenkins:
        yield _jenkins(pipeline.jenkins, branch, event, audience)


def _ref(event: str, branch: str) -> tuple[str, str]:
    """Sort and name of the ref that a job runs on."""
    sort, _, name = event.partition(":")
    return (sort, name) if sort in ("branch", "tag") and name else ("branch", branch)


def _github(at: Github, branch: str, environment: str, event: str, audience: str) -> Token:
    """Jobs of pull requests from forks may not ask for a token.

    https://docs.github.com/en/actions/how-tos/security-for-github-actions/security-hardening-your-deployments
    """
    if event == FORK:
        return Token("github", event, {}, "a pull request from a fork gets no permission `id-token: write`")
    sort, name = _ref(event, branch)
    ref = "refs/pull/1/merge" if event == PULL_REQUEST else f"refs/{'tags' if sort == 'tag' else 'heads'}/{name}"
    ids = at.subject != "legacy"
    prefix = f"repo:{at.owner}@{at.owner_id}/{at.name}@{at.repository_id}" if ids else f"repo:{at.owner}/{at.name}"
    protected = environment_of(environment)
    end = {PULL_REQUEST: "pull_request", ENVIRONMENT: f"environment:{protected}"}.get(event, f"ref:{ref}")
    claims = {
        "iss": GITHUB_ISSUER if at.url == GITHUB else f"{at.url}/_services/token",
        "aud": audience,
        "sub": f"{prefix}:{end}",
        "repository": f"{at.owner}/{at.name}",
        "repository_owner": at.owner,
        "repository_id": str(at.repository_id),
        "repository_owner_id": str(at.owner_id),
        "ref": ref,
        "ref_type": "tag" if sort == "tag" else "branch",
        "event_name": {PULL_REQUEST: "pull_request", DRIFT: "schedule"}.get(event, "push"),
        "run_id": _RUN,
        "job_workflow_ref": f"{at.owner}/{at.name}/{REUSABLE}@{ref}",
    }
    return Token("github", event, claims | ({"environment": protected} if event == ENVIRONMENT else {}))


def _gitlab(at: Gitlab, branch: str, environment: str, event: str, audience: str) -> Token:
    """The ref of a merge request's job is its source branch, which is protected for nobody.

    A fork's job runs in the fork's own project, whose path and number are other ones.
    """
    sort, name = _ref(event, branch)
    name = "feature" if event in (PULL_REQUEST, FORK) else name
    project, number = (f"someone/{at.project.rpartition('/')[2]}", "1") if event == FORK else (at.project, "")
    protected = event in (MAIN, ENVIRONMENT, DRIFT) or (sort == "branch" and name == branch)
    claims = {
        "iss": at.url,
        "aud": audience,
        "sub": f"project_path:{project}:ref_type:{sort}:ref:{name}",
        "project_id": number or str(at.project_id),
        "project_path": project,
        "namespace_path": project.rpartition("/")[0],
        "ref": name,
        "ref_type": sort,
        "ref_protected": "true" if protected else "false",
        "pipeline_source": {PULL_REQUEST: "merge_request_event", FORK: "merge_request_event", DRIFT: "schedule"}.get(
            event, "push"
        ),
    }
    of_environment = {"environment": environment_of(environment), "environment_protected": "true"}
    return Token("gitlab", event, claims | (of_environment if event == ENVIRONMENT else {}))


def _jenkins(at: Jenkins, branch: str, event: str, audience: str) -> Token:
    """The subject is the address of the job, which is the same for all stages."""
    if not at.issuer:
        return Token("jenkins", event, {}, "the agent has an identity of its own, which is none of this environment")
    if event == FORK:
        return Token("jenkins", event, {}, "a change from a fork is built only once somebody trusts it")
    sort, name = _ref(event, branch)
    job = "PR-1" if event == PULL_REQUEST else quote(quote(name, safe="+"), safe="+")
    folders = "/".join(f"job/{part}" for part in at.job.split("/"))
    return Token(
        "jenkins", event, {"iss": at.issuer, "aud": audience, "sub": f"{at.url}/{folders}/job/{job}/", "ref_type": sort}
    )
