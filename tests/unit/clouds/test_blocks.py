"""Blocks of one cloud in a spec: a warning where they do nothing, none where each cloud has its own beside it."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.components.cluster.part import cluster_of
from groundplan.diagnostics import Severity
from tests.unit.stack.specs import BASE, ON_GCP, stack_of, training

AWS = BASE["cloud"]
ROLES = {"aws": {"admin_role_arns": ["arn:aws:iam::111122223333:role/platform"]}}
ZONAL = {"gcp": {"location": "zonal"}}


def unheeded(**parts: Any) -> list[str]:
    """Paths of the blocks that the user hears do nothing."""
    found = [notice for notice in stack_of(**parts).notices if notice.code == "GP306"]
    assert all(notice.severity is Severity.WARNING for notice in found)
    return [str(notice.path) for notice in found]


@pytest.mark.parametrize(
    ("cloud", "block", "paths"),
    [
        (AWS, ZONAL, ["cluster.gcp"]),
        (ON_GCP, ROLES, ["cluster.aws"]),
        (AWS, ROLES, []),
        (ON_GCP, ZONAL, []),
        (AWS, ROLES | ZONAL, []),
        (ON_GCP, ROLES | ZONAL, []),
        (AWS, {}, []),
    ],
    ids=["gcp-on-aws", "aws-on-gcp", "aws-on-aws", "gcp-on-gcp", "both-on-aws", "both-on-gcp", "none"],
)
def test_a_block_alone_for_another_cloud(cloud: dict[str, str], block: dict[str, Any], paths: list[str]) -> None:
    assert unheeded(cloud=cloud, cluster=block, training=training(vcpus=2)) == paths


def test_blocks_are_told_apart_by_where_they_stand() -> None:
    """The cluster has both blocks; the pool's GPU has only Google's."""
    gpu = {"type": "l4", "gcp": {"sharing": {"strategy": "time_sharing", "clients": 4}}}
    parts = {"cluster": ROLES | ZONAL, "training": training(gpu=gpu)}
    assert unheeded(cloud=AWS, **parts) == ["training.pools.main.gpu.gcp"]
    assert unheeded(cloud=ON_GCP, **parts) == []


def test_each_cloud_takes_its_own_block_only() -> None:
    both = {"cluster": ROLES | ZONAL, "training": training(vcpus=2)}
    options = {name: cluster_of(stack_of(cloud=cloud, **both)) for name, cloud in (("aws", AWS), ("gcp", ON_GCP))}
    assert {name: dict(cluster.options) for name, cluster in options.items() if cluster} == {
        "aws": ROLES["aws"],
        "gcp": ZONAL["gcp"],
    }
