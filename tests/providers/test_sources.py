"""What forces a replacement, as the source of the other providers has it: every argument that the modules set.

`forced.csv` holds ForceNew and RequiresReplace, read by a program from the schemas in the source of google (e03b762),
kubernetes (3a33fb6) and helm (ecffae0), beside the tables and not from them: an element of a set counts as another one
when any of its arguments changes. What a provider decides in code (CustomizeDiff) stands in `CONDITIONAL`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from groundplan.paths import MODULES
from groundplan.terraform.archive import SCHEMA_FOLDER, Schema, SchemaArchive
from groundplan.terraform.effects import Pattern, effects
from tests.providers.states import arguments, at, filled, leaves, put

ARGUMENTS = arguments(MODULES)

CONDITIONAL: Mapping[tuple[str, str], str] = {
    ("google_compute_subnetwork", "ip_cidr_range"): "unless the new range holds the old one",
    ("google_container_cluster", "enable_l4_ilb_subsetting"): "when it is switched off",
    ("google_storage_bucket", "retention_policy.is_locked"): "when it is unlocked, which the service refuses",
}
"""Arguments that code replaces, under a condition that the made-up values meet."""


def rows() -> Iterator[tuple[str, str, bool]]:
    with (Path(__file__).parent / "forced.csv").open(encoding="utf-8", newline="") as text:
        yield from ((row["type"], row["argument"], row["forces"] == "yes") for row in csv.DictReader(text))


@cache
def schema(type_: str) -> Schema:
    archive = SchemaArchive(SCHEMA_FOLDER / f"{type_.partition('_')[0]}.zip")
    block: Schema = archive.load({"resource": [type_]}).types["resource"][type_]["block"]
    return block


def forced(type_: str) -> Iterator[tuple[str, bool]]:
    """Each argument of the type that is set, and whether another value replaces the resource."""
    block = schema(type_)
    base, other = (filled(block, ARGUMENTS[type_], {}, turn) for turn in (0, 1))
    for place in leaves(block, base):
        changed = put(base, place, at(other, place))
        name = ".".join(step for step in place if isinstance(step, str))
        yield name, bool(effects().replacing(type_, base, changed))


@pytest.mark.parametrize("type_", sorted({type_ for type_, _, _ in rows()}))
def test_replacements_are_those_of_the_source(type_: str) -> None:
    found = dict(forced(type_))
    wrong = {name: expected for of, name, expected in rows() if of == type_ and found.get(name) is not expected}
    assert wrong.keys() == {name for of, name in CONDITIONAL if of == type_}


def test_every_argument_was_looked_up() -> None:
    """Of the types that the file has: an argument that a module sets from now on needs a line of its own."""
    known: dict[str, set[Pattern]] = {}
    for type_, name, _ in rows():
        known.setdefault(type_, set()).add(tuple(name.split(".")))
    missing = [
        (type_, path)
        for type_, paths in known.items()
        for path in ARGUMENTS[type_]
        if path not in paths and not any(other[: len(path)] == path for other in ARGUMENTS[type_] if other != path)
    ]
    assert not missing
