"""Roots that somebody else wrote, through real Terraform: older majors, providers of the machine, unknown ones."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest

from groundplan.terraform.offline import PlanResult, offline_session
from groundplan.terraform.plugin.files import Files
from tests.unit.check.environments import write

pytestmark = pytest.mark.slow


def plan(folder: Path, **options: Any) -> PlanResult:
    with offline_session(folder, **options) as session:
        return session.plan(session.roots[0])


def planned(result: PlanResult) -> dict[str, Any]:
    assert result.plan is not None, result.diagnostics
    return {change["address"]: change["change"]["after"] for change in result.plan["resource_changes"]}


def outputs(result: PlanResult) -> dict[str, Any]:
    assert result.plan is not None, result.diagnostics
    return {name: one.get("value") for name, one in result.plan["planned_values"]["outputs"].items()}


REQUIRED = """\
terraform {
  required_providers {
    aws  = { source = "hashicorp/aws", version = "%s" }
    helm = { source = "hashicorp/helm", version = "%s" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
"""
OLD = """\
provider "helm" {
  kubernetes {
    host = "https://example.com"
  }
}
resource "helm_release" "r" {
  name  = "r"
  chart = "c"
  set {
    name  = "a"
    value = "b"
  }
}
resource "aws_eip" "a" {
  vpc = true
}
data "aws_region" "here" {}
output "region" {
  value = data.aws_region.here.name
}
"""
NEW = """\
data "aws_region" "here" {}
output "region" {
  value = data.aws_region.here.region
}
"""


def test_each_root_of_a_folder_has_the_major_that_it_asks_for(tmp_path: Path) -> None:
    files = {
        "10-old/main.tf": REQUIRED % ("~> 5.0", "~> 2.0") + OLD,
        "20-new/main.tf": REQUIRED % ("~> 6.0", "3.3.0") + NEW,
    }
    with offline_session(write(tmp_path / "both", files)) as session:
        results = {root: session.plan(root) for root in session.roots}
        assert [session.unmet(root) for root in session.roots] == [(), ()]
    assert {root: outputs(result)["region"] for root, result in results.items()} == dict.fromkeys(results, "eu-west-1")
    assert planned(results["10-old"])["helm_release.r"]["set"] == [{"name": "a", "type": None, "value": "b"}]


def test_what_is_gone_in_the_next_major_is_an_error_there(tmp_path: Path) -> None:
    text = REQUIRED % (">= 5.0", ">= 2.0") + 'resource "aws_opsworks_stack" "s" {}\n'
    result = plan(write(tmp_path / "new", {"main.tf": text}))
    assert not result.ok and "aws_opsworks_stack" in result.diagnostics[0].message


MACHINE = """\
data "local_file" "policy" {
  filename = "${path.module}/policy.json"
}
data "local_file" "outside" {
  filename = "/etc/hostname"
}
data "local_file" "up" {
  filename = "${path.module}/../../secret"
}
resource "local_file" "out" {
  content  = "hello"
  filename = "${path.module}/written"
}
resource "null_resource" "n" {
  triggers = { x = "y" }
}
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "/etc"
  output_path = "${path.module}/made.zip"
}
data "http" "address" {
  url = "https://checkip.amazonaws.com"
}
data "http" "document" {
  url = "https://example.com/policy.json"
}
data "template_file" "t" {
  template = "$${name} $$${HOME}"
  vars     = { name = "n" }
}
data "cloudinit_config" "c" {
  part {
    content = data.template_file.t.rendered
  }
}
output "all" {
  value = {
    version  = jsondecode(data.local_file.policy.content).Version
    outside  = data.local_file.outside.content
    up       = data.local_file.up.content
    zip      = data.archive_file.zip.output_base64sha256
    address  = chomp(data.http.address.response_body)
    document = jsondecode(data.http.document.response_body)
    text     = data.template_file.t.rendered
    init     = data.cloudinit_config.c.rendered
  }
}
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlanResult]:
    base = tmp_path_factory.mktemp("machine")
    (base / "secret").write_text("outside")
    return base, plan(write(base / "a" / "root", {"main.tf": MACHINE, "policy.json": '{"Version": "2012-10-17"}'}))


def test_nothing_is_fetched_or_written(machine: tuple[Path, PlanResult]) -> None:
    base, result = machine
    assert result.ok, result.diagnostics
    assert not [path for path in base.rglob("*") if path.name in ("written", "made.zip")]
    warned = " ".join(diagnostic.message for diagnostic in result.diagnostics)
    assert {diagnostic.severity.value for diagnostic in result.diagnostics} == {"warning"}
    assert "checkip.amazonaws.com was not fetched" in warned


def test_files_are_read_in_the_folder_alone(machine: tuple[Path, PlanResult]) -> None:
    found = outputs(machine[1])["all"]
    assert found["version"] == "2012-10-17"
    assert [found[name] for name in ("outside", "up")] == ["", ""]
    warned = [one.message for one in machine[1].diagnostics if "was not read" in one.message]
    assert len(warned) == 2


def test_answers_can_be_computed_with(machine: tuple[Path, PlanResult]) -> None:
    found = outputs(machine[1])["all"]
    assert len(base64.b64decode(found["zip"])) == 32
    assert (found["address"], found["document"]) == ("203.0.113.1", {})
    assert found["text"] == "n ${HOME}"
    assert "n ${HOME}" in gzip.decompress(base64.b64decode(found["init"])).decode()


def test_a_folder_that_comes_later_is_served_the_newest(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "both",
        {"10-old/main.tf": REQUIRED % ("~> 5.0", "~> 2.0"), "20-new/main.tf": REQUIRED % ("6.69.1", "3.3.0") + NEW},
    )
    with offline_session(folder) as session:
        write(session.copy_of("later"), {"main.tf": REQUIRED % (">= 5.0", ">= 2.0") + NEW})
        assert session.run("later", "init", "-input=false", "-no-color").returncode == 0
        assert session.run("later", "validate", "-no-color").returncode == 0


PROGRAMS = """\
data "external" "program" {
  program = ["touch", "ran"]
}
data "local_command" "command" {
  command   = "touch"
  arguments = ["ran"]
}
output "sha" {
  value = "${data.external.program.result.sha}${data.local_command.command.stdout}"
}
"""


def test_what_a_program_would_say_is_not_made_up(tmp_path: Path) -> None:
    folder = write(tmp_path / "programs", {"main.tf": PROGRAMS})
    with offline_session(folder) as session:
        assert session.validate(".").ok
        result = session.plan(".")
    assert result.plan is None and not list(tmp_path.rglob("ran"))
    said = sorted(diagnostic.message.partition(":")[2][:18] for diagnostic in result.diagnostics)
    assert said == [" touch was not run"] * 2
    assert all(diagnostic.place and diagnostic.place.file == "main.tf" for diagnostic in result.diagnostics)


WRITTEN = """\
resource "local_file" "f" {
  content  = "hello"
  filename = "f"
}
output "md5" {
  value = local_file.f.content_md5
}
"""


def test_a_written_file_has_the_hashes_of_its_content(tmp_path: Path) -> None:
    with offline_session(write(tmp_path / "one", {"main.tf": WRITTEN})) as session:
        assert session.rehearse(".").ok
        applied = session.run(".", "apply", "-auto-approve", "-input=false", "-no-color")
    assert hashlib.md5(b"hello").hexdigest() in applied.stdout


def test_a_link_out_of_the_copy_leads_nowhere(tmp_path: Path) -> None:
    top = write(tmp_path / "top", {"root/in": "inside", "other/in": "another"})
    (tmp_path / "secret").write_text("outside")
    (top / "root" / "link").symlink_to(tmp_path / "secret")
    files = Files(top, (top / "root",))
    assert files.read("in") == b"inside"
    assert [files.read(name) for name in ("link", "../../secret", str(tmp_path / "secret"), "/proc/self/environ")] == [
        None
    ] * 4
    assert Files(top, (top / "root", top / "other")).read("in") is None
    assert Files().read(str(top / "root" / "in")) is None


UNKNOWN = """\
terraform {
  required_providers {
    dog = { source = "DataDog/datadog" }
  }
}
provider "dog" {
  api_key = "x"
}
resource "dog_monitor" "a" {
  name = "a"
  limits {
    high = 1
  }
}
resource "random_pet" "p" {
  prefix = dog_monitor.a.name
}
"""


def test_an_unknown_provider_ends_nothing_where_it_may_be_assumed(tmp_path: Path) -> None:
    folder = write(tmp_path / "unknown", {"main.tf": UNKNOWN})
    strict = plan(folder)
    assert strict.plan is None and [d.code for d in strict.diagnostics] == ["GP507"]
    assumed = plan(folder, assume_unknown=True)
    assert not assumed.ok and [d.code for d in assumed.diagnostics] == ["GP507"]
    assert planned(assumed)["dog_monitor.a"]["limits"] == [{"high": 1}]
    assert planned(assumed)["random_pet.p"]["prefix"] == "a"
    with offline_session(folder) as session:
        assert not session.rehearse(".").ok
