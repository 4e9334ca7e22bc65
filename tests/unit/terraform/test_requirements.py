"""Which providers a text asks for, in which versions, and which of several majors a root is served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.hcl.sources import Sources
from groundplan.terraform.archive import SCHEMA_FOLDER, SchemaArchive, SchemaFile, full_address, schema_sources
from groundplan.terraform.assumed import assumed_schemas
from groundplan.terraform.providers import Choice, chosen
from groundplan.terraform.requirements import Requirement, admits, ends_before, required_in
from groundplan.terraform.usage import scan


@pytest.mark.parametrize(
    ("constraint", "majors"),
    [
        ("~> 5.0", [5]),
        ("~> 5.31.0", [5]),
        ("~> 5", [5, 6, 7]),
        (">= 4.0, < 6.0", [4, 5]),
        (">= 5.0", [5, 6, 7]),
        ("= 6.69.1", [6]),
        ("5.31.0", [5]),
        ("v5.31", [5]),
        ("< 6.0.0", [4, 5]),
        ("< 6.0.1", [4, 5, 6]),
        ("<= 5.100.0", [4, 5]),
        ("> 5.99.9", [5, 6, 7]),
        ("!= 6.0.0", [4, 5, 6, 7]),
        (">= 5.0, != 5.10, < 5.40", [5]),
        ("what nobody reads", [4, 5, 6, 7]),
        ("", [4, 5, 6, 7]),
    ],
)
def test_majors_that_a_constraint_admits(constraint: str, majors: list[int]) -> None:
    assert [major for major in (4, 5, 6, 7) if admits([constraint], major)] == majors


def test_several_constraints_hold_together() -> None:
    assert [major for major in (4, 5, 6) if admits([">= 5.0", "~> 5.31"], major)] == [5]
    assert [major for major in (4, 5, 6) if admits(["~> 5.0", "~> 6.0"], major)] == []
    assert ends_before(["~> 4.0"], 5) and not ends_before([">= 9.0"], 5)


SETTINGS = """\
terraform {
  required_providers {
    # aws = { source = "wrong/aws" }
    aws = {
      source  = "hashicorp/aws" // no version = "1.0"
      version = "~> 5.0"
      configuration_aliases = [aws.replica]
    }
    null = "~> 3.0"
    dog  = { source = "DataDog/datadog" }
  }
}
provider "google-beta" {
  version = "~> 4.0"
}
resource "google_x" "y" {
  provider = google-alpha.west
  url      = "https://example.com/#provider"
}
"""


def test_what_a_file_asks_for() -> None:
    assert set(required_in(SETTINGS, json=False)) == {
        Requirement("aws", "hashicorp/aws", "~> 5.0"),
        Requirement("null", None, "~> 3.0"),
        Requirement("dog", "DataDog/datadog"),
        Requirement("google-beta", None, "~> 4.0"),
        Requirement("google-alpha"),
    }


@pytest.mark.parametrize("indent", [None, 2])
def test_what_a_file_in_json_asks_for(indent: int | None) -> None:
    required = {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}}
    document = {"terraform": [{"required_providers": [required]}], "provider": {"google": {"region": "x"}}}
    found = set(required_in(json.dumps(document, indent=indent), json=True))
    assert {Requirement("aws", "hashicorp/aws", "~> 5.0"), Requirement("google")} <= found


MANY = 300_000


@pytest.mark.parametrize(
    "text",
    [
        'provider "x"' + " " * MANY,
        "required_providers" + " " * MANY,
        "required_providers {" * (MANY // 20),
        "provider /*" * (MANY // 10),
        'provider "' + '\\"' * MANY,
        "provider" * (MANY // 8),
        "required_providers {" + "a" * MANY,
        "required_providers {" + "a={" * MANY,
        'provider "a" {' * (MANY // 14),
        '"provider":' * (MANY // 11),
    ],
    ids=lambda text: text[:24],
)
def test_what_comes_near_to_a_requirement_takes_no_longer_than_its_length(text: str) -> None:
    """In square time a text of this length would take an hour."""
    for as_json in (False, True):
        assert len(list(required_in(text, json=as_json))) <= MANY


@pytest.mark.parametrize(
    "expression",
    [
        "a" * MANY,
        "dog_x.y[" * (MANY // 8),
        "dog_x.y.z" + "[0]" * (MANY // 3),
        "dog_x.y.z." * (MANY // 10),
        "in " * MANY,
    ],
    ids=lambda text: text[:16],
)
def test_so_do_expressions_that_an_assumed_schema_is_made_from(tmp_path: Path, expression: str) -> None:
    (tmp_path / "main.tf").write_text(f'resource "dog_x" "y" {{\n  name = {expression}\n}}\n')
    address = full_address("hashicorp/dog")
    document = assumed_schemas(Sources(tmp_path, (".",)), ".", {address})["provider_schemas"][address]
    assert "resource_schemas" in document


def served(folder: Path, files: dict[str, str]) -> Choice:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    usage = scan([folder])
    return chosen(usage.reached(folder.resolve()), schema_sources())


def names(choice: Choice) -> set[str]:
    return {source.path.stem for source in choice.sources}


def asks(name: str, version: str) -> str:
    entry = f'{name} = {{ source = "hashicorp/{name}", version = "{version}" }}'
    return f"terraform {{\n  required_providers {{\n    {entry}\n  }}\n}}\n"


@pytest.mark.parametrize(
    ("name", "version", "archive", "fits"),
    [
        ("aws", "~> 5.0", "aws-5", True),
        ("aws", ">= 5.0", "aws", True),
        ("aws", "6.69.1", "aws", True),
        ("aws", "~> 4.0", "aws-5", False),
        ("aws", "~> 9.0", "aws", False),
        ("google", "~> 7.0", "google-7", True),
        ("google", "~> 6.0", "google-7", False),
        ("google-beta", "< 8", "google-beta-7", True),
        ("helm", "~> 2.12", "helm-2", True),
        ("kubernetes", ">= 2.0, < 3.0", "kubernetes-2", True),
        ("null", "~> 2.0", "null", False),
    ],
)
def test_a_constraint_chooses_the_major(tmp_path: Path, name: str, version: str, archive: str, fits: bool) -> None:
    choice = served(tmp_path, {"main.tf": asks(name, version)})
    assert names(choice) == {archive}
    assert (choice.unmet == ()) is fits
    if not fits:
        assert [(one.source, one.asked) for one in choice.unmet] == [(full_address(name), version)]


def test_modules_narrow_what_a_root_asks_for(tmp_path: Path) -> None:
    files = {
        "main.tf": asks("aws", ">= 4.0") + 'module "m" {\n  source = "./m"\n}\n',
        "m/main.tf": asks("aws", "~> 5.10"),
        "other/main.tf": asks("aws", "~> 6.0"),
    }
    assert names(served(tmp_path, files)) == {"aws-5"}


def test_a_type_or_a_block_asks_for_its_provider(tmp_path: Path) -> None:
    text = 'resource "random_id" "x" {\n  byte_length = 1\n}\nresource "google_x" "y" {\n  provider = google-beta\n}\n'
    assert names(served(tmp_path, {"main.tf": text})) == {"random", "google", "google-beta"}


@pytest.mark.parametrize(
    "source", ["HashiCorp/aws", "registry.opentofu.org/hashicorp/aws", "registry.terraform.io/hashicorp/AWS"]
)
def test_addresses_are_compared_as_terraform_does(tmp_path: Path, source: str) -> None:
    entry = f'cloud = {{ source = "{source}", version = "~> 5.0" }}'
    text = f"terraform {{\n  required_providers {{\n    {entry}\n  }}\n}}\n"
    assert names(served(tmp_path, {"main.tf": text})) == {"aws-5"}


def test_a_file_of_the_users_own_is_served_whatever_is_asked(tmp_path: Path) -> None:
    schema = {"provider_schemas": {"registry.terraform.io/hashicorp/aws": {"resource_schemas": {}}}}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    sources = schema_sources([tmp_path / "schema.json"])
    assert [source for source in sources if source.about.name == "aws"] == [
        s for s in sources if isinstance(s, SchemaFile)
    ]
    (tmp_path / "main.tf").write_text(asks("aws", "~> 3.0"))
    choice = chosen(scan([tmp_path]).reached(tmp_path.resolve()), sources)
    assert (len(choice.sources), choice.unmet) == (1, ())


def test_what_two_archives_share_is_stored_once() -> None:
    google, beta = (SchemaArchive(SCHEMA_FOLDER / f"{name}.zip") for name in ("google", "google-beta"))
    wanted = {"resource": ["google_storage_bucket", "google_project_service_identity"]}
    found = beta.load(wanted).types["resource"]
    assert sorted(found) == sorted(wanted["resource"])
    assert google.load(wanted).types["resource"] == {"google_storage_bucket": found["google_storage_bucket"]}
    assert beta.path.stat().st_size < google.path.stat().st_size / 2


ASSUMED = """\
terraform {
  required_providers {
    dog = { source = "DataDog/datadog" }
  }
}
provider "dog" {
  api_key = "x"
}
resource "dog_monitor" "a" {
  for_each = toset(["a"])
  name     = each.key
  limits {
    high = 1
  }
  dynamic "step" {
    for_each = [1]
    content {
      at = step.value
    }
  }
  lifecycle {
    ignore_changes = [name]
  }
}
resource "aws_x" "y" {
  provider = dog
  monitor  = dog_monitor.a["a"].slug
}
data "dog_hosts" "all" {}
output "first" {
  value = data.dog_hosts.all.names[0]
}
output "host" {
  value = "${data.dog_hosts.all.config.0.host}:${data.dog_hosts.all.config[0]["port"]}"
}
output "tag" {
  value = data.dog_hosts.all.tags[var.key]
}
locals {
  each = { for name in data.dog_hosts.all.zones : name => name }
}
"""


def test_an_unknown_provider_is_assumed_to_take_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ASSUMED)
    address = full_address("datadog/datadog")
    document = assumed_schemas(Sources(tmp_path, (".",)), ".", {address})["provider_schemas"][address]
    assert document["provider"]["block"]["attributes"].keys() == {"api_key"}
    monitor = document["resource_schemas"]["dog_monitor"]["block"]
    assert monitor["attributes"].keys() == {"name", "id", "slug"}
    assert {name: nested["block"]["attributes"].keys() for name, nested in monitor["block_types"].items()} == {
        "limits": {"high"},
        "step": {"at"},
    }
    assert document["resource_schemas"].keys() == {"dog_monitor", "aws_x"}
    hosts = document["data_source_schemas"]["dog_hosts"]["block"]["attributes"]
    assert {name: attribute["type"] for name, attribute in hosts.items()} == {
        "id": "string",
        "names": ["list", "string"],
        "config": ["list", ["object", {"host": "string", "port": "string"}]],
        "tags": ["map", "string"],
        "zones": ["list", "string"],
    }
