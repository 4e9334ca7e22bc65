"""A multibranch job of Jenkins, as much as rendered pipelines use: stages, conditions, approvals, locks, credentials.

https://www.jenkins.io/doc/book/pipeline/syntax/
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.pipelines.actions import emptied
from tests.pipelines.groovy import GroovyError, Statement, read
from tests.pipelines.issuer import Claims, token
from tests.pipelines.process import MARK, Log, Patience, end_marked, run
from tests.pipelines.site import Site, git

URL, JOB = "https://jenkins.example.com", "platform/infra"
API = "https://api.github.com"
"""In whose place the forge of the site is."""
_SECTIONS = {"agent", "options", "triggers", "parameters", "environment", "stages"}
_STAGE = {"when", "input", "options", "steps", "post", "stages"}


@dataclass(frozen=True)
class Event:
    """What a build is of: a branch, or a proposed change with the commit it has as a merge."""

    sha: str
    branch: str = "main"
    request: int = 0
    fork: bool = False
    timer: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)


class StepError(Exception):
    """A step that fails its stage."""


@dataclass
class Stage:
    """How a stage went."""

    name: str
    result: str = "waiting"
    log: str = ""
    caught: bool = False
    """Whether its failure stops no later stage."""


@dataclass
class Build:
    """A build, with what is kept of it."""

    event: Event
    number: int
    stages: dict[str, Stage] = field(default_factory=dict)
    result: str = "SUCCESS"
    archive: dict[str, bytes] = field(default_factory=dict)
    cancel: threading.Event = field(default_factory=threading.Event)

    def results(self) -> dict[str, str]:
        """Of the stages that were not skipped, without the environment's name."""
        return {
            name.partition(": ")[2]: one.result
            for name, one in self.stages.items()
            if one.result != "skipped" and ": " in name
        }

    @property
    def log(self) -> str:
        return "\n".join(f"--- {name}\n{one.log}" for name, one in self.stages.items())


@dataclass
class Controller:
    """Jenkins with its agents; a branch has one workspace for all of its builds."""

    site: Site
    credentials: Mapping[str, str]
    """Audience of tokens, and texts, by the id of a credential."""
    approves: str = ""
    """Who answers questions; nobody does, and the build ends, without one."""
    asked: list[Claims] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)
    """The commit of the last good build by branch."""
    locks: dict[str, threading.Lock] = field(default_factory=dict)

    def builds(self, event: Event) -> Build:
        """Plays a build to its end."""
        pipeline = read(git(self.site.remote, "show", f"{event.sha}:Jenkinsfile"))
        assert {one.name for one in pipeline.block or ()} <= _SECTIONS
        self.site.runs += 1
        build = Build(event, self.site.runs)
        Playing(self, build, pipeline).play()
        if build.result == "SUCCESS" and not event.request:
            self.last[event.branch] = event.sha
        return build


