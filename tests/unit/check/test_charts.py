"""The charts of a folder's releases in a check: what is found, what was not looked at, and what that is worth."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundplan.charts.cache import Cache
from groundplan.charts.engine import Engine
from groundplan.charts.find import Found, Origin
from groundplan.charts.records import CHARTS_FILE, Record, records_text
from groundplan.charts.releases import ChartName, Release
from groundplan.check.charts import ChartsResult, Means, check_charts
from groundplan.check.report import CheckReport, Finding, Step, StepName, StepStatus, exit_code, requiring_charts
from groundplan.check.run import Checker
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.sandbox.processes import Output
from groundplan.sandbox.sandbox import best_sandbox
from tests.unit.charts.served import SHOP, digest, packed

REPOSITORY = "https://charts.example.com"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: {{ .Values.image }}
        resources: {{ toJson .Values.resources }}
"""
VALUES = """\
image: registry.example.com/web:1.0.0
replicas: 1
resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {memory: 1Mi}}
"""
WEB = {"Chart.yaml": SHOP["Chart.yaml"], "values.yaml": VALUES, "templates/web.yaml": DEPLOYMENT}

Run = Callable[..., ChartsResult]


def plan(*values: str, version: str = "1.2.3", **after: Any) -> Mapping[str, Any]:
    release = {"name": "shop", "repository": REPOSITORY, "chart": "shop", "version": version, "values": list(values)}
    change = {"actions": ["create"], "after": {**release, **after}, "after_unknown": {}}
    address = "helm_release.shop"
    return {"resource_changes": [{"address": address, "mode": "managed", "type": "helm_release", "change": change}]}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    base = tmp_path / "base"
    base.mkdir()
    return Engine(best_sandbox(), None, base)


@pytest.fixture
def run(tmp_path: Path, engine: Engine) -> Run:
    """A check of one release whose archive is in the cache."""
    cache = Cache(tmp_path / "cache")

    def checked(*values: str, files: Mapping[str, str] = WEB, **after: Any) -> ChartsResult:
        archive = packed(files)
        cache.keep(archive)
        record = Record(repository=REPOSITORY, chart="shop", version="1.2.3", sha256=digest(archive))
        (tmp_path / CHARTS_FILE).write_text(records_text([record]))
        return check_charts(tmp_path, {"root": plan(*values, **after)}, None, Means(engine, cache))

    return checked


def told(result: ChartsResult) -> list[tuple[str, str, str]]:
    return [(one.diagnostic.code, one.diagnostic.severity.value, one.diagnostic.message) for one in result.found]


def test_a_chart_that_is_right_is_proven_in_silence(run: Run) -> None:
    result = run("replicas: 2")
    assert (result.found, result.not_checked, result.reason) == ((), (), None)
    assert [one.name for one in result.proven[0].objects] == ["Deployment/web"]


@pytest.mark.parametrize(
    ("values", "code", "severity", "message"),
    [
        (
            "replicas: many",
            "GP605",
            "error",
            'Deployment/web: spec.replicas: its value is not of types "null", "integer"',
        ),
        ("image: a: b", "GP604", "error", "does not render: mapping values are not allowed"),
        ("relicas: 2", "GP606", "warning", "value `relicas` changes nothing that the chart renders"),
        (
            "image: example.com/web",
            "GP607",
            "error",
            "example.com/web has neither a digest nor a tag of a version",
        ),
        ("image: example.com/web:latest", "GP607", "error", "image example.com/web:latest has neither"),
        ("image: bitnami/web:1", "GP607", "error", "is of a publisher whose images are no longer free to pull"),
        ("image: team/web:1", "GP607", "note", "Docker Hub limits pulls without an account: team/web:1"),
        ("resources: null", "GP608", "warning", "says no requests.cpu, requests.memory, limits.memory"),
        ("resources: {limits: null}", "GP608", "warning", "container web of Deployment/web says no limits.memory"),
    ],
)
def test_what_is_wrong_is_a_finding(run: Run, values: str, code: str, severity: str, message: str) -> None:
    found = told(run(values))
    assert [one for one in found if one[:2] == (code, severity) and message in one[2]], found


def test_a_digest_stands_for_a_tag(run: Run) -> None:
    assert told(run(f"image: example.com/web@sha256:{'0' * 64}")) == []


