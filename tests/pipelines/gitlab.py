"""GitLab CI, as much as rendered pipelines use: includes, stages, rules, needs, artifacts, tokens, people, children.

https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.actions import emptied
from tests.pipelines.issuer import Claims, token
from tests.pipelines.process import MARK, Log, Patience, ended_as_github_does, run
from tests.pipelines.site import PROJECT_ID, Site, git

TOP = ".gitlab-ci.yml"
FORK_ID = 999
NONE = "0" * 40
_KNOWN = {
    *("stage", "image", "tags", "rules", "interruptible", "resource_group", "environment", "needs", "id_tokens"),
    *("variables", "before_script", "script", "allow_failure", "artifacts"),
}
_TRIGGERING = {"stage", "rules", "needs", "trigger"}
_GLOBAL = {"stages", "workflow", "variables"}
_BLOCKED = "manual"
"""A pipeline that waits for people, and a job of which one does."""
_VARIABLE = re.compile(r"\$\$|\$\{(\w+)\}|\$(\w+)")
_CONDITION = re.compile(r'\s*(?:(?P<op>&&|\|\||==|!=|\(|\))|\$(?P<name>\w+)|"(?P<text>[^"]*)"|(?P<null>null))')


@dataclass(frozen=True)
class Event:
    """What starts a pipeline; for a merge request `before` is where it has left its target."""

    source: str
    sha: str
    branch: str
    before: str = NONE
    request: int = 0
    fork: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


class InvalidError(Exception):
    """GitLab makes no pipeline of it."""


@dataclass
class Job:
    """How a job went."""

    name: str
    text: Any
    when: str
    result: str = "created"
    log: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    handed: dict[str, str] = field(default_factory=dict)
    child: Pipeline | None = None
    """The pipeline that it triggers."""


@dataclass
class Pipeline:
    """Jobs by name, in the order of their stages."""

    event: Event
    number: int
    jobs: dict[str, Job]
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of all its jobs."""
    cancel: threading.Event = field(default_factory=threading.Event)

    def results(self) -> dict[str, str]:
        """Without the environment's name."""
        return {name.partition(":")[2]: one.result for name, one in self.jobs.items()}

    @property
    def status(self) -> str:
        """https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs: a manual job of `rules` blocks it."""
        results = {one.result for one in self.jobs.values() if not one.text.get("allow_failure")}
        return next((one for one in ("failed", _BLOCKED) if one in results), "success")

    @property
    def log(self) -> str:
        inner = {name: one.child.log if one.child else one.log for name, one in self.jobs.items()}
        return "\n".join(f"--- {name}\n{log}" for name, log in inner.items())


@dataclass
class Lab:
    """The instance with its runners; `secret` is the project's masked variable for comments."""

    site: Site
    approvers: Mapping[str, frozenset[str]]
    secret: str = "glpat-0123456789"
    asked: list[Claims] = field(default_factory=list)
    grants: set[str] = field(default_factory=set)
    locks: dict[str, threading.Lock] = field(default_factory=dict)

    def allows(self, method: str, path: str, secret: str) -> bool:
        """Job tokens write no notes."""
        return secret == self.secret

    def happens(self, event: Event) -> Pipeline | None:
        """Plays a pipeline as far as it goes without people; None where no job has anything to do with it."""
        made = self._made(self._text(event.sha), event)
        self._go_on(made)
        return made if made.jobs else None

    def _made(self, text: Mapping[str, Any], event: Event) -> Pipeline:
        stages = text["stages"]
        jobs = {name: one for name, one in text.items() if name not in _GLOBAL}
        self.site.runs += 1
        made = Pipeline(event, self.site.runs, {}, text.get("variables", {}))
        for name, job in sorted(jobs.items(), key=lambda one: stages.index(one[1]["stage"])):
            assert set(job) <= (_TRIGGERING if "trigger" in job else _KNOWN), name
            _require_earlier(name, job, jobs, stages)
            if when := self._when(job, made):
                made.jobs[name] = Job(name, job, when)
        for job in made.jobs.values():
            _require_there(job, made.jobs)
        return made

    def play(self, pipeline: Pipeline, name: str, by: str) -> None:
        """Somebody who may deploy to its environment starts a manual job, of a child pipeline too."""
        job = pipeline.jobs[name]
        assert job.result == "manual"
        if job.child:
            self.play(job.child, name, by)
            job.result = job.child.status
            return
        assert by in self.approvers[job.text["environment"]["name"]], "the environment is protected"
        job.when, job.result = "on_success", "created"
        self._go_on(pipeline)

    def _trigger(self, job: Job, pipeline: Pipeline) -> None:
        """A child pipeline, to which no variables go that somebody has typed.

        https://docs.gitlab.com/ci/pipelines/downstream_pipelines/
        """
        trigger = job.text["trigger"]
        assert set(trigger) == {"include", "strategy"} and trigger["strategy"] == "mirror"
        [source] = trigger["include"]
        assert source["job"] in job.text["needs"]
        text = yaml.safe_load(pipeline.jobs[source["job"]].files[source["artifact"]])
        assert text["workflow"] == {"auto_cancel": {"on_new_commit": "none"}}, "a newer pipeline would cancel it"
        job.child = self._made(text, replace(pipeline.event, source="parent_pipeline", variables={}))
        if not job.child.jobs:
            raise InvalidError("the resulting pipeline would have been empty")
        self._go_on(job.child)
        job.result = job.child.status

    def _go_on(self, pipeline: Pipeline) -> None:
        while ready := [one for one in pipeline.jobs.values() if self._is_ready(one, pipeline)]:
            for job in ready:
                self._begin(job, pipeline)

    def _is_ready(self, job: Job, pipeline: Pipeline) -> bool:
        needed = _needed(job, pipeline)
        return job.result == "created" and all(one.result not in ("created", "manual") for one in needed)

    def _begin(self, job: Job, pipeline: Pipeline) -> None:
        failed = any(one.result in ("failed", "skipped", "canceled") for one in _needed(job, pipeline))
        if failed and job.when != "always":
            job.result = "skipped"
        elif job.when == "manual":
            job.result = "manual"
        elif "trigger" in job.text:
            self._trigger(job, pipeline)
        else:
            group = job.text.get("resource_group", job.name + str(pipeline.number))
            with self.locks.setdefault(group, threading.Lock()):
                Playing(self, pipeline, job).play()

    def _text(self, sha: str) -> dict[str, Any]:
        top = yaml.safe_load(git(self.site.remote, "show", f"{sha}:{TOP}"))
        for one in top.pop("include"):
            top |= yaml.safe_load(git(self.site.remote, "show", f"{sha}:{one['local']}"))
        return dict(top)

    def _when(self, job: Any, pipeline: Pipeline) -> str:
        """By the first rule that holds; empty where none does."""
        event = pipeline.event
        variables = {**pipeline.variables, **predefined(self, event)}
        for rule in job["rules"]:
            assert set(rule) <= {"if", "changes", "when"}
            if holds(rule["if"], variables) and ("changes" not in rule or self._changed(rule["changes"], event)):
                return str(rule.get("when", "on_success"))
        return ""

    def _changed(self, patterns: list[str], event: Event) -> bool:
        """Whether a file of the change has one of the names; everything counts where nothing is compared."""
        if event.before == NONE:
            return True
        names = git(self.site.remote, "diff", "--name-only", event.before, event.sha).splitlines()
        return any(_matches(pattern, name) for pattern in patterns for name in names)


