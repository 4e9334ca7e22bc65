"""The tables of a change hold every type that is rendered, and only what providers have."""

from __future__ import annotations

import re

import pytest

from groundplan.change.tables import things, weakenings
from tools.module_docs import module_folders

RESOURCE = re.compile(r'^resource "([a-z0-9_]+)"', re.MULTILINE)


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


@pytest.mark.parametrize("type_", sorted(weakenings()))
def test_weakened_types_are_rendered_and_lead_to_something_with_a_name(type_: str) -> None:
    thing = things()[type_]
    assert thing.noun or thing.owners
