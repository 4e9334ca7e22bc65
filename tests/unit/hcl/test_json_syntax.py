"""Terraform's JSON syntax as blocks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.diagnostics import Place
from groundplan.hcl.json_document import JsonSyntaxError
from groundplan.hcl.json_syntax import parse_json
from groundplan.hcl.sources import Sources
from tests.unit.check.environments import write

DATABASE = """\
{
  "//": "not a block",
  "terraform": {"backend": {"s3": {"bucket": "b"}}},
  "resource": {
    "aws_db_instance": {
      "main": {"username": "admin", "password": "${var.given}", "tags": {"team": "${upper(\\"x\\")}-a"}},
      "spare": [{"count": 2, "provisioner": [{"local-exec": {"command": "id"}}]}]
    }
  }
}
"""


def test_keys_become_labels_and_keep_their_places() -> None:
    terraform, main, spare = parse_json(DATABASE, "main.tf.json").blocks
    assert [(block.type, block.labels) for block in terraform.blocks] == [("backend", ("s3",))]
    assert (main.type, main.labels, main.place) == (
        "resource",
        ("aws_db_instance", "main"),
        Place("main.tf.json", 6, 7),
    )
    assert main.attributes["password"].place == Place("main.tf.json", 6, 37)
    assert spare.labels == ("aws_db_instance", "spare")
    assert [(block.type, block.labels) for block in spare.blocks] == [("provisioner", ("local-exec",))]


def test_values_read_as_the_language_would_write_them() -> None:
    main = parse_json(DATABASE, "main.tf.json").blocks[1]
    assert main.attributes["username"].value == '"admin"'
    assert main.attributes["password"].value == "var.given"
    assert main.attributes["tags"].value == '{"team" = "${upper("x")}-a"}'
    [block] = parse_json(
        json.dumps({"locals": {"a": [1, True, None], "b": 'say "\\" and\nmore'}}), "main.tf.json"
    ).blocks
    assert block.attributes["a"].value == "[1, true, null]"
    assert block.attributes["b"].value == r'"say \"\\\" and\nmore"'
    assert parse_json('{"locals": {"a": 1e400}}', "x.tf.json").blocks[0].attributes["a"].value == "1e400"


def test_a_file_of_values_has_attributes_only() -> None:
    values = parse_json('{"password": "hunter22", "list": [{"a": 1}]}', "terraform.tfvars.json")
    assert list(values.attributes) == ["password", "list"]
    assert values.blocks == []


@pytest.mark.parametrize(
    "text, offset",
    [
        ("", 0),
        ("{", 1),
        ('{"a": 1,}', 8),
        ('{"a" 1}', 5),
        ("{}\n{}", 3),
        ('{"a": "\x01"}', 7),
        ("[" * 200 + "]" * 200, 61),
        ('{"a": tru}', 6),
        ('{"a": 01}', 7),
        ('{"a": NaN}', 6),
        ('{"a": "\\ud800"}', 6),
        ("{1: 2}", 1),
        ("\ufeff{}", 0),
    ],
)
def test_what_is_not_json_is_refused_where_it_shows(text: str, offset: int) -> None:
    with pytest.raises(JsonSyntaxError) as caught:
        parse_json(text, "main.tf.json")
    assert caught.value.offset == offset


def test_json_and_override_files_are_sources_too(tmp_path: Path) -> None:
    files = {
        "a/main.tf": 'module "m" {\n  source = "./one"\n}\n',
        "a/main_override.tf.json": '{"module": {"m": {"source": "./two"}}}',
        "a/one/main.tf": 'resource "null_resource" "x" {}\n',
        "a/two/main.tf.json": '{"resource": {"null_resource": {"x": {}}}}',
        "a/terraform.tfvars.json": '{"token": "abcdef"}',
        "a/broken.tf.json": "{",
    }
    sources = Sources(write(tmp_path, files), ("a",))
    assert set(sources.files) == set(files)
    assert sources.place("a", "module.m.null_resource.x") == Place("a/two/main.tf.json", 1, 33)
    assert sources.files["a/terraform.tfvars.json"].attributes["token"].value == '"abcdef"'


def test_folders_that_no_root_calls_are_named(tmp_path: Path) -> None:
    files = {
        "10-a/main.tf": 'module "m" {\n  source = "../modules/m"\n}\n',
        "modules/m/main.tf.json": '{"module": {"n": {"source": "../n"}}}',
        "modules/n/main.tf": "locals {}\n",
        "modules/spare/main.tf": "locals {}\n",
        "20-b/values.tfvars": "a = 1\n",
    }
    assert Sources(write(tmp_path, files), ("10-a",)).uncalled == ("modules/spare",)
