"""GitHub Actions, as much as rendered workflows use: jobs, permissions, environments, artifacts, outputs, cancelling.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.actions import INSTALLS, STANDS, StepError, emptied
from tests.pipelines.expressions import FUNCTIONS, Functions, Known, evaluate, interpolated, text_of, truth
from tests.pipelines.issuer import Claims, token
from tests.pipelines.process import GITHUB, MARK, CancelledError, Log, Patience, ended_as_github_does, run
from tests.pipelines.site import OWNER_ID, REPOSITORY_ID, Site, git

ISSUER = "https://token.actions.githubusercontent.com"
REPOSITORY = "acme/infra"
FORK_ID = 999
_LEVELS = {"none": 0, "read": 1, "write": 2}
_SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
_STATUS = re.compile(r"\b(success|failure|cancelled|always)\s*\(")
_WORKFLOWS = ".github/workflows"


@dataclass(frozen=True)
class Event:
    """What has happened, with what workflows read of it."""

    name: str
    ref: str
    sha: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    fork: bool = False


@dataclass(frozen=True)
class Environment:
    """A protected environment, as somebody has set it up."""

    reviewers: frozenset[str]
    branches: frozenset[str] = frozenset({"refs/heads/main"})


@dataclass
class Job:
    """How a job went; `waiting` for people who approve it."""

    name: str
    result: str = "queued"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """A run of one workflow file."""

    workflow: str
    event: Event
    number: int
    jobs: dict[str, Job] = field(default_factory=dict)
    artifacts: dict[str, dict[str, bytes]] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    cancel: threading.Event = field(default_factory=threading.Event)
    problem: str = ""
    """Why it did not begin."""

    def results(self, *left_out: str) -> dict[str, str]:
        """By job; without those that were skipped."""
        return {name: one.result for name, one in self.jobs.items() if one.result not in ("skipped", *left_out)}


@dataclass
class Hub:
    """The forge with its runners."""

    site: Site
    environments: dict[str, Environment] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    code_scanning: bool = True
    patience: Patience = GITHUB
    grants: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Permissions by token of a job."""
    asked: list[Claims] = field(default_factory=list)
    """Tokens of jobs that were asked for."""
    durations: dict[str, int] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    """The jobs that are played; all without any."""

    def happens(self, event: Event) -> list[Run]:
        """Plays every workflow that the event starts, as far as it goes without people."""
        begun = [made for name, text in self._files(event.sha) if (made := self._begun(name, text, event))]
        for one in begun:
            self.go_on(one)
        return begun

    def go_on(self, one: Run, approved: str = "") -> Run:
        """Plays what can be played of a run; `approved` is a job that people have let begin."""
        if not one.problem:
            Player(self, one).play(approved)
        return one

    def approve(self, one: Run, job: str, by: str) -> Run:
        """A reviewer lets a job begin."""
        [environment] = [found for found in self.environments.values() if by in found.reviewers]
        assert one.jobs[job].result == "waiting" and environment
        return self.go_on(one, job)

    def allows(self, method: str, path: str, secret: str) -> bool:
        """Whether the token of a running job may do that: comments of a pull request are those of an issue."""
        granted = self.grants.get(secret)
        if granted is None:
            return False
        if method == "GET":
            return True
        pulls = granted.get("pull-requests") == "write" and "/comments" in path
        return granted.get("issues") == "write" or pulls

    def _files(self, sha: str) -> Iterator[tuple[str, Any]]:
        names = git(self.site.remote, "ls-tree", "--name-only", f"{sha}:{_WORKFLOWS}").splitlines()
        for name in names:
            text = git(self.site.remote, "show", f"{sha}:{_WORKFLOWS}/{name}")
            yield f"{_WORKFLOWS}/{name}", yaml.load(text, Loader=_Plain)

    def _begun(self, name: str, text: Any, event: Event) -> Run | None:
        if event.name not in text["on"] or not _branch_fits(text["on"][event.name], event):
            return None
        only = event.payload.get("workflow")
        if only is not None and only != name:
            return None
        self.site.runs += 1
        made = Run(name, event, self.site.runs)
        self.runs.append(made)
        return made


