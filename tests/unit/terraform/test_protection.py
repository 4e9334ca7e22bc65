"""`prevent_destroy` as it may be written, and what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.hcl.json_syntax import parse_json
from groundplan.hcl.read import parse
from groundplan.terraform.protection import is_protected, lift_protection, lifted_text

SPELLINGS = {
    "plain": ("true", ""),
    "in brackets": ("(true)", ""),
    "in two brackets with a comment": ("( /* kept */ (true) )", ""),
    "over lines": ("(\n      true # kept\n    )", ""),
    "in quotes": ('"true"', ""),
    "in quotes and brackets": ('("true")', ""),
    "with a comment behind it": ("true", " # prevent_destroy = true"),
    "with a comment of C behind it": ("true", " /* until 2027 */"),
    "with slashes behind it": ("true", "// kept"),
    "with no blank": ("true", "#"),
}
EVALUATED = {
    "of two": "true && true",
    "negated": "!false",
    "a template": '"${true}"',
    "a choice": "true ? true : false",
}


def resource(setting: str) -> str:
    return f'resource "aws_kms_key" "this" {{\n  lifecycle {{\n    {setting}\n  }}\n}}\n'


@pytest.mark.parametrize(("value", "behind"), SPELLINGS.values(), ids=SPELLINGS)
def test_it_is_switched_off_and_nothing_beside_it_changes(value: str, behind: str) -> None:
    text = resource(f"prevent_destroy = {value}{behind}")
    assert lifted_text(text, "main.tf") == resource(f"prevent_destroy = false{behind}")
    assert is_protected(parse(text, "main.tf").blocks[0])
    assert not is_protected(parse(lifted_text(text, "main.tf"), "main.tf").blocks[0])


@pytest.mark.parametrize("value", EVALUATED.values(), ids=EVALUATED)
def test_it_is_switched_off_though_nobody_evaluates_it(value: str) -> None:
    assert lifted_text(resource(f"prevent_destroy={value}"), "main.tf") == resource("prevent_destroy=false")


@pytest.mark.parametrize(
    "text",
    [
        'resource "a_b" "c" { lifecycle { prevent_destroy = true } }\n',
        'resource "a_b" "c" {\n  lifecycle { /* a */ prevent_destroy /* b */ = /* c */ true /* d */ }\n}\n',
        'resource a_b c {\n  x = "}"\n  lifecycle {\n    prevent_destroy\t=\ttrue\n    ignore_changes = [x]\n  }\n}\n',
        '\ufeffresource "a_b" "c" {\r\n  lifecycle {\r\n    prevent_destroy = true\r\n  }\r\n}\r\n',
        'resource "ä_b" "ß" {\n  # 😀\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
)
def test_it_is_found_wherever_it_stands(text: str) -> None:
    head, _, tail = text.rpartition("true")
    assert lifted_text(text, "main.tf") == f"{head}false{tail}"


HEREDOC = "<<-EOT\n    lifecycle {\n      prevent_destroy = true\n    }\n  EOT"


@pytest.mark.parametrize(
    "text",
    [
        f'resource "aws_ssm_parameter" "p" {{\n  value = {HEREDOC}\n}}\n',
        'resource "a_b" "c" {\n  value = "lifecycle { prevent_destroy = true }"\n}\n',
        'resource "a_b" "c" {\n  settings = {\n    prevent_destroy = true\n  }\n}\n',
        'resource "a_b" "c" {\n  lifecycle {\n    # prevent_destroy = true\n    /* prevent_destroy = true */\n  }\n}\n',
        'resource "a_b" "c" {\n  inner {\n    lifecycle {\n      prevent_destroy = true\n    }\n  }\n}\n',
        'module "m" {\n  source = "./m"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
        "locals {\n  lifecycle = { prevent_destroy = true }\n}\n",
        "".join(f"a{n} {{\n" for n in range(200)) + "prevent_destroy = true\n" + "}\n" * 200,
    ],
    ids=["heredoc", "string", "map", "comments", "of something else", "module", "local", "too deep to read"],
)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert lifted_text(text, "main.tf") == text


def test_one_beside_a_heredoc_is_switched_off_and_the_heredoc_stays() -> None:
    text = f'resource "a_b" "c" {{\n  value = {HEREDOC}\n  lifecycle {{\n    prevent_destroy = true\n  }}\n}}\n'
    head, _, tail = text.rpartition("true")
    assert lifted_text(text, "main.tf") == f"{head}false{tail}"


@pytest.mark.parametrize("word", ["true", '"true"', '"${true}"', " \n true", '"tru\\u0065"'])
@pytest.mark.parametrize(
    "body", ['{"lifecycle": {"prevent_destroy": %s}}', '[{"lifecycle": [{"prevent_destroy": %s}]}]']
)
def test_it_is_switched_off_in_json(body: str, word: str) -> None:
    whole = '{"locals": {"prevent_destroy": true}, "resource": {"a_b": {"c": %s}, "a_c": [{"d": %s}]}}'
    text = whole % (body % word, body % word)
    lifted = lifted_text(text, "main.tf.json")
    blank = word[: len(word) - len(word.lstrip())]
    assert lifted == whole % (body % f"{blank}false", body % f"{blank}false")
    assert json.loads(lifted)["locals"] == {"prevent_destroy": True}
    assert all(map(is_protected, parse_json(text, "main.tf.json").blocks[1:]))
    assert not any(map(is_protected, parse_json(lifted, "main.tf.json").blocks[1:]))


def test_a_key_of_json_may_be_escaped_and_what_is_no_json_stays() -> None:
    text = '{"resource": {"a_b": {"c": {"lifecycle": {"prevent\\u005fdestroy": true}}}}}'
    assert lifted_text(text, "a.tf.json") == text.replace("true", "false")
    assert lifted_text(text[:-1], "a.tf.json") == text[:-1]


def test_a_file_that_another_folder_shares_stays_as_it_is_there(tmp_path: Path) -> None:
    kept, copy = tmp_path / "kept.tf", tmp_path / "copy"
    text = resource("prevent_destroy = (true)").replace("\n", "\r\n").encode() + b"# \xff\r\n"
    kept.write_bytes(text)
    copy.mkdir()
    (copy / "main.tf").hardlink_to(kept)
    (copy / "main.tfvars").write_bytes(text)
    lift_protection(copy)
    assert kept.read_bytes() == (copy / "main.tfvars").read_bytes() == text
    assert (copy / "main.tf").read_bytes() == text.replace(b"(true)", b"false")
