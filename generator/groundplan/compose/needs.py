"""From the stack to what it needs of an account: the same on every cloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from groundplan.catalog.catalog import Catalog
from groundplan.components.base import ModuleCall
from groundplan.components.cluster.part import cluster_of
from groundplan.components.mlflow.part import Mlflow, mlflow_of
from groundplan.components.monitoring.part import monitoring_of
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.node_pool.component import call_name
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.components.object_store.part import buckets_of, log_bucket_of
from groundplan.components.state_store.part import state_of
from groundplan.hcl.read import read_folder
from groundplan.preflight.model import DatabaseNeed, Machine, Needs, NetworkNeed, PoolNeed, Purchase
from groundplan.stack.model import Stack


def needs_of(stack: Stack, catalog: Catalog, calls: Sequence[ModuleCall], modules: Path) -> Needs:
    """What `stack` needs; `calls` are the module calls it becomes, `modules` the folder their sources are in."""
    network = network_of(stack)
    cluster = cluster_of(stack)
    monitoring = monitoring_of(stack)
    mlflow = mlflow_of(stack)
    state = state_of(stack)
    return Needs(
        name=stack.name,
        region=stack.region,
        account=stack.account,
        network=_network(network),
        cluster=cluster.name if cluster else "",
        pools=tuple(_pool(pool, catalog, _zones(stack, pool, calls)) for pool in pools_of(stack)),
        buckets=_buckets(stack),
        state_bucket="" if state.managed else state.bucket,
        database=_database(mlflow) if mlflow else None,
        servers=mlflow.replicas_max if mlflow and not mlflow.on_cluster else 0,
        load_balancers=1 if mlflow and mlflow.host else 0,
        volumes_gib=monitoring.storage_gib if monitoring and not monitoring.managed else 0,
        apis=_apis(calls),
        resources=resources_of(calls, modules),
    )


def _apis(calls: Iterable[ModuleCall]) -> dict[str, str]:
    found: dict[str, str] = {}
    for call in calls:
        apis = call.arguments.get("apis", ())
        for api in apis if isinstance(apis, Sequence) else ():
            found.setdefault(str(api), call.path)
    return dict(sorted(found.items()))


def resources_of(calls: Iterable[ModuleCall], modules: Path) -> dict[str, str]:
    """The resource types in the modules called, sorted, and the path of the first call of each."""
    found: dict[str, str] = {}
    for call in calls:
        for resource in resource_types(modules / call.source):
            found.setdefault(resource, call.path)
    return dict(sorted(found.items()))


def resource_types(module: Path) -> list[str]:
    """The types of the resources that a module makes, once for each resource."""
    return [block.labels[0] for block in read_folder(module, outline=True) if block.type == "resource"]


def _zones(stack: Stack, pool: Pool, calls: Iterable[ModuleCall]) -> tuple[str, ...]:
    """Those that the pool's own call names, else those of the cluster, else those of the network."""
    cluster = cluster_of(stack)
    network = network_of(stack)
    for call in calls:
        named = call.arguments.get("zones", ())
        if call.name == call_name(pool) and isinstance(named, Sequence) and named:
            return tuple(str(zone) for zone in named)
    if cluster and cluster.zones:
        return cluster.zones
    return network.zones if isinstance(network, Network) else ()


def _network(network: Network | ExistingNetwork | None) -> NetworkNeed | None:
    match network:
        case Network():
            gateways = network.zones if network.nat == "per_zone" else network.zones[:1]
            return NetworkNeed(gateway_zones=gateways)
        case ExistingNetwork():
            return NetworkNeed(id=network.id, subnet_ids=network.private_subnet_ids)
        case None:
            return None


def _pool(pool: Pool, catalog: Catalog, zones: tuple[str, ...]) -> PoolNeed:
    return PoolNeed(
        path=pool.path,
        machines=tuple(_machine(name, pool, catalog) for name in pool.instance_types),
        purchases=_purchases(pool),
        most=pool.nodes_max,
        disk_gib=pool.disk_gib,
        zones=zones,
        local_storage_gib=pool.local_storage_gib,
    )


def _machine(name: str, pool: Pool, catalog: Catalog) -> Machine:
    """As the catalog knows it; a type it does not hold counts as the pool's smallest."""
    found = catalog.instance(name)
    if found is None:
        gpu = pool.gpu
        return Machine(name, pool.vcpus, gpu.type if gpu else None, gpu.count if gpu else 0)
    return Machine(name, found.vcpus, found.gpu_type, found.gpu_count)


def _purchases(pool: Pool) -> tuple[Purchase, ...]:
    """A fallback pool may one day run wholly on demand; it starts on spot."""
    match pool.capacity:
        case "on_demand" | "spot":
            return (Purchase(pool.capacity, pool.nodes_min, pool.nodes_max),)
        case "spot_with_fallback":
            return Purchase("spot", pool.nodes_min, pool.nodes_max), Purchase("on_demand", 0, pool.nodes_max)


def _buckets(stack: Stack) -> dict[str, str]:
    """Names of all buckets to make, with the path that asks for each."""
    mlflow = mlflow_of(stack)
    found: dict[str, str] = {}
    if state_of(stack).managed:
        found[state_of(stack).bucket] = "state"
        found[state_of(stack).log_bucket] = "state"
    if log_bucket_of(stack):
        found[log_bucket_of(stack)] = "storage.buckets"
    for bucket in buckets_of(stack):
        found[bucket.bucket] = f"storage.buckets.{bucket.name}"
    if mlflow:
        found.setdefault(mlflow.bucket, "tracking.mlflow")
        if not mlflow.on_cluster and mlflow.log_bucket:
            found.setdefault(mlflow.log_bucket, "tracking.mlflow")
    return found


def _database(mlflow: Mlflow) -> DatabaseNeed:
    database = mlflow.database
    path = "tracking.mlflow.database"
    return DatabaseNeed(path, database.instance_class, database.storage_gib, database.high_availability)
