"""Reading blocks, comments and addresses out of Terraform source."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.diagnostics import Place
from groundplan.hcl.read import NestingError, parse, tokens
from groundplan.hcl.sources import Sources, strip_indexes
from tests.unit.check.environments import FILES, write

TRICKY = """\
locals {
  # a comment with { and "
  text  = "a } b ${upper("}")} \\" {" // trailing {
  big   = <<-EOT
    resource "aws_s3_bucket" "not_this" {
    }
  EOT
  list = [
    "one", # two {
    { three = 3 },
  ]
  /* resource "x" "y" { */
  after = true
}

resource "aws_sqs_queue" "real" { name = "q" }
"""


def test_strings_comments_and_heredocs_hide_braces() -> None:
    file = parse(TRICKY, "main.tf")
    assert [(block.type, block.labels) for block in file.blocks] == [
        ("locals", ()),
        ("resource", ("aws_sqs_queue", "real")),
    ]
    local = file.blocks[0].attributes
    assert list(local) == ["text", "big", "list", "after"]
    assert local["text"].value == '"a } b ${upper("}")} \\" {"'
    assert local["after"].place == Place("main.tf", 13, 3)
    assert file.blocks[1].place == Place("main.tf", 16, 1)
    assert file.blocks[1].attributes["name"].value == '"q"'


@pytest.mark.parametrize("text", ["", "{", '"', "a = ${", 'x "y" {', "<<EOT", "a = [", "}", "\x00", "/*"])
def test_broken_source_ends(text: str) -> None:
    assert parse(text, "main.tf").type == parse(text, "main.tf", outline=True).type == ""


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ('module.a["x.y"].module.b[0].aws_c.d["e]f"]', "module.a.module.b.aws_c.d"),
        ("aws_c.d", "aws_c.d"),
        ('aws_c.d["q\\"]"]', "aws_c.d"),
    ],
)
def test_indexes_are_stripped(address: str, plain: str) -> None:
    assert strip_indexes(address) == plain


def test_an_address_leads_to_its_block(tmp_path: Path) -> None:
    sources = Sources(write(tmp_path, FILES), ("10-foundation", "20-platform"))
    address = 'module.buckets.aws_s3_bucket.this["data"]'
    module = "modules/aws/object_store/main.tf"
    assert sources.place("10-foundation", address) == Place(module, 5, 1)
    assert sources.place("20-platform", address) is None
    assert sources.roots_of(module, address) == ("10-foundation",)
    assert sources.roots_of(module, "aws_s3_bucket.this") == ()


def test_skips_count_for_the_resource_and_for_what_its_module_call_skips(tmp_path: Path) -> None:
    call = 'module "buckets" {\n  #checkov:skip=CKV_AWS_21:only scratch data\n'
    main = FILES["10-foundation/main.tf"].replace('module "buckets" {\n', call)
    sources = Sources(write(tmp_path, FILES | {"10-foundation/main.tf": main}), ("10-foundation",))
    assert sources.skips("10-foundation", "module.buckets.aws_s3_bucket.this") == {
        "CKV_AWS_144": "one region is enough for data that can be downloaded again",
        "CKV_AWS_18": None,
        "CKV_AWS_21": "only scratch data",
    }


def test_an_outline_leaves_inner_blocks_empty() -> None:
    inner = 'validation {\n    x = <<EOT\n}\nEOT\n    y { z = "}" } # }\n  }\n'
    text = f'{TRICKY}variable "a" {{\n  {inner}  type = any\n}}\n'
    whole, outline = parse(text, "main.tf"), parse(text, "main.tf", outline=True)
    assert [(block.labels, block.attributes) for block in outline.blocks] == [
        (block.labels, block.attributes) for block in whole.blocks
    ]
    (empty,) = outline.blocks[-1].blocks
    assert (empty.type, empty.attributes, empty.blocks) == ("validation", {}, [])
    assert list(whole.blocks[-1].blocks[0].attributes) == ["x"]


@pytest.mark.parametrize(
    "text",
    ["a {\n" * 10_000, "{" * 10_000, '"${' * 10_000, 'a = "' + '${"' * 10_000],
    ids=["blocks", "braces", "strings", "attribute"],
)
def test_nesting_has_an_end(text: str) -> None:
    with pytest.raises(NestingError):
        parse(text, "main.tf")


@pytest.mark.parametrize("start", ["<<A\n", "<<-A\nx\n", "/*", '"${', 'a = "'])
def test_what_is_not_closed_lasts_to_the_end(start: str) -> None:
    """One pass over the text is enough, however often it starts anew."""
    assert [token.end for token in tokens(start + "a\n" * 100)][-1] == len(start) + 200


def test_a_heredoc_ends_at_a_line_of_its_own() -> None:
    text = 'a = <<EOT\n  EOT x\n/*\n  EOT\nresource "b" "c" {}\n'
    assert [block.labels for block in parse(text, "main.tf").blocks] == [("b", "c")]
