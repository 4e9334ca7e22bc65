"""From one environment to the next, through real Terraform: one pair of folders with a resource for each question."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.terraform.offline import Inputs
from groundplan.terraform.succession import RootChange, succeed

pytestmark = pytest.mark.slow
Files = Mapping[str, str]

COMMON = """
    resource "aws_vpc" "stays" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_security_group" "stays" {
      name   = "stays"
      vpc_id = aws_vpc.stays.id
    }
    data "aws_vpc" "read" {
      id = "vpc-1"
    }
"""
OLD = """
    resource "aws_subnet" "zone" {
      vpc_id            = aws_vpc.stays.id
      cidr_block        = "10.0.1.0/24"
      availability_zone = "us-east-1a"
    }
    resource "aws_route_table_association" "zone" {
      subnet_id      = aws_subnet.zone.id
      route_table_id = "rtb-1"
    }
    resource "aws_db_subnet_group" "first" {
      name       = "first"
      subnet_ids = ["subnet-1"]
      lifecycle {
        create_before_destroy = true
      }
    }
    resource "aws_subnet" "ignored" {
      vpc_id            = aws_vpc.stays.id
      cidr_block        = "10.0.2.0/24"
      availability_zone = "us-east-1a"
      lifecycle {
        ignore_changes = [availability_zone]
      }
    }
    resource "aws_s3_bucket" "old_name" {
      bucket = "moves"
    }
    resource "aws_s3_bucket" "left" {
      bucket = "left"
    }
    resource "aws_secretsmanager_secret_version" "password" {
      secret_id                = "secret-1"
      secret_string_wo         = "a password of the old"
      secret_string_wo_version = 1
    }
    resource "aws_ecs_cluster" "empty" {
      name = "empty"
      tags = {}
    }
    resource "aws_ecr_repository" "default" {
      name = "default"
    }
    resource "aws_launch_template" "nodes" {
      name      = "nodes"
      image_id  = "ami-1"
      user_data = ""
    }
    resource "aws_sqs_queue" "unstudied" {
      name = "jobs"
    }
    data "aws_iam_policy_document" "waits" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = [aws_ecs_cluster.empty.arn]
      }
      depends_on = [aws_sqs_queue.unstudied]
    }
    resource "aws_sns_topic_policy" "waits" {
      arn    = "arn:aws:sns:us-east-1:123456789012:topic"
      policy = data.aws_iam_policy_document.waits.json
    }
"""
NEW = """
    resource "aws_subnet" "zone" {
      vpc_id            = aws_vpc.stays.id
      cidr_block        = "10.0.1.0/24"
      availability_zone = "us-east-1b"
    }
    resource "aws_route_table_association" "zone" {
      subnet_id      = aws_subnet.zone.id
      route_table_id = "rtb-1"
    }
    resource "aws_db_subnet_group" "first" {
      name       = "second"
      subnet_ids = ["subnet-1"]
      lifecycle {
        create_before_destroy = true
      }
    }
    resource "aws_subnet" "ignored" {
      vpc_id            = aws_vpc.stays.id
      cidr_block        = "10.0.2.0/24"
      availability_zone = "us-east-1b"
      lifecycle {
        ignore_changes = [availability_zone]
      }
    }
    moved {
      from = aws_s3_bucket.old_name
      to   = aws_s3_bucket.new_name
    }
    resource "aws_s3_bucket" "new_name" {
      bucket = "moves"
    }
    removed {
      from = aws_s3_bucket.left
      lifecycle {
        destroy = false
      }
    }
    import {
      to = aws_ecr_repository.found
      id = "images"
    }
    resource "aws_ecr_repository" "found" {
      name                 = "images"
      image_tag_mutability = "IMMUTABLE"
    }
    resource "aws_ecr_repository_policy" "found" {
      repository = aws_ecr_repository.found.name
      policy     = "{}"
    }
    resource "aws_secretsmanager_secret_version" "password" {
      secret_id                = "secret-1"
      secret_string_wo         = "a password of the new"
      secret_string_wo_version = 2
    }
    resource "aws_ecs_cluster" "empty" {
      name = "empty"
    }
    resource "aws_ecr_repository" "default" {
      name                 = "default"
      image_tag_mutability = "MUTABLE"
    }
    resource "aws_launch_template" "nodes" {
      name     = "nodes"
      image_id = "ami-2"
    }
    resource "aws_sqs_queue" "unstudied" {
      name                      = "tasks"
      message_retention_seconds = 600
    }
    data "aws_iam_policy_document" "waits" {
      statement {
        actions   = ["sqs:SendMessage"]
        resources = [aws_ecs_cluster.empty.arn]
      }
      depends_on = [aws_sqs_queue.unstudied]
    }
    resource "aws_sns_topic_policy" "waits" {
      arn    = "arn:aws:sns:us-east-1:123456789012:topic"
      policy = data.aws_iam_policy_document.waits.json
    }
