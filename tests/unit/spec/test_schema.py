"""The JSON Schema and the reference: fresh, and of one mind with the parser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from groundplan.spec import model, shape
from groundplan.spec.load import load
from groundplan.spec.schema import schema
from groundplan.spec.yaml_file import decode, parse_yaml
from tests.conftest import Golden
from tools.spec_reference import reference

REPOSITORY = Path(__file__).resolve().parents[3]
VALID = sorted((REPOSITORY / "tests/specs/valid").glob("*.yaml"))
EXAMPLES = sorted([*REPOSITORY.glob("blueprints/*/*.yaml"), *REPOSITORY.glob("environments/**/groundplan.yaml")])
BASES = sorted(REPOSITORY.glob("environments/*.yaml"))


@pytest.mark.parametrize(("name", "part"), [("schema.json", False), ("schema-part.json", True)])
def test_the_schema_in_the_docs_is_fresh(name: str, part: bool, golden: Golden) -> None:
    golden(REPOSITORY / "docs" / name, json.dumps(schema(part=part), indent=2, ensure_ascii=False) + "\n")


def test_the_reference_is_fresh(golden: Golden) -> None:
    golden(REPOSITORY / "docs" / "spec.md", reference())


@pytest.mark.parametrize("part", [False, True])
def test_schema_is_a_schema(part: bool) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(part=part))


def test_every_field_has_a_meaning() -> None:
    assert [path for path, owner in shape.walk() if not shape.meaning(owner, path[-1])] == []


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_schema_accepts_valid_specs(path: Path) -> None:
    jsonschema.validate(dict(load(path).values), schema())
    own = parse_yaml(decode(path.read_bytes(), path.name), path.name)
    jsonschema.validate(dict(own.values), schema(part=True))


@pytest.mark.parametrize(
    "change",
    [
        {"nmae": "x"},
        {"name": "X"},
        {"network": {"zones": 1}},
        {"training": {"pools": {"Bad Name": {"nodes": {"max": 1}}}}},
        {"training": {"pools": {"p": {"nodes": {}}}}},
        {"budget": None},
    ],
    ids=str,
)
def test_schema_rejects_what_the_parser_rejects(change: dict[str, object]) -> None:
    values = dict(load(VALID[0]).values) | change
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(values))


def test_every_pattern_has_words() -> None:
    patterns: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            patterns.update(value.get("patternProperties", {}))
            if isinstance(value.get("pattern"), str):
                patterns.add(value["pattern"])
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(model.root().model_json_schema())
    assert patterns == set(model.patterns())


@pytest.mark.parametrize("path", [*EXAMPLES, *BASES], ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_examples_name_and_follow_their_schema(path: Path) -> None:
    """The first line tells editors which schema the file follows, by a path that leads to it."""
    first = path.read_text().splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    target = (path.parent / first.removeprefix(prefix)).resolve()
    partial = path in BASES or "\nextends:" in path.read_text()
    own = parse_yaml(path.read_text(), path.name)
    jsonschema.validate(dict(own.values), schema(part=partial))
    assert target == REPOSITORY / "docs" / ("schema-part.json" if partial else "schema.json")


def test_no_pattern_takes_letters_or_digits_of_all_scripts() -> None:
    """In the expressions of pydantic, `\\d` and `\\w` are those of Unicode; what clouds call a digit is ASCII."""
    patterns = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(schema(part=False)))
    assert len(patterns) > 10
    assert [pattern for pattern in patterns if re.search(r"\\\\[dwsDWS]", pattern)] == []
