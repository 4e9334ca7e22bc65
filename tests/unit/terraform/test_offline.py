"""The session, through real Terraform: one small configuration per question."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.terraform.offline import PlanResult, find_roots, format_check, offline_session

Write = Callable[[dict[str, str]], Path]

NETWORK = """
    provider "aws" {
      region              = "eu-west-1"
      allowed_account_ids = ["210987654321"]
      default_tags {
        tags = { owner = "ml" }
      }
    }

    data "aws_availability_zones" "available" {}
    data "aws_caller_identity" "current" {}

    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
      tags       = { Name = "main" }
    }

    resource "aws_subnet" "private" {
      for_each             = toset(data.aws_availability_zones.available.zone_ids)
      vpc_id               = aws_vpc.main.id
      cidr_block           = cidrsubnet(aws_vpc.main.cidr_block, 4, tonumber(substr(each.key, -1, 1)))
      availability_zone_id = each.key
    }
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a folder whose name has a space and a letter outside ASCII; gives the folder."""

    def writer(files: dict[str, str]) -> Path:
        folder = tmp_path / "my envirönment"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return folder

    return writer


def messages(diagnostics: tuple[Diagnostic, ...]) -> str:
    return "\n".join(f"{d.code} {d.place} {d.address} {d.message}" for d in diagnostics)


def plan(folder: Path) -> PlanResult:
    with offline_session(folder) as session:
        return session.plan(session.roots[0])


def planned(result: PlanResult, address: str) -> dict[str, object]:
    assert result.plan is not None, messages(result.diagnostics)
    changes = {change["address"]: change["change"] for change in result.plan["resource_changes"]}
    found: dict[str, object] = changes[address]["after"]
    return found


def outputs(folder: Path) -> dict[str, object]:
    """The outputs of a configuration after it was applied."""
    with offline_session(folder) as session:
        assert session.initialise(".").ok
        applied = session.run(".", "apply", "-json", "-auto-approve", "-input=false")
        assert applied.returncode == 0, applied.stdout
        shown = session.run(".", "output", "-json")
        return {name: output["value"] for name, output in json.loads(shown.stdout).items()}


def test_plan_knows_arguments_and_leaves_the_rest_unknown(write: Write) -> None:
    result = plan(write({"main.tf": NETWORK}))
    assert result.ok, messages(result.diagnostics)
    subnet = planned(result, 'aws_subnet.private["euw1-az1"]')
    assert subnet["cidr_block"] == "10.0.16.0/20"
    assert "id" not in subnet and "vpc_id" not in subnet
    assert planned(result, "aws_vpc.main")["tags_all"] == {"owner": "ml", "Name": "main"}


def test_rehearsal_creates_is_stable_and_destroys(write: Write) -> None:
    with offline_session(write({"main.tf": NETWORK})) as session:
        result = session.rehearse(".")
        again = session.rehearse(".")
    assert result.ok, messages(result.diagnostics)
    assert (result.created, result.changed_by_second_plan, result.destroyed) == (4, 0, 4)
    assert again.ok and again.created == 4


def test_values_of_an_applied_cluster_are_well_formed(write: Write) -> None:
    folder = write(
        {
            "main.tf": """
            provider "aws" {
              region = "eu-west-1"
              assume_role { role_arn = "arn:aws:iam::210987654321:role/deploy" }
            }
            resource "aws_eks_cluster" "this" {
              name     = "demo"
              role_arn = "arn:aws:iam::210987654321:role/cluster"
              vpc_config { subnet_ids = ["subnet-1"] }
            }
            resource "aws_eks_node_group" "pool" {
              cluster_name    = aws_eks_cluster.this.name
              node_group_name = "cpu"
              node_role_arn   = "arn:aws:iam::210987654321:role/node"
              subnet_ids      = ["subnet-1"]
              scaling_config {
                desired_size = 1
                max_size     = 2
                min_size     = 0
              }
            }
            resource "aws_kms_key" "this" {}
            resource "aws_s3_bucket" "this" { bucket = "data" }
            resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
            output "cluster" { value = aws_eks_cluster.this.arn }
            output "endpoint" { value = aws_eks_cluster.this.endpoint }
            output "ca" { value = base64decode(aws_eks_cluster.this.certificate_authority[0].data) }
            output "issuer" { value = aws_eks_cluster.this.identity[0].oidc[0].issuer }
            output "group" { value = aws_eks_node_group.pool.resources[0].autoscaling_groups[0].name }
            output "key" { value = aws_kms_key.this }
            output "bucket" { value = aws_s3_bucket.this.arn }
            output "vpc" { value = aws_vpc.this }
            """
        }
    )
    found = outputs(folder)
    assert found["cluster"] == "arn:aws:eks:eu-west-1:210987654321:cluster/demo"
    assert str(found["endpoint"]).startswith("https://") and ".gr7.eu-west-1.eks.amazonaws.com" in str(
        found["endpoint"]
    )
    assert str(found["ca"]).startswith("-----BEGIN CERTIFICATE-----")
    assert str(found["issuer"]).startswith("https://oidc.eks.eu-west-1.amazonaws.com/id/")
    assert str(found["group"]).startswith("eks-cpu-")
    assert found["bucket"] == "arn:aws:s3:::data"
    key, vpc = found["key"], found["vpc"]
    assert isinstance(key, dict) and isinstance(vpc, dict)
    assert key["arn"].endswith(f":key/{key['key_id']}") and key["id"] == key["key_id"]
    assert vpc["arn"] == f"arn:aws:ec2:eu-west-1:210987654321:vpc/{vpc['id']}"
    assert vpc["id"].startswith("vpc-") and vpc["main_route_table_id"].startswith("rtb-")
    assert vpc["owner_id"] == "210987654321"


def test_values_are_the_same_in_every_run_and_differ_between_things(write: Write) -> None:
    folder = write(
        {
            "main.tf": """
            resource "aws_eip" "a" { count = 3 }
            resource "random_password" "p" {
              length      = 24
              special     = false
              min_numeric = 4
            }
            output "ids" { value = sort(aws_eip.a[*].id) }
            output "password" {
              value     = random_password.p.result
              sensitive = true
            }
            """
        }
    )
    first, second = outputs(folder), outputs(folder)
    assert first == second
    assert isinstance(first["ids"], list) and len(set(first["ids"])) == 3
    password = str(first["password"])
    assert len(password) == 24 and password.isalnum() and sum(c.isdigit() for c in password) >= 4


def test_policy_document_is_the_real_json(write: Write) -> None:
    folder = write(
        {
            "main.tf": """
            data "aws_iam_policy_document" "this" {
              statement {
                actions   = ["s3:GetObject", "s3:PutObject"]
                resources = ["arn:aws:s3:::data/*"]
                principals {
                  type        = "Service"
                  identifiers = ["pods.eks.amazonaws.com"]
                }
              }
            }
            output "json" { value = jsondecode(data.aws_iam_policy_document.this.json) }
            """
        }
    )
    statement = {
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:GetObject"],
        "Resource": "arn:aws:s3:::data/*",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
    }
    assert outputs(folder)["json"] == {"Version": "2012-10-17", "Statement": [statement]}


SECRET = """
    ephemeral "random_password" "db" {
      length = 32
    }
    resource "aws_secretsmanager_secret" "db" {
      name = "db"
    }
    resource "aws_secretsmanager_secret_version" "db" {
      secret_id                = aws_secretsmanager_secret.db.id
      secret_string_wo         = jsonencode({ user = "training-user", password = ephemeral.random_password.db.result })
      secret_string_wo_version = 1
    }