class Playing:
    """One build."""

    def __init__(self, controller: Controller, build: Build, pipeline: Statement) -> None:
        self.controller, self.build, self.pipeline = controller, build, pipeline
        site = controller.site
        self.folder = emptied(site.scratch / f"run-{build.number}")
        self.workspace = self._checked_out(site)
        (self.folder / "home").mkdir()
        (self.folder / "tmp").mkdir()
        self.log = Log(self.folder / "log.txt")
        self.env = self._begin()
        self.params = self._parameters()
        self.env |= {name: str(value) for name, value in self.params.items()}

    def _checked_out(self, site: Site) -> Path:
        """Kept from build to build, with what earlier ones have left."""
        event = self.build.event
        folder = site.scratch / f"workspace-{event.branch}-{event.request}"
        if not folder.exists():
            site.checkout(event.sha, folder)
        git(folder, "fetch", "--quiet", "origin", "+main:refs/remotes/origin/main", event.sha)
        git(folder, "checkout", "--quiet", "--force", event.sha)
        return folder

    def _begin(self) -> dict[str, str]:
        event = self.build.event
        made = {
            **self.controller.site.environment,
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": str(self.folder / "home/cache"),
            "JENKINS_URL": f"{URL}/",
            "BUILD_URL": f"{URL}/job/platform/job/infra/{self.build.number}/",
            "WORKSPACE": str(self.workspace),
            "WORKSPACE_TMP": str(self.folder / "tmp"),
            "BRANCH_NAME": f"PR-{event.request}" if event.request else event.branch,
            "GIT_COMMIT": event.sha,
            MARK: f"jenkins_{uuid.uuid4()}",
        }
        if event.branch in self.controller.last and not event.request:
            made["GIT_PREVIOUS_SUCCESSFUL_COMMIT"] = self.controller.last[event.branch]
        if event.request:
            made |= {"CHANGE_ID": str(event.request), "CHANGE_TARGET": "main"}
        return {**made, "CHANGE_FORK": "eve"} if event.fork else made

    def _parameters(self) -> dict[str, Any]:
        """Their values; the first choice, or the default, where nobody has said one."""
        found: dict[str, Any] = {}
        for one in self.pipeline.only("parameters").block or ():
            named = {name: value({}) for name, value in one.named.items()}
            default = named["choices"][0] if one.name == "choice" else named["defaultValue"]
            found[named["name"]] = self.build.event.parameters.get(named["name"], default)
            assert one.name != "choice" or found[named["name"]] in named["choices"]
        return found

    @property
    def scope(self) -> dict[str, Any]:
        return {
            "env": self.env,
            "params": self.params,
            "sh": self._asked,
            "readFile": self._read,
            "file": lambda **said: {"kind": "file", **said},
            "string": lambda **said: {"kind": "string", **said},
        }

    def play(self) -> None:
        for one in self.pipeline.only("environment").block or ():
            assert one.value
            self.env[one.name] = str(one.value(self.scope))
        for stage in self.pipeline.only("stages").block or ():
            self._stage(stage)

    def _stage(self, stage: Statement) -> None:
        [name] = [one({}) for one in stage.arguments]
        assert {one.name for one in stage.block or ()} <= _STAGE
        if inner := stage.get("stages"):
            for one in inner.block or ():
                self._stage(one)
            return
        found = self.build.stages[name] = Stage(name)
        begin = len(self.log.text)
        try:
            found.result = self._result(stage, found)
        except StepError:
            found.result = self.build.result = "FAILURE"
        finally:
            self._post(stage, found)
            found.log = self.log.text[begin:]

    def _result(self, stage: Statement, found: Stage) -> str:
        if self.build.result == "ABORTED" or self._has_failed():
            return "skipped"
        when = stage.only("when")
        assert when.get("beforeInput") and when.get("beforeOptions")
        if not all(self._holds(one) for one in when.block or ()):
            return "skipped"
        if (question := stage.get("input")) and not self._is_approved(question):
            self.build.result = "ABORTED"
            return "ABORTED"
        with self._lock(stage.get("options")):
            found.result = "SUCCESS"
            for step in stage.only("steps").block or ():
                self._step(step, found)
        return found.result

    def _has_failed(self) -> bool:
        """A failure that was caught stops no later stage."""
        return any(one.result == "FAILURE" and not one.caught for one in self.build.stages.values())

    def _holds(self, one: Statement) -> bool:
        event, inner = self.build.event, one.block or ()
        conditions: Mapping[str, Callable[[], bool]] = {
            "beforeInput": lambda: True,
            "beforeOptions": lambda: True,
            "changeRequest": lambda: bool(event.request),
            "branch": lambda: not event.request and one.arguments[0]({}) == event.branch,
            "triggeredBy": lambda: event.timer and one.arguments[0]({}) == "TimerTrigger",
            "not": lambda: not any(self._holds(found) for found in inner),
            "anyOf": lambda: any(self._holds(found) for found in inner),
            "expression": lambda: bool(one.value and one.value(self.scope)),
        }
        return conditions[one.name]()

    def _is_approved(self, question: Statement) -> bool:
        submitters = question.only("submitter").arguments[0]({}).split(",")
        return self.controller.approves in submitters

    @contextmanager
    def _lock(self, options: Statement | None) -> Iterator[None]:
        if options is None:
            yield
            return
        name = options.only("lock").named["resource"]({})
        with self.controller.locks.setdefault(name, threading.Lock()):
            yield

    def _step(self, step: Statement, found: Stage) -> None:
        arguments = [one(self.scope) for one in step.arguments]
        named = {name: one(self.scope) for name, one in step.named.items()}
        match step.name:
            case "sh":
                if self._run(*arguments, **named):
                    raise StepError
            case "echo" | "milestone":
                pass
            case "catchError":
                assert named == {"buildResult": "FAILURE", "stageResult": "FAILURE"}
                self._caught(step, found)
            case "withEnv":
                with self._with(dict(one.split("=", 1) for one in arguments[0])):
                    self._steps(step, found)
            case "withCredentials":
                with self._with(dict(self._bound(one) for one in arguments[0])):
                    self._steps(step, found)
            case other:
                raise GroovyError(f"no step {other}")

    def _steps(self, step: Statement, found: Stage) -> None:
        for one in step.block or ():
            self._step(one, found)

    def _caught(self, step: Statement, found: Stage) -> None:
        try:
            self._steps(step, found)
        except StepError:
            found.result = self.build.result = "FAILURE"
            found.caught = True

    @contextmanager
    def _with(self, variables: Mapping[str, str]) -> Iterator[None]:
        before = dict(self.env)
        site = self.controller.site
        self.env |= {name: text.replace(API, site.forge.url) for name, text in variables.items()}
        try:
            yield
        finally:
            self.env = before

    def _bound(self, binding: Mapping[str, str]) -> tuple[str, str]:
        """A credential in a variable: a file with a token, or a text."""
        said = self.controller.credentials[binding["credentialsId"]]
        if binding["kind"] == "string":
            return binding["variable"], said
        file = self.folder / f"token-{uuid.uuid4().hex}"
        claims = claims_of(self.build.event, aud=said)
        self.controller.asked.append(claims)
        file.write_text(token(claims), encoding="utf-8")
        return binding["variable"], str(file)

    def _run(self, script: str) -> int:
        return run(
            ["sh", "-xe", "-c", script],
            cwd=self.workspace,
            env=self.env,
            log=self.log,
            cancel=self.build.cancel,
            ending=ended_as_jenkins_does,
            patience=Patience(5, 5),
        )

    def _asked(self, script: str, *, returnStatus: bool = False, returnStdout: bool = False) -> Any:  # noqa: N803
        """The step `sh` in an expression."""
        ran = subprocess.run(
            ["sh", "-xe", "-c", script], cwd=self.workspace, env=self.env, capture_output=True, check=False
        )
        with self.log.file.open("ab") as log:
            log.write(ran.stderr)
        if returnStatus:
            return ran.returncode
        if ran.returncode:
            raise StepError
        assert returnStdout
        return ran.stdout.decode()

    def _read(self, name: str) -> str:
        try:
            return (self.workspace / name).read_text("utf-8")
        except FileNotFoundError:
            raise StepError from None

    def _post(self, stage: Statement, found: Stage) -> None:
        """What is kept with the build, of stages that were not skipped."""
        post = stage.get("post")
        if post is None or found.result == "skipped":
            return
        for step in post.only("always").block or ():
            if step.name == "archiveArtifacts":
                for name in step.named["artifacts"]({}).split(", "):
                    file = self.workspace / name
                    assert name not in self.build.archive, "it would take the place of another file"
                    if file.is_file():
                        self.build.archive[name] = file.read_bytes()


def ended_as_jenkins_does(process: subprocess.Popen[bytes], env: Mapping[str, str], patience: Patience) -> None:
    """SIGTERM to all that the step has started: https://www.jenkins.io/doc/book/using/aborting-a-build/"""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(patience.first + patience.second)
    except subprocess.TimeoutExpired:
        end_marked(env)
        process.wait()


def claims_of(event: Event, **changes: str) -> dict[str, str]:
    """What stands in a token of the plugin OpenID Connect Provider: its default subject is the job's address."""
    folders = "/".join(f"job/{part}" for part in JOB.split("/"))
    job = f"PR-{event.request}" if event.request else event.branch
    return {
        "iss": f"{URL}/oidc",
        "aud": "sts.amazonaws.com",
        "sub": f"{URL}/{folders}/job/{job}/",
        "build_number": "1",
        **changes,
    }
