"""The caller's side of rendering: a process behind walls that has Helm as a library, or else the `helm` of the PATH."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from groundplan.charts.find import Found
from groundplan.charts.schemas import versions
from groundplan.reading import MIB
from groundplan.sandbox.processes import Output, collect, running
from groundplan.sandbox.python import import_folders, module_environment, module_words
from groundplan.sandbox.sandbox import Needs, Sandbox
from groundplan.sandbox.walls import Limits

INSTALL = 'pip install "groundplan[charts]"'
SECONDS = 120.0
"""For all charts of a folder: thirty times what the largest take."""
SECONDS_ALONE = 30.0
"""For each chart by itself, where those of a folder did not end well together."""
_LIMITS = Limits(cpu_seconds=240, data_bytes=3 * 1024 * MIB)
_ANSWER_BYTES = 256 * MIB
_FATAL = "fatal error: "
"""What the runtime of Go ends with, before the stacks of all that ran."""
_Asked = dict[int, dict[str, Any]]
"""What a process is asked for, by the index of the release."""
_SET = {"string": "--set-string", "literal": "--set-literal"}
_GO = {"GOGC": "400"}
"""Helm is short-lived: memory for time, in the bounds of the walls."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """An object that a release makes, and how it differs from its schema; None where there is none."""

    template: str
    item: Mapping[str, Any]
    mistakes: tuple[tuple[str, str], ...] | None

    @property
    def name(self) -> str:
        """Kind and name."""
        return f"{self.item.get('kind')}/{(self.item.get('metadata') or {}).get('name', '')}"


@dataclass(frozen=True, slots=True)
class Proven:
    """What a release renders, and what is wrong with that."""

    found: Found
    error: str = ""
    """Why it does not render."""
    refused: str = ""
    """What its `values.schema.json` says."""
    objects: tuple[Rendered, ...] = ()
    ignored: tuple[str, ...] | None = ()
    """Paths of values that change nothing; None where nobody looked."""
    unknown: tuple[str, ...] = ()
    """Paths of values that were not looked at, because it would take too long."""
    asking: tuple[str, ...] = ()
    """Paths of values that may change something where a cluster answers."""


class EngineError(Exception):
    """Nothing can be rendered here; the text says why."""


class _StoppedError(Exception):
    """A process ended without an answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Renders and proves releases, for one version of Kubernetes."""

    sandbox: Sandbox
    helm: str | None
    """The program, where the library is not installed."""
    base: Path
    """A folder of this check's own, for what processes write."""

    @property
    def missing(self) -> str:
        """Why nothing can be rendered here; empty where it can."""
        return "" if _has("helm_python") or self.helm else f"neither the library nor a program of Helm: {INSTALL}"

    def prove(self, found: Sequence[Found], version: str) -> list[Proven]:
        """Each of the releases whose chart is at hand. Raises EngineError where nothing can be rendered."""
        if found and self.missing:
            raise EngineError(self.missing)
        asked: _Asked = {}
        proven: dict[int, Proven] = {}
        for index, one in enumerate(found):
            try:
                asked[index] = self._asked(one, version)
            except _StoppedError as error:
                proven[index] = _failed(one, error)
        proven |= self._proven(found, asked, version)
        return [proven[index] for index in range(len(found))]

    def _asked(self, found: Found, version: str) -> dict[str, Any]:
        """What the process is asked for: to render a release, or to read what the program has rendered."""
        if problem := found.release.problem:
            raise _StoppedError(problem)
        if _has("helm_python"):
            return _request(found)
        output = self._template(found, version)
        if output.timed_out or output.too_long or not output.stdout:
            raise _StoppedError(_last(output, SECONDS))
        return {"text": output.stdout.decode("utf-8", "replace")}

    def _proven(self, found: Sequence[Found], asked: _Asked, version: str) -> dict[int, Proven]:
        """The releases proven together; without those that end the process, where one does."""
        try:
            return self._together(found, asked, version, SECONDS)
        except _StoppedError as error:
            failed = {index: _failed(found[index], error) for index in asked}
        guilty = self._guilty(found, asked, version) if len(asked) > 1 else {}
        if not guilty:
            return failed
        rest = {index: request for index, request in asked.items() if index not in guilty}
        try:
            return {**guilty, **self._together(found, rest, version, SECONDS)}
        except _StoppedError:
            return {**failed, **guilty}

    def _guilty(self, found: Sequence[Found], asked: _Asked, version: str) -> dict[int, Proven]:
        """The releases that do not end well alone."""
        guilty = {}
        for index, request in asked.items():
            try:
                self._together(found, {index: request}, version, SECONDS_ALONE)
            except _StoppedError as error:
                guilty[index] = _failed(found[index], error)
        return guilty

    def _together(self, found: Sequence[Found], asked: _Asked, version: str, seconds: float) -> dict[int, Proven]:
        """One process for all of them. Raises _StoppedError for one that does not answer."""
        if not asked:
            return {}
        request = {"version": version, "schemas": schemas_for(version), "releases": list(asked.values())}
        try:
            answers = json.loads(self._worker(request, [found[index] for index in asked], seconds))["releases"]
        except ValueError:
            raise _StoppedError("it ended in the middle of its answer") from None
        return {index: _proven(found[index], answer) for index, answer in zip(asked, answers, strict=True)}

    def _worker(self, request: Mapping[str, Any], found: Sequence[Found], seconds: float) -> bytes:
        home = self._home("charts")
        imports = import_folders("groundplan", "helm_python", "kubernetes_validate", "jsonschema_rs", "yaml")
        read = (*imports, *(one.path for one in found if one.path))
        words = self.sandbox.command(
            module_words("groundplan.charts.worker"), Needs(read, (home,), _LIMITS, input=True)
        )
        environment = {**module_environment(home, imports), **_GO}
        output = _run(words, home, environment, json.dumps(request).encode(), seconds)
        if output.timed_out or output.too_long or not output.stdout:
            raise _StoppedError(_last(output, seconds))
        return output.stdout

    def _template(self, found: Found, version: str) -> Output:
        """`helm template` of one release."""
        home, release = self._home("helm"), found.release
        files = []
        for number, text in enumerate(release.values):
            files.append(home / f"values-{number}.yaml")
            files[-1].write_text(text, encoding="utf-8")
        options = [f"--namespace={release.namespace}", f"--kube-version={version}", "--include-crds"]
        options += [f"--values={file}" for file in files]
        options += [f"{_SET.get(kind, '--set')}={text}" for kind, text in release.sets]
        words = [str(self.helm), "template", *options, "--", release.name, str(found.path)]
        needs = Needs(tuple(path for path in (found.path,) if path), (home,), _LIMITS)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home)}
        return _run(self.sandbox.command(words, needs), home, environment, b"", SECONDS)

    def _home(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.base))