"""
PROTECTED = """
    resource "aws_kms_key" "state" {
      multi_region = %s
      description  = <<-EOT
        lifecycle {
          prevent_destroy = true
        }
      EOT
      lifecycle { /* prevent_destroy = false */ prevent_destroy = ("true") } # prevent_destroy = true
    }
    resource "aws_kms_alias" "state" {
      name          = "alias/state"
      target_key_id = aws_kms_key.state.key_id
    }
"""
GONE = """
    resource "aws_s3_bucket" "data" {
      bucket = "data"
      lifecycle {
        prevent_destroy = true
      }
    }
"""
VERSIONS = """
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "%s"
        }
      }
    }
    resource "aws_eks_cluster" "c" {
      name     = "c"
      role_arn = "arn:aws:iam::123456789012:role/cluster"
      vpc_config { subnet_ids = ["subnet-1", "subnet-2"] }
    }
"""
FIRST = """
    resource "aws_db_subnet_group" "first" {
      name       = "first"
      subnet_ids = ["subnet-1"]
    }
    resource "aws_db_subnet_group" "second" {
      name       = "second-${aws_db_subnet_group.first.name}"
      subnet_ids = ["subnet-1"]
    }
"""
CUT = FIRST.replace("${aws_db_subnet_group.first.name}", "first")
OTHER_WAY_ROUND = """
    resource "aws_db_subnet_group" "first" {
      name       = "first-${aws_db_subnet_group.second.arn}"
      subnet_ids = ["subnet-1"]
    }
    resource "aws_db_subnet_group" "second" {
      name       = "another"
      subnet_ids = ["subnet-1"]
      lifecycle {
        create_before_destroy = true
      }
    }
"""
FOREIGN = """
    terraform {
      required_providers {
        thing = { source = "example/thing" }
      }
    }
    resource "thing_machine" "m" {
      name = "m"
      size { gib = %d }
    }
"""
DROPPED = """
    resource "other_machine" "m" {
      name = "m"
    }
