"""Everything an environment asks of a Google Cloud project.

Quota metrics: https://docs.cloud.google.com/compute/resource-usage and the enum `Quota.Metric` of the Compute API.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import parts, read_table
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY, LOCAL_SSD_GIB
from groundplan.preflight.model import PHASES, Machine, Needs, PoolNeed, Purchase, Requirement, Tally
from groundplan.preflight.permissions import Cause, Permissions, needed, of_types, required

PERSISTENT_DISK = "SSD and balanced persistent disk"
MANAGED_CONSTRAINT = "iam.managed.allowedPolicyMembers"
CONSTRAINTS = ("iam.allowedPolicyMemberDomains", MANAGED_CONSTRAINT)
"""Who may be granted anything: https://docs.cloud.google.com/resource-manager/docs/organization-policy/domain-restricted-sharing."""
IAM, PROXIES, PEERING = "iam", "proxies", "servicenetworking"
NETWORK_USER = "roles/compute.networkUser"
COMPUTE, LOGGING = "compute", "logging"
EXCLUSION = "google_logging_project_exclusion"
MOST_EXCLUSIONS = 10
"""https://docs.cloud.google.com/logging/docs/reference/v2/rest/v2/projects.exclusions/create. The quotas say 50 for a
sink, https://docs.cloud.google.com/logging/quotas: the smaller number is the one to count on."""
STARTING = {"cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"}
"""APIs that must be on before Terraform can turn on the others."""

DEFAULT_POOL_MACHINE, DEFAULT_POOL_VCPUS, DEFAULT_POOL_DISK_GIB = "e2-medium", 2, 20
"""One node of the pool that modules/gcp/cluster removes, by `remove_default_node_pool`:
https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster."""

CPU_METRICS = {
    "n1": "CPUS",
    **{
        family: f"{family.upper()}_CPUS"
        for family in ("a2", "c2", "c2d", "c3", "e2", "m1", "m2", "m3", "n2", "n2d", "t2a", "t2d")
    },
}
"""Metrics of families that have one of their own."""
GPU_BOUND = {"a3", "a4", "a4x", "g2", "g4"}
"""Families whose vCPUs are limited by their GPUs only."""
FAMILY_CPUS = "CPUS-PER-VM-FAMILY-per-project-region"
FAMILY_GPUS = "GPUS-PER-GPU-FAMILY-per-project-region"
"""Quotas with the family as a dimension, for everything newer; the Compute API does not list them."""

ACCELERATORS = {
    "a100": "nvidia-tesla-a100",
    "a100-80": "nvidia-a100-80gb",
    "b200": "nvidia-b200",
    "h100": "nvidia-h100-80gb",
    "h200": "nvidia-h200-141gb",
    "l4": "nvidia-l4",
    "p100": "nvidia-tesla-p100",
    "p4": "nvidia-tesla-p4",
    "rtx-pro-6000": "nvidia-rtx-pro-6000",
    "t4": "nvidia-tesla-t4",
    "v100": "nvidia-tesla-v100",
}
"""Accelerator types by the words of the spec: https://docs.cloud.google.com/compute/docs/gpus."""
GPU_METRICS = {
    "a100": "NVIDIA_A100",
    "a100-80": "NVIDIA_A100_80GB",
    "b200": "NVIDIA_B200",
    "h100": "NVIDIA_H100",
    "h200": "NVIDIA_H200",
    "l4": "NVIDIA_L4",
    "p100": "NVIDIA_P100",
    "p4": "NVIDIA_P4",
    "rtx-pro-6000": "NVIDIA_RTX_PRO_6000",
    "t4": "NVIDIA_T4",
    "v100": "NVIDIA_V100",
}
GPU_FAMILIES = {"b200", "h100", "h200", "rtx-pro-6000"}
"""GPUs whose on-demand quota is a family of `FAMILY_GPUS`."""


