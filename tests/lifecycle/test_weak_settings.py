"""A spec that turns off what keeps data, on both clouds: each choice is found at its value, wide ranges fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.allowances import allowances
from groundplan.app.pipeline import resolve_spec
from groundplan.check.report import CheckReport, StepName, exit_code
from groundplan.check.run import Checker
from groundplan.cli import run
from groundplan.clouds import CLOUDS
from groundplan.diagnostics import Severity
from groundplan.environment.write import write

PLACES = {
    "aws": '{provider: aws, region: us-east-1, account: "111122223333"}',
    "gcp": "{provider: gcp, region: us-central1, account: example-project}",
}
SPEC = """\
apiVersion: groundplan/v1
name: weak
owner: ml-platform
cloud: CLOUD
network: {flow_logs_retention_days: 7}
cluster:
  deletion_protection: false
  logs_retention_days: 30
  gcp: {binary_authorization: false}
  aws: {admin_role_arns: []}
  endpoint:
    public_cidrs:
      - 203.0.113.0/24
      - 50.0.0.0/8
      - 52.0.0.0/9
      - 198.18.0.0/16
      - 198.19.0.0/16
serving: {pools: {api: {vcpus: 2, nodes: {max: 1}, reads: [scratch]}}}
storage:
  buckets:
    kept: {}
    scratch:
      versioning: false
tracking:
  mlflow:
    image: registry.example.com/ml/mlflow:v3.17.0
    database:
      high_availability: false
      backup_days: 1
      deletion_protection: false
"""
STEPS = frozenset({StepName.VALIDATE, StepName.PLAN, StepName.RULES})
EVERYWHERE = {
    ("GP907", "cluster.deletion_protection"),
    ("GP907", "tracking.mlflow.database.deletion_protection"),
    ("GP912", "storage.buckets.scratch.versioning"),
    ("GP913", "tracking.mlflow.database.high_availability"),
    ("GP914", "tracking.mlflow.database.backup_days"),
    ("GP918", "cluster.logs_retention_days"),
    ("GP918", "network.flow_logs_retention_days"),
    ("GP919", "tracking.mlflow.image"),
}
WARNED = {"aws": EVERYWHERE, "gcp": EVERYWHERE | {("GP916", "cluster.gcp.binary_authorization")}}
WIDE = {
    ("GP911", "cluster.endpoint.public_cidrs[1]"),
    ("GP911", "cluster.endpoint.public_cidrs[2]"),
    ("GP911", "cluster.endpoint.public_cidrs[3]"),
}
ALLOWED = ("public-range:50.0.0.0/8", "public-range:52.0.0.0/9", "public-range:198.18.0.0/15")


def found(report: CheckReport, severity: Severity) -> set[tuple[str, str | None]]:
    return {(d.code, d.path) for d in report.diagnostics if d.severity is severity}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_choice_is_found_at_its_value(cloud: str, tmp_path: Path) -> None:
    spec, out = tmp_path / "groundplan.yaml", tmp_path / "out"
    spec.write_text(SPEC.replace("CLOUD", PLACES[cloud]), encoding="utf-8")
    resolved = resolve_spec(spec)
    warned = {(notice.code, notice.path) for notice in resolved.notices if notice.code == "GP911"}
    assert warned == {("GP911", f"cluster.endpoint.public_cidrs[{index}]") for index in (1, 2)}
    write(resolved.render(out), out)

    with Checker(steps=STEPS) as checker:
        report = checker.check(out)
    assert found(report, Severity.ERROR) == WIDE
    assert found(report, Severity.WARNING) == WARNED[cloud]
    assert exit_code(report) == 1
    lines = (out / "groundplan.yaml").read_text(encoding="utf-8").splitlines()
    for diagnostic in report.diagnostics:
        assert diagnostic.place is not None
        key = (diagnostic.path or "").rpartition(".")[2].partition("[")[0]
        if diagnostic.code not in ("GP911", "GP917"):
            assert f"{key}:" in lines[diagnostic.place.line - 1]

    with Checker(steps=STEPS, allow=allowances(ALLOWED)) as checker:
        allowed = checker.check(out)
    assert found(allowed, Severity.ERROR) == set()
    assert found(allowed, Severity.NOTE) >= WIDE
    assert set(allowed.allowed) == set(ALLOWED)
    assert exit_code(allowed) == 0


def test_a_word_that_makes_no_sense_stops_before_anything_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(tmp_path), "--allow", "public-rang:50.0.0.0/8"]) == 2
    assert "did you mean `public-range`? known: public-range, unknown-range" in capsys.readouterr().err