class _Plain(yaml.SafeLoader):
    """YAML 1.2, in which `on` is a text."""


_Plain.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for sign, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _branch_fits(trigger: Any, event: Event) -> bool:
    branches = trigger.get("branches") if isinstance(trigger, dict) else None
    if branches is None:
        return True
    branch = event.payload.get("base_ref") or event.ref.removeprefix("refs/heads/")
    return branch in branches


class Player:
    """Plays the jobs of one run."""

    def __init__(self, hub: Hub, one: Run) -> None:
        self.hub, self.run = hub, one
        self.text = _read(hub, one.event.sha, one.workflow)
        self.github = _github(self.text, one)

    def play(self, approved: str) -> None:
        for call in self.text["jobs"].values():
            assert set(call) <= {"name", "uses", "permissions", "with"}, "a caller only calls"
            called = _read(self.hub, self.run.event.sha, call["uses"].removeprefix("./"))
            inputs = self._inputs(call, called)
            caller = Known(call["permissions"])
            assert self.text["permissions"] == called["permissions"] == {}
            for name, job in _in_order(called["jobs"]):
                _require_allowed(name, job["permissions"], caller)
                found = self.run.jobs.setdefault(name, Job(name))
                if self.hub.only and name not in self.hub.only:
                    found.result = "skipped"
                    continue
                if found.result == "queued" or (name == approved and found.result == "waiting"):
                    self._job(found, job, inputs, is_approved=name == approved)

    def _inputs(self, call: Any, called: Any) -> Known:
        contexts = {"github": self.github, "inputs": self._dispatched()}
        given = interpolated(call["with"], contexts, FUNCTIONS)
        declared = called["on"]["workflow_call"]["inputs"]
        assert set(given) <= set(declared), "GitHub knows no such input"
        missing = {name for name, one in declared.items() if one.get("required")} - set(given)
        assert not missing, missing
        return Known({name: given.get(name, one.get("default")) for name, one in declared.items()})

    def _dispatched(self) -> Mapping[str, Any]:
        """What a person has typed; nothing for other events."""
        trigger = self.text["on"].get("workflow_dispatch") or {}
        if self.run.event.name != "workflow_dispatch":
            return {}
        asked = trigger["inputs"]
        said = self.run.event.inputs
        assert set(said) <= set(asked)
        assert all(said[name] in one["options"] for name, one in asked.items() if one["type"] == "choice")
        return {name: said.get(name, "") for name in asked}

    def _job(self, found: Job, job: Any, inputs: Known, *, is_approved: bool) -> None:
        needs = Known({name: self.run.jobs[name] for name in job.get("needs", [])})
        if any(one.result in ("queued", "waiting") for one in needs.values()):
            return
        contexts = {
            "github": self.github,
            "inputs": inputs,
            "needs": Known({name: {"result": one.result, "outputs": one.outputs} for name, one in needs.items()}),
        }
        functions = self._functions(needs)
        if not _condition(job.get("if"), contexts, functions):
            found.result = "cancelled" if self.run.cancel.is_set() else "skipped"
            return
        if "environment" in job and not is_approved and self._must_wait(job, contexts, found):
            return
        group = interpolated(job.get("concurrency", {}).get("group", ""), contexts, FUNCTIONS)
        if group:
            assert job["concurrency"]["cancel-in-progress"] is False
            with self.hub.locks.setdefault(group, threading.Lock()):
                Playing(self.hub, self.run, found, job, contexts).play()
        else:
            Playing(self.hub, self.run, found, job, contexts).play()

    def _must_wait(self, job: Any, contexts: Mapping[str, Any], found: Job) -> bool:
        environment = self.hub.environments.get(interpolated(job["environment"]["name"], contexts, FUNCTIONS))
        if environment is None:
            return False
        found.result = "waiting" if self.run.event.ref in environment.branches else "failure"
        return True

    def _functions(self, needs: Mapping[str, Job]) -> Functions:
        results = [one.result for one in needs.values()]
        return {
            **FUNCTIONS,
            "success": lambda: all(one == "success" for one in results),
            "failure": lambda: "failure" in results,
            "cancelled": self.run.cancel.is_set,
            "always": lambda: True,
        }