def _matches(pattern: str, name: str) -> bool:
    """As Ruby's File.fnmatch with FNM_PATHNAME: `**/` is any number of folders."""
    parts = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(parts, name) is not None


def _require_earlier(name: str, job: Any, jobs: Mapping[str, Any], stages: list[str]) -> None:
    """https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/yaml_processor.rb"""
    for need, _ in _needs(job):
        other = jobs.get(need)
        if other is None or stages.index(other["stage"]) > stages.index(job["stage"]):
            raise InvalidError(f"{name} job: need {need} is not defined in current or prior stages")


def _require_there(job: Job, jobs: Mapping[str, Job]) -> None:
    for need, is_optional in _needs(job.text):
        if need not in jobs and not is_optional:
            raise InvalidError(f"'{job.name}' job needs '{need}' job, but it is not in the pipeline")


def _needs(job: Any) -> Iterator[tuple[str, bool]]:
    """Names of jobs, and whether they may be missing."""
    for need in job.get("needs", []):
        yield (need, False) if isinstance(need, str) else (need["job"], need.get("optional", False))


def _needed(job: Job, pipeline: Pipeline) -> list[Job]:
    return [pipeline.jobs[name] for name, _ in _needs(job.text) if name in pipeline.jobs]


def holds(text: str, variables: Mapping[str, str]) -> bool:
    """Whether a condition of a rule holds: https://docs.gitlab.com/ci/jobs/job_rules/"""
    return _either(list(_tokens(text)), variables)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        found = _CONDITION.match(text, at)
        if found is None or found.lastgroup is None:
            raise InvalidError(f"invalid expression: {text}")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


def _either(tokens: list[tuple[str, str]], variables: Mapping[str, str]) -> bool:
    """`&&` binds closer; rendered conditions have no brackets."""
    return any(_both(part, variables) for part in _split(tokens, "||"))


def _both(tokens: list[tuple[str, str]], variables: Mapping[str, str]) -> bool:
    return all(_compared(part, variables) for part in _split(tokens, "&&"))


def _split(tokens: list[tuple[str, str]], operator: str) -> list[list[tuple[str, str]]]:
    parts: list[list[tuple[str, str]]] = [[]]
    for one in tokens:
        if one == ("op", operator):
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _compared(tokens: list[tuple[str, str]], variables: Mapping[str, str]) -> bool:
    values = [variables.get(text) if kind == "name" else text for kind, text in tokens if kind != "op"]
    operators = [text for kind, text in tokens if kind == "op"]
    match operators:
        case []:
            return bool(values[0])
        case ["=="]:
            return values[0] == values[1]
        case ["!="]:
            return values[0] != values[1]
        case other:
            raise InvalidError(f"not known here: {other}")


