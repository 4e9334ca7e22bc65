"""The AWS tables hold together: what is offered, what it is, where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import get_args

import pytest

from groundplan.clouds.aws import load_catalog, load_prices
from groundplan.components.node_pool.spec import GpuType

CATALOG = load_catalog()
PRICES = load_prices()
REGIONS = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
FEWER_TYPES = {
    "af-south-1",
    "ap-east-1",
    "ap-northeast-3",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
}
"""Regions that sell less than half of the types, and few or no GPUs."""
FEW_GPUS = FEWER_TYPES | {"us-west-1"}
WITHOUT_GPUS = {"ap-southeast-4", "ca-west-1"}
WITHOUT_BURSTABLE = {"me-central-1"}
TWO_ZONES = {"us-west-1"}
"""An account has two zones there; EKS refuses a third one (usw1-az2)."""
GPU_NAMES = set(get_args(GpuType))


def test_regions_are_the_promised_ones() -> None:
    assert tuple(sorted(CATALOG.regions)) == REGIONS


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_offers_enough_types_of_every_kind(region: str) -> None:
    offered = CATALOG.offered(region)
    assert len(offered) >= (160 if region in FEWER_TYPES else 300)
    assert {"x86_64", "arm64"} == {item.architecture for item in offered}
    gpus = sum(1 for item in offered if item.gpu_count)
    assert gpus >= (1 if region in FEW_GPUS else 10) or region in WITHOUT_GPUS
    assert (gpus == 0) == (region in WITHOUT_GPUS)
    assert any(item.local_storage_gib for item in offered)
    assert any(item.burstable for item in offered) or region in WITHOUT_BURSTABLE


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_zones_belong_to_their_region(region: str) -> None:
    here = CATALOG.regions[region]
    assert len(here.cluster_zones) >= (2 if region in TWO_ZONES else 3)
    assert set(here.cluster_zones) <= set(here.zones)
    for offer in CATALOG.offers.values():
        if offer.region == region:
            assert set(offer.zones) <= set(here.zones), offer


def test_the_zone_without_a_control_plane_is_marked() -> None:
    here = CATALOG.regions["us-east-1"]
    assert set(here.zones) - set(here.cluster_zones) == {"use1-az3"}


@pytest.mark.parametrize(
    ("region", "family"),
    [
        ("eu-west-1", "g6"),
        ("eu-west-1", "g6e"),
        ("eu-west-1", "gr6"),
        ("eu-west-1", "p5"),
        ("eu-west-1", "p4de"),
        ("eu-west-1", "p5en"),
        ("eu-central-1", "p5"),
        ("eu-central-1", "p5en"),
        ("eu-central-1", "p6-b200"),
        ("us-east-1", "p3"),
        ("us-east-2", "p4de"),
        ("ca-central-1", "g6e"),
        ("eu-west-2", "p5en"),
        ("ap-southeast-1", "g5"),
        ("ap-southeast-1", "g6"),
        ("ap-southeast-1", "p5"),
        ("ap-southeast-2", "g6e"),
    ],
)
def test_what_a_region_does_not_sell_is_not_offered(region: str, family: str) -> None:
    assert [item.name for item in CATALOG.offered(region) if item.family == family] == []


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("us-east-1", "g6.xlarge"),
        ("eu-central-1", "g6e.2xlarge"),
        ("eu-west-1", "g5.12xlarge"),
        ("eu-west-1", "p4d.24xlarge"),
        ("us-west-2", "p5.48xlarge"),
        ("us-west-2", "p6-b300.48xlarge"),
        ("eu-west-1", "m8g.xlarge"),
        ("us-east-2", "p6-b200.48xlarge"),
        ("ap-northeast-1", "g6e.12xlarge"),
        ("ap-southeast-1", "g4dn.xlarge"),
        ("eu-north-1", "p5en.48xlarge"),
    ],
)
def test_what_a_region_sells_is_offered(region: str, name: str) -> None:
    assert CATALOG.offer(region, name) is not None


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_gib", "gpu_type", "gpu_count", "gpu_memory_gib"),
    [
        ("g6.xlarge", 4, 16, "l4", 1, 24),
        ("g6.12xlarge", 48, 192, "l4", 4, 24),
        ("g5.48xlarge", 192, 768, "a10g", 8, 24),
        ("g6e.2xlarge", 8, 64, "l40s", 1, 48),
        ("g4dn.xlarge", 4, 16, "t4", 1, 16),
        ("p4d.24xlarge", 96, 1152, "a100", 8, 40),
        ("p4de.24xlarge", 96, 1152, "a100-80", 8, 80),
        ("p5.48xlarge", 192, 2048, "h100", 8, 80),
        ("p5.4xlarge", 16, 256, "h100", 1, 80),
        ("p5en.48xlarge", 192, 2048, "h200", 8, 141),
        ("g7e.2xlarge", 8, 64, "rtx-pro-6000", 1, 96),
        ("m7i.4xlarge", 16, 64, None, 0, 0),
    ],
)
def test_known_machines(  # noqa: PLR0917
    name: str, vcpus: int, memory_gib: int, gpu_type: str | None, gpu_count: int, gpu_memory_gib: int
) -> None:
    item = CATALOG.instance(name)
    assert item is not None
    assert (item.vcpus, item.memory_gib) == (vcpus, Decimal(memory_gib))
    assert (item.gpu_type, item.gpu_count, item.gpu_memory_gib) == (gpu_type, gpu_count, gpu_memory_gib)


def test_every_type_speaks_the_words_of_the_spec() -> None:
    for item in CATALOG.instances.values():
        assert item.name.startswith(f"{item.family}."), item
        assert item.gpu_type is None or item.gpu_type in GPU_NAMES, item
        assert item.burstable == (item.family in {"t3", "t3a", "t4g"} or item.family.endswith("-flex")), item


def test_memory_grows_with_the_machine() -> None:
    items = sorted(CATALOG.instances.values(), key=lambda item: (item.family, item.vcpus, item.memory_gib))
    for _, group in groupby(items, key=lambda item: item.family):
        memory = [item.memory_gib for item in group]
        assert memory == sorted(memory)


def test_every_row_names_a_source_and_a_day_that_has_been() -> None:
    rows = [
        *CATALOG.instances.values(),
        *CATALOG.offers.values(),
        *CATALOG.regions.values(),
        *CATALOG.kubernetes_versions,
        *PRICES.instances.values(),
        *PRICES.items.values(),
    ]
    assert {row.source for row in rows} <= set(PRICES.sources)
    assert all(date(2024, 7, 18) <= row.as_of <= date(2026, 11, 22) for row in rows)


def test_kubernetes_support_changes_on_the_published_days() -> None:
    versions = {row.version: row for row in CATALOG.kubernetes_versions}
    assert versions["1.34"].support(date(2026, 12, 1)) == "standard"
    assert versions["1.34"].support(date(2026, 12, 2)) == "extended"
    assert versions["1.34"].support(date(2027, 12, 2)) == "ended"
    assert versions["1.36"].support(date(2026, 1, 1)) == "upcoming"
    assert [row.version for row in CATALOG.kubernetes_versions] == sorted(versions)


def test_unknown_names_are_none_not_errors() -> None:
    assert CATALOG.instance("m99.huge") is None
    assert CATALOG.offer("mars-north-1", "m5.large") is None
    assert CATALOG.offered("mars-north-1") == ()
