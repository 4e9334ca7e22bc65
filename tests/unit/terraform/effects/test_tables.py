"""The tables themselves: complete for what the modules make, true to the schemas, and readable by their own grammar."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from groundplan.hcl.read import parse
from groundplan.paths import MODULES
from groundplan.terraform.archive import SCHEMA_FOLDER, Schema, SchemaArchive
from groundplan.terraform.effects import Pattern, effects
from groundplan.terraform.effects.conditions import parse_condition
from groundplan.terraform.effects.keeping import CLEARED
from groundplan.terraform.effects.model import INTERRUPTIONS, KINDS
from groundplan.terraform.effects.reader import COLUMNS, NOTHING, REPLACE, TABLES

FILES = sorted(TABLES.glob("*/*.csv"))
OWN = {"terraform_data": {"attributes": {"triggers_replace": {"type": "dynamic", "optional": True}}}}
"""What is part of Terraform itself, which plans it offline as ever."""
ARCHIVES = {"google_project_service_identity": "google-beta"}
"""Types that another provider than the one of their name has."""

INNER = re.compile(r"(?:where|was) ([a-z0-9_.*#]+?)!?=")


def rows(table: str) -> Iterator[tuple[str, dict[str, str]]]:
    for file in FILES:
        if file.parent.name == table:
            with file.open(encoding="utf-8", newline="") as text:
                yield from ((f"{file.stem}:{row['type']}.{row.get('path', '')}", row) for row in csv.DictReader(text))


@cache
def schema(type_: str) -> Schema | None:
    if type_ in OWN:
        return OWN[type_]
    archive = SchemaArchive(SCHEMA_FOLDER / f"{ARCHIVES.get(type_, type_.partition('_')[0])}.zip")
    found = archive.load({"resource": [type_]}).types["resource"].get(type_)
    block: Schema | None = found["block"] if found else None
    return block


def steps(block: Schema, pattern: Pattern) -> bool:
    """Whether the pattern names a place in the schema, `#` standing for sets and `*` for lists and maps."""
    if not pattern:
        return True
    name, rest = pattern[0], pattern[1:]
    if nested := block.get("block_types", {}).get(name):
        return inside(nested["nesting_mode"], nested["block"], rest)
    attribute = block.get("attributes", {}).get(name)
    if attribute is None:
        return False
    if "nested_type" in attribute:
        return inside(attribute["nested_type"]["nesting_mode"], attribute["nested_type"], rest)
    return typed(attribute["type"], rest)


def inside(mode: str, block: Schema, rest: Pattern) -> bool:
    if mode in ("single", "group"):
        return steps(block, rest)
    sign = "#" if mode == "set" else "*"
    return rest[0] == sign and steps(block, rest[1:]) if rest else mode != "set"


def typed(kind: object, rest: Pattern) -> bool:
    if not rest:
        return not (isinstance(kind, list) and kind[0] == "set")
    if not isinstance(kind, list):
        return False
    if kind[0] == "object":
        return rest[0] in kind[1] and typed(kind[1][rest[0]], rest[1:])
    return rest[0] == ("#" if kind[0] == "set" else "*") and typed(kind[1], rest[1:])


def test_every_type_that_the_modules_make_was_studied() -> None:
    made = {
        block.labels[0]
        for file in MODULES.rglob("*.tf")
        for block in parse(file.read_text("utf-8"), file.name, outline=True).blocks
        if block.type == "resource"
    }
    assert len(made) > 100
    missing = sorted(type_ for type_ in made if not effects().studied(type_))
    assert not missing, f"tables/changes has no row for {missing}: see `docs/offline-terraform.md`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_files_are_plain_and_sorted(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as text:
        header, *cells = csv.reader(text)
    assert tuple(header) == COLUMNS[file.parent.name]
    assert cells == sorted(cells)
    assert all(len(row) == len(header) and row[-1] and all(cell == cell.strip() for cell in row) for row in cells)
    assert {row[0].partition("_")[0] for row in cells} == {file.stem}
    assert file.read_text("utf-8").count("\n") == len(cells) + 1, "a cell has a line break: types are found by lines"


def test_places_are_those_of_the_schemas() -> None:
    """Of the newest version that ships, sets written as sets: their elements are told apart in another way."""
    wrong = []
    for table in ("changes", "defaults", "recomputed"):
        for name, row in rows(table):
            block = schema(row["type"])
            inner = INNER.findall(row.get("condition", ""))
            patterns = [row["path"], *inner] if row["path"] != "*" else inner
            if block is None or not all(steps(block, tuple(path.split("."))) for path in patterns):
                wrong.append(name)
    assert not wrong


def test_changes_are_of_known_kinds() -> None:
    for name, row in rows("changes"):
        parse_condition(row["condition"])
        if row["effect"] in (REPLACE, NOTHING):
            assert not row["interruption"], name
        else:
            assert row["effect"] in KINDS, name
            assert row["interruption"] in INTERRUPTIONS, name
        assert row["path"] != "*" or row["effect"] in (NOTHING, "new_version"), name


def test_defaults_fit_their_arguments() -> None:
    kinds = {"string": str, "bool": bool, "number": int | float}
    for name, row in rows("defaults"):
        value = json.loads(row["value"])
        block = schema(row["type"])
        assert block is not None, name
        *outer, last = [step for step in row["path"].split(".") if step not in "*#"]
        for step in outer:
            nested = block["block_types"].get(step)
            block = nested["block"] if nested else block["attributes"][step]["nested_type"]
        attribute = block["attributes"][last]
        assert attribute.get("optional"), name
        assert isinstance(value, kinds[attribute["type"]]), name
        assert isinstance(value, bool) == (attribute["type"] == "bool"), name


def test_what_is_kept_are_blocks() -> None:
    for name, row in rows("kept"):
        block = schema(row["type"])
        for step in (step for step in row["path"].split(".") if step not in "*#"):
            assert block is not None
            block = block["block_types"][step]["block"]
        assert block, name
        assert row["how"] in ("as_it_is", CLEARED), name


def test_losses_are_of_types_that_were_studied() -> None:
    for name, row in rows("losses"):
        assert effects().studied(row["type"]), name
        assert {row["data"], row["irreversible"]} <= {"yes", "no"}, name
        assert row["lost"], name
        parse_condition(row["undo_if"])
        parse_condition(row["when"])
        if row["kept_days_in"]:
            block = schema(row["type"])
            assert block is not None
            assert steps(block, tuple(row["kept_days_in"].split("."))), name
        assert not row["kept_days"] or row["undo"], name


def test_what_holds_data_says_so() -> None:
    """Types whose destruction an operator has to allow; one that is missing here would pass unseen."""
    holding = {row["type"] for _, row in rows("losses") if row["data"] == "yes"}
    assert holding == {
        "aws_cloudwatch_log_group",
        "aws_db_instance",
        "aws_ecr_repository",
        "aws_eks_cluster",
        "aws_kms_key",
        "aws_prometheus_workspace",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "google_artifact_registry_repository",
        "google_container_cluster",
        "google_kms_crypto_key",
        "google_logging_project_bucket_config",
        "google_secret_manager_secret",
        "google_sql_database",
        "google_sql_database_instance",
        "google_storage_bucket",
        "kubernetes_namespace_v1",
    }


def test_sources_are_addresses_files_of_repositories_or_unproven() -> None:
    told = {f"{name}: {part}" for table in COLUMNS for name, row in rows(table) for part in row["source"].split("; ")}
    kinds = re.compile(
        r"[\w:.]+.*?: (?:(?:create|update) timeout of [\w ]+: )?(?:https://\S+|[\w-]+/[\w-]+ \S.*|unproven)"
    )
    assert len(told) > 500
    assert sorted(text for text in told if not kinds.fullmatch(text)) == []
