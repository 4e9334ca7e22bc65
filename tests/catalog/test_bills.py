"""Four environments by hand: what a month comes to by the rates on the clouds' price pages, line by line.

Quantities follow from the blueprint's numbers and the assumptions in docs/cost.md, rates are those of the pages beside
them; nothing here asks groundplan for either.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pytest

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_spec
from groundplan.app.target import Target
from groundplan.cost.report import CostReport
from tests.architecture.sources import REPOSITORY

HOURS = 730
"""365 days of 24 hours in twelve equal months."""


class Row(NamedTuple):
    """One line of a bill: for what, which item, how much a month."""

    path: str
    item: str
    quantity: float


def kept(gib: float, days: int, free_days: int = 0) -> float:
    """GiB that are there when as much comes in every month and stays for so many days; the first may be free."""
    return gib * (days - free_days) * 12 / 365


AWS_USD = {
    # https://aws.amazon.com/ec2/pricing/on-demand/: Linux, us-east-1
    "t3a.large": "0.0752",
    "m6a.xlarge": "0.1728",
    "m6g.large": "0.077",
    "g4dn.xlarge": "0.526",
    "g6.2xlarge": "0.9776",
    "instance.cpu_credits_t3a": "0.05",
    # https://aws.amazon.com/ebs/pricing/: gp3
    "disk.general": "0.08",
    # https://aws.amazon.com/eks/pricing/
    "cluster.control_plane": "0.10",
    # https://aws.amazon.com/vpc/pricing/, https://aws.amazon.com/privatelink/pricing/
    "network.nat_gateway": "0.045",
    "network.nat_data": "0.045",
    "network.public_ipv4": "0.005",
    "network.endpoint": "0.01",
    "network.endpoint_data": "0.01",
    # https://aws.amazon.com/ec2/pricing/on-demand/: data transfer
    "egress.internet": "0.09",
    "egress.zone": "0.01",
    # https://aws.amazon.com/s3/pricing/: Standard, first 50 TB
    "object_store.standard": "0.023",
    "object_store.standard_read": "0.0000004",
    "object_store.standard_write": "0.000005",
    # https://aws.amazon.com/ecr/pricing/
    "registry.stored": "0.10",
    # https://aws.amazon.com/cloudwatch/pricing/
    "logs.ingested": "0.50",
    "logs.flow_ingested": "0.50",
    "logs.stored": "0.03",
    "metrics.custom": "0.30",
    # https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/secrets-manager/pricing/
    "keys.key": "1.00",
    "secrets.secret": "0.40",
    # https://aws.amazon.com/rds/postgresql/pricing/
    "database.db.t4g.medium": "0.065",
    "database.db.t4g.medium_ha": "0.129",
    "database.storage": "0.115",
    "database.storage_ha": "0.23",
    "database.backup": "0.095",
    "database.cpu_credits": "0.075",
}

GCP_USD = {
    # https://cloud.google.com/compute/all-pricing: us-central1
    "e2-standard-2": "0.067011",
    "e2-standard-4": "0.134023",
    "e2-standard-8": "0.268046",
    "a2-highgpu-1g": "3.673385",
    "a3-highgpu-8g": "88.490000",
    # https://cloud.google.com/compute/disks-image-pricing: balanced
    "disk.general": "0.10",
    # https://cloud.google.com/kubernetes-engine/pricing
    "cluster.control_plane": "0.10",
    # https://cloud.google.com/nat/pricing, https://cloud.google.com/vpc/network-pricing
    "network.nat_vm": "0.0014",
    "network.nat_data": "0.045",
    "network.public_ipv4": "0.005",
    "egress.internet": "0.12",
    "egress.zone": "0.01",
    # https://cloud.google.com/dns/pricing
    "dns.zone": "0.20",
    # https://cloud.google.com/storage/pricing
    "object_store.standard": "0.02",
    "object_store.standard_read": "0.0000004",
    "object_store.standard_write": "0.000005",
    # https://cloud.google.com/artifact-registry/pricing
    "registry.stored": "0.10",
    # https://cloud.google.com/stackdriver/pricing
    "logs.ingested": "0.50",
    "logs.flow_ingested": "0.25",
    "logs.stored": "0.01",
    "metrics.alarm": "0.10",
    # https://cloud.google.com/kms/pricing, https://cloud.google.com/secret-manager/pricing
    "keys.key": "0.06",
    "secrets.secret": "0.06",
    # https://cloud.google.com/sql/pricing: PostgreSQL, Enterprise, two vCPUs of 0.0826 and 4 GiB of 0.014, with standby
    "database.db-custom-2-4096_ha": "0.2212",
    "database.storage_ha": "0.34",
    "database.backup": "0.08",
}

YEARLY, QUARTERLY = 1.0, 1 + sum(365 - 90 * rotation for rotation in (1, 2, 3, 4)) / 365
"""Versions of a key as the mean of the first year: of one that is renewed after it, and of one every 90 days."""
OLD_VERSIONS = 0.02
"""Of a bucket's size, that a month writes over."""