def test_a_schema_of_values_that_refuses_is_a_finding(run: Run) -> None:
    schema = json.dumps({"type": "object", "properties": {"replicas": {"type": "integer"}}})
    found = told(run("replicas: two", files={**WEB, "values.schema.json": schema}))
    assert [one for one in found if one[0] == "GP604" and "shop 1.2.3 refuses its values" in one[2]]


def test_a_kind_without_a_schema_is_not_checked(run: Run) -> None:
    cart = "apiVersion: shop.example.com/v1\nkind: Cart\nmetadata: {name: cart}\n"
    result = run(files={**WEB, "templates/cart.yaml": cart})
    assert [(one.what, one.reason) for one in result.not_checked] == [
        ("objects of charts: Cart of shop.example.com/v1", "no chart brings a schema of their kind that can be read")
    ]


def test_a_chart_that_is_not_at_hand_is_not_proven(run: Run) -> None:
    result = run(version="9.9.9")
    assert [one.what for one in result.not_checked] == ["what 1 chart renders: shop 9.9.9"]
    assert result.reason == "no chart is at hand"
    assert (result.found, [one.diagnostic.code for one in result.unproven]) == ((), ["GP828"])


def test_who_requires_charts_is_told_of_each_that_is_not_proven() -> None:
    unproven = Finding(Diagnostic("GP828", "not proven"), "GP828")
    step = Step(StepName.CHARTS, StepStatus.NOT_RUN, "no chart is at hand")
    report = CheckReport("out", (), (step,), (), None, (), 1.0, unproven=(unproven,))
    assert exit_code(report) == 0
    required = requiring_charts(report)
    assert (exit_code(required), required.steps) == (5, (Step(StepName.CHARTS, StepStatus.FAILED),))
    assert requiring_charts(replace(report, unproven=())).ok


def test_values_that_only_an_apply_knows_are_not_proven(run: Run, tmp_path: Path, engine: Engine) -> None:
    unknown = plan("a: 1")
    unknown["resource_changes"][0]["change"]["after_unknown"]["values"] = [True]
    result = check_charts(tmp_path, {"root": unknown}, None, Means(engine, Cache(None)))
    assert [one.reason for one in result.not_checked] == ["`values` are known after apply"]


def test_a_folder_without_releases_has_nothing_to_prove(tmp_path: Path, engine: Engine) -> None:
    means = Means(engine, Cache(None))
    assert check_charts(tmp_path, {"root": {}}, None, means).reason == "no release of Helm is planned"
    assert check_charts(tmp_path, {}, None, means).reason == "no root has a plan"


def test_records_that_cannot_be_read_stop_it(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / CHARTS_FILE).write_text("{")
    with pytest.raises(DiagnosticsError):
        check_charts(tmp_path, {"root": plan()}, None, Means(engine, Cache(None)))


def test_without_helm_nothing_is_proven(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.charts.engine._has", lambda package: False)
    result = run("replicas: 2")
    assert [one.reason for one in result.not_checked] == [
        'neither the library nor a program of Helm: pip install "groundplan[charts]"'
    ]
    assert [one.diagnostic.code for one in result.unproven] == ["GP828"]
    assert result.reason == result.not_checked[0].reason


def test_a_chart_that_does_not_end_is_stopped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.charts.engine.SECONDS", 2.0)
    forever = "{{ range until 2000000000 }}{{ . | sha256sum }}{{ end }}"
    result = run(files={**WEB, "templates/web.yaml": forever})
    assert told(result) == [("GP604", "error", "shop 1.2.3 does not render: it took longer than 2 s and was stopped")]


def test_a_release_whose_name_is_an_option_is_not_rendered(run: Run) -> None:
    ((code, _, message),) = told(run(name="--post-renderer=/bin/sh"))
    assert (code, "its name is none that Helm takes" in message) == ("GP604", True)


class TestStopped:
    """Of releases that are proven together, one may end the process."""

    @pytest.fixture
    def found(self, tmp_path: Path) -> Callable[..., list[Found]]:
        def made(*templates: str) -> list[Found]:
            charts = []
            for number, text in enumerate(templates):
                path = tmp_path / f"{number}.tgz"
                path.write_bytes(packed({**WEB, "templates/web.yaml": text}))
                release = Release(".", "a", f"shop-{number}", "shops", ChartName(REPOSITORY, "shop", f"{number}.0.0"))
                charts.append(Found(release, Origin.CACHED, path))
            return charts

        return made

    def test_it_alone_has_the_error(self, found: Callable[..., list[Found]], engine: Engine) -> None:
        wrong = DEPLOYMENT.replace("{{ .Values.replicas }}", "many")
        poison, one = engine.prove(found('{{ repeat 2000000000 "aaaa" }}', wrong), "1.35")
        assert "out of memory" in poison.error or "cannot allocate" in poison.error
        assert [path for each in one.objects for path, _ in each.mistakes or ()] == ["spec.replicas"]

    @pytest.mark.parametrize("answer", [b"", b'{"releases": [', b"\xff"])
    def test_an_answer_that_ends_in_the_middle_is_an_error(
        self, found: Callable[..., list[Found]], engine: Engine, monkeypatch: pytest.MonkeyPatch, answer: bytes
    ) -> None:
        monkeypatch.setattr("groundplan.charts.engine._run", lambda *_: Output(answer, b""))
        proven = engine.prove(found(DEPLOYMENT, DEPLOYMENT), "1.35")
        assert all(one.error.startswith("it ended") for one in proven)


def test_a_chart_sees_no_file_and_no_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "word")
    reads = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "{{ .Files.Get "/etc/passwd" }}"}\n'
    assert run(files={**WEB, "templates/web.yaml": reads}).proven[0].objects[0].item["data"] == {"a": ""}
    calls = '{{ env "SECRET" }}'
    assert 'function "env" not defined' in run(files={**WEB, "templates/web.yaml": calls}).proven[0].error


