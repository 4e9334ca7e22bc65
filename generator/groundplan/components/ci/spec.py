"""The block `ci`."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from groundplan.spec.base import Key, Model

_OWNER = r"^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$"
_REPOSITORY = r"^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$"
_PROJECT = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$"
_JOB = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$"
_BRANCH = r"^[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*$"
_LABEL = r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"
_GROUP = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_CREDENTIAL = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
_APPROVER = r"^[A-Za-z0-9][A-Za-z0-9._@-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"
_SERVER = r"^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*$"
_IMAGE = (
    r"^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
    r"@sha256:[0-9a-f]{64}$"
)
_CRON = r"^[0-9*/,-]+( [0-9*/,-]+){4}$"

SYSTEMS = ("github", "gitlab", "jenkins")
System = Literal["github", "gitlab", "jenkins"]
Subject = Literal["immutable", "legacy", "both"]
GITHUB, GITLAB = "https://github.com", "https://gitlab.com"

_CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("weekday", 0, 6))


def _branch(value: str) -> str:
    """https://git-scm.com/docs/git-check-ref-format, of which the pattern allows a part."""
    if ".." in value or any(part.endswith((".", ".lock")) for part in value.split("/")):
        raise ValueError(f"cannot be `{value[:60]}`; no part ends in `.` or `.lock`, and none has `..`")
    return value


def _cron(value: str) -> str:
    for text, (name, least, most) in zip(value.split(" "), _CRON_FIELDS, strict=True):
        if not all(_in_range(part, least, most) for part in text.split(",")):
            raise ValueError(f"cannot have `{text}` as {name}; `*`, or numbers from {least} to {most}")
    return value


def _in_range(part: str, least: int, most: int) -> bool:
    """Whether it is `*`, a number or a range, with a step or without one."""
    span, slash, step = part.partition("/")
    low, dash, high = span.partition("-")
    ends = (low, high) if dash else (low,)
    if slash and not (_number(step) and 0 < int(step) <= most):
        return False
    if span == "*":
        return True
    return all(_number(end) and least <= int(end) <= most for end in ends) and int(low) <= int(ends[-1])


def _number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 2


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Systems = Annotated[
    list[System],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(SYSTEMS)},
                {"type": "array", "items": {"type": "string", "enum": list(SYSTEMS)}, "minItems": 1, "maxItems": 3},
            ]
        }
    ),
]
Id = Annotated[int, Field(ge=1, le=2**53)]
Owner = Annotated[str, StringConstraints(pattern=_OWNER, max_length=39)]
RepositoryName = Annotated[str, StringConstraints(pattern=_REPOSITORY, max_length=100)]
Project = Annotated[str, StringConstraints(pattern=_PROJECT, max_length=255)]
Job = Annotated[str, StringConstraints(pattern=_JOB, max_length=255)]
Branch = Annotated[str, StringConstraints(pattern=_BRANCH, max_length=100), AfterValidator(_branch)]
Label = Annotated[str, StringConstraints(pattern=_LABEL, max_length=64)]
Credential = Annotated[str, StringConstraints(pattern=_CREDENTIAL, max_length=100)]
Approver = Annotated[str, StringConstraints(pattern=_APPROVER, max_length=100)]
Server = Annotated[str, StringConstraints(pattern=_SERVER, max_length=200)]
Image = Annotated[str, StringConstraints(pattern=_IMAGE, max_length=400)]
Cron = Annotated[str, StringConstraints(pattern=_CRON, max_length=100), AfterValidator(_cron)]


class GithubRepository(Model):
    """The repository on GitHub. Names can be taken by somebody else once they are free; ids cannot."""

    owner: Owner
    """User or organisation, such as `acme`."""
    name: RepositoryName
    """Name below the owner, such as `infra`."""
    owner_id: Id
    """Number of the owner: `gh api repos/OWNER/NAME --jq .owner.id`."""
    repository_id: Id
    """Number of the repository: `gh api repos/OWNER/NAME --jq .id`."""


class GithubServer(Model):
    """What GitHub needs beside the repository."""

    url: Server = GITHUB
    """Address of the server: another one for GitHub Enterprise."""
    subject: Subject | None = None
    """Form of the subject in its tokens. `immutable`: with ids, in repositories made, renamed or moved since
    2026-07-15; `legacy`: with names alone. Default: immutable on github.com, legacy elsewhere."""


class GitlabProject(Model):
    """The project on GitLab."""

    project: Project
    """Path with its groups, such as `acme/platform/infra`."""
    project_id: Id
    """Number of the project, below its name on its page."""
    url: Server = GITLAB
    """Address of the instance, as it stands in its tokens."""


