"""From the stack to what it needs of an account: the same on every cloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from groundplan.catalog.catalog import Catalog
from groundplan.components.base import ModuleCall
from groundplan.components.cluster.part import cluster_of
from groundplan.components.needs import BucketName, Database, Outsider, Permission, PrivateHost, Servers, Volume, only
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.node_pool.component import call_name
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.components.state_store.part import state_of
from groundplan.hcl.resources import resource_types
from groundplan.hcl.write import Value
from groundplan.preflight.model import DatabaseNeed, Machine, Needs, NetworkNeed, PoolNeed, Purchase
from groundplan.stack.model import Stack


def needs_of(stack: Stack, catalog: Catalog, calls: Sequence[ModuleCall], modules: Path) -> Needs:
    """What `stack` needs; `calls` are the module calls it becomes, `modules` the folder their sources are in."""
    network = network_of(stack)
    cluster = cluster_of(stack)
    state, database = state_of(stack), only(stack.needed(Database))
    return Needs(
        name=stack.name,
        region=stack.region,
        account=stack.account,
        network=_network(network),
        cluster=cluster.name if cluster else "",
        pools=tuple(
            _pool(pool, catalog, _zones(stack, pool, calls), _groups(network, pool, calls)) for pool in pools_of(stack)
        ),
        buckets={bucket.name: bucket.path for bucket in stack.needed(BucketName)},
        state_bucket="" if state.managed else state.bucket,
        database=_database(database) if database else None,
        servers=_by_path((servers.path, servers.count) for servers in stack.needed(Servers)),
        load_balancers=_by_path((host.path, 1) for host in stack.needed(PrivateHost)),
        volumes_gib=_by_path((volume.path, volume.gib) for volume in stack.needed(Volume)),
        apis=_apis(calls),
        resources=resources_of(calls, modules),
        states=f"{state.bucket}/{state.prefix or stack.name}" if state.bucket else "",
        outsiders={outsider.member: outsider.path for outsider in stack.needed(Outsider)},
        cluster_zones=cluster.zones if cluster else (),
        permissions={one.name: one.path for one in stack.needed(Permission)},
    )


def _by_path(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for path, count in counted:
        counts[path] += count
    return dict(counts)


def _apis(calls: Iterable[ModuleCall]) -> dict[str, str]:
    found: dict[str, str] = {}
    for call in calls:
        apis = call.arguments.get("apis", ())
        for api in apis if isinstance(apis, Sequence) else ():
            found.setdefault(str(api), call.path)
    return dict(sorted(found.items()))


def resources_of(calls: Iterable[ModuleCall], modules: Path) -> dict[str, str]:
    """The Terraform types in the modules called, sorted, and the path of the first call of each."""
    found: dict[str, str] = {}
    for call in calls:
        for resource in resource_types(modules / call.source):
            found.setdefault(resource, call.path)
    return dict(sorted(found.items()))


def _zones(stack: Stack, pool: Pool, calls: Iterable[ModuleCall]) -> tuple[str, ...]:
    """Those that the pool's own call names, else those of the cluster, else those of the network.

    None where existing subnets decide: the call then names all that offer the types.
    """
    cluster = cluster_of(stack)
    network = network_of(stack)
    if isinstance(network, ExistingNetwork) and not (cluster and cluster.zones):
        return ()
    for call in calls:
        named = call.arguments.get("zones") or _of_nodes(call.arguments, "zones")
        if call.name == call_name(pool) and isinstance(named, Sequence) and named:
            return tuple(str(zone) for zone in named)
    if cluster and cluster.zones:
        return cluster.zones
    return network.zones if isinstance(network, Network) else ()


def _groups(network: Network | ExistingNetwork | None, pool: Pool, calls: Iterable[ModuleCall]) -> int:
    """Node groups for each purchase option."""
    arguments = next((call.arguments for call in calls if call.name == call_name(pool)), {})
    if not _of_nodes(arguments, "group_per_zone"):
        return 1
    if isinstance(network, ExistingNetwork):
        return len(network.private_subnet_ids)
    zones = _of_nodes(arguments, "zones") or (network.zones if network else ())
    return len(zones) if isinstance(zones, Sequence) else 1


def _of_nodes(arguments: Mapping[str, Value], name: str) -> object:
    """What a call says under `nodes`."""
    nodes = arguments.get("nodes")
    return nodes.get(name) if isinstance(nodes, Mapping) else None


def _network(network: Network | ExistingNetwork | None) -> NetworkNeed | None:
    match network:
        case Network():
            gateways = network.zones if network.nat == "per_zone" else network.zones[:1]
            return NetworkNeed(gateway_zones=gateways)
        case ExistingNetwork():
            ranges = (network.options[key] for key in sorted(network.options) if key.endswith("_range"))
            return NetworkNeed(
                id=network.id, subnet_ids=network.private_subnet_ids, ranges=tuple(str(name) for name in ranges)
            )
        case None:
            return None


def _pool(pool: Pool, catalog: Catalog, zones: tuple[str, ...], groups: int) -> PoolNeed:
    return PoolNeed(
        path=pool.path,
        machines=tuple(_machine(name, pool, catalog) for name in pool.instance_types),
        purchases=_purchases(pool),
        most=pool.nodes_max,
        disk_gib=pool.disk_gib,
        zones=zones,
        local_storage_gib=pool.local_storage_gib,
        groups=groups,
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


def _database(database: Database) -> DatabaseNeed:
    return DatabaseNeed(database.path, database.instance_class, database.storage_gib, database.high_availability)
