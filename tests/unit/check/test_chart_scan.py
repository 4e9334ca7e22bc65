"""checkov's word on objects of charts: what is accepted, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from groundplan.charts.engine import Proven, Rendered
from groundplan.charts.find import Found, Origin
from groundplan.charts.releases import ChartName, Release
from groundplan.check.chart_scan import (
    accepted,
    bare_skip,
    counts,
    judged,
    objects_of,
    scanned,
    unscanned,
    without_reason,
)
from groundplan.check.checkov import CheckovError, Record, Scan
from groundplan.check.run import Checker
from tests.unit.check.test_charts import RELEASE, WEB

AUTOSCALERS = "https://kubernetes.github.io/autoscaler"


def proven(chart: str = "shop", *items: dict[str, Any], repository: str = AUTOSCALERS) -> Proven:
    release = Release("root", "helm_release.shop", "shop", "shops", ChartName(repository, chart, "1.0.0"))
    return Proven(Found(release, Origin.CACHED), objects=tuple(Rendered("", item, ()) for item in items))


def scan(*records: Record) -> Scan:
    return Scan(records, tuple({record.address for record in records}))


def failed(check: str, address: str = "Deployment.shops.web", file: str = "0.0.yaml") -> Record:
    return Record("failed", check, address, file, name="a name")


def policy(pod_selector: list[Any], **spec: Any) -> dict[str, Any]:
    after = {"metadata": [{"namespace": "shops"}], "spec": [{"pod_selector": pod_selector, **spec}]}
    return {"resource_changes": [{"type": "kubernetes_network_policy_v1", "change": {"after": after}}]}


def test_a_failed_check_is_told_of_the_object_and_its_release() -> None:
    (one,) = judged(scan(failed("CKV_K8S_20")), [proven()], {})
    assert one.record.status == "failed"
    assert one.diagnostic.message == "CKV_K8S_20 a name: Deployment/web of shop"
    assert one.diagnostic.address == "helm_release.shop"


def test_what_is_accepted_of_every_chart_or_of_one_is_skipped_with_its_reason() -> None:
    found = judged(scan(failed("CKV_K8S_43"), failed("CKV_K8S_9", file="1.0.yaml")), [proven(), proven("dcgm")], {})
    assert [one.record.status for one in found] == ["skipped", "failed"]
    (one,) = judged(scan(failed("CKV_K8S_9")), [proven("cluster-autoscaler")], {})
    assert one.record.reason == "Nobody connects to it but Prometheus: it is alive or it is restarted"
    (other,) = judged(scan(failed("CKV_K8S_9", "DaemonSet.shops.web")), [proven("cluster-autoscaler")], {})
    assert other.record.status == "failed"


def test_a_chart_of_the_same_name_from_elsewhere_has_no_acceptances() -> None:
    for repository in ("https://example.com", ""):
        (one,) = judged(scan(failed("CKV_K8S_9")), [proven("cluster-autoscaler", repository=repository)], {})
        assert one.record.status == "failed"
        (any_,) = judged(scan(failed("CKV_K8S_43")), [proven("cluster-autoscaler", repository=repository)], {})
        assert any_.record.status == "skipped"


@pytest.mark.parametrize(
    ("types", "status"), [(["Egress"], "failed"), (["Egress", "Ingress"], "skipped"), (None, "skipped")]
)
def test_a_policy_for_what_goes_out_closes_no_namespace(types: list[str] | None, status: str) -> None:
    plans = {"root": policy([{}], policy_types=types)}
    (one,) = judged(scan(failed("CKV2_K8S_6", "Pod.shops.web")), [proven()], plans)
    assert one.record.status == status


@pytest.mark.parametrize(
    ("selector", "status"), [([{}], "skipped"), ([], "skipped"), ([{"match_labels": {"a": "b"}}], "failed")]
)
def test_a_policy_for_the_whole_namespace_may_be_a_resource_of_terraform(selector: list[Any], status: str) -> None:
    (one,) = judged(scan(failed("CKV2_K8S_6", "Pod.shops.web")), [proven()], {"root": policy(selector)})
    assert one.record.status == status
    (elsewhere,) = judged(scan(failed("CKV2_K8S_6", "Pod.other.web")), [proven()], {"root": policy(selector)})
    assert elsewhere.record.status == "failed"


def test_an_annotation_that_says_no_reason_is_found() -> None:
    skipped = Record("skipped", "CKV_K8S_20", "Deployment.shops.web", "0.yaml", reason="No comment provided")
    (one,) = without_reason(judged(scan(skipped), [proven()], {}))
    assert bare_skip(one).code == "GP602"


def test_what_was_counted() -> None:
    records = scan(failed("CKV_K8S_20"), failed("CKV_K8S_43"), Record("passed", "CKV_K8S_1", "Pod.a.b", "0.yaml"))
    result = counts(judged(records, [proven()], {}), records)
    assert (result.passed, result.failed, result.skipped, result.resources) == (1, 1, 1, 2)


def test_each_object_has_a_file() -> None:
    item = {"kind": "Pod"}
    assert objects_of([proven(), proven("a", item, item)]) == {"1.0.yaml": item, "1.1.yaml": item}


def test_an_object_that_a_cluster_names_has_a_name_to_scan() -> None:
    (item,) = objects_of([proven("a", {"kind": "Job", "metadata": {"generateName": "load-"}})]).values()
    assert item == {"kind": "Job", "metadata": {"generateName": "load-", "name": "load-"}}


def test_an_object_that_was_not_scanned_is_told() -> None:
    items = [{"kind": "Pod", "metadata": {"name": name}} for name in ("a", "b")]
    ((_, told),) = unscanned(Scan((), ("0.1.yaml:Pod.default.b",)), [proven("shop", *items)], {})
    assert (told.code, told.message) == ("GP603", "checkov cannot read objects of shop: Pod/a")


def test_objects_that_end_checkov_are_told_of_their_release_alone() -> None:
    def scan(objects: Mapping[str, Mapping[str, Any]]) -> Scan:
        if any(item["kind"] == "Poison" for item in objects.values()):
            raise CheckovError("Traceback\nValueError: no")
        return Scan((), tuple(f"{name}:Pod.default.a" for name in objects))

    releases = [proven("shop", {"kind": "Poison"}, {"kind": "Pod"}), proven("other", {"kind": "Pod"}), proven()]
    result, failed = scanned(scan, releases)
    assert (result.resources, failed) == (("1.0.yaml:Pod.default.a",), {0: "ValueError: no"})
    ((_, told),) = unscanned(result, releases, failed)
    assert (told.code, told.message) == ("GP603", "checkov failed on the objects of shop: ValueError: no")
    assert scanned(scan, releases[:1])[0] == Scan()


def test_a_scan_that_fails_on_no_release_fails() -> None:
    def scan(objects: Mapping[str, Mapping[str, Any]]) -> Scan:
        if len(objects) > 1:
            raise CheckovError("too much")
        return Scan()

    with pytest.raises(CheckovError):
        scanned(scan, [proven("shop", {"kind": "Pod"}), proven("other", {"kind": "Pod"})])


def test_every_acceptance_says_why_and_stands_once() -> None:
    assert all(one.reason and one.check.startswith("CKV") for one in accepted())
    twice = Counter((one.repository, one.chart, one.check, one.resource) for one in accepted())
    assert all((one.repository == "*") == (one.chart == "*") for one in accepted())
    assert [key for key, count in twice.items() if count > 1] == []
    general = {one.check for one in accepted() if one.chart == "*"}
    assert not [one for one in accepted() if one.chart != "*" and one.check in general]


@pytest.mark.slow
def test_a_check_scans_what_charts_render(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "main.tf").write_text(RELEASE.replace('"many"', "2"))
    for name, text in WEB.items():
        (tmp_path / "chart" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chart" / name).write_text(text)
    report = checker.check(tmp_path)
    found = {one.check_id for one in report.findings if one.diagnostic.code == "GP601"}
    assert {"CKV_K8S_20", "CKV_K8S_22", "CKV2_K8S_6"} <= found
    assert not {"CKV_K8S_11", "CKV_K8S_43"} & found
    assert report.checkov is not None
    assert report.checkov.charts.failed == len(found)
    assert {one.check_id for one in report.checkov.skips} >= {"CKV_K8S_11", "CKV_K8S_43"}
    assert {step.name.value: step.status.value for step in report.steps}["charts"] == "failed"


POD = """\
apiVersion: v1
kind: Pod
metadata: {%s}
spec:
  containers:
  - name: web
    image: example.com/web:1
    args: ["{{ `{{ .Values.a }}{{- .Release.b }}` }}"]
