"""Every rule for a type of AWS: whatever a plan holds, it answers or refuses with words."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from groundplan.clouds import find_cloud
from groundplan.clouds.aws.planned import DESCRIBED, PLANNED
from groundplan.clouds.aws.planned.free import FREE
from groundplan.clouds.planned import ExcessError, Planned
from groundplan.cost.plan import price_plan
from groundplan.paths import MODULES
from groundplan.prices.integrity import UNITS

CLOUD = find_cloud("aws")
assert CLOUD is not None
CATALOG = CLOUD.catalog
ODD: tuple[Any, ...] = (
    None,
    "",
    "x",
    "\x1b[2J",
    0,
    1,
    -1,
    2.5,
    10**11,
    True,
    False,
    [],
    [{}],
    [None],
    {},
    [[]],
    "1.31",
)


def attributes() -> list[str]:
    """Names that rules read, from the table of billed attributes and from a list of those that they look for."""
    billed = {row.path[0] for rows in PLANNED.billed.values() for row in rows}
    others = "type size engine engine_version instance_class node_type name period metric_query rule replica version"
    return sorted({*billed, *others.split(), "scaling_config", "lifecycle_policy", "cluster_config", "ebs_options"})


@pytest.mark.parametrize("type_", sorted(PLANNED.uses))
def test_odd_values_are_answered(type_: str) -> None:
    chance = random.Random(type_)
    names = attributes()
    for _ in range(30):
        values = {name: chance.choice(ODD) for name in chance.sample(names, 12)}
        resource = Planned(f"{type_}.a", type_, "us-east-1", values)
        try:
            uses = list(PLANNED.uses[type_](resource, CATALOG))
        except ExcessError:
            continue
        assert all(use.unit in UNITS for use in uses)
        bands = [use.amount for use in uses if use.amount is not None]
        assert all(Decimal(0) <= band.low <= band.high for band in bands)


@pytest.mark.parametrize("type_", sorted(PLANNED.uses))
def test_a_resource_that_says_nothing_is_priced_or_listed(type_: str) -> None:
    """Nothing about it is an error, and it counts as one resource."""
    values = {"address": f"{type_}.a", "type": type_, "values": {}}
    report = price_plan({"planned_values": {"root_module": {"resources": [values]}}}, "plan.json", "us-east-1")
    assert (report.resources, report.priced + report.by_use + report.unknown + len(report.free)) == (1, 1)


NAMES_OF_ITEMS = (
    ("aws_vpc_endpoint", {"vpc_endpoint_type": "data", "subnet_ids": ["a", "b"]}),
    ("aws_elasticache_cluster", {"node_type": "cache.backup", "num_cache_nodes": 1}),
    ("aws_db_instance", {"instance_class": "backup", "engine": "postgres"}),
    ("aws_db_instance", {"instance_class": "storage", "engine": "postgres"}),
    ("aws_ebs_volume", {"type": "io1_iops", "size": 10}),
)


@pytest.mark.parametrize(("type_", "values"), NAMES_OF_ITEMS)
def test_a_value_that_makes_the_name_of_another_item_has_no_price(type_: str, values: dict[str, Any]) -> None:
    """What the book counts in another unit is not what the resource is."""
    resource = {"address": f"{type_}.a", "type": type_, "values": values}
    report = price_plan({"planned_values": {"root_module": {"resources": [resource]}}}, "plan.json", "us-east-1")
    assert "no price in the book" in {item.reason for item in report.cost.unpriced}


@pytest.mark.parametrize("type_", sorted(PLANNED.uses))
def test_names_of_items_as_values_are_answered(type_: str) -> None:
    """Ends of the names of items, in which texts of a plan are, in the attributes that are read."""
    assert CLOUD is not None
    ends = sorted({item.partition(".")[2] for item in CLOUD.prices.units} | {"cache.backup", "io1_iops"})
    chance = random.Random(type_)
    for _ in range(10):
        values = {name: chance.choice(ends) for name in attributes()}
        resource = {"address": f"{type_}.a", "type": type_, "values": {**values, "size": 10}}
        price_plan({"planned_values": {"root_module": {"resources": [resource]}}}, "plan.json", "us-east-1")


def test_a_type_is_priced_or_free_and_never_both() -> None:
    assert [name for name in PLANNED.uses if PLANNED.is_free(name) and name in FREE] == []
    assert set(DESCRIBED).isdisjoint(PLANNED.uses)
    assert list(FREE) == sorted(set(FREE))


def test_every_type_of_our_modules_is_known() -> None:
    used = {
        line.split('"')[1]
        for path in (MODULES / "aws").rglob("*.tf")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith('resource "aws_')
    }
    assert used and [name for name in used if name not in PLANNED.uses and not PLANNED.is_free(name)] == []
