"""What a change of a resource becomes in a plan, by its schema and the tables."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from groundplan.terraform.plugin import update as module
from groundplan.terraform.plugin.update import make_new, place_steps, update
from groundplan.terraform.plugin.values import UNKNOWN, conformed

COMPUTED = {"type": "string", "optional": True, "computed": True}
TEXT = {"type": "string", "optional": True}
BLOCK = {
    "attributes": {
        "id": {"type": "string", "computed": True},
        "name": TEXT,
        "serial": {"type": "number", "computed": True},
        "tags": {"type": ["map", "string"], "optional": True},
        "rules": {"type": ["list", ["object", {"port": "number"}]], "optional": True},
        "nested": {"nested_type": {"nesting_mode": "single", "attributes": {"mode": TEXT}}, "optional": True},
    },
    "block_types": {
        "disk": {"nesting_mode": "list", "block": {"attributes": {"size": TEXT, "device": COMPUTED}}},
        "access": {"nesting_mode": "set", "block": {"attributes": {"range": TEXT, "rule": COMPUTED}}},
    },
}
PRIOR: dict[str, Any] = {
    "id": "i-1",
    "name": "a",
    "serial": 3,
    "tags": None,
    "rules": None,
    "nested": None,
    "disk": [{"size": None, "device": "sda"}],
    "access": [{"range": "10.0.0.0/8", "rule": "r-1"}],
}


class Table:
    """What the tables would say of the type."""

    def defaults(self, _type: str) -> Mapping[tuple[str, ...], Any]:
        return {
            ("disk", "*", "size"): "10",
            ("disk", "*", "device"): "sda",
            ("name",): "default",
            ("access", "#", "range"): "0.0.0.0/0",
        }

    def kept(self, _type: str) -> dict[tuple[str, ...], str]:
        return {("kept",): "as_it_is"}

    def recomputed(self, _type: str, _prior: Any, _planned: Any) -> frozenset[tuple[str, ...]]:
        return frozenset({("serial",)})

    def replacing(self, _type: str, prior: Any, planned: Any) -> tuple[tuple[str, ...], ...]:
        return (("name",),) if prior["name"] != planned["name"] else ()


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "effects", Table)


def planned(**changed: Any) -> Any:
    """The plan for a configuration with these arguments, and the others as they were."""
    return update("a_type", BLOCK, PRIOR, {**PRIOR, **changed}, {**PRIOR, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"disk": [{"size": "10", "device": "sda"}]},
        {"tags": {}},
        {"rules": []},
    ],
)
def test_a_default_and_nothing_are_no_change(changed: dict[str, Any]) -> None:
    assert planned(**changed).state == PRIOR
    assert not planned(**changed).replacing


def test_what_is_left_out_has_its_default() -> None:
    assert planned(name=None).state["name"] == "default"
    assert planned(name=None).replacing == (("name",),)


def test_something_new_has_its_defaults_where_it_would_not_be_known() -> None:
    new = {**PRIOR, "id": None, "serial": None, "disk": [{"size": None, "device": None}], "access": []}
    make_new("a_type", BLOCK, new, deepcopy(new))
    assert (new["id"], new["disk"][0]["device"], new["disk"][0]["size"]) == (UNKNOWN, "sda", None)


def test_an_update_makes_anew_what_the_table_names_and_nothing_else() -> None:
    assert planned(tags={"a": "b"}).state == {**PRIOR, "tags": {"a": "b"}, "serial": UNKNOWN}


def test_a_new_block_has_unknown_values_or_defaults_and_the_old_one_keeps_its_own() -> None:
    disks = [{"size": "10", "device": "sda"}, {"size": "20", "device": None}]
    assert planned(disk=disks).state["disk"] == [PRIOR["disk"][0], {"size": "20", "device": "sda"}]
    ranges = [{"range": "172.16.0.0/12", "rule": None}, PRIOR["access"][0]]
    assert planned(access=ranges).state["access"] == [{**ranges[0], "rule": UNKNOWN}, PRIOR["access"][0]]


@pytest.mark.parametrize(
    ("place", "steps"),
    [
        (("name",), [{"attribute_name": "name"}]),
        (("tags", "a"), [{"attribute_name": "tags"}, {"element_key_string": "a"}]),
        (("disk", 0, "size"), [{"attribute_name": "disk"}, {"element_key_int": 0}, {"attribute_name": "size"}]),
        (("access", 0, "range"), [{"attribute_name": "access"}]),
        (("nested", "mode"), [{"attribute_name": "nested"}, {"attribute_name": "mode"}]),
        (("rules", 1, "port"), [{"attribute_name": "rules"}, {"element_key_int": 1}, {"attribute_name": "port"}]),
        (("of another version",), []),
    ],
)
def test_a_place_is_told_as_the_protocol_does(place: tuple[str | int, ...], steps: list[dict[str, Any]]) -> None:
    assert list(place_steps(BLOCK, place)) == steps


def test_the_state_of_another_version_gets_the_shape_of_this_one() -> None:
    old = {"id": 7, "gone": "x", "serial": "12", "tags": "none", "disk": {"size": 5}, "rules": [{"port": "80"}]}
    new = conformed(BLOCK, old)
    assert new == {
        **dict.fromkeys(PRIOR),
        "id": "7",
        "serial": "12",
        "disk": [{"size": "5", "device": None}],
        "rules": [{"port": "80"}],
        "access": [],
    }


def test_a_block_that_the_provider_keeps_is_planned_as_it_was() -> None:
    block: dict[str, Any] = {"attributes": BLOCK["attributes"], "block_types": {"kept": BLOCK["block_types"]["disk"]}}
    prior = {"name": "a", "kept": [{"size": "1", "device": "sda"}]}
    config: dict[str, Any] = {"name": "a", "kept": []}
    assert update("any", block, prior, dict(config), config).state == prior
