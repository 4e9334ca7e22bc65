"""What a small environment needs of an AWS account, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from groundplan.preflight.model import DatabaseNeed, Machine, Needs, NetworkNeed, PoolNeed, Purchase

ACCOUNT = "111122223333"
REGION = "us-east-1"
ZONES = ("use1-az1", "use1-az2")

POOL = PoolNeed(
    path="training.pools.finetune",
    machines=(Machine("g6.2xlarge", 8, "l4", 1), Machine("g6.4xlarge", 16, "l4", 1)),
    purchases=(Purchase("spot", 1, 4), Purchase("on_demand", 0, 4)),
    most=4,
    disk_gib=200,
    zones=ZONES,
)
NEEDS = Needs(
    name="demo",
    region=REGION,
    account=ACCOUNT,
    network=NetworkNeed(gateway_zones=ZONES),
    cluster="demo",
    pools=(POOL,),
    buckets={"demo-data-0123abcd": "storage.buckets.data"},
    state_bucket="",
    database=DatabaseNeed("tracking.mlflow.database", "db.t4g.medium", 50, high_availability=True),
    servers={},
    load_balancers={"tracking.mlflow": 1},
    volumes_gib={"monitoring": 50},
    apis={},
    resources={"aws_vpc": "network", "aws_iam_role": "cluster", "aws_s3_bucket": "storage.buckets"},
)


def needs(**changes: Any) -> Needs:
    return replace(NEEDS, **changes)
