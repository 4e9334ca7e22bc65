"""Secrets that are put together, renamed or laid into other texts, and what only looks like one."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.check.rules.secret_names import holds_secrets
from tests.unit.check.environments import write
from tests.unit.check.planned import ROOT, breaches, planned

VALUE = "hunter22hunter22"
ENTRY = {"name": "DB_PASSWORD", "value": VALUE}
SECRET = {"kind": "Secret", "stringData": {"a": VALUE}}


@pytest.mark.parametrize(
    "expression",
    [
        '"hunter22"',
        'join("", ["hun", "ter22"])',
        '"${"hunter22"}"',
        '"${local.half}ter22"',
        "local.whole",
        "local.nested",
        "var.with_default",
        "var.from_tfvars",
        'var.with_default == "" ? null : "hunter22"',
        'base64decode("aHVudGVyMjI=")',
        'format("%s-%s", local.half, "ter22")',
        "<<-EOT\n    hunter22\n  EOT",
        'sensitive("hunter22")',
        "12345678",
        'file("${path.module}/password.txt")',
        "terraform_data.kept.output",
    ],
)
def test_what_is_made_of_literals(tmp_path: Path, expression: str) -> None:
    text = f"""
locals {{
  half   = "hun"
  whole  = "hunter22"
  nested = upper(local.whole)
}}
variable "with_default" {{
  default = "hunter22"
}}
variable "from_tfvars" {{}}
resource "terraform_data" "kept" {{
  input = join("", [local.half, "ter22"])
}}
resource "aws_db_instance" "x" {{
  password = {expression}
}}
"""
    folder = write(tmp_path, {f"{ROOT}/main.tf": text, f"{ROOT}/terraform.tfvars": 'from_tfvars = "hunter22"\n'})
    assert breaches("GP901", folder) == ["`password` is a literal"]


@pytest.mark.parametrize(
    "expression",
    [
        "ephemeral.random_password.x.result",
        "random_password.x.result",
        "var.without_default",
        "module.x.password",
        '"${data.aws_region.x.region}-password"',
        "each.value.password",
        "null",
        '"on"',
        "local.itself",
        '{ name = "db/main", key = "password" }',
        "local.missing",
    ],
)
def test_what_comes_from_elsewhere(tmp_path: Path, expression: str) -> None:
    text = f"""
