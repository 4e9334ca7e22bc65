"""Data that goes with something that holds none itself, or that no plan shows."""

from __future__ import annotations

import pytest

from groundplan.change.attribution import Attribution, Edits
from groundplan.change.entries import Rehearsed
from groundplan.change.model import Entry, Kind
from groundplan.change.planned import read_plan
from groundplan.change.tables import things
from groundplan.change.things import HOLDERS
from groundplan.terraform.effects import effects
from tests.unit.change.plans_of import entries, plan, resource

ROOT = "10-foundation"


def told(*resources: dict[str, object]) -> list[Entry]:
    """The entries by the facts of the package."""
    found = plan(ROOT, *resources)
    return Rehearsed(list(read_plan(ROOT, found.plan or {})), Attribution(None, None, Edits()), effects()).entries()


def is_data(type_: str) -> bool:
    loss = effects().loss(type_, {})
    return loss is not None and loss.data and things()[type_].noun not in HOLDERS


DATA_OF_OTHERS = [
    (thing.type, owner.type)
    for thing in things().values()
    for owner in thing.owners
    if is_data(thing.type) and not is_data(owner.type)
]


def test_there_is_data_that_belongs_to_what_holds_none() -> None:
    assert ("aws_cloudwatch_log_group", "aws_eks_cluster") in DATA_OF_OTHERS
    assert len(DATA_OF_OTHERS) >= 6


@pytest.mark.parametrize("action", ["destroy", "replace"])
@pytest.mark.parametrize(("part", "whole"), DATA_OF_OTHERS)
def test_data_is_told_where_what_it_belongs_to_holds_none(part: str, whole: str, action: str) -> None:
    found = told(resource(f"module.a.{whole}.this", "destroy"), resource(f"module.a.{part}.this", action))
    assert any(one.kind is Kind.DESTROYS_DATA and part in one.address for one in found)


def cluster(name: str, action: str) -> dict[str, object]:
    return resource(f"module.{name}.aws_eks_cluster.this", action, {"name": name})


@pytest.mark.parametrize("action", ["destroy", "replace"])
def test_a_lost_cluster_of_which_nothing_can_be_told_needs_a_word(action: str) -> None:
    lost = next(one for one in entries(plan(ROOT, cluster("acme", action))) if one.kind is Kind.DESTROYS_DATA)
    assert lost.what == "every claim of a volume in cluster acme goes with it"
    assert "no plan tells what is in it" in lost.reason
    assert lost.needs_word


def test_of_several_clusters_each_that_goes_needs_a_word() -> None:
    found = entries(plan(ROOT, cluster("a", "destroy"), cluster("b", "nothing"), cluster("c", "replace")))
    data = [one for one in found if one.kind is Kind.DESTROYS_DATA]
    assert [one.what.split(" goes")[0] for one in data] == [
        f"every claim of a volume in cluster {name}" for name in "ac"
    ]
    assert all("several clusters" in one.reason for one in data)
