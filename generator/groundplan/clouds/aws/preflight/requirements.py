"""Everything an environment asks of an AWS account."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import parts, read_table
from groundplan.clouds.aws.preflight import quotas
from groundplan.clouds.aws.preflight.quotas import Quota, vcpu_quota
from groundplan.preflight.model import PHASES, Needs, NetworkNeed, PoolNeed, Requirement, Tally
from groundplan.preflight.permissions import Cause, Permissions, needed, of_types, required


def requirements(needs: Needs) -> tuple[Requirement, ...]:
    """Account, network, machine types, quotas, permissions and names, by kind."""
    tally = Tally()
    tally.add(Requirement("account", "credentials of the spec's account", needs.account, "account", "cloud.account"))
    if needs.network:
        _network(tally, needs, needs.network)
    for pool in needs.pools:
        _machines(tally, needs, pool)
        _nodes(tally, needs, pool)
    _counts(tally, needs)
    for name, path in needs.buckets.items():
        tally.add(Requirement("bucket", "name must be free", name, "global", path, "s3"))
    if needs.state_bucket:
        tally.add(Requirement("bucket", "bucket must exist", needs.state_bucket, "account", "state.bucket", "s3"))
    for action, cause in actions(needs).items():
        tally.add(required(action, cause, "account", action.partition(":")[0]))
    return tally.requirements()


def _network(tally: Tally, needs: Needs, network: NetworkNeed) -> None:
    if network.id:
        tally.add(Requirement("network", "VPC must exist", network.id, needs.region, "network.existing.id", "ec2"))
        for subnet in network.subnet_ids:
            path = "network.existing.private_subnets"
            tally.add(Requirement("network", "subnet must exist", subnet, needs.region, path, "ec2"))
        return
    tally.add(quotas.VPCS.at(needs.region, "network").counted(1))
    tally.add(quotas.INTERNET_GATEWAYS.at(needs.region, "network").counted(1))
    for zone in network.gateway_zones:
        tally.add(quotas.NAT_GATEWAYS.at(zone, "network.nat").counted(1))
        tally.add(quotas.ADDRESSES.at(needs.region, "network.nat").counted(1, because="one for each NAT gateway"))


def _machines(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    for machine in pool.machines:
        for zone in pool.zones or (needs.region,):
            tally.add(Requirement("machine", "offered", machine.name, zone, pool.path, "ec2", because=(pool.path,)))


def _nodes(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    """vCPUs by quota, counting the largest type of the pool that a quota covers; node groups; disks."""
    for purchase in pool.purchases:
        largest: dict[Quota, int] = {}
        for machine in pool.machines:
            quota = vcpu_quota(machine.name, purchase.purchase_option)
            if quota:
                largest[quota] = max(largest.get(quota, 0), machine.vcpus)
        for quota, vcpus in largest.items():
            words = f"{pool.path} {purchase.most} x {vcpus}"
            wanted = quota.at(needs.region, pool.path)
            tally.add(wanted.counted(purchase.most * vcpus, purchase.at_once * vcpus, words))
    tally.add(quotas.NODE_GROUPS.at("a cluster", pool.path).counted(len(pool.purchases) * pool.groups))
    tally.at_least(quotas.GROUP_NODES.at("a node group", pool.path).counted(pool.most, pool.at_once, pool.path))
    words = f"{pool.path} {pool.most} x {pool.disk_gib}"
    disks = quotas.DISKS.at(needs.region, pool.path)
    tally.add(disks.counted(tib(pool.disk_gib * pool.most), tib(pool.disk_gib * pool.at_once), words))


def _counts(tally: Tally, needs: Needs) -> None:
    region = needs.region
    if needs.cluster:
        tally.add(quotas.CLUSTERS.at(region, "cluster").counted(1))
    for path, gib in needs.volumes_gib.items():
        tally.add(quotas.DISKS.at(region, path).counted(tib(gib), because=f"{path} {gib}"))
    if needs.database:
        database = needs.database
        tally.add(Requirement("machine", "offered", database.instance_class, region, database.path, "rds"))
        tally.add(quotas.DATABASES.at(region, database.path).counted(1))
        tally.add(quotas.DATABASE_DISKS.at(region, database.path).counted(database.storage_gib))
    if needs.buckets:
        path = next(iter(needs.buckets.values()))
        tally.add(quotas.BUCKETS.at("account", path).counted(len(needs.buckets)))
    for path, count in needs.load_balancers.items():
        tally.add(quotas.LOAD_BALANCERS.at(region, path).counted(count))
    for path, count in needs.servers.items():
        tally.add(quotas.SERVERS.at(region, path).counted(count, because="one for each server"))


def tib(gib: int) -> Decimal:
    """TiB, two decimals, rounded up."""
    return (Decimal(gib) / 1024).quantize(Decimal("0.01"), ROUND_UP)


STATES = Permissions(
    make=("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:GenerateDataKey"),
    change=("s3:ListBucketVersions", "s3:GetObjectVersion"),
)
"""What Terraform's backend takes of the bucket, of states and their locks, and of the key; then what `state` takes.

https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
"""
STRAYS = Permissions(destroy=("tag:GetResources",))
"""What `destroy` takes to find what the cluster has made and left."""
_CLUSTER = "aws_eks_cluster"
OF_STATES = frozenset({"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion"})
"""Those that are about the objects in the bucket."""


@cache
def permissions() -> dict[str, Permissions]:
    """IAM actions that a Terraform type takes; `data` stands before the types of data sources.

    From calls of the provider, recorded, from the service authorization reference and, for what a service does in the
    caller's name, from the mapping of Pike: https://docs.aws.amazon.com/service-authorization/latest/reference/,
    https://github.com/JamesWoolfenden/pike/tree/master/src/mapping/aws.
    """
    table = files(__package__) / "permissions.csv"
    columns = ("type", *PHASES)
    rows = read_table(table, columns, lambda name, *actions: (name, Permissions(*map(parts, actions))))
    return dict(row for _, row in rows)


def actions(needs: Needs) -> dict[str, Cause]:
    """The actions the whole environment takes, sorted, with the first cause of each."""
    states = [(STATES, "state")] if needs.states else []
    cluster = [(STRAYS, needs.resources[_CLUSTER])] if _CLUSTER in needs.resources else []
    return needed([*of_types(needs.resources, permissions()), *states, *cluster])