def engine_for(base: Path, sandbox: Sandbox, environment: Mapping[str, str]) -> Engine:
    """With the library where it is installed, else the program of the PATH."""
    return Engine(sandbox, shutil.which("helm", path=environment.get("PATH", "")), base)


def schemas_for(version: str) -> str:
    """The minor version whose schemas objects are held to: the newest that is not newer; empty without any."""
    minor = int(version.partition(".")[2])
    fitting = [one for one in versions() if int(one.partition(".")[2]) <= minor] if _has("jsonschema_rs") else []
    return fitting[-1] if fitting else ""


def _has(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _request(found: Found) -> dict[str, Any]:
    release = found.release
    return {
        "chart": str(found.path),
        "name": release.name,
        "namespace": release.namespace,
        "values": release.values,
        "sets": release.sets,
    }


def _proven(found: Found, answer: Mapping[str, Any]) -> Proven:
    objects = tuple(Rendered(one["template"], one["object"], _mistakes(one["mistakes"])) for one in answer["objects"])
    proven = Proven(found, answer["error"], answer["refused"], objects)
    if answer["ignored"] is None:
        return replace(proven, ignored=None)
    return replace(
        proven, ignored=tuple(answer["ignored"]), unknown=tuple(answer["unknown"]), asking=tuple(answer["asking"])
    )


def _mistakes(told: Sequence[Sequence[str]] | None) -> tuple[tuple[str, str], ...] | None:
    return None if told is None else tuple((path, message) for path, message in told)


def _failed(found: Found, error: _StoppedError) -> Proven:
    return Proven(found, error=str(error), ignored=None)


def _run(words: Sequence[str], home: Path, environment: Mapping[str, str], given: bytes, seconds: float) -> Output:
    with (home / "request").open("w+b") as file:
        file.write(given)
        file.seek(0)
        process = subprocess.Popen(
            words,
            stdin=file if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=home,
            env=dict(environment),
            start_new_session=True,
        )
        with running(process):
            return collect(process, timeout_seconds=seconds, limit_bytes=_ANSWER_BYTES)


def _last(output: Output, seconds: float) -> str:
    """Why there is no answer."""
    if output.timed_out:
        return f"it took longer than {seconds:g} s and was stopped"
    if output.too_long:
        return "what it renders is too large"
    lines = output.stderr.decode(errors="replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith(_FATAL)]
    told = " ".join((fatal or lines or [""])[-1].split())
    return told or "it ended without an answer, as it does when memory runs out"
