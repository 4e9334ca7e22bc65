"""The version of a new cluster: known to add-ons, and with standard support ahead of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from groundplan.catalog.catalog import Catalog, KubernetesVersion
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.components.cluster.part import cluster_of
from groundplan.components.cluster.version import MIN_SUPPORT
from groundplan.components.resolve import resolve
from tests.unit.stack.specs import BASE, ON_GCP, aws, gcp_stack, spec_of, training

TODAY = date(2026, 6, 1)
PLACES = {"aws": BASE["cloud"], "gcp": ON_GCP}


def version(name: str, days_of_support: int, since: date = date(2025, 1, 1)) -> KubernetesVersion:
    """A version that standard support goes on for so many days from today; less than none is over."""
    until = TODAY + timedelta(days=days_of_support)
    return KubernetesVersion(name, since, until, until + timedelta(days=365), "a-source", TODAY)


def chosen(*versions: KubernetesVersion) -> tuple[str, str]:
    """The version of a new cluster and why, on a cloud with these versions."""
    catalog = Catalog(aws().catalog.folder)
    catalog.__dict__["kubernetes_versions"] = versions
    cloud: Cloud = replace(aws(), load_catalog=lambda: catalog)
    stack = resolve(spec_of(training=training(vcpus=2)), cloud)
    [decision] = [one for one in stack.decisions if one.path == "cluster.version"]
    assert cluster_of(stack) and decision.value == cluster_of(stack).version
    return decision.value, decision.reason


def test_one_behind_the_newest() -> None:
    found = chosen(version("1.33", 200), version("1.34", 300), version("1.35", 400))
    assert found == ("1.34", "one behind the newest: add-ons and scanners know it")


def test_not_one_whose_support_is_about_to_end() -> None:
    """119 days are too few, 121 are enough."""
    assert chosen(version("1.34", 119), version("1.35", 400))[0] == "1.35"
    assert chosen(version("1.34", 121), version("1.35", 400))[0] == "1.34"
    assert MIN_SUPPORT.days == 120


def test_the_best_there_is_when_all_of_them_end_soon() -> None:
    assert chosen(version("1.34", 20), version("1.35", 90))[0] == "1.34"


def test_neither_one_that_is_to_come_nor_one_in_extended_support() -> None:
    tomorrow = TODAY + timedelta(days=1)
    found = chosen(version("1.33", -1), version("1.34", 300), version("1.35", 400), version("1.36", 700, tomorrow))
    assert found[0] == "1.34"


@pytest.mark.parametrize("name", CLOUDS)
def test_what_a_new_cluster_gets_today(name: str) -> None:
    cloud = find_cloud(name)
    assert cloud is not None
    stack = resolve(spec_of(cloud=PLACES[name], training=training(vcpus=2)), cloud)
    assert cluster_of(stack) and not cluster_of(stack).extended_support
    [known] = [one for one in cloud.catalog.kubernetes_versions if one.version == cluster_of(stack).version]
    assert known.standard_until - known.as_of > MIN_SUPPORT


def test_on_google_cloud_today() -> None:
    """Standard support of 1.34 ends in November 2026, and there is nothing after 1.35."""
    cluster = cluster_of(gcp_stack(training=training(vcpus=2)))
    assert cluster and cluster.version == "1.35"