def _condition(text: Any, contexts: Mapping[str, Any], functions: Functions) -> bool:
    inner = str(text or "").strip().removeprefix("${{").removesuffix("}}")
    if _STATUS.search(inner):
        return truth(evaluate(inner, contexts, functions))
    return bool(functions["success"]()) and (not inner or truth(evaluate(inner, contexts, functions)))


def _require_allowed(name: str, asked: Mapping[str, str], caller: Mapping[str, str]) -> None:
    """A workflow whose job asks for more than its caller may give does not begin."""
    for scope, level in asked.items():
        assert _LEVELS[level] <= _LEVELS[caller.get(scope, "none")], f"{name} asks for {scope}: {level}"


def _in_order(jobs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    done: set[str] = set()
    while len(done) < len(jobs):
        ready = [name for name, one in jobs.items() if name not in done and set(one.get("needs", [])) <= done]
        assert ready, "jobs that wait for each other"
        for name in ready:
            yield name, jobs[name]
            done.add(name)


def _read(hub: Hub, sha: str, name: str) -> Any:
    return yaml.load(git(hub.site.remote, "show", f"{sha}:{name}"), Loader=_Plain)


def _github(text: Any, one: Run) -> Mapping[str, Any]:
    event = one.event
    return {
        "event_name": event.name,
        "ref": event.ref,
        "sha": event.sha,
        "repository": REPOSITORY,
        "workflow": text.get("name", one.workflow),
        "run_id": str(one.number),
        "event": {"repository": {"id": REPOSITORY_ID}, **event.payload},
    }


class Playing:
    """One job on a runner of its own."""

    def __init__(self, hub: Hub, one: Run, job: Job, text: Any, contexts: Mapping[str, Any]) -> None:
        self.hub, self.run, self.job, self.text = hub, one, job, text
        self.permissions = {
            scope: level
            for scope, asked in text["permissions"].items()
            if (level := _for_fork(scope, asked) if one.event.fork else asked) != "none"
        }
        job.permissions = self.permissions
        folder = emptied(hub.site.scratch / f"run-{one.number}" / job.name)
        self.workspace, self.temporary = folder / "workspace", folder / "temp"
        for made in (self.workspace, self.temporary, folder / "home"):
            made.mkdir()
        self.token = f"ghs_{uuid.uuid4().hex}"
        hub.grants[self.token] = self.permissions
        self.steps: Known = Known()
        github = {**contexts["github"], "token": self.token}
        runner = {"environment": "github-hosted"}
        self.contexts = {**contexts, "github": github, "steps": self.steps, "runner": runner}
        self.log = Log(folder / "log.txt")
        self.variables: dict[str, str] = {}
        self.failed = False
        self._environment = self._begin(folder)

    def _begin(self, folder: Path) -> dict[str, str]:
        event = self.run.event
        variables = {
            **self.hub.site.environment,
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(folder / "home/cache"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.hub.site.forge.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REF": event.ref,
            "GITHUB_SHA": event.sha,
            "GITHUB_EVENT_NAME": event.name,
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            MARK: f"github_{uuid.uuid4()}",
        }
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH"):
            variables[name] = str(self.temporary / name)
            (self.temporary / name).touch()
        own = interpolated(self.text.get("env", {}), self.contexts, FUNCTIONS)
        return {**variables, **{name: text_of(value) for name, value in own.items()}}

    def id_token(self, audience: str) -> str:
        """What GitHub gives to a job that may ask."""
        assert self.permissions.get("id-token") == "write", "the job may ask for no token"
        claims = claims_of(self.run.event, self._environment_name(), aud=audience)
        self.hub.asked.append(claims)
        return token(claims)

    def _environment_name(self) -> str | None:
        named = self.text.get("environment")
        return str(interpolated(named["name"], self.contexts, FUNCTIONS)) if named else None

    def play(self) -> None:
        cancelled = False
        for step in self.text["steps"]:
            functions = self._functions(cancelled)
            if not _condition(step.get("if"), self.contexts, functions):
                continue
            try:
                self._step(step, functions)
            except CancelledError:
                cancelled = True
        self.job.result = "cancelled" if cancelled else "failure" if self.failed else "success"
        self.job.log = self.log.text
        self.job.summary = (self.temporary / "GITHUB_STEP_SUMMARY").read_text("utf-8")
        outputs = interpolated(self.text.get("outputs", {}), self.contexts, FUNCTIONS)
        self.job.outputs = {name: text_of(value) for name, value in outputs.items()}
        del self.hub.grants[self.token]

    def _functions(self, cancelled: bool) -> Functions:
        return {
            **FUNCTIONS,
            "success": lambda: not self.failed and not cancelled,
            "failure": lambda: self.failed,
            "cancelled": lambda: cancelled or self.run.cancel.is_set(),
            "always": lambda: True,
            "hashFiles": self._hash,
        }

    def _hash(self, name: str) -> str:
        file = self.workspace / name
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""

    def _step(self, step: Any, functions: Functions) -> None:
        assert set(step) <= {"name", "id", "if", "uses", "with", "run", "env", "continue-on-error"}, step
        if "id" in step:
            self.steps[step["id"]] = {"outputs": {}}
        try:
            code = self._use(step, functions) if "uses" in step else self._line(step, functions)
        except StepError as error:
            with self.log.file.open("a") as log:
                log.write(f"Error: {error}\n")
            code = 1
        if code and not step.get("continue-on-error"):
            self.failed = True
        if "id" in step:
            self.steps[step["id"]]["outputs"] = _outputs(Path(self._environment["GITHUB_OUTPUT"]))

    def _use(self, step: Any, functions: Functions) -> int:
        name, _, commit = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", commit), step["uses"]
        assert name in STANDS, f"nothing stands for {name}"
        STANDS[name](self, interpolated(step["with"], self.contexts, functions))
        return 0

    def _line(self, step: Any, functions: Functions) -> int:
        line = step["run"]
        assert "${{" not in line
        self.log.lines.append(line)
        if line in INSTALLS:
            return 0
        own = interpolated(step.get("env", {}), self.contexts, functions)
        env = {**self._environment, **self.variables, **{name: text_of(value) for name, value in own.items()}}
        script = self.temporary / f"{uuid.uuid4()}.sh"
        script.write_text(line, encoding="utf-8")
        return run(
            [*_SHELL, script],
            cwd=self.workspace,
            env=env,
            log=self.log,
            cancel=self.run.cancel,
            ending=ended_as_github_does,
            patience=self.hub.patience,
        )


def _for_fork(scope: str, level: str) -> str:
    """What is left of a permission in a pull request of a fork."""
    return "none" if scope == "id-token" else min(level, "read", key=_LEVELS.__getitem__)


def _outputs(file: Path) -> dict[str, str]:
    """Lines `NAME=VALUE`; none that is not one."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line]
    assert all("=" in line for line in lines)
    return dict(line.split("=", 1) for line in lines)


def claims_of(event: Event, environment: str | None, **changes: str) -> dict[str, str]:
    """What stands in the token of a job, with GitHub's immutable subject of 2026-07-15.

    https://docs.github.com/en/actions/reference/security/oidc
    """
    subject = f"repo:acme@{OWNER_ID}/infra@{REPOSITORY_ID}"
    if environment is not None:
        subject += f":environment:{environment}"
    elif event.name == "pull_request":
        subject += ":pull_request"
    else:
        subject += f":ref:{event.ref}"
    named = {"environment": environment} if environment is not None else {}
    return {
        "iss": ISSUER,
        "aud": "sts.amazonaws.com",
        "sub": subject,
        "ref": event.ref,
        "repository": REPOSITORY,
        "repository_id": str(REPOSITORY_ID),
        "repository_owner": "acme",
        "repository_owner_id": str(OWNER_ID),
        "event_name": event.name,
        "job_workflow_ref": f"{REPOSITORY}/{_WORKFLOWS}/groundplan.yml@{event.ref}",
        **named,
        **changes,
    }