class TestProgram:
    """The `helm` of the PATH, where the library is not installed; here a script in its place."""

    @pytest.fixture
    def program(self, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Engine]:
        library = {"helm_python"}
        monkeypatch.setattr("groundplan.charts.engine._has", lambda name: name not in library)

        def made(script: str) -> Engine:
            path = tmp_path / "helm"
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            return replace(engine, helm=str(path))

        return made

    def prove(self, engine: Engine, tmp_path: Path) -> Sequence[Any]:
        (tmp_path / "shop.tgz").write_bytes(packed(WEB))
        release = Release(".", "a", "shop", "shops", ChartName(REPOSITORY, "shop", "1.2.3"), ("replicas: 2",))
        release = replace(release, sets=(("literal", "a=b"),))
        return engine.prove([Found(release, Origin.CACHED, tmp_path / "shop.tgz")], "1.35")

    def test_what_it_renders_is_proven(self, program: Callable[[str], Engine], tmp_path: Path) -> None:
        engine = program('echo "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {words: 1}"')
        (proven,) = self.prove(engine, tmp_path)
        assert [one.mistakes for one in proven.objects] == [
            (("data.words", 'its value is not of types "null", "string"'),)
        ]
        assert proven.ignored is None

    def test_it_is_told_name_namespace_version_and_values(
        self, program: Callable[[str], Engine], tmp_path: Path
    ) -> None:
        (proven,) = self.prove(program('echo "$@" >&2'), tmp_path)
        before, _, after = proven.error.partition(" -- ")
        options = "--namespace=shops --kube-version=1.35 --include-crds"
        assert re.fullmatch(rf"template {options} --values=\S+/values-0\.yaml --set-literal=a=b", before)
        assert after == f"shop {tmp_path}/shop.tgz"

    def test_what_it_says_is_why_it_does_not_render(self, program: Callable[[str], Engine], tmp_path: Path) -> None:
        (proven,) = self.prove(program('echo "Error: no such value" >&2; exit 1'), tmp_path)
        assert proven.error == "Error: no such value"


RELEASE = """\
terraform {
  required_version = ">= 1.6"
  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = "3.1.1"
    }
  }
}

resource "helm_release" "shop" {
  name  = "shop"
  chart = "./chart"

  values = [yamlencode({ replicas = "many" })]
}
"""


@pytest.mark.slow
def test_a_check_of_a_folder_has_the_findings_of_its_own_chart(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(RELEASE)
    for name, text in WEB.items():
        (tmp_path / "chart" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chart" / name).write_text(text)
    with Checker(steps=frozenset({StepName.PLAN, StepName.CHARTS})) as checker:
        report = checker.check(tmp_path)
    (finding,) = [one for one in report.findings if one.check_id.startswith("GP6")]
    assert finding.check_id == "GP605"
    assert finding.diagnostic.message.startswith("shop: Deployment/web: spec.replicas: ")
    assert finding.diagnostic.place is not None
    assert finding.diagnostic.place.line == 11
    assert {step.name: step.status.value for step in report.steps}[StepName.CHARTS] == "failed"
    assert exit_code(report) == 1
