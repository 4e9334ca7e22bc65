"""Every type that the modules render was looked at: it lets somebody in and is read, or it does not and says why."""

from __future__ import annotations

import re

import pytest

from groundplan.change.access.flags import flags, sorts
from groundplan.change.access.google import GRANTS
from groundplan.change.opens import READERS
from tools.module_docs import MODULES

RENDERED = {
    found
    for path in MODULES.rglob("*.tf")
    for found in re.findall(r'^resource "(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_no_rendered_type_is_forgotten() -> None:
    assert len(RENDERED) > 100
    assert not RENDERED - sorts().keys(), "give it a row in change/access/tables/types.csv"


@pytest.mark.parametrize("type_name", sorted(sorts()))
def test_a_type_that_lets_somebody_in_is_read(type_name: str) -> None:
    read = type_name in READERS or type_name in flags() or GRANTS.match(type_name) is not None
    assert read == bool(sorts()[type_name].noun)


def test_whatever_is_read_has_a_noun() -> None:
    assert {*READERS, *flags()} <= sorts().keys()


def test_every_flag_has_a_source() -> None:
    assert all(flag.source.startswith("https://") for rows in flags().values() for flag in rows)