"""


class Silent:
    """Tells nobody."""

    @contextlib.contextmanager
    def step(self, _what: str) -> Iterator[None]:
        """Nothing."""
        yield


def folder(top: Path, files: Files) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return top


def changes(top: Path, old: Files, new: Files) -> dict[str, RootChange]:
    found = succeed(folder(top / "old", old), folder(top / "new", new), Inputs(), progress=Silent())
    return {change.root: change for change in found}


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RootChange]:
    """What becomes of one environment with a root for each question about roots."""
    old = {
        "00-same/main.tf": PROTECTED % "false",
        "10-main/main.tf": COMMON + OLD,
        "20-gone/main.tf": GONE,
        "40-protected/main.tf": PROTECTED % "false",
        "50-broken/main.tf": 'resource "aws_vpc" "v" {\n  tags = { a = file("nothing") }\n}\n',
        "60-versions/main.tf": VERSIONS % "~> 5.0" + 'resource "random_id" "dropped" {\n  byte_length = 4\n}\n',
        "70-cycle/main.tf": FIRST,
        "71-cut/main.tf": FIRST,
        "72-then/main.tf": CUT,
        "80-foreign/main.tf": FOREIGN % 4,
        "80-foreign/other.tf": DROPPED,
    }
    new = {
        "00-same/main.tf": PROTECTED % "false",
        "10-main/main.tf": COMMON + NEW,
        "30-comes/main.tf": COMMON,
        "40-protected/main.tf": PROTECTED % "true",
        "50-broken/main.tf": 'resource "aws_vpc" "v" {}\n',
        "60-versions/main.tf": VERSIONS % "~> 6.0",
        "70-cycle/main.tf": OTHER_WAY_ROUND,
        "71-cut/main.tf": CUT,
        "72-then/main.tf": OTHER_WAY_ROUND,
        "80-foreign/main.tf": FOREIGN % 8,
    }
    return changes(tmp_path_factory.mktemp("succession"), old, new)


@pytest.fixture
def main(roots: dict[str, RootChange]) -> dict[str, Any]:
    """The changes of one root by address."""
    return by_address(roots["10-main"])


def by_address(root: RootChange) -> dict[str, Any]:
    assert root.plan is not None, root.diagnostics
    return {change["address"]: change for change in root.plan["resource_changes"]}


def actions_of(root: RootChange) -> list[list[str]]:
    return [change["change"]["actions"] for change in by_address(root).values()]


def actions(changes_: dict[str, Any], address: str) -> list[str]:
    found: list[str] = changes_[address]["change"]["actions"]
    return found


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str | None]]:
    return [(diagnostic.code, diagnostic.address) for diagnostic in diagnostics]


def test_a_replacement_names_the_argument_and_is_applied(main: dict[str, Any], roots: dict[str, RootChange]) -> None:
    assert actions(main, "aws_subnet.zone") == ["delete", "create"]
    assert main["aws_subnet.zone"]["change"]["replace_paths"] == [["availability_zone"]]
    assert main["aws_subnet.zone"]["change"]["after_unknown"]["id"]
    assert roots["10-main"].applied


def test_what_depends_on_a_replaced_thing_is_replaced_where_that_forces_it(main: dict[str, Any]) -> None:
    change = main["aws_route_table_association.zone"]["change"]
    assert (change["actions"], change["replace_paths"]) == (["delete", "create"], [["subnet_id"]])


def test_create_before_destroy_is_the_other_order(main: dict[str, Any]) -> None:
    assert actions(main, "aws_db_subnet_group.first") == ["create", "delete"]


@pytest.mark.parametrize("address", ["aws_vpc.stays", "aws_security_group.stays", "aws_subnet.ignored"])
def test_computed_values_are_stable_and_ignored_changes_are_none(main: dict[str, Any], address: str) -> None:
    assert actions(main, address) == ["no-op"]
    assert main[address]["change"]["after"]["id"]


@pytest.mark.parametrize("address", ["aws_ecs_cluster.empty", "aws_ecr_repository.default"])
def test_empty_and_the_default_are_as_good_as_left_out(main: dict[str, Any], address: str) -> None:
    assert actions(main, address) == ["no-op"]


def test_a_moved_thing_stays(main: dict[str, Any]) -> None:
    assert actions(main, "aws_s3_bucket.new_name") == ["no-op"]
    assert main["aws_s3_bucket.new_name"]["previous_address"] == "aws_s3_bucket.old_name"
    assert "aws_s3_bucket.old_name" not in main


def test_a_removed_thing_is_forgotten(main: dict[str, Any]) -> None:
    assert actions(main, "aws_s3_bucket.left") == ["forget"]


def test_an_imported_thing_is_taken_to_look_as_configured(main: dict[str, Any]) -> None:
    change = main["aws_ecr_repository.found"]["change"]
    assert change["importing"] == {"id": "images", "assumed": True} and change["actions"] == ["no-op"]
    assert change["before"]["image_tag_mutability"] == "IMMUTABLE"
    assert main["aws_ecr_repository_policy.found"]["change"]["after"]["repository"] == "images"


def test_another_version_of_a_write_only_argument_is_a_change(main: dict[str, Any]) -> None:
    change = main["aws_secretsmanager_secret_version.password"]["change"]
    assert change["replace_paths"] == [["secret_string_wo_version"]]
    assert "password" not in str(change)


def test_an_update_keeps_the_id(main: dict[str, Any]) -> None:
    change = main["aws_launch_template.nodes"]["change"]
    assert change["actions"] == ["update"]
    assert change["after"]["id"] == change["before"]["id"] and change["after"]["arn"]


def test_of_a_type_nobody_studied_a_replacement_is_unknown(main: dict[str, Any], roots: dict[str, RootChange]) -> None:
    assert actions(main, "aws_sqs_queue.unstudied") == ["update"]
    assert ("GP511", "aws_sqs_queue.unstudied") in codes(roots["10-main"].diagnostics)


def test_what_is_made_of_something_read_late_is_no_change_if_it_turns_out_the_same(main: dict[str, Any]) -> None:
    assert actions(main, "data.aws_iam_policy_document.waits") == ["read"]
    assert actions(main, "aws_sns_topic_policy.waits") == ["no-op"]


def test_a_root_that_comes_is_created(roots: dict[str, RootChange]) -> None:
    comes = by_address(roots["30-comes"])
    assert actions(comes, "aws_vpc.stays") == ["create"]
    assert roots["30-comes"].applied


def test_a_root_that_goes_is_destroyed_though_it_is_protected(roots: dict[str, RootChange]) -> None:
    assert actions(by_address(roots["20-gone"]), "aws_s3_bucket.data") == ["delete"]
    assert codes(roots["20-gone"].diagnostics) == [("GP512", "aws_s3_bucket.data")]
    assert roots["20-gone"].applied


def test_what_prevent_destroy_refuses_is_named_and_planned_without_it(roots: dict[str, RootChange]) -> None:
    protected = roots["40-protected"]
    assert codes(protected.diagnostics) == [("GP512", "aws_kms_key.state")]
    assert actions(by_address(protected), "aws_kms_key.state") == ["delete", "create"]
    planned = by_address(protected)["aws_kms_key.state"]["change"]
    assert planned["before"]["description"] == planned["after"]["description"]
    assert protected.applied


def test_an_old_root_that_cannot_be_applied_says_so(roots: dict[str, RootChange]) -> None:
    broken = roots["50-broken"]
    assert broken.plan is None and not broken.applied
    assert broken.diagnostics[0].code == "GP514"
    assert any(d.place and d.place.file.endswith("old/50-broken/main.tf") for d in broken.diagnostics)


def test_the_state_of_another_major_version_is_taken_and_a_dropped_provider_destroys(
    roots: dict[str, RootChange],
) -> None:
    versions = by_address(roots["60-versions"])
    assert actions(versions, "aws_eks_cluster.c") == ["no-op"]
    assert actions(versions, "random_id.dropped") == ["delete"]
    assert roots["60-versions"].applied


def test_a_change_in_no_order_is_named(roots: dict[str, RootChange]) -> None:
    cycle = roots["70-cycle"]
    assert cycle.plan is None and not cycle.applied
    assert [diagnostic.code for diagnostic in cycle.diagnostics] == ["GP513", "GP504"]
    assert "aws_db_subnet_group.first" in cycle.diagnostics[1].message
    first, second = sorted(("aws_db_subnet_group.first", "aws_db_subnet_group.second"))
    assert cycle.diagnostics[0].address in (first, second)
    assert first in str(cycle.diagnostics[0].hint) and second in str(cycle.diagnostics[0].hint)


def test_the_steps_out_of_a_cycle_lead_out_of_it(roots: dict[str, RootChange]) -> None:
    assert all(action == ["no-op"] for action in actions_of(roots["71-cut"]))
    assert roots["71-cut"].applied
    assert roots["72-then"].applied and roots["72-then"].diagnostics == ()


def test_without_a_schema_a_change_is_an_update_and_the_rest_is_unknown(roots: dict[str, RootChange]) -> None:
    foreign = roots["80-foreign"]
    assert actions(by_address(foreign), "thing_machine.m") == ["update"]
    assert actions(by_address(foreign), "other_machine.m") == ["delete"]
    assert codes(foreign.diagnostics) == [("GP507", None), ("GP511", "thing_machine.m")]


def test_the_same_root_is_not_planned(roots: dict[str, RootChange]) -> None:
    assert roots["00-same"] == RootChange("00-same", None, True, (), same=True)


def test_what_terraform_must_not_read_is_refused_on_either_side(tmp_path: Path) -> None:
    runs = 'resource "null_resource" "a" {\n  provisioner "local-exec" {\n    command = "true"\n  }\n}\n'
    with pytest.raises(DiagnosticsError) as refused:
        changes(tmp_path, {"main.tf": runs}, {"main.tf": ""})
    places = [diagnostic.place.file for diagnostic in refused.value.diagnostics if diagnostic.place]
    assert places and all(place.endswith("old/main.tf") for place in places)


def test_a_folder_without_a_root_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError, match="GP101"):
        changes(tmp_path, {"README.md": ""}, {"README.md": ""})
