"""Where regions are, and which is nearest: what a spec moves to on another cloud."""

from __future__ import annotations

import pytest

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from tests.unit.stack.specs import aws, gcp


def cloud_of(name: str) -> Cloud:
    cloud = find_cloud(name)
    assert cloud is not None
    return cloud


EVERY_REGION = [(cloud, region) for cloud in CLOUDS for region in sorted(cloud_of(cloud).catalog.regions)]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_region_has_a_place_and_no_other(cloud: str) -> None:
    catalog = cloud_of(cloud).catalog
    assert catalog.coordinates.keys() == catalog.regions.keys()
    assert all(-90 < north < 90 and -180 <= east <= 180 for north, east in catalog.coordinates.values())
    assert len(set(catalog.coordinates.values())) == len(catalog.coordinates), "two regions in one place"


@pytest.mark.parametrize(("cloud", "region"), EVERY_REGION)
def test_a_region_is_nearest_to_itself(cloud: str, region: str) -> None:
    catalog = cloud_of(cloud).catalog
    assert catalog.nearest(catalog.coordinates[region]) == region


@pytest.mark.parametrize(
    ("region", "elsewhere"),
    [("us-east-1", "us-east4"), ("us-west-2", "us-west1"), ("eu-central-1", "europe-west3")],
)
def test_nearest_region_of_google(region: str, elsewhere: str) -> None:
    """Northern Virginia, Oregon and Frankfurt are on both clouds."""
    assert gcp().catalog.nearest(aws().catalog.coordinates[region]) == elsewhere


def test_nearest_goes_around_the_globe() -> None:
    """From the date line, Japan is nearer than Oregon, on either side of it."""
    for east in (179.9, -179.9):
        assert gcp().catalog.nearest((35.0, east)) == "asia-northeast1"
