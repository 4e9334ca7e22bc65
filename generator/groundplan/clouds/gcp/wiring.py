"""What only GCP has: arguments that its modules take beside those of every cloud, and what only GCP bills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from groundplan.clouds.gcp.cloud import GCP
from groundplan.components.base import STATE, Meter, ModuleCall
from groundplan.components.cluster.component import cluster_meter
from groundplan.components.mlflow.component import server_meter
from groundplan.components.monitoring.component import managed_meter
from groundplan.components.network.component import network_meter, stored
from groundplan.components.node_pool.component import NodePool, node_hours
from groundplan.components.wiring import Wiring
from groundplan.hcl.write import Expression, Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Network, Pool, Stack

COLLECTORS = "gke-gmp-system"
"""Namespace of the collectors of Managed Service for Prometheus."""
ALERT_CONDITIONS = 20
"""Conditions of the policies of the managed service, at the most."""
NAT_VMS = 32
"""Cloud NAT bills this many virtual machines at the most: https://cloud.google.com/nat/pricing."""
CONTAINER_LOG_GIB = Band(Decimal(1), Decimal(10), Decimal(100))
"""What the containers of a small cluster write."""
HYPERDISK_ONLY = re.compile(r"(c4|c4a|c4d|n4|n4a|n4d|h4d|m4|x4|a3-ultragpu|a4|a4x|g4)-")
"""As in modules/gcp/node_pool: https://cloud.google.com/compute/docs/disks/hyperdisks."""
INGRESS_GIB = Band(Decimal(5), Decimal(50), Decimal(500))
"""Traffic of the tracking server through its load balancer: artifacts go through the server."""
FREE_LOG_DAYS = 30
EVERY_ROOT = ("cloudkms", "cloudresourcemanager", "iam", "logging", "serviceusage", "storage")
WITH_NETWORK = ("compute", "dns", "monitoring", "servicenetworking")
"""APIs by the part of an environment that calls them."""


def _regional(_: Stack, __: ModuleCall) -> Mapping[str, Value]:
    return {"region": Expression("var.region")}