def requirements(needs: Needs) -> tuple[Requirement, ...]:
    """Project, network, machine types, quotas, APIs, permissions and names, by kind."""
    tally = Tally()
    tally.add(Requirement("account", "project must be accessible", needs.account, "project", "cloud.account"))
    for member, path in needs.outsiders.items():
        for constraint in CONSTRAINTS:
            name = f"{constraint} must allow"
            tally.add(Requirement("policy", name, member, "organization", path, constraint))
    _network(tally, needs)
    for pool in needs.pools:
        _machines(tally, needs, pool)
        _nodes(tally, needs, pool)
    _default_pool(tally, needs)
    _logs(tally, needs)
    for path, gib in needs.volumes_gib.items():
        disks = _quota(PERSISTENT_DISK, "SSD_TOTAL_GB", needs.region, "GB", path)
        tally.add(disks.counted(gib, because=f"{path} {gib}"))
    for api in sorted({*needs.apis, *(STARTING if needs.resources else ())}):
        path = needs.apis.get(api, "cloud.account")
        tally.add(Requirement("api", "API must be enabled", api, "project", path, "serviceusage"))
    for permission, cause in permissions_of(needs).items():
        tally.add(required(permission, cause, "project", role_of(permission)))
    for name, path in needs.buckets.items():
        tally.add(Requirement("bucket", "name must be free", name, "global", path, "storage"))
    if needs.state_bucket:
        tally.add(Requirement("bucket", "bucket must exist", needs.state_bucket, "project", "state.bucket", "storage"))
    return tally.requirements()


def _quota(name: str, metric: str, where: str, unit: str, path: str) -> Requirement:
    return Requirement("quota", name, metric, where, path, COMPUTE, unit)


def _network(tally: Tally, needs: Needs) -> None:
    network = needs.network
    if network is None:
        return
    if network.id:
        tally.add(Requirement("network", "network must exist", network.id, "global", "network.existing.id", "compute"))
        for subnet in network.subnet_ids:
            path = "network.existing.private_subnets"
            tally.add(Requirement("network", "subnetwork must exist", subnet, needs.region, path, "compute"))
            for member, role, resource in host_grants(needs, subnet):
                tally.add(Requirement("policy", f"{role} must be granted", member, resource, "network.existing", IAM))
        if needs.load_balancers:
            path = next(iter(needs.load_balancers))
            tally.add(Requirement("network", "proxies must have a subnet", network.id, needs.region, path, PROXIES))
        if needs.database:
            name = "private service access must be connected"
            tally.add(Requirement("network", name, network.id, "global", needs.database.path, PEERING))
        return
    for name, metric in (("VPC networks", "NETWORKS"), ("subnetworks", "SUBNETWORKS"), ("Cloud Routers", "ROUTERS")):
        tally.add(_quota(name, metric, "global", name.split()[-1].lower(), "network").counted(1))
    if network.gateway_zones:
        path = "network.nat"
        addresses = _quota("static external addresses", "STATIC_ADDRESSES", needs.region, "addresses", path)
        tally.add(addresses.counted(len(network.gateway_zones), because="for Cloud NAT"))
        in_use = _quota("external addresses in use", "IN_USE_ADDRESSES", needs.region, "addresses", path)
        tally.add(in_use.counted(len(network.gateway_zones), because="for Cloud NAT"))


def _logs(tally: Tally, needs: Needs) -> None:
    if EXCLUSION in needs.resources:
        path = needs.resources[EXCLUSION]
        wanted = Requirement("quota", "log exclusions", "exclusions", "project", path, LOGGING, "exclusions")
        tally.add(wanted.counted(1))


def host_grants(needs: Needs, subnet: str) -> list[tuple[str, str, str]]:
    """Member, role and resource of each grant in a Shared VPC's host project, those of modules/gcp/shared_vpc_host.

    `<number>` stands for the number of the environment's project.
    """
    host = subnet.split("/")[1]
    if host == needs.account:
        return []
    gke = "serviceAccount:service-<number>@container-engine-robot.iam.gserviceaccount.com"
    google_apis = "serviceAccount:<number>@cloudservices.gserviceaccount.com"
    run = "serviceAccount:service-<number>@serverless-robot-prod.iam.gserviceaccount.com"
    found = []
    if needs.cluster:
        found += [(gke, NETWORK_USER, subnet), (google_apis, NETWORK_USER, subnet)]
        found += [(gke, "roles/container.hostServiceAgentUser", f"projects/{host}")]
    if needs.servers:
        found += [(run, NETWORK_USER, subnet), (run, "roles/compute.networkViewer", f"projects/{host}")]
    return found


