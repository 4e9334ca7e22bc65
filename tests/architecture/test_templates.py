"""Templates hold no decisions and let no value into HCL unescaped."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from tests.architecture.sources import PACKAGE, REPOSITORY
from tests.architecture.test_source import CLOUD_WORD

TEMPLATES = sorted(PACKAGE.rglob("*.j2"))
HCL = [path for path in TEMPLATES if path.name.endswith((".tf.j2", ".hcl.j2"))]
MARKDOWN = [path for path in TEMPLATES if path.name.endswith(".md.j2")]
YAML = [path for path in TEMPLATES if path.name.endswith(".yaml.j2")]
ESCAPING = {"hcl", "attributes", "comment", "references"}
LOGIC = (nodes.Compare, nodes.And, nodes.Or, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.CondExpr, nodes.Assign)


def parse(path: Path) -> nodes.Template:
    return jinja2.Environment(autoescape=False).parse(path.read_text(encoding="utf-8"))


def test_there_are_templates() -> None:
    assert len(HCL) >= 5


@pytest.mark.parametrize("path", HCL, ids=lambda path: path.name)
def test_every_value_goes_through_an_escaping_filter(path: Path) -> None:
    outputs = [
        node
        for output in parse(path).find_all(nodes.Output)
        for node in output.nodes
        if not isinstance(node, nodes.TemplateData)
    ]
    bare = [node.lineno for node in outputs if not (isinstance(node, nodes.Filter) and node.name in ESCAPING)]
    assert not bare, f"{path.relative_to(REPOSITORY)} prints without {sorted(ESCAPING)} in lines {bare}"


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_every_value_outside_of_comments_goes_through_the_yaml_filter(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    values = [value for line in lines for value in re.findall(r"\{\{ (.*?) \}\}", line.partition("# ")[0])]
    assert values
    assert not [value for value in values if not value.endswith("| yaml")]


def test_values_that_are_markdown_already_are_our_own_words() -> None:
    """`render.pages` escapes every other value of these templates."""
    text = "".join(path.read_text(encoding="utf-8") for path in MARKDOWN)
    assert len(MARKDOWN) >= 2
    assert set(re.findall(r"\{\{ ([^{}]*?) \| markdown\b", text)) == {
        "advice",
        "caution",
        "cloud.terraform.administrators",
        "cloud.terraform.login",
        "sentence",
    }


@pytest.mark.parametrize("path", HCL + YAML, ids=lambda path: path.name)
def test_decisions_are_made_before(path: Path) -> None:
    """`for` and `if x`, or `if not x`; no comparison, no arithmetic, no assignment."""
    found = [type(node).__name__ for kind in LOGIC for node in parse(path).find_all(kind)]
    assert not found, f"{path.relative_to(REPOSITORY)}: {found}"


@pytest.mark.parametrize("path", [p for p in TEMPLATES if "clouds" not in p.parts], ids=lambda path: path.name)
def test_shared_templates_name_no_cloud(path: Path) -> None:
    statements = re.findall(r"\{[%{].*?[%}]\}", path.read_text(encoding="utf-8"))
    assert not [statement for statement in statements if CLOUD_WORD.search(statement)]