locals {{
  itself = "x${{local.itself}}"
}}
variable "without_default" {{}}
resource "aws_db_instance" "x" {{
  password = {expression}
}}
"""
    assert breaches("GP901", write(tmp_path, {f"{ROOT}/main.tf": text})) == []


def test_locals_that_double_each_other_are_each_read_once(tmp_path: Path) -> None:
    doubled = "".join(f'  a{n} = "${{local.a{n + 1}}}${{local.a{n + 1}}}"\n' for n in range(19))
    text = f'locals {{\n{doubled}  a19 = "x"\n}}\nresource "a" "x" {{\n  password = local.a0\n}}\n'
    assert breaches("GP901", write(tmp_path, {f"{ROOT}/main.tf": text})) == ["`password` is a literal"]


def test_other_syntaxes_are_read_too(tmp_path: Path) -> None:
    files = {
        f"{ROOT}/main.tf.json": json.dumps({"resource": {"aws_db_instance": {"x": {"password": "hunter22"}}}}),
        f"{ROOT}/terraform.tfvars.json": json.dumps({"db_token": "hunter22"}),
        f"{ROOT}/main_override.tf": 'provider "grafana" {\n  auth_token = "hunter22"\n}\n',
    }
    assert sorted(breaches("GP901", write(tmp_path, files))) == [
        "`auth_token` is a literal",
        "`db_token` is a literal",
        "`password` is a literal",
    ]


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("plan", "path"),
    [
        (planned("aws_db_instance", password=VALUE), "password"),
        (planned("aws_secretsmanager_secret_version", secret_string=VALUE), "secret_string"),
        (planned("aws_x", nested=[{"deeper": [{"api_key": VALUE}]}]), "nested.deeper.api_key"),
        (planned("aws_x", provider_details={"client_secret": VALUE}), "provider_details.client_secret"),
        (planned("helm_release", set=[{"name": "grafana.adminPassword", "value": VALUE}]), "set.grafana.adminPassword"),
        (planned("helm_release", values=[f"grafana:\n  adminPassword: {VALUE}\n"]), "values.adminPassword"),
        (
            planned("aws_ecs_task_definition", container_definitions=json.dumps([{"environment": [ENTRY]}])),
            "container_definitions.environment.DB_PASSWORD",
        ),
        (planned("aws_instance", user_data=f"#!/bin/sh\nexport DB_PASSWORD='{VALUE}'\n"), "user_data.DB_PASSWORD"),
        (planned("aws_instance", user_data_base64=coded(f"token: {VALUE}\n")), "user_data_base64.token"),
        (planned("google_compute_instance", metadata={"env": f"API_TOKEN={VALUE}"}), "metadata.env.API_TOKEN"),
        (planned("kubernetes_secret_v1", data={"anything": VALUE}), "data.anything"),
        (planned("kubernetes_manifest", manifest=SECRET), "manifest.stringData.a"),
        (planned("kubernetes_config_map_v1", data={"x.yaml": f"password: {VALUE}"}), "data.x.yaml.password"),
        (planned("aws_ssm_parameter", value="AKIA" + "A" * 16), "value"),
        (planned("aws_x", anything=["-----BEGIN " + "RSA PRIVATE KEY-----"]), "anything"),
        (planned("terraform_data", input={"token": VALUE}), "input.token"),
    ],
)  # fmt: skip
def test_secrets_in_plans(tmp_path: Path, plan: dict[str, Any], path: str) -> None:
    (message,) = breaches("GP901", tmp_path, plan)
    assert message == f"`{path}` is known to the plan"
    assert VALUE not in message


@pytest.mark.parametrize(
    "plan",
    [
        planned("aws_db_instance", password=None, manage_master_user_password=True),
        planned("aws_x", secret_name="db/main", token_ttl="3600", password_length="16"),
        planned("aws_x", secret="arn:aws:secretsmanager:us-east-1:123456789012:secret:x"),
        planned("aws_x", token="on"),
        planned("kubernetes_pod_v1", spec=[{"volume": [{"secret": [{"secret_name": "db-main"}]}]}]),
        planned("kubernetes_ingress_v1", spec=[{"tls": [{"secret": "db-main"}]}]),
        planned("helm_release", values=["grafana:\n  existingSecret: db-main\n  password: $PASSWORD\n"]),
        planned("kubernetes_config_map_v1", data={"run.sh": 'TOKEN=$(cat /run/token)\nexport PASSWORD="${PASSWORD}"'}),
        planned("kubernetes_config_map_v1", data={"serve.py": "password = secret['password']\ntoken = read(path)"}),
        planned("aws_x", description="set the password: see the runbook"),
    ],
)
def test_what_only_looks_like_one(tmp_path: Path, plan: dict[str, Any]) -> None:
    assert breaches("GP901", tmp_path, plan) == []


def test_a_secret_that_the_source_shows_is_found_once(tmp_path: Path) -> None:
    source = 'resource "aws_db_instance" "x" {\n  password = "hunter22hunter22"\n}\n'
    folder = write(tmp_path, {f"{ROOT}/main.tf": source})
    assert breaches("GP901", folder, planned("aws_db_instance", password=VALUE)) == ["`password` is a literal"]


def test_an_output_is_part_of_the_plan(tmp_path: Path) -> None:
    plan = {"output_changes": {"db_password": {"after": VALUE}, "url": {"after": VALUE}}}
    assert breaches("GP901", tmp_path, plan) == ["output `db_password` is known to the plan"]


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("password", True),
        ("db_password", True),
        ("adminPassword", True),
        ("grafana.adminPassword", True),
        ("GRAFANA_TOKEN", True),
        ("api-key", True),
        ("client_secret", True),
        ("password_wo", True),
        ("existingSecret", False),
        ("secret_name", False),
        ("password_version", False),
        ("tokenizer", False),
        ("SECRETS_DIR", False),
    ],
)
def test_names(name: str, holds: bool) -> None:
    assert holds_secrets(name) is holds