def _machines(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    for machine in pool.machines:
        for zone in pool.zones or (needs.region,):
            because = (pool.path,)
            name = base_type(machine)
            tally.add(Requirement("machine", "offered", name, zone, pool.path, "compute", because=because))
            if machine.gpu_type in ACCELERATORS:
                gpu = ACCELERATORS[machine.gpu_type]
                tally.add(Requirement("machine", "GPU offered", gpu, zone, pool.path, "compute", because=because))


def base_type(machine: Machine) -> str:
    """The machine type as Compute Engine knows it: `n1-standard-8` for the catalog's `n1-standard-8+1xt4`."""
    return machine.name.partition("+")[0]


def family_of(machine: Machine) -> str:
    """`c3d` for `c3d-standard-8`."""
    return machine.name.partition("-")[0]


def _nodes(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    for purchase in pool.purchases:
        _cpus(tally, needs, pool, purchase)
        _gpus(tally, needs, pool, purchase)
    _totals(tally, needs, pool)
    _disks(tally, needs, pool)
    words = f"{pool.path} {pool.most}"
    instances = _quota("VM instances", "INSTANCES", needs.region, "instances", pool.path)
    tally.add(instances.counted(pool.most, pool.at_once, words))


def _default_pool(tally: Tally, needs: Needs) -> None:
    """The pool that GKE makes every cluster with, one node in each zone; it is gone before ours are made."""
    nodes = len(needs.cluster_zones)
    if not nodes:
        return
    machine = Machine(DEFAULT_POOL_MACHINE, DEFAULT_POOL_VCPUS)
    bought = (Purchase("on_demand", nodes, nodes),)
    pool = PoolNeed("cluster", (machine,), bought, nodes, DEFAULT_POOL_DISK_GIB, needs.cluster_zones)
    first = Tally()
    _nodes(first, needs, pool)
    for requirement in first.requirements():
        because = tuple(f"{reason}, GKE's first pool for some minutes" for reason in requirement.because)
        tally.beforehand(replace(requirement, because=because))


def _cpus(tally: Tally, needs: Needs, pool: PoolNeed, purchase: Purchase) -> None:
    """vCPUs by metric, counting the largest type of the pool that a metric covers."""
    largest: dict[str, int] = {}
    for machine in pool.machines:
        family = family_of(machine)
        metric = "PREEMPTIBLE_CPUS" if purchase.purchase_option == "spot" else CPU_METRICS.get(family)
        if metric is None and family not in GPU_BOUND:
            metric = f"{FAMILY_CPUS} {family.upper()}"
        if metric:
            largest[metric] = max(largest.get(metric, 0), machine.vcpus)
    for metric, vcpus in largest.items():
        name = "spot vCPUs" if purchase.purchase_option == "spot" else "vCPUs"
        words = f"{pool.path} {purchase.most} x {vcpus}"
        wanted = _quota(name, metric, needs.region, "vCPUs", pool.path)
        tally.add(wanted.counted(purchase.most * vcpus, purchase.at_once * vcpus, words))


def _gpus(tally: Tally, needs: Needs, pool: PoolNeed, purchase: Purchase) -> None:
    largest: dict[str, int] = {}
    for machine in pool.machines:
        if machine.gpu_type not in GPU_METRICS:
            continue
        metric = GPU_METRICS[machine.gpu_type]
        if purchase.purchase_option == "spot":
            code = f"PREEMPTIBLE_{metric}_GPUS"
        else:
            code = f"{FAMILY_GPUS} {metric}" if machine.gpu_type in GPU_FAMILIES else f"{metric}_GPUS"
        largest[code] = max(largest.get(code, 0), machine.gpu_count)
    for code, gpus in largest.items():
        name = "spot GPUs" if purchase.purchase_option == "spot" else "GPUs"
        words = f"{pool.path} {purchase.most} x {gpus}"
        wanted = _quota(name, code, needs.region, "GPUs", pool.path)
        tally.add(wanted.counted(purchase.most * gpus, purchase.at_once * gpus, words))


def _totals(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    """What the project may have in all regions, however it is bought."""
    vcpus = max(machine.vcpus for machine in pool.machines)
    words = f"{pool.path} {pool.most} x {vcpus}"
    total = _quota("vCPUs in all regions", "CPUS_ALL_REGIONS", "global", "vCPUs", pool.path)
    tally.add(total.counted(pool.most * vcpus, pool.at_once * vcpus, words))
    gpus = max(machine.gpu_count for machine in pool.machines)
    if gpus:
        words = f"{pool.path} {pool.most} x {gpus}"
        total = _quota("GPUs in all regions", "GPUS_ALL_REGIONS", "global", "GPUs", pool.path)
        tally.add(total.counted(pool.most * gpus, pool.at_once * gpus, words))


def _disks(tally: Tally, needs: Needs, pool: PoolNeed) -> None:
    """Boot disks by kind, and Local SSD by purchase option where the spec asks for it."""
    kinds = {"HDB_TOTAL_GB" if HYPERDISK_ONLY.match(machine.name) else "SSD_TOTAL_GB" for machine in pool.machines}
    for metric in sorted(kinds):
        name = "Hyperdisk Balanced" if metric == "HDB_TOTAL_GB" else PERSISTENT_DISK
        words = f"{pool.path} {pool.most} x {pool.disk_gib}"
        disks = _quota(name, metric, needs.region, "GB", pool.path)
        tally.add(disks.counted(pool.most * pool.disk_gib, pool.at_once * pool.disk_gib, words))
    if pool.local_storage_gib:
        size = math.ceil(pool.local_storage_gib / LOCAL_SSD_GIB) * LOCAL_SSD_GIB
        for purchase in pool.purchases:
            spot = purchase.purchase_option == "spot"
            metric = "PREEMPTIBLE_LOCAL_SSD_GB" if spot else "LOCAL_SSD_TOTAL_GB"
            words = f"{pool.path} {purchase.most} x {size}"
            ssds = _quota("spot Local SSD" if spot else "Local SSD", metric, needs.region, "GB", pool.path)
            tally.add(ssds.counted(purchase.most * size, purchase.at_once * size, words))


STATES = Permissions(
    make=(
        "resourcemanager.projects.get",
        "storage.buckets.get",
        "storage.objects.create",
        "storage.objects.delete",
        "storage.objects.get",
        "storage.objects.list",
    )
)
"""What runs take: whose project and bucket it is, states and their locks; to overwrite an object is to delete it too.

https://developer.hashicorp.com/terraform/language/backend/gcs
"""
MADE_INSIDE = Permissions(
    destroy=(
        "compute.disks.list",
        "compute.forwardingRules.list",
        *(f"container.{kind}.{verb}" for kind in ("ingresses", "services") for verb in ("delete", "get", "list")),
        *(f"container.persistentVolumeClaims.{verb}" for verb in ("delete", "get", "list")),
        "container.persistentVolumes.list",
    )
)
"""What `destroy` takes to delete what the cluster has made in the cloud, and to find what is left of it.

https://docs.cloud.google.com/iam/docs/roles-permissions/container
"""
_CLUSTER = "google_container_cluster"


@cache
def permissions() -> dict[str, Permissions]:
    """IAM permissions that a Terraform type takes; `data` stands before the types of data sources.

    From https://docs.cloud.google.com/iam/docs/roles-permissions and the mapping of Pike,
    https://github.com/JamesWoolfenden/pike/tree/master/src/mapping/google. One name that does not exist fails the whole
    question.
    """
    table = files(__package__) / "permissions.csv"
    columns = ("type", *PHASES)
    rows = read_table(table, columns, lambda name, *names: (name, Permissions(*map(parts, names))))
    return dict(row for _, row in rows)


@cache
def _roles() -> dict[str, str]:
    """Predefined roles by the beginning of the permissions they hold."""
    table = files(__package__) / "roles.csv"
    rows = read_table(table, ("permissions", "role"), lambda prefix, role: (prefix, role))
    return dict(row for _, row in rows)


def role_of(permission: str) -> str:
    """A predefined role that holds the permission."""
    return _roles()[max((prefix for prefix in _roles() if permission.startswith(prefix)), key=len)]


def permissions_of(needs: Needs) -> dict[str, Cause]:
    """The permissions the whole environment takes, sorted, with the first cause of each."""
    states = [(STATES, "state")] if needs.states else []
    cluster = [(MADE_INSIDE, needs.resources[_CLUSTER])] if _CLUSTER in needs.resources else []
    further = [(Permissions(make=(name,)), path) for name, path in needs.permissions.items()]
    return needed([*of_types(needs.resources, permissions()), *states, *cluster, *further])