def predefined(lab: Lab, event: Event) -> dict[str, str]:
    """What GitLab gives: https://docs.gitlab.com/ci/variables/predefined_variables/"""
    project = FORK_ID if event.fork else PROJECT_ID
    made = {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_ID": str(project),
        "CI_PIPELINE_SOURCE": event.source,
        "CI_COMMIT_SHA": event.sha,
        "CI_COMMIT_BEFORE_SHA": event.before if event.source == "push" else NONE,
        "CI_API_V4_URL": lab.site.forge.url,
        **event.variables,
    }
    if not event.request:
        return {**made, "CI_COMMIT_BRANCH": event.branch}
    return {
        **made,
        "CI_MERGE_REQUEST_IID": str(event.request),
        "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT_ID),
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(project),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": event.before,
    }


class Playing:
    """One job in a container of its own."""

    def __init__(self, lab: Lab, pipeline: Pipeline, job: Job) -> None:
        self.lab, self.pipeline, self.job = lab, pipeline, job
        self.folder = emptied(lab.site.scratch / f"run-{pipeline.number}" / job.name.replace(":", "-"))
        self.workspace = self.folder / "workspace"
        (self.folder / "home").mkdir()
        self.log = Log(self.folder / "log.txt")

    def play(self) -> None:
        self.lab.site.checkout(self.pipeline.event.sha, self.workspace)
        if "id_tokens" in self.job.text:
            self.lab.site.lead(self.workspace)
        needed = _needed(self.job, self.pipeline)
        for name, data in (item for one in needed for item in one.files.items()):
            (self.workspace / name).write_bytes(data)
        env = self._environment(needed)
        lines = [*self.job.text.get("before_script", []), *self.job.text["script"]]
        script = self.folder / "script.sh"
        script.write_text("\n".join(("set -eo pipefail", *lines)), encoding="utf-8")
        code = run(
            ["bash", script],
            cwd=self.workspace,
            env=env,
            log=self.log,
            cancel=self.pipeline.cancel,
            ending=ended_as_github_does,
            patience=Patience(5, 5),
        )
        self.job.log = self.log.text
        self.job.result = "success" if code == 0 else "failed"
        self._keep(self.job.text.get("artifacts", {}))
        Path(env.get("GROUNDPLAN_TOKEN_FILE", "/nonexistent")).unlink(missing_ok=True)

    def _environment(self, needed: list[Job]) -> dict[str, str]:
        given = predefined(self.lab, self.pipeline.event)
        own = {} if self.pipeline.event.fork else {"GROUNDPLAN_GITLAB_TOKEN": self.lab.secret}
        given |= {**own, "CI_JOB_ID": uuid.uuid4().hex, "CI_JOB_TOKEN": f"glcbt-{uuid.uuid4().hex}"}
        handed = {name: text for one in needed for name, text in one.handed.items()}
        own = {**self.pipeline.variables, **self.job.text.get("variables", {})}
        said = {name: _expanded(str(text), given) for name, text in own.items()}
        tokens = {name: self._token(one["aud"]) for name, one in self.job.text.get("id_tokens", {}).items()}
        home = {"HOME": str(self.folder / "home"), "XDG_CACHE_HOME": str(self.folder / "home/cache")}
        mark = {MARK: f"gitlab_{uuid.uuid4()}"}
        event = self.pipeline.event.variables
        return {**self.lab.site.environment, **home, **said, **handed, **given, **event, **tokens, **mark}

    def _token(self, audience: str) -> str:
        named = self.job.text.get("environment", {}).get("name")
        claims = claims_of(self.pipeline.event, named, aud=audience)
        self.lab.asked.append(claims)
        return token(claims)

    def _keep(self, said: Mapping[str, Any]) -> None:
        assert not said or said["when"] == "always"
        found = [self.workspace / name for name in said.get("paths", [])]
        self.job.files = {file.name: file.read_bytes() for file in found if file.is_file()}
        handed = self.workspace / said.get("reports", {}).get("dotenv", "nothing")
        if handed.is_file():
            self.job.handed = dict(line.split("=", 1) for line in handed.read_text("utf-8").splitlines())


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda one: "$" if one[0] == "$$" else variables.get(one[1] or one[2], ""), text)


def claims_of(event: Event, environment: str | None, **changes: str) -> dict[str, str]:
    """What stands in a token of GitLab: https://docs.gitlab.com/ci/secrets/id_token_authentication/"""
    path = "eve/infra" if event.fork else "acme/infra"
    named = {"environment": environment, "environment_protected": "true"} if environment else {}
    return {
        "iss": "https://gitlab.com",
        "aud": "sts.amazonaws.com",
        "sub": f"project_path:{path}:ref_type:branch:ref:{event.branch}",
        "project_id": str(FORK_ID if event.fork else PROJECT_ID),
        "project_path": path,
        "ref": event.branch,
        "ref_type": "branch",
        "ref_protected": "true" if event.branch == "main" and not event.request else "false",
        "pipeline_source": event.source,
        **named,
        **changes,
    }