def _keys(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    """Cloud Run keeps a copy of the server's image under the key of storage."""
    serverless = stack.mlflow is not None and not stack.mlflow.on_cluster
    further: dict[str, Value] = {"further_users": {"storage": ["run"]}} if serverless else {}
    if suffix := stack.options.get("key_ring_suffix"):
        further["suffix"] = suffix
    return {"region": Expression("var.region"), **further}


def _database(_: Stack, __: ModuleCall) -> Mapping[str, Value]:
    return {"region": Expression("var.region"), "tags": Expression("var.tags")}


def _registry(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """Artifact Registry deletes no image whose tag cannot move, so a spec that says how many stay lets tags move."""
    wanted = call.arguments["repositories"]
    assert isinstance(wanted, Mapping)
    moves = {repository.name for repository in stack.repositories if repository.keeps_only}
    repositories: dict[str, Value] = {
        name: {**cast(Mapping[str, Value], repository), "immutable_tags": False} if name in moves else repository
        for name, repository in wanted.items()
    }
    return {"region": Expression("var.region"), "repositories": repositories}


def _services(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    return {"apis": [f"{api}.googleapis.com" for api in sorted(_apis(stack, call.layer))]}


def _apis(stack: Stack, layer: str) -> Iterable[str]:
    yield from EVERY_ROOT
    if layer == STATE:
        return
    if stack.network is not None:
        yield from WITH_NETWORK
    if stack.cluster is not None:
        yield from ("binaryauthorization", "container")
    if stack.repositories:
        yield "artifactregistry"
    if stack.mlflow is not None:
        yield from ("secretmanager", "sqladmin")
        if not stack.mlflow.on_cluster:
            yield "run"


def _cluster(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    assert stack.cluster is not None, "there is a call because there is a cluster"
    further: dict[str, Value] = {"region": Expression("var.region"), "zones": list(stack.cluster.zones)}
    if stack.cluster.extended_support:
        further["release_channel"] = "EXTENDED"
    if stack.monitoring and stack.monitoring.managed:
        further["managed_prometheus"] = True
    return further | dict(stack.cluster.options)


def _node_pool(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """Machine types without the GPUs that the catalog's names of attached ones end in, where they are offered."""
    pool = next(pool for pool in stack.pools if pool.path == call.path)
    further: dict[str, Value] = {"instance_types": [name.partition("+")[0] for name in pool.instance_types]}
    zones = stack.cluster.zones if stack.cluster else ()
    offers = [GCP.catalog.offer(stack.region, name) for name in pool.instance_types]
    offered = [zone for zone in zones if all(offer is None or zone in offer.zones for offer in offers)]
    if offered != list(zones):
        further["zones"] = cast(Value, offered)
    disk = call.arguments["disk"]
    local = _fixed_local_storage_gib(pool)
    if local and isinstance(disk, Mapping):
        further["disk"] = {**disk, "local_nvme_gib": local}
    return further


def _fixed_local_storage_gib(pool: Pool) -> int:
    """Local storage that machines of the type always have; GKE wants to know it although nobody asked for it."""
    first = GCP.catalog.instance(pool.instance_types[0])
    return first.local_storage_gib if first and (first.name.endswith("-lssd") or first.family == "z3") else 0


def _mlflow(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    further: dict[str, Value] = {"project": Expression("var.account_id")}
    if isinstance(stack.network, Network):
        further["database"] = {"cidr_blocks": [_range(stack.network, "private_services")]}
    clients, ingress = call.arguments["clients"], call.arguments.get("ingress")
    if stack.monitoring and stack.monitoring.managed and isinstance(clients, Mapping):
        rest = {name: value for name, value in clients.items() if name != "metrics_cidr_blocks"}
        clients = further["clients"] = {**rest, "monitoring_namespace": COLLECTORS}
    if isinstance(ingress, Mapping):
        further["ingress"] = {"class_name": "gce-internal", **ingress}
        if isinstance(stack.network, Network) and isinstance(clients, Mapping):
            # Only the load balancer's proxies talk to the pods; everybody else talks to the proxies.
            further["clients"] = {**clients, "cidr_blocks": [_range(stack.network, "proxies")]}
    return further


def _range(network: Network, name: str) -> Value:
    ranges = network.plan.arguments["ranges"]
    assert isinstance(ranges, Mapping)
    return ranges[name]


def _storage_class(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    suffix = stack.options.get("key_ring_suffix")
    ring = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}" + (f"-{suffix}" if suffix else "")
    return {"kms_key": Expression(f'"{ring}/cryptoKeys/cluster"')}


def _monitoring(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """E-mail goes by lines of a log, which the foundation's alert policy looks for.

    GKE runs DNS and the autoscaler out of sight, and keeps NVIDIA's driver in a folder of its nodes.
    """
    platform: dict[str, Value] = {"coredns": False, "autoscaler": False}
    if stack.has_gpu:
        platform["gpu_driver_root"] = "/home/kubernetes/bin/nvidia"
    further: dict[str, Value] = {"platform": platform}
    ways = call.arguments["alerts"]
    if stack.monitoring and stack.monitoring.email and isinstance(ways, Mapping):
        further["alerts"] = {"log": {}, **ways}
    return further


def _managed_prometheus(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    return {"region": Expression("var.region"), **({"gpu": True} if stack.has_gpu else {})}


def _workspaces(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """The managed collector's pods are in a namespace of the cluster, where others come from outside."""
    spaces = call.arguments["workspaces"]
    if stack.monitoring is None or not stack.monitoring.managed or not isinstance(spaces, Mapping):
        return {}
    return {"workspaces": {name: _collected(space) for name, space in spaces.items()}}


def _collected(space: Value) -> Value:
    assert isinstance(space, Mapping)
    rest = {name: value for name, value in space.items() if name != "metrics_cidr_blocks"}
    return {**rest, "ingress_from_namespaces": [COLLECTORS]}


def _preparations(stack: Stack) -> Sequence[str]:
    """What Terraform cannot do for itself, once for a project: the APIs it turns others on with, and service agents.

    A service uses a key of ours as its agent, and IAM refuses a grant to an agent that does not exist; these come only
    with the first use of their service: https://docs.cloud.google.com/iam/docs/create-service-agents.
    """
    agents = ["secretmanager", "sqladmin"] if stack.mlflow else []
    agents += ["artifactregistry"] if stack.repositories else []
    first = ["cloudresourcemanager", "serviceusage", "logging", "storage", *sorted(agents)]
    enable = " ".join(f"{api}.googleapis.com" for api in first)
    project = f"--project {stack.account}"
    return [
        f"gcloud services enable {enable} {project}",
        *(f"gcloud beta services identity create --service {api}.googleapis.com {project}" for api in sorted(agents)),
    ]


def _cautions(stack: Stack) -> Sequence[str]:
    """Facts of Google Cloud that no configuration changes; see docs/nasty-facts.md."""
    cautions = []
    if stack.key_purposes:
        cautions.append(
            "A key ring is never deleted: a further environment of this name needs `cloud.gcp.key_ring_suffix`"
        )
    if stack.cluster or stack.mlflow or isinstance(stack.network, Network):
        cautions.append("The names of log buckets are free again seven days after a destroy")
    if stack.cluster:
        cautions.append(
            "Workloads are known by namespace and service account in the whole project: give each environment its own, "
            "or the workloads of one reach the buckets of another"
        )
    return cautions


def _network_meters(stack: Stack) -> Iterable[Meter]:
    """NAT by the machine that uses it, and its address."""
    if not isinstance(stack.network, Network):
        return
    most = NAT_VMS * HOURS_PER_MONTH
    hours = sum(map(node_hours, stack.pools), Band.of(0)).at_most(most)
    words = f"every running node, {NAT_VMS} at the most"
    yield network_meter("network.nat_vm", "hour", hours, words, "fixed")
    address = Band.of(HOURS_PER_MONTH)
    yield network_meter("network.public_ipv4", "hour", address, "one address of NAT, around the clock", "fixed")


def _cluster_meters(stack: Stack) -> Iterable[Meter]:
    """GKE sends the logs of all containers to Cloud Logging too."""
    if stack.cluster is None:
        return
    words = "1 to 100 GiB of containers' logs, 10 expected"
    yield cluster_meter("logs.ingested", "gib", CONTAINER_LOG_GIB, words)
    days = stack.cluster.logs_retention_days
    kept, words = stored(CONTAINER_LOG_GIB, days)
    yield replace(cluster_meter("logs.stored", "gib_month", kept, f"containers' logs, {words}"), kept_days=days)


def _monitoring_meters(stack: Stack) -> Iterable[Meter]:
    """The conditions that Cloud Monitoring looks at."""
    if stack.monitoring and stack.monitoring.managed:
        words = f"{ALERT_CONDITIONS} conditions of alert policies"
        yield managed_meter("metrics.alarm", "alarm_month", Band.of(ALERT_CONDITIONS), words)


def _mlflow_meters(stack: Stack) -> Iterable[Meter]:
    """A name is that of a load balancer; a proxy runs beside each server that has no cluster."""
    if stack.mlflow is None or not stack.mlflow.host:
        return
    if not stack.mlflow.on_cluster:
        least, most = Decimal(stack.mlflow.replicas_min), Decimal(stack.mlflow.replicas_max)
        each = Band(least, least, most).times(HOURS_PER_MONTH)
        words = "half a vCPU and a quarter GiB for the proxy beside each server"
        yield server_meter(stack.mlflow, "serverless.vcpu", "hour", each.times(Decimal("0.5")), words)
        yield server_meter(stack.mlflow, "serverless.memory", "gib_hour", each.times(Decimal("0.25")), words)
        words = "a policy that names who may connect"
        yield server_meter(stack.mlflow, "load_balancer.policy", "policy_month", Band.of(1), words)
    hours, words = Band.of(HOURS_PER_MONTH), "a private load balancer, around the clock"
    yield server_meter(stack.mlflow, "load_balancer.forwarding_rule", "hour", hours, words)
    words = "5 to 500 GiB of artifacts and requests, 50 expected"
    yield server_meter(stack.mlflow, "load_balancer.data", "gib", INGRESS_GIB, words)


def _disks(stack: Stack, meter: Meter) -> Meter:
    """Machines of the newest series start from Hyperdisk alone, as the module node_pool knows."""
    types = (pool.instance_types[0] for pool in stack.pools if pool.path == meter.path)
    found = next(types, "") if meter.component == NodePool.name else ""
    return replace(meter, item="disk.hyperdisk_balanced") if HYPERDISK_ONLY.match(found) else meter


def _logs_beyond_free_days(_: Stack, meter: Meter) -> Meter:
    """A log bucket keeps entries for 30 days at no charge: https://cloud.google.com/stackdriver/pricing."""
    if meter.quantity is None or not meter.kept_days:
        return meter
    billed = Decimal(max(meter.kept_days - FREE_LOG_DAYS, 0)) / meter.kept_days
    words = f"{meter.assumption}; the first {FREE_LOG_DAYS} days are not billed"
    return replace(meter, quantity=meter.quantity.times(billed), assumption=words)


def _template_values(stack: Stack) -> Mapping[str, Value]:
    """A zonal cluster is found by its zone."""
    zonal = stack.cluster is not None and stack.cluster.options.get("location") == "zonal"
    location = stack.cluster.zones[0] if stack.cluster and zonal else Expression("var.region")
    return {"cluster_location": location}


WIRING = Wiring(
    arguments={
        "services": _services,
        "state_store": _regional,
        "keys": _keys,
        "object_store": _regional,
        "registry": _registry,
        "database": _database,
        "mlflow_serverless": _regional,
        "managed_prometheus": _managed_prometheus,
        "workspaces": _workspaces,
        "cluster": _cluster,
        "node_pool": _node_pool,
        "mlflow": _mlflow,
        "storage_class": _storage_class,
        "monitoring": _monitoring,
    },
    meters={
        "network": _network_meters,
        "cluster": _cluster_meters,
        "mlflow": _mlflow_meters,
        "monitoring": _monitoring_meters,
    },
    adjusted={"logs.stored": _logs_beyond_free_days, "disk.general": _disks},
    first="services",
    template_values=_template_values,
    preparations=_preparations,
    cautions=_cautions,
)