"""


@pytest.mark.slow
def test_no_object_of_a_chart_is_left_out_in_silence(tmp_path: Path, checker: Checker) -> None:
    """Templates in texts, an object without a name, a key that YAML does not take, and a skip without a reason."""
    (tmp_path / "main.tf").write_text(RELEASE.replace('replicas = "many"', ""))
    long = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: long}}\ndata:\n  ? {'a' * 1100}\n  : b\n"
    skip = "name: skip, annotations: {checkov.io/skip1: CKV_K8S_20}"
    files = {
        "Chart.yaml": WEB["Chart.yaml"],
        "templates/texts.yaml": POD % "name: texts",
        "templates/made.yaml": POD % "generateName: made-",
        "templates/skip.yaml": POD % skip,
        "templates/long.yaml": long,
    }
    for name, text in files.items():
        (tmp_path / "chart" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "chart" / name).write_text(text)
    report = checker.check(tmp_path)
    failed = [one.diagnostic.message for one in report.findings if one.check_id == "CKV_K8S_20"]
    assert [message.rpartition(": ")[2] for message in failed] == ["Pod/made- of shop", "Pod/texts of shop"]
    told = {one.diagnostic.code: one.diagnostic.message for one in report.findings}
    assert told["GP603"] == "checkov cannot read objects of shop: ConfigMap/long"
    assert "Pod/skip" in told["GP602"]
