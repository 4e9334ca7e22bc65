"""The tables of a change hold every type that is rendered, and only what providers have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from groundplan.change.consequences import FIELD, rows
from groundplan.change.tables import things, weakenings
from groundplan.change.things import path_of
from groundplan.terraform.archive import SCHEMA_FOLDER, Schema, SchemaArchive
from tools.module_docs import module_folders

ARCHIVES = {"google_project_service_identity": "google-beta"}
"""Types that another provider than the one of their name has."""
DECODED = "{}"

RESOURCE = re.compile(r'^resource "([a-z0-9_]+)"', re.MULTILINE)

SOURCE = re.compile(r"https://\S+|[\w-]+/[\w-]+ \S.*@[\w.]+|tried with the AWS provider|unproven")
"""What can be opened: an address, or a file of a repository at a revision; else what says that nobody has read it."""


def rendered() -> set[str]:
    """Every type of resource that a module makes."""
    texts = (path.read_text(encoding="utf-8") for folder in module_folders() for path in folder.glob("*.tf"))
    return {type_ for text in texts for type_ in RESOURCE.findall(text)}


def test_every_rendered_type_has_a_name_or_is_a_part() -> None:
    types = rendered()
    assert len(types) > 100
    assert sorted(types - set(things())) == []
    assert sorted(set(things()) - types) == []


def test_owners_are_types_of_the_table() -> None:
    wrong = [
        f"{thing.type} belongs to {owner.type}"
        for thing in things().values()
        for owner in thing.owners
        if owner.type not in things()
    ]
    assert wrong == []


def test_what_stops_with_it_has_a_name() -> None:
    assert [thing.type for thing in things().values() if thing.stops and not thing.noun] == []


def test_sources_can_be_opened() -> None:
    told = [row for found in (*weakenings().values(), *rows().values()) for row in found]
    wrong = [f"{row.type}: {part}" for row in told for part in row.source.split("; ") if not SOURCE.fullmatch(part)]
    assert len(told) > 50
    assert wrong == []


def test_how_long_it_takes_to_replace_a_thing_has_a_source() -> None:
    bases = {thing.type: thing.basis.partition(": ") for thing in things().values() if thing.replaced or thing.basis}
    assert len(bases) > 50
    assert [type_ for type_, (what, _, source) in bases.items() if not SOURCE.fullmatch(source or what)] == []


@pytest.mark.parametrize("type_", sorted(weakenings()))
def test_weakened_types_are_rendered_and_lead_to_something_with_a_name(type_: str) -> None:
    thing = things()[type_]
    assert thing.noun or thing.owners


@cache
def schema(type_: str) -> Schema:
    archive = SchemaArchive(SCHEMA_FOLDER / f"{ARCHIVES.get(type_, type_.partition('_')[0])}.zip")
    block: Schema = archive.load({"resource": [type_]}).types["resource"][type_]["block"]
    return block


def leads(block: Schema, path: Sequence[str | int]) -> bool:
    """Whether a path of the tables, in which numbers and `*` stand for elements, leads to something in the schema."""
    names = [part for part in path if part != "*" and not isinstance(part, int)]
    for index, name in enumerate(names):
        if nested := block.get("block_types", {}).get(name):
            block = nested["block"]
            continue
        attribute = block.get("attributes", {}).get(name)
        if attribute is None or "nested_type" not in attribute:
            return attribute is not None and (len(names) == index + 1 or attribute["type"][0] in ("map", "list", "set"))
        block = attribute["nested_type"]
    return True


def named_paths() -> Iterator[tuple[str, Sequence[str | int]]]:
    for type_, thing in things().items():
        owners = [owner.argument for owner in thing.owners if owner.argument]
        yield from ((type_, path_of(name)) for name in (*thing.names, *owners))


def weakened_paths() -> Iterator[tuple[str, Sequence[str | int]]]:
    for type_, found in weakenings().items():
        for row in found:
            yield type_, row.path[: row.path.index(DECODED)] if DECODED in row.path else row.path
            element = (*row.path[:1], "*") if "*" in row.path else ()
            yield type_, (*element, *row.where[0]) if row.where else ()
            yield from ((type_, (*element, name)) for name in row.within if DECODED not in row.path)


def followed_paths() -> Iterator[tuple[str, Sequence[str | int]]]:
    for type_, found in rows().items():
        for row in found if type_ != "*" else ():
            terms = [term for term in row.conditions if term not in ("new_first", "old_first")]
            names = [re.split(r"!?=", term)[0].removeprefix("same ") for term in terms]
            yield from ((type_, [name]) for name in (*names, *FIELD.findall(row.then)))


@pytest.mark.parametrize("paths", [named_paths, weakened_paths, followed_paths])
def test_paths_of_the_tables_are_those_of_the_providers(
    paths: Callable[[], Iterator[tuple[str, Sequence[str | int]]]],
) -> None:
    found = list(paths())
    assert len(found) > 10
    assert [f"{type_}: {path}" for type_, path in found if not leads(schema(type_), path)] == []
