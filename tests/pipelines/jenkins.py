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
_SECTIONS = {"agent", "options", "triggers", "parameters", "stages"}
_STAGE = {"when", "input", "options", "agent", "environment", "steps", "post", "stages", "parallel"}


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
    """Jenkins with its agents; a stage that takes one has a workspace for all builds of its branch."""

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
        self.workspace: Path | None = None
        """Of the agent, where a stage has one."""
        self.stashed: dict[str, dict[str, bytes]] = {}
        (self.folder / "home").mkdir()
        (self.folder / "tmp").mkdir()
        self.log = Log(self.folder / "log.txt")
        self.env = self._begin()
        self.globals: dict[str, str] = {}
        """Variables that scripts have set, for all later stages."""
        self.params = self._parameters()
        self.env |= {name: str(value) for name, value in self.params.items()}

    @contextmanager
    def _agent(self, stage: Statement, name: str) -> Iterator[None]:
        """An executor until the stage ends, with what is checked out."""
        if stage.get("agent") is None:
            yield
            return
        assert self.workspace is None, "one executor waits for another"
        before = dict(self.env)
        self.workspace = self._checked_out(name.replace(": ", "-").replace(" ", "-"))
        self.env |= {"WORKSPACE": str(self.workspace), "GIT_COMMIT": self.build.event.sha, **self._previous()}
        try:
            yield
        finally:
            self.workspace, self.env = None, before | self.globals

    def _previous(self) -> dict[str, str]:
        event = self.build.event
        known = event.branch in self.controller.last and not event.request
        return {"GIT_PREVIOUS_SUCCESSFUL_COMMIT": self.controller.last[event.branch]} if known else {}

    def _checked_out(self, name: str) -> Path:
        """Kept from build to build, with what earlier ones have left."""
        event, site = self.build.event, self.controller.site
        folder = site.scratch / f"workspace-{event.branch}-{event.request}-{name}"
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
            "WORKSPACE_TMP": str(self.folder / "tmp"),
            "BRANCH_NAME": f"PR-{event.request}" if event.request else event.branch,
            MARK: f"jenkins_{uuid.uuid4()}",
        }
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
        assert [one({"none": "none"}) for one in self.pipeline.only("agent").arguments] == ["none"]
        assert self.pipeline.only("options").get("disableConcurrentBuilds")
        self._all(self.pipeline.only("stages"), failed=False)

    def _all(self, stages: Statement, *, failed: bool) -> bool:
        """Stages one after the other; those after one that failed are skipped."""
        for one in stages.block or ():
            failed = self._stage(one, failed=failed) or failed
        return failed

    def _stage(self, stage: Statement, *, failed: bool) -> bool:
        """Whether it fails; `failed` says that one before it has.

        https://github.com/jenkinsci/pipeline-model-definition-plugin, ModelInterpreter.groovy
        """
        [name] = [one({}) for one in stage.arguments]
        assert {one.name for one in stage.block or ()} <= _STAGE
        if branches := stage.get("parallel"):
            results = [self._stage(one, failed=failed) for one in branches.block or ()]
            return any(results)
        if inner := stage.get("stages"):
            return self._inner(stage, inner, name, failed=failed)
        found = self.build.stages[name] = Stage(name)
        begin = len(self.log.text)
        try:
            found.result = "skipped" if failed else self._result(stage, found)
        except StepError:
            failed = True
            found.result = self.build.result = "FAILURE"
        finally:
            found.log = self.log.text[begin:]
        return failed or found.result == "ABORTED"

    def _inner(self, stage: Statement, inner: Statement, name: str, *, failed: bool) -> bool:
        """Stages of a stage, on its agent."""
        if failed or not self._when(stage, before="beforeAgent"):
            self._skipped(inner)
            return failed
        with self._agent(stage, name):
            before = dict(self.env)
            for one in (stage.get("environment") or stage).block or ():
                if one.value:
                    self.env[one.name] = str(one.value(self.scope))
            failed = self._all(inner, failed=False)
            self.env = before | self.globals
        return failed

    def _skipped(self, stages: Statement) -> None:
        for one in stages.block or ():
            name = str(one.arguments[0]({}))
            self.build.stages[name] = Stage(name, "skipped")

    def _when(self, stage: Statement, before: str = "") -> bool:
        """Whether its conditions hold; `before` says what comes after they are asked."""
        when = stage.get("when")
        if when is None:
            return True
        asked = [one.name for one in when.block or () if one.name.startswith("before")]
        assert asked == ([before] if before else []), f"{stage.arguments[0]({})}: {asked}"
        return all(self._holds(one) for one in when.block or ())

    def _result(self, stage: Statement, found: Stage) -> str:
        question, options = stage.get("input"), stage.get("options")
        assert question is None or (options is None and stage.get("agent") is None)
        if not self._when(stage, "beforeInput" if question else "beforeOptions" if options else ""):
            return "skipped"
        if question and not self._is_approved(question):
            self.build.result = "ABORTED"
            return "ABORTED"
        with self._lock(options), self._agent(stage, found.name):
            found.result = "SUCCESS"
            try:
                self._steps(stage.only("steps"), found)
            finally:
                self._post(stage)
        return found.result

    def _holds(self, one: Statement) -> bool:
        event, inner = self.build.event, one.block or ()
        conditions: Mapping[str, Callable[[], bool]] = {
            **dict.fromkeys(("beforeInput", "beforeOptions", "beforeAgent"), lambda: True),
            "changeRequest": lambda: bool(event.request),
            "branch": lambda: not event.request and one.arguments[0]({}) == event.branch,
            "triggeredBy": lambda: event.timer and one.arguments[0]({}) == "TimerTrigger",
            "not": lambda: not any(self._holds(found) for found in inner),
            "anyOf": lambda: any(self._holds(found) for found in inner),
            "allOf": lambda: all(self._holds(found) for found in inner),
            "expression": lambda: bool(one.value and one.value(self.scope)),
        }
        return conditions[one.name]()

    def _is_approved(self, question: Statement) -> bool:
        assert self.workspace is None, "an executor waits while people are asked"
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
            case "echo":
                pass
            case "stash":
                assert set(named) == {"name", "includes"} and named["name"] not in self.stashed
                self.stashed[named["name"]] = {named["includes"]: self._file(named["includes"]).read_bytes()}
            case "unstash":
                for name, data in self.stashed[arguments[0]].items():
                    self._file(name).write_bytes(data)
            case "script":
                self._script(step)
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

    def _script(self, step: Statement) -> None:
        """Variables for the rest of the build."""
        for one in step.block or ():
            head, _, name = one.name.partition(".")
            assert head == "env" and name and one.value
            assert name not in self.globals, "another branch has set it"
            self.globals[name] = str(one.value(self.scope))
            self.env[name] = self.globals[name]

    def _steps(self, step: Statement, found: Stage) -> None:
        for one in step.block or ():
            self._step(one, found)

    def _caught(self, step: Statement, found: Stage) -> None:
        try:
            self._steps(step, found)
        except StepError:
            found.result = self.build.result = "FAILURE"

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
        self.controller.site.lead(self._file())
        file = self.folder / f"token-{uuid.uuid4().hex}"
        claims = claims_of(self.build.event, aud=said)
        self.controller.asked.append(claims)
        file.write_text(token(claims), encoding="utf-8")
        return binding["variable"], str(file)

    def _file(self, name: str = ".") -> Path:
        """In the workspace, for which there has to be an agent."""
        assert self.workspace is not None, "there is no agent"
        return self.workspace / name

    def _run(self, script: str) -> int:
        return run(
            ["sh", "-xe", "-c", script],
            cwd=self._file(),
            env=self.env,
            log=self.log,
            cancel=self.build.cancel,
            ending=ended_as_jenkins_does,
            patience=Patience(5, 5),
        )

    def _asked(self, script: str, *, returnStatus: bool = False, returnStdout: bool = False) -> Any:  # noqa: N803
        """The step `sh` in an expression."""
        ran = subprocess.run(
            ["sh", "-xe", "-c", script], cwd=self._file(), env=self.env, capture_output=True, check=False
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
            return self._file(name).read_text("utf-8")
        except FileNotFoundError:
            raise StepError from None

    def _post(self, stage: Statement) -> None:
        """What is kept with the build."""
        post = stage.get("post")
        if post is None:
            return
        for step in post.only("always").block or ():
            if step.name == "archiveArtifacts":
                for name in step.named["artifacts"]({}).split(", "):
                    file = self._file(name)
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
