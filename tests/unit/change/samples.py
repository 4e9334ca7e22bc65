"""Changes by hand: what the rehearsal of a real one comes to, and what nobody should have to read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from groundplan.change.model import Change, Counts, Edit, Entry, Interruption, Kind, Side
from groundplan.change.upgrade.model import Difference, Line, Part, Upgrade
from groundplan.diagnostics import Place
from groundplan.quantities import Band

BEFORE, AFTER = Side("main", "0.1.0"), Side("demo", "0.2.0")


def edit(path: str, before: str | None, after: str | None, line: int) -> Edit:
    return Edit(path, before, after, Place("groundplan.yaml", line, 5))


BUCKET = Entry(
    Kind.DESTROYS_DATA,
    "bucket demo-123456789012-scratch is destroyed",
    component="object_store",
    root="10-foundation",
    address='module.object_store.aws_s3_bucket.this["scratch"]',
    path="storage.buckets",
    edits=(edit("storage.buckets.scratch", "{size_gib: 200}", None, 31),),
    interruption=Interruption.FOR_GOOD,
    reason="every object and every version of it; nothing brings it back",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
    monthly_usd=Band(Decimal("-6.10"), Decimal("-4.60"), Decimal("-3.20")),
    avoid="keep the bucket in the spec, or let `moves.tf` forget it",
)
DATABASE = Entry(
    Kind.DESTROYS_DATA,
    "database demo-mlflow is replaced",
    component="mlflow",
    root="10-foundation",
    address="module.mlflow_database.aws_db_instance.this",
    path="tracking.mlflow.database",
    edits=(
        edit("tracking.mlflow.database.storage_gib", "100", "50", 44),
        edit("tracking.mlflow.database.high_availability", "true", "false", 45),
    ),
    forced_by=("allocated_storage", "multi_az"),
    interruption=Interruption.TENS_OF_MINUTES,
    reason="runs, metrics and registered models; a final snapshot is kept",
    source="Amazon RDS user guide",
    avoid="keep storage_gib at 100: a database does not shrink",
)
KEY = Entry(
    Kind.CANNOT_BE_UNDONE,
    "deletion protection of cluster demo is taken off",
    component="cluster",
    root="10-foundation",
    address="module.cluster.aws_eks_cluster.this",
    path="cluster",
    edits=(edit("cluster.deletion_protection", "true", "false", 18),),
    reason="the next apply may destroy it",
)
POOL = Entry(
    Kind.REPLACES,
    "node pool finetune is replaced",
    component="node_pool",
    root="10-foundation",
    address='module.node_pool_finetune.aws_eks_node_group.this["a"]',
    path="training.pools.finetune",
    edits=(edit("training.pools.finetune.disk_gib", "100", "200", 25),),
    forced_by=("disk_size",),
    interruption=Interruption.MINUTES,
    reason="its nodes are drained one after the other",
)
ROLLING = Entry(
    Kind.INTERRUPTS,
    "control plane of cluster demo is upgraded",
    component="cluster",
    root="10-foundation",
    address="module.cluster.aws_eks_cluster.this",
    path="cluster",
    edits=(edit("cluster.version", "1.33", "1.34", 17),),
    interruption=Interruption.TENS_OF_MINUTES,
    reason="workloads go on; the API answers slowly for some minutes",
)
OPEN = Entry(
    Kind.OPENS,
    "API of cluster demo answers 203.0.113.0/24",
    component="cluster",
    root="10-foundation",
    address="module.cluster.aws_eks_cluster.this",
    path="cluster",
    edits=(edit("cluster.endpoint.public_cidrs", None, "[203.0.113.0/24]", 20),),
    forced_by=("vpc_config[0].public_access_cidrs",),
)
COST = Entry(
    Kind.COSTS,
    "node pool of training.pools.finetune costs $16.00 a month more",
    component="node_pool",
    path="training.pools.finetune",
    edits=POOL.edits,
    monthly_usd=Band(Decimal("10.00"), Decimal("16.00"), Decimal("20.00")),
)
NEW_RELEASE = Entry(
    Kind.UNKNOWN,
    "release of chart mlflow: what it replaces is known only when it is applied",
    component="mlflow",
    root="20-platform",
    address="module.mlflow.helm_release.this",
    path="tracking.mlflow",
)
ENTRIES = (BUCKET, DATABASE, KEY, POOL, ROLLING, OPEN, COST, NEW_RELEASE)


def sample(*entries: Entry) -> Change:
    """Something of every class."""
    counts = Counts(created=3, updated=12, replaced=2, destroyed=5, moved=1, forgotten=1)
    total = Band(Decimal("3.90"), Decimal("11.40"), Decimal("16.80"))
    return Change(BEFORE, AFTER, entries or ENTRIES, counts, total)


UPGRADE = Upgrade(
    "0.1.0",
    "0.2.0",
    (
        Difference(Part.MODULE, "aws/network", "sha256:1", "sha256:2"),
        Difference(Part.PROVIDER, "hashicorp/aws", "5.99.0", "5.100.0"),
        Difference(Part.CHART, "kubernetes/mlflow", "1.2.0", ""),
        Difference(Part.CHOICE, "training.pools.finetune.instance_types", "g5.2xlarge", "g6.2xlarge", "cheaper"),
    ),
    (Line("0.2.0", "Buckets keep their old versions for a year."),),
    ("groundplan.lock.json is of format 0",),
)


def upgraded() -> Change:
    """A change that another release makes."""
    return replace(sample(POOL), upgrade=UPGRADE)


def quiet() -> Change:
    """A change that does nothing worth a line."""
    return Change(BEFORE, AFTER, (), Counts(updated=3))


def large() -> Change:
    """More than anybody reads, the worst first."""
    many = [
        replace(entry, what=f"{entry.what} {number}", address=f"{entry.address}[{number}]")
        for entry in ENTRIES
        for number in range(40)
    ]
    return Change(BEFORE, AFTER, many, Counts(updated=40, replaced=80, destroyed=40), Band.of(Decimal("440.00")))
