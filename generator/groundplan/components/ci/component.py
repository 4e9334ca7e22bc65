"""The pipeline: no module of its own, and the same on every cloud but for how the cloud knows it."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import Aspects, CloudPart, Component, ModuleCall
from groundplan.components.ci.login import Login
from groundplan.components.ci.part import Comments, Github, Gitlab, Jenkins, Pipeline
from groundplan.components.ci.runners import resolve_runners
from groundplan.components.ci.spec import GITHUB, GITLAB, Ci, JenkinsComments, Subject
from groundplan.diagnostics import Diagnostic
from groundplan.stack.model import Origin, Part, Stack
from groundplan.stack.work import Work


class CiPart(CloudPart):
    """What a cloud asks of a pipeline."""

    def problems(self, said: Ci) -> Iterable[Diagnostic]:
        """What is missing for one there."""
        return ()

    def login(self, stack: Stack, pipeline: Pipeline) -> Login | None:
        """How a job becomes an identity of the environment; None where groundplan does not know how."""
        return None

    def gives(self, stack: Stack) -> Aspects:
        """What stands in the parity report."""
        return {"pipelines": "GitHub Actions, GitLab CI and Jenkins"}


class CiComponent(Component[CiPart]):
    """Where the pipeline runs."""

    name = "ci"
    anywhere = CiPart()

    def resolve(self, work: Work) -> Part | None:
        """What the spec says, with the defaults of each system."""
        said = work.spec.block(Ci)
        if said is None:
            return None
        work.diagnostics += self.on(work.cloud).problems(said)
        return Pipeline(
            systems=tuple(said.system),
            github=_github(said, work),
            gitlab=Gitlab(said.gitlab.url, said.gitlab.project, said.gitlab.project_id) if said.gitlab else None,
            jenkins=_jenkins(said),
            default_branch=_default_branch(said, work),
            labels=tuple(said.runner.labels) if said.runner else (),
            image=said.image or "",
            approvers=tuple(said.approvers),
            drift_cron=said.drift.cron if said.drift else "",
            project_number=said.gcp.project_number if said.gcp else None,
            existing_providers=tuple(said.aws.existing_providers) if said.aws else (),
            runners=resolve_runners(work, said.runner.machines) if said.runner and said.runner.machines else None,
        )

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """None."""
        return ()


def _github(said: Ci, work: Work) -> Github | None:
    """The subject follows the server: only github.com has immutable ones."""
    at, repository = said.github, said.repository
    if repository is None:
        return None
    default: Subject = "immutable" if at.url == GITHUB else "legacy"
    reason = "as github.com writes them since 2026-07-15" if at.url == GITHUB else "as servers of one's own write them"
    subject = work.choose("ci.github.subject", at.subject, default, reason)
    return Github(at.url, repository.owner, repository.name, repository.owner_id, repository.repository_id, subject)


def _jenkins(said: Ci) -> Jenkins | None:
    at = said.jenkins
    if at is None:
        return None
    issuer = "" if at.identity == "agent" else at.issuer or f"{at.url}/oidc"
    return Jenkins(at.url, at.job, issuer, _comments(at.comments) if at.comments else None)


def _comments(said: JenkinsComments) -> Comments:
    api = f"{said.url or GITLAB}/api/v4" if said.forge == "gitlab" else github_api(said.url or GITHUB)
    return Comments(said.forge, api, said.project, said.credential)


def github_api(url: str) -> str:
    """Address of the API: a host of its own where GitHub runs the server, a path on servers of one's own.

    https://docs.github.com/en/enterprise-server/rest/quickstart and, for ghe.com,
    https://docs.github.com/en/enterprise-cloud@latest/graphql/guides/managing-enterprise-accounts
    """
    if url == GITHUB or url.endswith(".ghe.com"):
        return url.replace("https://", "https://api.", 1)
    return f"{url}/api/v3"


def _default_branch(said: Ci, work: Work) -> str:
    if "default_branch" not in said.model_fields_set:
        work.decide("ci.default_branch", said.default_branch, Origin.DEFAULT, "as new repositories have it")
    return said.default_branch


COMPONENT = CiComponent()