class JenkinsComments(Model):
    """Where a build writes its comments and issues: Jenkins has none of its own."""

    forge: Literal["github", "gitlab"]
    """What hosts the repository."""
    project: Project
    """The repository there, such as `acme/infra`."""
    credential: Credential
    """Id of a credential of the kind *secret text*: a token that may write comments and issues there, and no more."""
    url: Server | None = None
    """Address of the server; default: github.com or gitlab.com."""


class JenkinsJob(Model):
    """The multibranch job on Jenkins."""

    url: Server
    """Address of the controller."""
    job: Job
    """Name of the multibranch job, with its folders, such as `platform/infra`."""
    identity: Literal["issuer", "agent"] = "issuer"
    """Who the job is in the cloud. `issuer`: what a token of the plugin OpenID Connect Provider says; `agent`: the
    agent, with an identity of its own, for controllers that the cloud cannot reach."""
    issuer: Server | None = None
    """Where the keys of those tokens are published; default: `/oidc` below `url`."""
    comments: JenkinsComments | None = None
    """Where a build writes its comments and issues; default: nowhere, reports are kept with the build."""


class RunnerMachines(Model):
    """Runners of GitHub that the environment makes itself, in the subnets of its cluster, each for one job."""

    count: Annotated[int, Field(ge=1, le=20)] = 2
    """Runners that wait for jobs. Those of one change run side by side, as many as there are runners."""
    group: Annotated[str, StringConstraints(pattern=_GROUP, max_length=63)] | None = None
    """Runner group of the organization, which registers them there; default: with the repository alone, by a token
    that administers it."""


class CiRunner(Model):
    """What jobs run on."""

    labels: Annotated[list[Label], Field(min_length=1, max_length=10)]
    """Labels (GitLab: tags) that a runner must have, all of them."""
    machines: RunnerMachines | None = None
    """Machines that groundplan makes as such runners; default: runners of your own."""


class DriftCheck(Model):
    """When the environment is compared with its cloud."""

    cron: Cron
    """Five fields in UTC, such as "0 5 * * *"."""


class AwsCi(Model):
    """What only AWS needs."""

    only_on: ClassVar[str] = "aws"

    existing_providers: Annotated[list[System], Field(max_length=3)] = []
    """Systems of which the account has the OpenID Connect provider already: it takes one for each issuer."""


class GcpCi(Model):
    """What only GCP needs."""

    only_on: ClassVar[str] = "gcp"

    project_number: Id
    """Number of the project in `cloud.account`, by which a pipeline names its identity pool:
    `gcloud projects describe PROJECT --format 'value(projectNumber)'`."""


class Ci(Model):
    """Where the environment's pipeline runs; without this block none is rendered."""

    system: Systems
    """One of github, gitlab and jenkins, or a list of them."""
    repository: GithubRepository | None = None
    """The repository on GitHub."""
    github: GithubServer = GithubServer()
    """What GitHub needs beside that."""
    gitlab: GitlabProject | None = None
    """The project on GitLab."""
    jenkins: JenkinsJob | None = None
    """The multibranch job on Jenkins."""
    default_branch: Branch = "main"
    """The branch whose state is applied."""
    runner: CiRunner | None = None
    """What jobs run on; default: a hosted runner on GitHub, any runner or agent elsewhere. A private endpoint of the
    cluster asks for runners inside the network."""
    image: Image | None = None
    """Image with groundplan, by digest, for GitLab and Jenkins; default: the runner's own."""
    approvers: Annotated[list[Approver], Field(max_length=20)] = []
    """Teams and users who may approve an apply, as the system names them. On GitHub and GitLab the environment
    `NAME-apply` has to be protected by them."""
    drift: DriftCheck | None = None
    """When the environment is compared with its cloud; default: by hand only."""
    aws: AwsCi | None = None
    """Settings that exist on AWS only."""
    gcp: GcpCi | None = None
    """Settings that exist on GCP only."""


KEYS = (Key("ci", Ci, "Where the pipeline runs that plans and applies the environment, and as whom."),)

PATTERNS = {
    _OWNER: "write the name of a user or an organisation, such as acme",
    _REPOSITORY: "write the repository's name alone, such as infra",
    _PROJECT: "write the project with its groups, such as acme/platform/infra",
    _JOB: "write the job with its folders, such as platform/infra",
    _BRANCH: "use letters, digits, `.`, `_`, `+` and `-`, with single slashes between, such as main",
    _LABEL: "use letters, digits, `.`, `_`, `:` and `-`, a letter or digit first",
    _GROUP: "write the name of a runner group, such as fraud",
    _CREDENTIAL: "write the id of a credential, such as groundplan-comments",
    _APPROVER: "write a team or a user, such as ml-platform",
    _SERVER: "write https:// and the server, without a slash at the end, such as https://git.example.com",
    _IMAGE: "write registry, name and digest, such as registry.example.com/ci/groundplan@sha256:…",
    _CRON: 'write five fields of digits, `*`, `/`, `,` and `-`, such as "0 5 * * *"',
}
"""What to write instead of text that does not match them."""