"""


def test_ephemeral_and_write_only_secrets_are_in_no_state(write: Write) -> None:
    with offline_session(write({"main.tf": SECRET})) as session:
        result = session.rehearse(".")
        issued = session.issued_secrets()
    assert result.ok, messages(result.diagnostics)
    assert result.secrets_searched == len(issued) >= 2
    assert any(len(secret) == 32 for secret in issued) and "training-user" in issued


def test_rehearsal_finds_a_secret_in_the_state(write: Write) -> None:
    leaky = 'resource "aws_ssm_parameter" "p" {\n  name  = "p"\n  type  = "String"\n  value = "hunter2-hunter2"\n}\n'
    with offline_session(write({"main.tf": leaky})) as session:
        result = session.rehearse(".", secrets=["hunter2-hunter2"])
    assert not result.ok
    leak = next(d for d in result.diagnostics if d.code == "GP506" and "state" in d.message)
    assert leak.address == "aws_ssm_parameter.p"
    assert result.destroyed == 0


def test_rehearsal_finds_an_unstable_plan(write: Write) -> None:
    unstable = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  tags = { at = timestamp() }\n}\n'
    with offline_session(write({"main.tf": unstable})) as session:
        result = session.rehearse(".")
    assert [(d.code, d.address) for d in result.diagnostics] == [("GP508", "aws_sqs_queue.q")]
    assert result.changed_by_second_plan == 1


def test_rehearsal_destroys_what_is_protected_but_a_plan_keeps_it(write: Write) -> None:
    protected = """
    resource "aws_kms_key" "k" {
      lifecycle {
        prevent_destroy = true
      }
    }
    """
    folder = write({"main.tf": protected})
    with offline_session(folder) as session:
        result = session.rehearse(".")
    assert result.ok and result.destroyed == 1
    assert "prevent_destroy = true" in (folder / "main.tf").read_text()


def test_set_blocks_and_nested_attributes(write: Write) -> None:
    folder = write(
        {
            "main.tf": """
            resource "aws_security_group" "g" {
              name = "g"
              ingress {
                from_port   = 443
                to_port     = 443
                protocol    = "tcp"
                cidr_blocks = ["10.0.0.0/8"]
              }
              ingress = []
            }
            """,
        }
    )
    with offline_session(folder) as session:
        assert not session.validate(".").ok  # both syntaxes at once
    folder = write(
        {
            "main.tf": """
            resource "aws_security_group" "g" {
              name = "g"
              ingress {
                from_port   = 443
                to_port     = 443
                protocol    = "tcp"
                cidr_blocks = ["10.0.0.0/8"]
              }
            }
            resource "aws_launch_template" "t" {
              network_interfaces { security_groups = [aws_security_group.g.id] }
            }
            resource "helm_release" "r" {
              name  = "r"
              chart = "c"
              set   = [{ name = "a", value = "b" }]
              timeouts = { create = "5m" }
            }
            resource "kubernetes_deployment_v1" "d" {
              metadata { name = "d" }
              spec {
                selector { match_labels = { app = "d" } }
                template {
                  metadata { labels = { app = "d" } }
                  spec {
                    container {
                      name  = "c"
                      image = "i"
                      port { container_port = 80 }
                    }
                  }
                }
              }
            }
            resource "kubernetes_manifest" "m" {
              manifest = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "m" }, data = { a = "1" } }
            }
            """
        }
    )
    with offline_session(folder) as session:
        result = session.rehearse(".")
    assert result.ok, messages(result.diagnostics)
    assert result.created == 5


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('resource "aws_vpc" "v" {\n  cidr_blok = "10.0.0.0/16"\n}\n', 2, "cidr_blok"),
        ('resource "aws_kms_alias" "a" {\n  name = "alias/a"\n}\n', 1, "target_key_id"),
        ('# a typo\nresource "aws_vcp" "v" {}\n', 2, "aws_vcp"),
        ('output "o" {\n  value = aws_vpc.absent.id\n}\n', 2, "aws_vpc"),
    ],
)
def test_a_mistake_has_its_place(write: Write, text: str, line: int, word: str) -> None:
    with offline_session(write({"10-foundation/main.tf": text})) as session:
        result = session.validate("10-foundation")
    assert not result.ok
    found = result.diagnostics[0]
    assert found.code == "GP503" and word in found.message
    assert word != "aws_vcp" or "aws_vpc" in (found.hint or "")
    assert found.place is not None and (found.place.file, found.place.line) == ("10-foundation/main.tf", line)
    assert found.snippet is not None and found.snippet.text


def test_a_mistake_in_a_module_outside_the_folder_has_its_place(write: Write) -> None:
    folder = write(
        {
            "env/10-foundation/main.tf": 'module "m" {\n  source = "../../shared/m"\n}\n',
            "shared/m/main.tf": 'resource "aws_vpc" "v" {\n  nope = 1\n}\n',
            "shared/unrelated/main.tf": "this is not Terraform",
        }
    )
    with offline_session(folder / "env") as session:
        result = session.validate("10-foundation")
    assert [d.place.file for d in result.diagnostics if d.place] == ["../shared/m/main.tf"]


def test_plan_sees_what_validate_does_not(write: Write) -> None:
    folder = write(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  pool   = jsondecode("{}")\n}\n',
            "m/main.tf": 'variable "pool" { type = any }\nresource "aws_sqs_queue" "q" { name = var.pool.name }\n',
        }
    )
    with offline_session(folder) as session:
        validated, result = session.validate("."), session.plan(".")
    assert validated.ok and not result.ok
    assert [(d.code, d.place.file) for d in result.diagnostics if d.place] == [("GP504", "m/main.tf")]


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_vpc" "v" {\n  cidr_blok = "10.0.0.0/16"\n}\n',
        'resource "aws_vpc" "v" {\n  enable_dns_support = "maybe"\n}\n',
        'resource "aws_vpc" "v" {}\noutput "o" {\n  value = aws_vpc.v.absent\n}\n',
        "locals {\n  a = local.b\n}\n",
    ],
)
def test_a_plan_says_what_validate_says_also_of_what_is_not_made(write: Write, text: str) -> None:
    """So that a plan without a word needs no `validate` beside it."""
    folder = write({"main.tf": 'module "m" {\n  source = "./m"\n  count  = 0\n}\n', "m/main.tf": text})
    with offline_session(folder) as session:
        validated, planned = session.validate("."), session.plan(".")
    assert not validated.ok and not planned.ok
    assert [d.message for d in planned.diagnostics] == [d.message for d in validated.diagnostics]


def test_a_provider_without_schema_says_how_to_add_one(write: Write) -> None:
    text = 'terraform {\n  required_providers {\n    d = {\n      source = "datadog/datadog"\n    }\n  }\n}\n'
    with offline_session(write({"main.tf": text})) as session:
        result = session.validate(".")
    assert [d.code for d in result.diagnostics] == ["GP507"]
    assert "datadog/datadog" in result.diagnostics[0].message
    assert "--provider-schema" in (result.diagnostics[0].hint or "")


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/vpc/aws",
        "https://example.com/module.zip",
        "git::https://example.com/module.git",
        "github.com/example/module",
    ],
)
def test_a_module_on_the_network_is_an_error_not_a_download(write: Write, source: str) -> None:
    with offline_session(write({"main.tf": f'module "vpc" {{\n  source = "{source}"\n}}\n'})) as session:
        result = session.validate(".")
    assert not result.ok and {d.code for d in result.diagnostics} == {"GP502"}
    assert any(d.place and d.place.file == "main.tf" for d in result.diagnostics)
    assert any("vendor" in (d.hint or "") for d in result.diagnostics)


def test_a_schema_file_adds_a_provider(write: Write) -> None:
    schema = Path(__file__).parents[2] / "schemas" / "bakery" / "schema.json"
    folder = write(
        {
            "main.tf": """
            terraform {
              required_providers {
                bakery = { source = "example/bakery" }
              }
            }
            provider "bakery" {
              owner { name = "me" }
            }
            ephemeral "bakery_password" "p" { length = 3 }
            data "bakery_flour" "f" { kind = "rye" }
            resource "bakery_oven" "o" {
              name   = data.bakery_flour.f.kind
              key_wo = ephemeral.bakery_password.p.result
              door {
                material = "steel"
                hinge { side = "left" }
              }
              tray { size = 1 }
              tray { size = 2 }
            }
            resource "bakery_recipe" "r" {
              steps    = [{ text = "knead" }]
              toppings = { salt = { grams = 2 } }
            }
            output "sensors" { value = bakery_oven.o.sensors }
            """
        }
    )
    with offline_session(folder, schema_files=[schema]) as session:
        result = session.rehearse(".")
    assert result.ok, messages(result.diagnostics)
    assert result.created == 2 and result.secrets_searched == 1


def test_a_broken_schema_file_is_an_error(write: Write) -> None:
    folder = write({"main.tf": "", "schema.json": "{}"})
    with pytest.raises(DiagnosticsError) as caught, offline_session(folder, schema_files=[folder / "schema.json"]):
        pass
    assert caught.value.diagnostics[0].code == "GP507"


def test_module_tests_run(write: Write) -> None:
    folder = write(
        {
            "m/main.tf": 'variable "n" { type = number }\nresource "aws_eip" "e" { count = var.n }\n',
            "m/tests/m.tftest.hcl": """
                variables { n = 2 }
                run "two" {
                  assert {
                    condition     = length(aws_eip.e) == 2
                    error_message = "not two"
                  }
                }
                run "three" {
                  command = plan
                  assert {
                    condition     = length(aws_eip.e) == 3
                    error_message = "not three"
                  }
                }
                """,
        }
    )
    with offline_session(folder, roots=()) as session:
        result = session.test("m")
    assert not result.ok and (result.passed, result.failed, result.errored) == (1, 1, 0)
    assert "not three" in result.diagnostics[0].message
    assert result.diagnostics[0].place is not None
    assert result.diagnostics[0].place.file == "m/tests/m.tftest.hcl"


def test_the_users_folder_is_left_alone(write: Write) -> None:
    backend = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "k"\n    region = "us-east-1"\n  }\n}\n'
    folder = write({"10-foundation/main.tf": backend + NETWORK, "10-foundation/terraform.tfstate": "not a state"})
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with offline_session(folder) as session:
        work = session.work_folder
        assert session.plan("10-foundation").ok
        assert work.is_dir()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not work.exists() and not work.parent.exists()


def test_roots_are_the_numbered_folders_or_the_folder_itself(write: Write) -> None:
    folder = write({"20-b/main.tf": "", "10-a/main.tf": "", "modules/x/main.tf": "", "30-empty/README.md": ""})
    assert find_roots(folder) == ("10-a", "20-b")
    assert find_roots(folder / "10-a") == (".",)
    assert find_roots(folder / "30-empty") == ()


def test_nothing_of_the_environment_reaches_terraform(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("TF_VAR_name", "from-environment")
    text = 'variable "name" { default = "default" }\noutput "name" { value = var.name }\n'
    with offline_session(write({"main.tf": text})) as session:
        result = session.plan(".")
    assert result.ok and result.plan is not None
    assert result.plan["planned_values"]["outputs"]["name"]["value"] == "default"
    assert result.diagnostics == ()


def test_without_any_network(write: Write) -> None:
    unshare = shutil.which("unshare")
    possible = unshare and subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0
    if not possible:
        pytest.skip("this machine does not allow network namespaces")
    folder = write({"main.tf": NETWORK})
    script = (
        "import pathlib, sys\n"
        "from groundplan.terraform.offline import offline_session\n"
        "with offline_session(pathlib.Path(sys.argv[1])) as session:\n"
        "    result = session.rehearse('.')\n"
        "    print(result.ok, result.created)\n"
    )
    ran = subprocess.run(
        [str(unshare), "-rn", sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_", "GOOGLE_"))},
    )
    assert ran.stdout.split() == ["True", "4"], ran.stderr


def test_format_check_names_file_line_and_change(write: Write) -> None:
    folder = write({"good.tf": "locals {\n  a = 1\n}\n", "sub/bad.tf": "locals {\n  a = 1\n  bcd = 2\n}\n"})
    (found,) = format_check(folder)
    assert found.code == "GP501" and found.place is not None
    assert found.place.file == "sub/bad.tf" and "+  a   = 1" in (found.hint or "")
    (folder / "sub" / "bad.tf").unlink()
    assert format_check(folder) == ()


def test_format_check_reports_what_it_cannot_read(write: Write) -> None:
    found = format_check(write({"broken.tf": 'locals {\n  a = "\n'}))
    assert found and all(d.code == "GP501" for d in found)


def test_certificates_are_base64_of_pem(write: Write) -> None:
    text = """
        data "aws_eks_cluster" "c" { name = "c" }
        output "d" { value = data.aws_eks_cluster.c.certificate_authority }
    """
    (authority,) = outputs(write({"main.tf": text}))["d"]  # type: ignore[misc]
    assert base64.b64decode(authority["data"]).startswith(b"-----BEGIN CERTIFICATE-----")


def test_interrupting_a_session_leaves_no_process_and_no_file(write: Write) -> None:
    folder = write({"main.tf": NETWORK})
    with pytest.raises(KeyboardInterrupt), offline_session(folder) as session:
        pid, work = session.server_pid, session.work_folder
        raise KeyboardInterrupt
    assert not Path(f"/proc/{pid}").exists() and not work.exists()


def test_a_killed_session_leaves_no_process_and_no_file(write: Write) -> None:
    script = (
        "import pathlib, sys, time\n"
        "from groundplan.terraform.offline import offline_session\n"
        "with offline_session(pathlib.Path(sys.argv[1])) as session:\n"
        "    session.validate('.')\n"
        "    print(session.server_pid, session.work_folder.parent, flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(write({"main.tf": NETWORK}))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid, base = process.stdout.readline().split()
        assert Path(base).is_dir()
        process.kill()
    deadline = time.monotonic() + 60
    while Path(base).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(base).exists()
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
