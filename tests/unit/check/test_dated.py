"""Checks of checkov whose lists age, held against what the cloud says by the day of the check."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from groundplan.check.checkov import Record
from groundplan.check.dated import Judge
from groundplan.check.report import CheckReport
from groundplan.check.run import Checker
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.hcl.sources import Sources
from tests.unit.check.environments import VERSIONS, write

TODAY = date(2026, 11, 29)


def cluster(version: str) -> str:
    return f'resource "aws_eks_cluster" "this" {{\n  version = {version}\n}}\n'


def judged(folder: Path, record: Record, plan: dict[str, Any] | None = None, today: date | None = TODAY) -> Record:
    return Judge(Sources(folder, (".",)), {".": plan} if plan else {}, today).judged(record, ".")


def failed(check: str, address: str, file: str = "main.tf") -> Record:
    return Record("failed", check, address, file, "as checkov calls it", 1)


@pytest.mark.parametrize(
    ("version", "before", "after"),
    [
        ('"1.36"', "failed", "skipped"),
        ('"1.35"', "passed", "passed"),
        ('"1.31"', "passed", "failed"),
        ('"1.29"', "passed", "failed"),
        ('"1.28"', "failed", "failed"),
        ('"1.99"', "failed", "failed"),
        ("var.version", "failed", "failed"),
    ],
)
def test_versions_of_eks(tmp_path: Path, version: str, before: Any, after: str) -> None:
    folder = write(tmp_path, {"main.tf": cluster(version)})
    record = Record(before, "CKV_AWS_339", "aws_eks_cluster.this", "main.tf")
    assert judged(folder, record).status == after


def test_the_day_of_the_check_decides(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": cluster('"1.36"')})
    record = failed("CKV_AWS_339", "aws_eks_cluster.this")
    assert judged(folder, record, today=date(2028, 8, 1)).status == "skipped"
    assert judged(folder, record, today=date(2028, 8, 2)).status == "failed"
    assert judged(folder, record, today=None).status == "skipped"


def test_a_reason_says_what_is_newer(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": cluster('"1.36"')})
    reason = judged(folder, failed("CKV_AWS_339", "aws_eks_cluster.this")).reason
    assert reason is not None
    assert "checkov's list is older: EKS' support of Kubernetes 1.36 until 2028-08-02 (eks-calendar, as of" in reason
    folder = write(tmp_path / "old", {"main.tf": "\n" + cluster('"1.30"')})
    raised = judged(folder, Record("passed", "CKV_AWS_339", "aws_eks_cluster.this", "main.tf"))
    assert "1.30: EKS' support of Kubernetes 1.30 ended on 2026-07-23" in raised.name and raised.line == 2


def test_a_plan_knows_what_the_source_leaves_open(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": cluster("each.value")})
    changes = [
        {"address": f'aws_eks_cluster.this["{key}"]', "change": {"after": {"version": version}}}
        for key, version in (("a", "1.36"), ("b", "1.36"), ("c", "1.99"))
    ]
    record = failed("CKV_AWS_339", "aws_eks_cluster.this")
    assert judged(folder, record, {"resource_changes": changes[:2]}).status == "skipped"
    assert judged(folder, record, {"resource_changes": changes}).status == "failed"
    one = failed("CKV_AWS_339", 'aws_eks_cluster.this["c"]')
    assert judged(folder, one, {"resource_changes": changes}).status == "failed"


def test_a_module_that_nobody_calls_is_judged_by_its_defaults(tmp_path: Path) -> None:
    files = {
        "modules/eks/main.tf": cluster("var.version"),
        "modules/eks/v.tf": 'variable "version" {\n  default = "1.36"\n}\n',
    }
    sources = Sources(write(tmp_path, files), ())
    record = failed("CKV_AWS_339", "aws_eks_cluster.this", "modules/eks/main.tf")
    assert Judge(sources, {}, TODAY).judged(record, None).status == "skipped"


def test_other_checks_and_skips_stay_as_they_are(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": cluster('"1.30"')})
    for record in (
        failed("CKV_AWS_58", "aws_eks_cluster.this"),
        Record("skipped", "CKV_AWS_339", "aws_eks_cluster.this", "main.tf", reason="ours"),
    ):
        assert judged(folder, record) == record


def test_tables_are_read_and_agree_with_the_catalog() -> None:
    found = {name: cloud.extension("dated") for name in CLOUDS if (cloud := find_cloud(name))}
    rows = [row for module in found.values() if module for row in module.DATED]
    keys = [(row.check, row.value) for row in rows]
    assert len(keys) == len(set(keys)) > 20
    assert all(row.check.startswith("CKV") and row.source for row in rows)


KINDS = """\
resource "aws_eks_cluster" "new" {
  name     = "new"
  role_arn = "arn:aws:iam::210987654321:role/x"
  version  = "1.36"
  vpc_config {
    subnet_ids = ["subnet-0a0a0a0a", "subnet-0b0b0b0b"]
  }
}

resource "aws_eks_cluster" "old" {
  name     = "old"
  role_arn = "arn:aws:iam::210987654321:role/x"
  version  = "1.30"
  vpc_config {
    subnet_ids = ["subnet-0a0a0a0a", "subnet-0b0b0b0b"]
  }
}

resource "aws_opensearch_domain" "search" {
  domain_name = "search"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"
  }
}

resource "aws_api_gateway_domain_name" "api" {
  domain_name     = "api.example.com"
  security_policy = "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09"
}

resource "aws_lb_listener" "weak" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:210987654321:loadbalancer/app/a/0123456789abcdef"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09"
  certificate_arn   = "arn:aws:acm:us-east-1:210987654321:certificate/0a0a0a0a-1111-2222-3333-444444444444"
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:210987654321:targetgroup/a/0123456789abcdef"
  }
}

resource "aws_lambda_function" "old" {
  function_name = "old"
  role          = "arn:aws:iam::210987654321:role/x"
  handler       = "index.handler"
  runtime       = "nodejs18.x"
  filename      = "code.zip"
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> CheckReport:
    folder = write(tmp_path_factory.mktemp("kinds"), {"main.tf": KINDS, "versions.tf": VERSIONS})
    return checker.check(folder, today=TODAY)


@pytest.mark.slow
def test_checkov_is_overruled_both_ways(report: CheckReport) -> None:
    assert report.checkov is not None
    assert all(root.planned for root in report.roots), report.diagnostics
    dropped = {(skip.check_id, skip.address) for skip in report.checkov.skips}
    assert dropped == {
        ("CKV_AWS_339", "aws_eks_cluster.new"),
        ("CKV_AWS_228", "aws_opensearch_domain.search"),
        ("CKV_AWS_206", "aws_api_gateway_domain_name.api"),
    }
    found = {(finding.check_id, finding.diagnostic.address) for finding in report.findings}
    assert not dropped & found
    raised = {
        ("CKV_AWS_339", "aws_eks_cluster.old"),
        ("CKV_AWS_103", "aws_lb_listener.weak"),
        ("CKV_AWS_363", "aws_lambda_function.old"),
    }
    assert raised <= found


@pytest.mark.slow
def test_what_is_raised_has_its_place(report: CheckReport) -> None:
    lines = KINDS.splitlines()
    (found,) = (finding for finding in report.findings if finding.check_id == "CKV_AWS_363")
    assert found.diagnostic.place is not None
    assert lines[found.diagnostic.place.line - 1] == 'resource "aws_lambda_function" "old" {'
    assert "ended on 2025-09-01" in found.diagnostic.message
