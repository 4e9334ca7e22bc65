"""Whole checks of folders that somebody else wrote: findings have their places, and nothing ends at what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.check.report import CheckReport, Finding, exit_code
from groundplan.check.run import Checker
from tests.unit.check.environments import write

pytestmark = pytest.mark.slow


def named(report: CheckReport, check_id: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.check_id == check_id]


UNKNOWN = """\
terraform {
  required_providers {
    aws     = { source = "hashicorp/aws", version = "4.67.0" }
    datadog = { source = "DataDog/datadog", version = "3.30.0" }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "datadog_monitor" "cpu" {
  name = "cpu"
}

resource "aws_security_group" "open" {
  name = "open"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> CheckReport:
    return checker.check(write(tmp_path_factory.mktemp("unknown"), {"main.tf": UNKNOWN}))


def test_a_missing_schema_says_what_it_leaves_open(report: CheckReport) -> None:
    (missing,) = named(report, "GP507")
    assert missing.diagnostic.message == (
        "no schema for provider datadog/datadog; not proven: the arguments of datadog_monitor.cpu; "
        "the rest of the root is checked"
    )
    assert missing.diagnostic.place is not None
    assert UNKNOWN.splitlines()[missing.diagnostic.place.line - 1] == 'resource "datadog_monitor" "cpu" {'
    assert exit_code(report) == 5


def test_all_else_is_checked_with_it(report: CheckReport) -> None:
    assert [(root.valid, root.planned, root.changes) for root in report.roots] == [(True, True, 2)]
    assert named(report, "GP902") and named(report, "CKV_AWS_24")
    assert [one.what for one in report.not_checked if "rules" in one.what or "plan" in one.what] == []


def test_another_major_than_asked_for_is_named(report: CheckReport) -> None:
    said = {(one.what, one.reason) for one in report.not_checked}
    assert ("arguments of hashicorp/aws 4.67.0 in .", "the schema nearest to it is that of 5.100.0") in said


def test_every_finding_has_a_place_in_the_folder(report: CheckReport) -> None:
    assert [f.check_id for f in report.findings if f.diagnostic.place is None] == []


def test_the_source_of_a_root_with_registry_modules_is_scanned(tmp_path: Path, checker: Checker) -> None:
    text = (
        'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n\n'
        'resource "aws_sns_topic" "here" {}\n'
    )
    report = checker.check(write(tmp_path / "registry", {"main.tf": text}))
    (module,) = named(report, "GP906")
    assert module.diagnostic.hint is not None and "terraform init -backend=false" in module.diagnostic.hint
    assert [finding.diagnostic.address for finding in named(report, "CKV_AWS_26")] == ["aws_sns_topic.here"]
    assert exit_code(report) == 1


def test_a_path_that_looks_like_a_registry_is_not_followed(tmp_path: Path, checker: Checker) -> None:
    write(tmp_path / "outside", {"main.tf": 'resource "aws_sns_topic" "elsewhere" {}\n'})
    for source in ("../outside", str(tmp_path / "outside"), "..//outside/x", "./../outside"):
        report = checker.check(write(tmp_path / "env", {"main.tf": f'module "m" {{\n  source = "{source}"\n}}\n'}))
        assert named(report, "GP906")
        assert named(report, "CKV_AWS_26") == []
