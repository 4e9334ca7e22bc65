"""Each own rule on what breaks it and on what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.check.rules import RULES, Subject
from groundplan.check.rules.state_lock import StateLock
from groundplan.diagnostics import CODES, Place
from groundplan.hcl.sources import Sources
from tests.unit.check.environments import VERSIONS, write
from tests.unit.check.planned import breaches, planned


def test_codes_are_registered_and_used_once() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    before_terraform = {"GP906", "GP909", "GP910"}  # `terraform/screen.py`
    assert {*codes, *before_terraform} == {code for code in CODES if "GP900" < code < "GP921"}
    assert all(rule.title and rule.remedy for rule in RULES)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('resource "a" "b" {\n  master_password = "hunter22"\n}', ["`master_password` is a literal"]),
        ('resource "a" "b" {\n  nested {\n    api_key = "abcd1234"\n  }\n}', ["`api_key` is a literal"]),
        ('variable "db_password" {\n  default = "hunter22"\n}', ["`db_password` is a literal"]),
        ('variable "name" {\n  default = "hunter22"\n}', []),
        ('resource "a" "b" {\n  password_wo = ephemeral.x.y.result\n}', []),
        ('resource "a" "b" {\n  password = "${var.p}"\n}', []),
        ('resource "a" "b" {\n  password = ""\n  manage_master_user_password = true\n}', []),
        ('resource "a" "b" {\n  secret_name = "db/main"\n  token_ttl = "3600"\n}', []),
    ],
)
def test_secret_literal(tmp_path: Path, source: str, found: list[str]) -> None:
    assert breaches("GP901", write(tmp_path, {"10-a/main.tf": source})) == found


def test_secret_in_tfvars(tmp_path: Path) -> None:
    folder = write(tmp_path, {"10-a/x.auto.tfvars": 'grafana_password = "hunter22"\n'})
    assert breaches("GP901", folder) == ["`grafana_password` is a literal"]


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (planned("aws_security_group", ingress=[{"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}]), 1),
        (planned("aws_security_group", ingress=[{"ipv6_cidr_blocks": ["::/0"], "cidr_blocks": None}]), 1),
        (planned("aws_security_group", egress=[{"cidr_blocks": ["0.0.0.0/0"]}]), 0),
        (planned("aws_security_group_rule", type="ingress", cidr_blocks=["0.0.0.0/0"]), 1),
        (planned("aws_security_group_rule", type="egress", cidr_blocks=["0.0.0.0/0"]), 0),
        (planned("aws_vpc_security_group_ingress_rule", cidr_ipv4="0.0.0.0/0"), 1),
        (planned("aws_vpc_security_group_egress_rule", cidr_ipv4="0.0.0.0/0"), 0),
        (
            planned(
                "aws_eks_cluster", vpc_config=[{"endpoint_public_access": True, "public_access_cidrs": ["0.0.0.0/0"]}]
            ),
            1,
        ),
        (
            planned(
                "aws_eks_cluster", vpc_config=[{"endpoint_public_access": False, "public_access_cidrs": ["0.0.0.0/0"]}]
            ),
            0,
        ),
        (planned("google_compute_firewall", direction="INGRESS", source_ranges=["0.0.0.0/0"]), 1),
        (planned("google_compute_firewall", source_ranges=["0.0.0.0/0"], deny=[{"protocol": "all"}]), 0),
    ],
)
def test_open_ingress(tmp_path: Path, plan: dict[str, Any], found: int) -> None:
    assert len(breaches("GP902", tmp_path, plan)) == found


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ('"6.69.1"', []),
        ('"= 6.69.1"', []),
        ('"~> 6.69"', ['provider aws may be any version "~> 6.69"']),
        ('">= 6.0.0"', ['provider aws may be any version ">= 6.0.0"']),
        (None, ["provider aws has no version"]),
    ],
)
def test_provider_pin(tmp_path: Path, version: str | None, found: list[str]) -> None:
    line = f"version = {version}" if version else ""
    folder = write(tmp_path, {"10-a/versions.tf": VERSIONS.replace('version = "6.69.1"', line)})
    assert breaches("GP903", folder) == found


def test_a_module_may_ask_for_a_range_and_has_no_backend(tmp_path: Path) -> None:
    module = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = ">= 6.0" }\n  }\n}\n'
    folder = write(tmp_path, {"10-a/versions.tf": module})
    assert breaches("GP903", folder) == breaches("GP904", folder) == []


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ('backend "local" {}', []),
        ('backend "s3" {\n    bucket = "b"\n    use_lockfile = true\n  }', []),
        ('backend "s3" {\n    bucket = "b"\n    dynamodb_table = "t"\n  }', ["the state in S3 is not locked"]),
        ('backend "s3" {\n    use_lockfile = false\n  }', ["the state in S3 is not locked"]),
        ('backend "gcs" {\n    bucket = "b"\n  }', []),
        ("", ["the root names no backend: its state is a local file by accident"]),
    ],
)
def test_state_lock(tmp_path: Path, backend: str, found: list[str]) -> None:
    root = f'terraform {{\n  {backend}\n}}\nprovider "aws" {{}}\n'
    assert breaches("GP904", write(tmp_path, {"10-a/versions.tf": root})) == found


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"alb.tf": 'data "aws_lb" "a" {}\n', "versions.tf": "\nterraform {}\n"}, Place("10-a/versions.tf", 2)),
        ({"alb.tf": 'data "aws_lb" "a" {}\n'}, Place("10-a/zz_provider.tf", 1)),
        (
            {"a.tf": "terraform {\n}\n", "b.tf": 'terraform {\n  required_version = ">= 1.11"\n}\n'},
            Place("10-a/b.tf", 1),
        ),
    ],
)
def test_a_missing_backend_is_missed_where_it_would_stand(tmp_path: Path, files: dict[str, str], place: Place) -> None:
    names = {f"10-a/{name}": text for name, text in (files | {"zz_provider.tf": 'provider "aws" {}\n'}).items()}
    folder = write(tmp_path, names)
    (violation,) = StateLock().check(Subject(Sources(folder, ("10-a",)), {}, rendered=False))
    assert violation.place is not None
    assert (violation.place.file, violation.place.line) == (place.file, place.line)


def test_force_destroy(tmp_path: Path) -> None:
    assert breaches("GP905", tmp_path, planned("aws_s3_bucket", force_destroy=True)) == ["force_destroy is on"]
    assert breaches("GP905", tmp_path, planned("aws_ecr_repository", force_delete=True)) == ["force_delete is on"]
    assert breaches("GP905", tmp_path, planned("aws_s3_bucket", force_destroy=False)) == []
    assert breaches("GP905", tmp_path, planned("aws_iam_user", force_destroy=True)) == []


def test_deletion_protection(tmp_path: Path) -> None:
    assert breaches("GP907", tmp_path, planned("aws_db_instance", deletion_protection=False))
    assert breaches("GP907", tmp_path, planned("aws_db_instance", deletion_protection=None))
    assert not breaches("GP907", tmp_path, planned("aws_db_instance", deletion_protection=True))
    assert not breaches("GP907", tmp_path, planned("aws_db_instance"))
    assert not breaches("GP907", tmp_path, planned("google_sql_database_instance", deletion_protection=None))
    assert breaches("GP907", tmp_path, planned("google_sql_database_instance", deletion_protection=False))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('data "google_client_config" "this" {}', ["`data.google_client_config.this` writes a token into the state"]),
        (
            'data "aws_eks_cluster_auth" "a" {\n  name = "x"\n}',
            ["`data.aws_eks_cluster_auth.a` writes a token into the state"],
        ),
        ('ephemeral "google_client_config" "this" {}', []),
        ('data "google_project" "this" {}\ndata "aws_eks_cluster" "this" {\n  name = "x"\n}', []),
    ],
)
def test_token_in_state(tmp_path: Path, source: str, found: list[str]) -> None:
    assert breaches("GP908", write(tmp_path, {"10-a/main.tf": source})) == found


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        ('{ source = "hashicorp/aws" /* version = "6.69.1" */ }', ["provider aws has no version"]),
        ('{\n  source = "hashicorp/aws"\n  # version = "6.69.1"\n}', ["provider aws has no version"]),
        ('{ "source" : "hashicorp/aws", "version" : "6.69.1" }', []),
        ('{ version = ">= 6.0", source = "hashicorp/aws" }', ['provider aws may be any version ">= 6.0"']),
        ('"6.69.1"', []),
        ('"~> 6.0"', ['provider aws may be any version "~> 6.0"']),
    ],
)
def test_what_a_comment_says_pins_nothing(tmp_path: Path, requirement: str, found: list[str]) -> None:
    root = f'terraform {{\n  required_providers {{\n    aws = {requirement}\n  }}\n}}\nprovider "aws" {{}}\n'
    assert breaches("GP903", write(tmp_path, {"10-a/versions.tf": root})) == found


def test_pins_and_locks_in_json_and_override_files(tmp_path: Path) -> None:
    loose = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 6.0"}}}
    unlocked = {"backend": {"s3": {"bucket": "b", "use_lockfile": False}}}
    files = {
        "10-a/main.tf.json": json.dumps({"terraform": loose, "provider": {"aws": {}}}),
        "10-a/z_override.tf.json": json.dumps({"terraform": unlocked}),
    }
    folder = write(tmp_path, files)
    assert breaches("GP903", folder) == ['provider aws may be any version ">= 6.0"']
    assert breaches("GP904", folder) == ["the state in S3 is not locked"]
    write(folder, {"10-a/z_override.tf.json": json.dumps({"terraform": {"backend": {"s3": {"use_lockfile": True}}}})})
    assert breaches("GP904", folder) == []
