"""What a spec says, by path: nothing where it says something else, and the same before and after the check."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.components.budget.spec import Budget
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.monitoring.spec import Monitoring
from groundplan.components.network.spec import Network
from groundplan.spec.document import Lookup
from groundplan.spec.load import load
from groundplan.spec.parse import parse

VALID = sorted((Path(__file__).resolve().parents[2] / "specs/valid").glob("*.yaml"))
AT = Lookup({"pools": {"main": {"reads": ["data", 7, "logs"], "max": 4, "spot": True}}, "empty": None, "text": "abc"})


def test_values_by_path() -> None:
    assert AT.value("pools", "main", "max") == 4
    assert AT.value("pools", "main", "reads", 2) == "logs"
    assert AT.value() == AT.values


@pytest.mark.parametrize(
    "path", [("none",), ("none", "max"), ("text", "max"), ("text", 0), ("pools", 0), ("pools", "main", "reads", 3)]
)
def test_what_is_not_there_is_none(path: tuple[str | int, ...]) -> None:
    assert AT.value(*path) is None
    assert not AT.has(*path)


def test_a_key_without_a_value_is_there() -> None:
    assert AT.has("empty") and AT.value("empty") is None


def test_values_of_another_type_are_nothing() -> None:
    assert (AT.mapping("text"), AT.mapping("empty")) == ({}, {})
    assert AT.texts("pools", "main", "reads") == [
        (("pools", "main", "reads", 0), "data"),
        (("pools", "main", "reads", 2), "logs"),
    ]
    assert AT.texts("text") == []
    assert (AT.whole("pools", "main", "max"), AT.whole("pools", "main", "spot"), AT.whole("text")) == (4, None, None)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_it_is_the_same_before_and_after_the_check(path: Path) -> None:
    document = load(path)
    assert parse(document).lookup == document.lookup


def test_blocks_by_type() -> None:
    full, minimal = (parse(load(VALID[0].with_name(f"{name}.yaml"))) for name in ("full", "minimal"))
    tracking = full.block(Tracking)
    assert tracking is not None and tracking.mlflow.replicas == 3
    assert full.section(Monitoring) is full.block(Monitoring)
    assert (minimal.block(Tracking), minimal.block(Budget)) == (None, None)
    assert minimal.section(Network).zones is None
    with pytest.raises(AssertionError, match="Tracking is not always there"):
        minimal.section(Tracking)