def common(keys: int, versions: float, zones: float) -> list[Row]:
    """What every environment with a cluster has, by the assumptions of docs/cost.md."""
    return [
        Row("state", "keys.key", versions),
        Row("state", "object_store.standard", 0.1),
        Row("name", "keys.key", keys * versions),
        Row("network", "egress.internet", 10),
        Row("network", "egress.zone", 100 * zones),
        Row("network", "network.nat_data", 100),
        Row("network", "network.public_ipv4", HOURS),
        Row("network", "logs.flow_ingested", 5),
        Row("cluster", "cluster.control_plane", HOURS),
        Row("cluster", "logs.ingested", 10),
        Row("storage.buckets", "object_store.standard_read", 1_000_000),
        Row("storage.buckets", "object_store.standard_write", 100_000),
    ]


def bucket(name: str, gib: float, old_days: int) -> list[Row]:
    """A bucket with what is written over, which stays for so many days."""
    old = kept(gib * OLD_VERSIONS, old_days)
    path = f"storage.buckets.{name}"
    return [
        Row(path, "object_store.standard", gib),
        Row(f"{path}.retention_days", "object_store.standard", old),
    ]


def artifacts(gib: float, old_days: int) -> list[Row]:
    """The bucket of the tracking server."""
    return [
        Row("tracking.mlflow", "object_store.standard", gib),
        Row("tracking.mlflow.artifacts_gib", "object_store.standard", kept(gib * OLD_VERSIONS, old_days)),
    ]


def nodes(path: str, machine: str, hours: float, disk_gib: float, *, aws: bool) -> list[Row]:
    """Machines with their disks and, on AWS, seven metrics a minute of each."""
    metrics = [Row(path, "metrics.custom", 7 * hours / HOURS)] if aws else []
    return [Row(path, machine, hours), Row(path, "disk.general", disk_gib * hours / HOURS), *metrics]


def on_aws(zones: int, log_days: int) -> list[Row]:
    """What AWS bills besides: traffic on both sides, endpoints in each zone, logs that are compressed to a fifth."""
    return [
        *common(keys=4, versions=YEARLY, zones=2),
        Row("network", "network.nat_gateway", HOURS),
        Row("network", "network.endpoint", 3 * zones * HOURS),
        Row("network", "network.endpoint_data", 100),
        Row("network", "logs.stored", kept(5, log_days) / 5),
        Row("cluster", "logs.stored", kept(10, log_days) / 5),
        Row("storage.buckets", "object_store.standard", kept(0.55, 365)),
        *nodes("cluster", "t3a.large", 2 * HOURS, 50, aws=True),
        Row("cluster", "instance.cpu_credits_t3a", 0),
        Row("tracking.mlflow.database", "logs.ingested", 1),
        Row("tracking.mlflow.database", "logs.stored", kept(1, 365) / 5),
        Row("tracking.mlflow.database", "secrets.secret", 1),
        Row("tracking.mlflow.database", "database.cpu_credits", 0),
        Row("tracking.mlflow.database", "database.backup", 0),
    ]


def on_gcp(keys: int, machine_hours: float) -> list[Row]:
    """What Google bills besides: machines behind NAT, DNS zones, logs from the 31st day on, containers' logs."""
    return [
        *common(keys=keys, versions=QUARTERLY, zones=1),
        Row("state", "keys.key", QUARTERLY),
        Row("network", "network.nat_vm", machine_hours),
        Row("network", "dns.zone", 3),
        Row("network", "logs.stored", kept(5, 365, free_days=30)),
        Row("cluster", "logs.stored", kept(10, 365, free_days=30)),
        Row("cluster", "logs.ingested", 10),
        Row("cluster", "logs.stored", kept(10, 365, free_days=30)),
        Row("storage.buckets", "logs.ingested", 1.65),
        Row("storage.buckets", "logs.stored", kept(1.65, 365, free_days=30)),
        *nodes("cluster", "e2-standard-2", 2 * HOURS, 50, aws=False),
        Row("monitoring.alerts", "metrics.alarm", 3),
    ]


