"""What the package's tables answer, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan.terraform.effects import Effects, effects
from groundplan.terraform.plugin.values import UNKNOWN

SUBNET = {"cidr_block": "10.0.0.0/20", "availability_zone": "us-east-1a", "vpc_id": "vpc-1", "tags": {"a": "b"}}
RANGE, WIDER = {"ip_cidr_range": "10.0.0.0/20"}, {"ip_cidr_range": "10.0.0.0/16"}
FIXED = {"data": {"a": "1"}, "immutable": True}


def pool(**config: object) -> dict[str, object]:
    return {"name": "x", "node_config": [{"spot": False, "machine_type": "n2-standard-4"} | config]}


@pytest.mark.parametrize(
    ("type_", "before", "after", "paths"),
    [
        ("aws_subnet", SUBNET, SUBNET, ()),
        ("aws_subnet", SUBNET, SUBNET | {"tags": {}}, ()),
        ("aws_subnet", SUBNET, SUBNET | {"availability_zone": "us-east-1b"}, (("availability_zone",),)),
        ("aws_subnet", SUBNET, SUBNET | {"vpc_id": UNKNOWN}, (("vpc_id",),)),
        ("google_container_node_pool", pool(), pool(spot=True), (("node_config", 0, "spot"),)),
        ("google_container_node_pool", pool(), pool(machine_type="n2-standard-8"), ()),
        ("google_compute_subnetwork", RANGE, WIDER, ()),
        ("google_compute_subnetwork", WIDER, RANGE, (("ip_cidr_range",),)),
        ("kubernetes_config_map_v1", {"data": {"a": "1"}, "immutable": False}, {"data": {"a": "2"}}, ()),
        ("kubernetes_config_map_v1", FIXED, FIXED | {"data": {"a": "2"}}, (("data",),)),
        ("helm_release", {"name": "a", "version": "1"}, {"name": "a", "version": "2"}, ()),
        ("nobody_knows", {"name": "a"}, {"name": "b"}, ()),
    ],
)  # fmt: skip
def test_what_forces_a_replacement(type_: str, before: Any, after: Any, paths: Any) -> None:
    assert effects().replacing(type_, before, after) == paths


def test_a_type_without_rows_was_not_studied() -> None:
    assert effects().studied("aws_vpc")
    for odd in ("aws_nothing", "", "aws", "../changes/aws_vpc", "x" * 10_000, "aws_vpc,vpc_id"):
        assert not effects().studied(odd)
        assert effects().replacing(odd, {}, {"a": 1}) == ()
        assert effects().of_update(odd, {}, {"a": 1}) == ()
        assert effects().loss(odd) is None
        assert effects().defaults(odd) == {}
        assert effects().recomputed(odd) == frozenset()


def test_only_rows_of_the_type_are_parsed(tmp_path: Path) -> None:
    table = tmp_path / "changes" / "cloud.csv"
    table.parent.mkdir()
    table.write_text(
        "type,path,effect,condition,interruption,note,source\n"
        "cloud_disk,size,replace,lowered,,,one\n"
        'cloud_disk,size,slow,raised,none,"grows, slowly",two\n'
        "cloud_other,size,replace,no such term,,,three\n"
    )
    read = Effects(tmp_path)
    assert read.replacing("cloud_disk", {"size": 2}, {"size": 1}) == (("size",),)
    (effect,) = read.of_update("cloud_disk", {"size": 1}, {"size": 2})
    assert (effect.effect, effect.note, effect.path) == ("slow", "grows, slowly", ("size",))
    with pytest.raises(ValueError, match="no such term"):
        read.replacing("cloud_other", {}, {})
