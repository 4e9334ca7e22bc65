"""Provider schema files come with a pull request: what is none is a finding, whatever it holds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.terraform import archive
from groundplan.terraform.archive import SCHEMA_FOLDER, SchemaArchive, read_schema_file
from groundplan.terraform.plugin.messages import provider_schema

ATTRIBUTE = {"type": ["map", ["object", {"a": ["tuple", ["string", "number"]]}, ["a"]]], "optional": True}
NESTED = {"nesting_mode": "set", "block": {"attributes": {"b": {"type": "dynamic"}}}, "min_items": 1}


def schema(**block: Any) -> dict[str, Any]:
    return {"version": 1, "block": {"attributes": {"a": ATTRIBUTE}, "block_types": {"n": NESTED}, **block}}


def document(resource: Any) -> dict[str, Any]:
    return {"provider_schemas": {"example.com/a/b": {"resource_schemas": {"b_thing": resource}}}}


def reading(tmp_path: Path, content: Any) -> str:
    """What GP507 says of the file; empty when its schemas can be served."""
    file = tmp_path / "schema.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    try:
        for provider in read_schema_file(file):
            provider_schema(provider.load())
    except DiagnosticsError as error:
        [found] = error.diagnostics
        assert found.code == "GP507" and found.place is not None
        return found.message
    return ""


@pytest.mark.parametrize("resource", [schema(), {}, {"block": {}}, {"version": 0, "block": {"attributes": None}}])
def test_what_terraform_prints_is_read(resource: Any, tmp_path: Path) -> None:
    assert reading(tmp_path, document(resource)) == ""


def test_a_schema_of_ours_is_left_as_it_is() -> None:
    """Except for descriptions, of which nothing is read."""
    shipped = SchemaArchive(SCHEMA_FOLDER / "tls.zip").load()
    again = archive.SchemaFile(Path("x"), "tls", {"resource_schemas": shipped.types["resource"]}).load()
    assert provider_schema(again).resource_schemas == provider_schema(shipped).resource_schemas


def deep(levels: int) -> Any:
    block: Any = {}
    for _ in range(levels):
        block = {"block_types": {"n": {"nesting_mode": "list", "block": block}}}
    return {"block": block}


def deep_type(levels: int) -> Any:
    type_: Any = "string"
    for _ in range(levels):
        type_ = ["list", type_]
    return schema(attributes={"a": {"type": type_}})


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ([], "resource_schemas.b_thing is no object"),
        ({"version": -1}, "version is no count"),
        ({"version": True}, "version is no count"),
        ({"version": 10**30}, "version is no count"),
        ({"version": "1"}, "version is no count"),
        (schema(attributes=[]), ""),
        (schema(attributes=3), "block.attributes is no object"),
        (schema(attributes={"a": {}}), "attributes.a.type is no type"),
        (schema(attributes={"a": {"type": "text"}}), "attributes.a.type is no type"),
        (schema(attributes={"a": {"type": ["list"]}}), "attributes.a.type is no type"),
        (schema(attributes={"a": {"type": [["list"], "string"]}}), "attributes.a.type is no type"),
        (schema(attributes={"a": {"type": {"list": "string"}}}), "attributes.a.type is no type"),
        (schema(attributes={"a": {"nested_type": {"attributes": {}}}}), "nesting_mode is none of"),
        (schema(attributes={"a": {"nested_type": 1}}), "nested_type is no object"),
        (schema(attributes={"\x1b[31m": ATTRIBUTE}), "has a name that no argument has"),
        (schema(attributes={"a" * 10_000: ATTRIBUTE}), "has a name that no argument has"),
        (schema(block_types={"n": {"nesting_mode": [], "block": {}}}), "nesting_mode is none of"),
        (schema(block_types={"n": {**NESTED, "min_items": -1}}), "a number of items is none"),
        (schema(block_types={"n": {**NESTED, "max_items": 1.5}}), "a number of items is none"),
        (schema(block_types={"n": {"nesting_mode": "list", "block": None}}), "block_types.n.block is no object"),
        (deep(49), ""),
        (deep(300), "blocks more than 50 deep"),
        (deep_type(300), "types more than 50 deep"),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_what_is_no_schema_is_named(resource: Any, message: str, tmp_path: Path) -> None:
    found = reading(tmp_path, document(resource))
    assert message in found
    assert bool(found) == bool(message) and len(found) < 300


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "null",
        '{"provider_schemas": []}',
        '{"provider_schemas": {"aws": 1}}',
        '{"provider_schemas": {"aws": {"resource_schemas": [1]}}}',
        '{"provider_schemas": {"a/b/c/d/e": {}}}',
        '{"provider_schemas": {"../../etc/passwd": {}}}',
        '{"provider_schemas": {"": {}}}',
        '{"provider_schemas": {"aws": {}, "aws": {}}}',
        '{"provider_schemas": {"aws\\n": {}}}',
        '{"provider_schemas": {"\\ud800": {}}}',
        '{"provider_schemas": ' + "9" * 10_000 + "}",
        "[" * 100_000,
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_file_of_schemas(content: str, tmp_path: Path) -> None:
    assert reading(tmp_path, content).startswith("not a provider schema file: ")


def test_pipes_devices_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(archive, "SCHEMA_BYTES", 4)
    (tmp_path / "large").write_text("     ")
    for file, why in (
        (tmp_path / "pipe", "is not a regular file"),
        (Path("/dev/zero"), "is not a regular file"),
        (tmp_path / "large", "larger than 4 bytes"),
    ):
        with pytest.raises(DiagnosticsError, match=f"cannot read the provider schema file: {why}"):
            read_schema_file(file)