BILLS: Mapping[tuple[str, str], list[Row]] = {
    ("gpu-training", "aws"): [
        *on_aws(zones=3, log_days=365),
        *nodes("training.pools.finetune", "g6.2xlarge", 4 * 120, 200, aws=True),
        *bucket("datasets", 2000, 365),
        *bucket("checkpoints", 500, 30),
        *artifacts(200, 30),
        Row("registry.repositories.trainer", "registry.stored", 10),
        Row("tracking.mlflow.database", "database.db.t4g.medium_ha", HOURS),
        Row("tracking.mlflow.database", "database.storage_ha", 50),
        Row("monitoring", "disk.general", 50 + 3),
    ],
    ("small-team", "aws"): [
        *on_aws(zones=2, log_days=30),
        *nodes("training.pools.jobs", "m6a.xlarge", 2 * 80, 100, aws=True),
        *nodes("training.pools.gpu", "g4dn.xlarge", 1 * 40, 200, aws=True),
        *nodes("serving.pools.api", "m6g.large", 1 * HOURS, 100, aws=True),
        *bucket("data", 200, 30),
        *bucket("models", 50, 30),
        *artifacts(50, 30),
        Row("tracking.mlflow.database", "database.db.t4g.medium", HOURS),
        Row("tracking.mlflow.database", "database.storage", 20),
    ],
    ("cpu-serving", "gcp"): [
        *on_gcp(keys=3, machine_hours=(2 + 3 + 1) * HOURS),
        *nodes("serving.pools.ranker", "e2-standard-4", 3 * HOURS, 100, aws=False),
        *nodes("serving.pools.batch", "e2-standard-8", 1 * HOURS, 100, aws=False),
        *bucket("models", 100, 180 + 7),
        Row("storage.buckets.predictions", "object_store.standard", 500),
        Row("storage.buckets.predictions.retention_days", "object_store.standard", 500 * (90 + 7) / 365),
        Row("registry.repositories.ranker", "registry.stored", 10),
        Row("registry.repositories.batch-scorer", "registry.stored", 10),
        Row("monitoring", "disk.general", 50 + 3),
    ],
    ("llm-finetuning", "gcp"): [
        *on_gcp(keys=4, machine_hours=2 * HOURS + 2 * 40 + 2 * 100),
        *nodes("training.pools.finetune", "a3-highgpu-8g", 2 * 40, 500, aws=False),
        *nodes("training.pools.try-out", "a2-highgpu-1g", 2 * 100, 200, aws=False),
        *bucket("datasets", 5000, 90 + 7),
        *bucket("base-models", 1000, 90 + 7),
        *bucket("checkpoints", 3000, 14 + 7),
        *artifacts(500, 30 + 7),
        Row("registry.repositories.trainer", "registry.stored", 60),
        Row("tracking.mlflow.database", "database.db-custom-2-4096_ha", HOURS),
        Row("tracking.mlflow.database", "database.storage_ha", 50),
        Row("tracking.mlflow.database", "database.backup", 50 * 0.5 * (1 + 14 * 0.02)),
        Row("tracking.mlflow.database", "logs.ingested", 1),
        Row("tracking.mlflow.database", "logs.stored", kept(1, 365, free_days=30)),
        Row("tracking.mlflow.database", "secrets.secret", 1),
        Row("monitoring", "disk.general", 100 + 3),
    ],
}
PLACES = {"aws": ("us-east-1", "111122223333"), "gcp": ("us-central1", "fraud-dev")}
USD = {"aws": AWS_USD, "gcp": GCP_USD}


def estimated(blueprint: str, cloud: str) -> CostReport:
    overrides = Overrides(Target(cloud, *PLACES[cloud]), "on_demand")
    return resolve_spec(REPOSITORY / "blueprints" / blueprint / "blueprint.yaml", overrides=overrides).estimate()


def cents(quantity: float, usd: str) -> Decimal:
    return (Decimal(repr(quantity)) * Decimal(usd)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(("blueprint", "cloud"), BILLS, ids=[" ".join(key) for key in BILLS])
def test_every_line_is_what_the_price_pages_make_of_it(blueprint: str, cloud: str) -> None:
    rows = BILLS[blueprint, cloud]
    bill = sorted((row.path, row.item, cents(row.quantity, USD[cloud][row.item])) for row in rows)
    report = estimated(blueprint, cloud)
    made = sorted((line.path, line.item, line.monthly_usd.expected) for line in report.lines)
    assert made == bill
    assert report.total.expected == sum(usd for _, _, usd in bill)
    assert report.complete
