"""What stands in the tokens of a pipeline's jobs: who signs them, and the claims that tell one job from another.

https://docs.github.com/en/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/,
https://github.com/jenkinsci/oidc-provider-plugin. GitHub's subjects have ids since 2026-07-15:
https://github.blog/changelog of 2026-04-23.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from groundplan.components.ci.part import REUSABLE, Github, Gitlab, Jenkins, Pipeline, pipeline_of
from groundplan.components.ci.spec import GITHUB, System
from groundplan.components.ci_identity.names import environment_of
from groundplan.components.state_store.part import state_of
from groundplan.stack.model import Stack

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
Claims = Mapping[str, Sequence[str]]
"""Values by claim, of which a token has one each."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one system."""

    system: System
    issuer: str
    """Its URL, without a slash at the end."""
    always: Claims
    """What every token of the repository or project has; none where only subjects tell."""
    plan: Claims
    merged: Claims
    apply: Claims
    branches: Sequence[str] = ()
    """Beginnings of subjects of proposed changes, where they end in the branch."""
    jobs: str = ""
    """Beginning of all subjects, where only those tell."""


def tokens_of(pipeline: Pipeline, environment: str) -> Iterator[Tokens]:
    """Those of each system; none of a Jenkins whose agents have an identity of their own."""
    if pipeline.github:
        yield _github(pipeline.github, pipeline.default_branch, environment)
    if pipeline.gitlab:
        yield _gitlab(pipeline.gitlab, pipeline.default_branch, environment)
    if pipeline.jenkins and pipeline.jenkins.issuer:
        yield _jenkins(pipeline.jenkins, pipeline.default_branch)


def signed(stack: Stack) -> list[Tokens]:
    """The tokens of the stack's pipeline; none where states are files, which no job finds."""
    pipeline = pipeline_of(stack)
    return list(tokens_of(pipeline, stack.name)) if pipeline and state_of(stack).bucket else []


def _github(at: Github, branch: str, environment: str) -> Tokens:
    legacy = f"repo:{at.owner}/{at.name}"
    immutable = f"repo:{at.owner}@{at.owner_id}/{at.name}@{at.repository_id}"
    prefixes = {"legacy": [legacy], "immutable": [immutable], "both": [immutable, legacy]}[at.subject]
    merged = [f"{prefix}:ref:refs/heads/{branch}" for prefix in prefixes]
    workflow = f"{at.owner}/{at.name}/{REUSABLE}@refs/heads/{branch}"
    return Tokens(
        system="github",
        issuer=GITHUB_ISSUER if at.url == GITHUB else f"{at.url}/_services/token",
        always={"repository_id": [str(at.repository_id)], "repository_owner_id": [str(at.owner_id)]},
        plan={"sub": [*(f"{prefix}:pull_request" for prefix in prefixes), *merged]},
        merged={"sub": merged},
        apply={
            "sub": [f"{prefix}:environment:{environment_of(environment)}" for prefix in prefixes],
            "ref": [f"refs/heads/{branch}"],
            "job_workflow_ref": [workflow],
        },
    )


def _gitlab(at: Gitlab, branch: str, environment: str) -> Tokens:
    subjects = f"project_path:{at.project}:ref_type:branch:ref:"
    merged = {"sub": [f"{subjects}{branch}"], "ref_protected": ["true"]}
    return Tokens(
        system="gitlab",
        issuer=at.url,
        always={"project_id": [str(at.project_id)]},
        plan={},
        merged=merged,
        apply={**merged, "environment": [environment_of(environment)]},
        branches=[subjects],
    )


def _jenkins(at: Jenkins, branch: str) -> Tokens:
    """The subject is the job's address; a branch is a job, and so is a proposed change."""
    folders = "/".join(f"job/{part}" for part in at.job.split("/"))
    merged = {"sub": [f"{at.url}/{folders}/job/{_job_of(branch)}/"]}
    return Tokens(
        system="jenkins",
        issuer=at.issuer,
        always={},
        plan=merged,
        merged=merged,
        apply=merged,
        branches=[f"{at.url}/{folders}/job/PR-"],
        jobs=f"{at.url}/{folders}/job/",
    )


def _job_of(branch: str) -> str:
    """How an address names the job of a branch, whose name is an encoded one already.

    https://github.com/tomasbjerre/pull-request-notifier-for-bitbucket/issues/311
    """
    return quote(quote(branch, safe="+"), safe="+")
