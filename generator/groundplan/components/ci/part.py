"""The pipeline of an environment as it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from groundplan.components.ci.spec import Subject, System
from groundplan.stack.model import Part, Stack

REUSABLE = ".github/workflows/groundplan.yml"
"""The workflow on GitHub that all environments of a repository share; an apply comes from nowhere else."""


@dataclass(frozen=True, slots=True)
class Github:
    """A repository on GitHub, by names and by the ids that nobody else can get."""

    url: str
    owner: str
    name: str
    owner_id: int
    repository_id: int
    subject: Subject


@dataclass(frozen=True, slots=True)
class Gitlab:
    """A project on GitLab; `url` is the issuer of its tokens."""

    url: str
    project: str
    project_id: int


@dataclass(frozen=True, slots=True)
class Comments:
    """Where builds of Jenkins write comments and issues."""

    forge: Literal["github", "gitlab"]
    api: str
    """Address of its REST API."""
    project: str
    credential: str


@dataclass(frozen=True, slots=True)
class Jenkins:
    """A multibranch job on Jenkins."""

    url: str
    job: str
    issuer: str
    """Issuer of its tokens; empty where the agent has an identity of its own."""
    comments: Comments | None = None


@dataclass(frozen=True, slots=True)
class Runners:
    """Runners of GitHub that the environment makes itself, on machines of one type."""

    count: int
    instance_type: str
    disk_gib: int
    group: str
    """Runner group of the organization; empty where they are the repository's."""


@dataclass(frozen=True, slots=True)
class Pipeline(Part):
    """Where the pipeline runs and who approves an apply; a system that it does not run on is None."""

    component: ClassVar[str] = "ci"
    systems: tuple[System, ...]
    """In the order of the spec."""
    github: Github | None
    gitlab: Gitlab | None
    jenkins: Jenkins | None
    default_branch: str
    labels: tuple[str, ...]
    """Of the runner; none for what the system hosts, or for any."""
    image: str
    """With groundplan, for GitLab and Jenkins; empty for the runner's own."""
    approvers: tuple[str, ...]
    drift_cron: str
    """Empty for never."""
    project_number: int | None = None
    """Of the project on GCP."""
    existing_providers: tuple[System, ...] = ()
    """Systems of which an account on AWS has the provider already."""
    runners: Runners | None = None
    """What `labels` are of, where the environment makes them."""


def pipeline_of(stack: Stack) -> Pipeline | None:
    """The pipeline of the stack; None without one."""
    return stack.part(Pipeline)
