"""The pools of a stack: machine types by needs or by name, bounds, disks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from groundplan.catalog.catalog import Catalog, InstanceType
from groundplan.clouds.nodes import NodeSize, Room, daemon_sets
from groundplan.components.node_pool import spec as blocks
from groundplan.components.node_pool.part import PODS_PER_GPU, Gpu, Pool, PoolKind, Pools, Update
from groundplan.components.node_pool.zones import system_zones
from groundplan.diagnostics import Diagnostic, did_you_mean
from groundplan.hcl.write import Value
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.spec.declared import system_memory_gib, wants_cluster
from groundplan.spec.document import Lookup
from groundplan.stack import naming
from groundplan.stack.model import SYSTEM_POOL, Capacity, Origin
from groundplan.stack.purchase import COMMITTED, Buying, Duty, Market, break_even_hours, commit
from groundplan.stack.selection import Needs, Selection, select
from groundplan.stack.work import Work, as_written

DEFAULT_TRAINING_HOURS = Decimal(160)
DEFAULT_DISK_GIB = 100
DEFAULT_GPU_DISK_GIB = 200
SYSTEM_VCPUS = 2
SYSTEM_CPU_MILLIS = 1000
"""What a system node must offer: the clouds' own pods ask for some 700 on a node that has a DNS server
(https://github.com/cryptnono/cryptnono/issues/34), and an e2-medium has 940 in all."""
SYSTEM_NODES = (2, 3)
SYSTEM_NODES_PER_ZONE = 2
"""Most nodes in a zone where each zone has a node group of its own: one, and one more while the other zone is out."""
SYSTEM_DISK_GIB = 50
OPTIONS: Mapping[Capacity, Sequence[PurchaseOption]] = {
    "on_demand": ("on_demand",),
    "spot_with_fallback": ("spot", "on_demand"),
    "spot": ("spot",),
}
"""How the nodes of a pool are bought."""
SOLD_AS = {"on_demand": "on demand", "spot": "as spot"}
LOCAL_SSD_GIB = 375
"""https://cloud.google.com/compute/docs/disks/local-ssd"""
LEAST_CPU_MILLIS, LEAST_MEMORY_MIB, LEAST_STORAGE_GIB = 100, 256, 3
"""What a node has to leave to workloads."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One pool of the spec, whichever kind it is."""

    kind: PoolKind
    name: str
    said: blocks.Pool
    nodes_min: int
    nodes_expected: int
    nodes_max: int
    hours_per_month: Decimal

    @property
    def path(self) -> str:
        return f"{self.kind}.pools.{self.name}"


def resolve_pools(work: Work) -> Pools:
    """The system pool and the pools of the spec; empty when nothing runs on a cluster."""
    asked = [*_training(work), *_serving(work)]
    at = work.spec.lookup
    if not wants_cluster(at):
        return Pools(())
    pools = [_system_pool(work, at), *(_pool(work, pool) for pool in asked)]
    return Pools(tuple(pool for pool in pools if pool is not None))


def _training(work: Work) -> Iterator[_Asked]:
    training = work.spec.block(blocks.Training)
    for name, said in (training.pools if training else {}).items():
        path, hours = f"training.pools.{name}.hours_per_month", as_written(said.hours_per_month)
        hours = work.choose(path, hours, DEFAULT_TRAINING_HOURS, "20 working days of 8 hours")
        yield _Asked("training", name, said, said.nodes.min, said.nodes.max, said.nodes.max, hours)


def _serving(work: Work) -> Iterator[_Asked]:
    serving = work.spec.block(blocks.Serving)
    for name, said in (serving.pools if serving else {}).items():
        path, halfway = f"serving.pools.{name}.nodes.expected", -(-(said.nodes.min + said.nodes.max) // 2)
        expected = work.choose(path, said.nodes.expected, halfway, "halfway between min and max")
        yield _Asked("serving", name, said, said.nodes.min, expected, said.nodes.max, HOURS_PER_MONTH)


def _system_needs(work: Work, at: Lookup) -> Needs:
    """A node that offers what components ask for on it, in the steps in which the sizes of machines double."""
    asked_mib = system_memory_gib(at) * 1024
    steps = (1 << step for step in range(2, 12))
    memory = next(gib for gib in steps if _offered_mib(work, gib) >= asked_mib)
    return Needs(vcpus=SYSTEM_VCPUS, memory_gib=memory, burstable=True, hosts=_RunsSystem(work.cloud.allocatable))


def _offered_mib(work: Work, memory_gib: int) -> int:
    node = NodeSize("", SYSTEM_VCPUS, Decimal(memory_gib), SYSTEM_DISK_GIB)
    return work.cloud.allocatable(node).memory_mib


@dataclass(frozen=True, slots=True)
class _RunsSystem:
    """Whether a node of a type has room for what the cloud itself runs on it; equal to others of the same cloud."""

    allocatable: Callable[[NodeSize], Room]

    def __call__(self, machine: InstanceType) -> bool:
        node = NodeSize(machine.name, machine.vcpus, machine.memory_gib, SYSTEM_DISK_GIB)
        return self.allocatable(node).cpu_millis >= SYSTEM_CPU_MILLIS


def _system_pool(work: Work, at: Lookup) -> Pool | None:
    kept = () if work.purchase_option else work.kept.names("cluster.system_pool")
    zones = system_zones(work)
    most = SYSTEM_NODES_PER_ZONE * zones if zones else SYSTEM_NODES[1]
    per_zone = f"; up to {SYSTEM_NODES_PER_ZONE} in each of {zones} zones, where their volumes are" if zones else ""
    duty = Duty(SYSTEM_NODES[0], most, Decimal(0), all_or_always=False)
    option: PurchaseOption = "on_demand" if work.purchase_option in (None, "spot") else work.purchase_option
    chosen = _chosen(work, _system_needs(work, at), Buying(option, duty), "cluster", kept)
    if isinstance(chosen, Diagnostic):
        work.diagnostics.append(chosen)
        return None
    _note_selection(work, chosen, "cluster.system_pool", chosen.types[:1])
    work.decide(
        "cluster.system_pool.nodes",
        f"{SYSTEM_NODES[0]} to {most}",
        Origin.DEFAULT,
        "DNS, the autoscaler and the add-ons need nodes that are always on, on two machines" + per_zone,
    )
    pool = Pool(
        kind="system",
        name=SYSTEM_POOL,
        path="cluster",
        instance_types=(chosen.types[0].name,),
        architecture=chosen.types[0].architecture,
        vcpus=chosen.types[0].vcpus,
        memory_gib=chosen.types[0].memory_gib,
        gpu=None,
        capacity="on_demand",
        nodes_min=SYSTEM_NODES[0],
        nodes_expected=SYSTEM_NODES[0],
        nodes_max=most,
        hours_per_month=HOURS_PER_MONTH,
        disk_gib=SYSTEM_DISK_GIB,
        local_storage_gib=0,
        reads=(),
        writes=(),
    )
    return _committed(work, pool, duty, fall_back=True)


def _pool(work: Work, asked: _Asked) -> Pool | None:
    """The pool, or None when a diagnostic says why there is none."""
    path, said = asked.path, asked.said
    training = asked.kind == "training"
    default_capacity: Capacity = "spot_with_fallback" if training else "on_demand"
    why = "jobs restart from checkpoints" if training else "requests must not meet an interruption"
    capacity = _capacity(work, said, default_capacity, why, path)
    duty = _duty(asked)
    types = _instance_types(work, said, capacity, path, duty)
    for kind_of_name, full in _pool_names(work.spec.name, f"{asked.kind}-{said.renamed_from or asked.name}"):
        work.diagnostics += naming.check_name(work.cloud, kind_of_name, full, path)
    if not types:
        return None
    first = types[0]
    default_disk = DEFAULT_GPU_DISK_GIB if first.gpu_count else DEFAULT_DISK_GIB
    pool = Pool(
        kind=asked.kind,
        name=asked.name,
        first_name=said.renamed_from or "",
        path=path,
        instance_types=tuple(t.name for t in types),
        architecture=first.architecture,
        vcpus=first.vcpus,
        memory_gib=first.memory_gib,
        gpu=_gpu(work, said, first, path),
        capacity=capacity,
        nodes_min=asked.nodes_min,
        nodes_expected=asked.nodes_expected,
        nodes_max=asked.nodes_max,
        hours_per_month=asked.hours_per_month,
        disk_gib=work.choose(f"{path}.disk_gib", said.disk_gib, default_disk, "room for container images"),
        local_storage_gib=_local_storage_gib(work, said, types),
        local_ssds=_local_ssds(work, said),
        reads=tuple(said.reads),
        writes=tuple(said.writes),
        update=_update(work, asked, gpus=bool(first.gpu_count)),
    )
    work.diagnostics += [*_no_room(work, pool), *_too_few_ssds(work, said, path)]
    return _committed(work, pool, duty)


def _local_ssds(work: Work, said: blocks.Pool) -> int:
    """The local SSDs to attach to each node, where the cloud attaches any."""
    return int(said.options_of(work.cloud.name).get("local_ssds") or 0)


def _local_storage_gib(work: Work, said: blocks.Pool, types: Sequence[InstanceType]) -> int:
    if attached := _local_ssds(work, said):
        return attached * LOCAL_SSD_GIB
    return min(t.local_storage_gib for t in types) if said.local_storage_gib else 0


def _too_few_ssds(work: Work, said: blocks.Pool, path: str) -> Iterator[Diagnostic]:
    """GP208 where the local SSDs to attach hold less than the storage that the pool wants on any cloud."""
    attached, wanted = _local_ssds(work, said) * LOCAL_SSD_GIB, said.local_storage_gib or 0
    if 0 < attached < wanted:
        message = f"`{path}` wants {wanted} GiB of local storage, and its local SSDs have {attached}"
        hint = f"at least {-(-wanted // LOCAL_SSD_GIB)} of {LOCAL_SSD_GIB} GiB, or less local_storage_gib"
        yield Diagnostic("GP208", message, hint=hint, path=f"{path}.{work.cloud.name}.local_ssds")


@dataclass(frozen=True, slots=True)
class _Attaches:
    """Whether so many local SSDs can be attached to a type."""

    catalog: Catalog
    local_ssds: int

    def __call__(self, machine: InstanceType) -> bool:
        return not self.local_ssds or self.local_ssds in self.catalog.local_ssd_counts(machine)


def _not_attached(work: Work, types: Sequence[InstanceType], ssds: int, path: str) -> Iterator[Diagnostic]:
    """GP208 for each named type that does not take so many local SSDs."""
    for machine in (machine for machine in types if not _Attaches(work.cloud.catalog, ssds)(machine)):
        counts = ", ".join(map(str, work.cloud.catalog.local_ssd_counts(machine)))
        own = f"has {machine.local_storage_gib} GiB of its own" if machine.local_storage_gib else "takes none"
        message = (
            f"{ssds} local SSDs cannot be attached to `{machine.name}`, which {f'takes {counts}' if counts else own}"
        )
        hint = f"use one of {counts}" if counts else "name another type, or remove it"
        yield Diagnostic("GP208", message, hint=hint, path=f"{path}.{work.cloud.name}.local_ssds")


def _no_room(work: Work, pool: Pool) -> Iterator[Diagnostic]:
    """GP309 where the node is full before the first pod of a workload."""
    room = work.cloud.allocatable(pool.size).less(daemon_sets(pool.size))
    left = {
        "CPU": (room.cpu_millis >= LEAST_CPU_MILLIS, "vcpus: 2"),
        "memory": (room.memory_mib >= LEAST_MEMORY_MIB, "memory_gib: 4"),
        "disk": (room.storage_gib >= LEAST_STORAGE_GIB, f"disk_gib: {DEFAULT_DISK_GIB}"),
    }
    for what, (enough, hint) in left.items():
        if not enough:
            message = f"a node of {pool.instance_types[0]} has no {what} left for workloads beside the system's"
            yield Diagnostic("GP309", message, hint=f"a larger one does, such as with {hint}", path=pool.path)


def _update(work: Work, asked: _Asked, *, gpus: bool) -> Update:
    said, scarce = asked.said.update, gpus and asked.kind == "training"
    default: Literal["surge", "minimal"] = "minimal" if scarce else "surge"
    reason = "there may be no further GPUs, nor quota" if scarce else "new nodes are there before old ones go"
    strategy = work.choose(f"{asked.path}.update.strategy", said.strategy, default, reason)
    return Update(strategy, said.max_unavailable, said.repair)


def _capacity(work: Work, said: blocks.Pool, default: Capacity, why: str, path: str) -> Capacity:
    if work.purchase_option is None:
        return work.choose(f"{path}.capacity", said.capacity, default, why)
    capacity: Capacity = "spot" if work.purchase_option == "spot" else "on_demand"
    work.decide(
        f"{path}.capacity", capacity, Origin.DERIVED, f"asked what it costs with all machines {work.purchase_option}"
    )
    return capacity


def _duty(asked: _Asked) -> Duty:
    hours = max(asked.nodes_expected - asked.nodes_min, 0) * asked.hours_per_month
    training = asked.kind == "training"
    steady = asked.nodes_min if training else asked.nodes_expected
    return Duty(asked.nodes_min, asked.nodes_max, hours, all_or_always=training, nodes_steady=steady)


def _committed(work: Work, pool: Pool, duty: Duty, *, fall_back: bool = False) -> Pool:
    """The pool with the nodes that are bought by commitment, when it is asked for one.

    Where no commitment to its first type is sold, `fall_back` buys it on demand; else its price is unknown.
    """
    option = work.purchase_option
    if option not in COMMITTED:
        return pool
    on_demand, committed = (
        work.cloud.prices.instance_price(work.spec.cloud.region, pool.instance_types[0], purchase_option)
        for purchase_option in ("on_demand", option)
    )
    path, nodes = f"{pool.path}.commitment", duty.nodes_always
    if on_demand is None or committed is None:
        bought = "on demand" if fall_back or not nodes else "without a price"
        work.decide(path, "0 nodes", Origin.DERIVED, f"no {option} price of {pool.instance_types[0]}: {bought}")
        return pool if fall_back or not nodes else replace(pool, commitment=option, committed_nodes=nodes)
    use = work.cloud.catalog.sustained_use_of(pool.instance_types[0])
    worth = commit(duty, on_demand.usd_expected, committed.usd_expected, use.full_month)
    assert worth is not None, "there is a price"
    hours = break_even_hours(on_demand.usd_expected, committed.usd_expected, use.quarters)
    why = f"a node pays off from {hours} h a month on; {_duty_in_words(duty)}"
    work.decide(path, f"{worth.nodes} of {duty.nodes_max} nodes", Origin.CATALOG, why)
    return replace(pool, commitment=option, committed_nodes=worth.nodes)


def _duty_in_words(duty: Duty) -> str:
    steady = f"{duty.nodes_steady} on average in every hour, " if duty.nodes_steady > duty.nodes_always else ""
    return f"{duty.nodes_always} always on, {steady}{duty.hours_above:f} h above those always on"


def _gpu(work: Work, said: blocks.Pool, first: InstanceType, path: str) -> Gpu | None:
    if first.gpu_type is None:
        return None
    options = said.gpu.options_of(work.cloud.name) if said.gpu else {}
    shares = _shares(work, first.gpu_type, options, f"{path}.gpu.{work.cloud.name}")
    return Gpu(first.gpu_type, first.gpu_count, first.gpu_memory_gib, first.gpu_count * shares, options)


def _shares(work: Work, model: str, options: Mapping[str, Value], path: str) -> int:
    """Pods that one device serves; GP204 for a profile into which the GPU cannot be cut."""
    profile, sharing = options.get("partition"), options.get("sharing")
    clients = int(str(sharing["clients"] if isinstance(sharing, Mapping) else options.get(PODS_PER_GPU, 1)))
    if profile is None:
        return clients
    profiles = work.cloud.gpu_parts.get(model, {})
    if profile in profiles:
        return clients * profiles[str(profile)]
    hint = f"profiles of {model}: {', '.join(profiles)}" if profiles else "only A100 and newer can be cut"
    message = f"GPUs of type {model} have no parts of `{profile}`"
    work.diagnostics.append(Diagnostic("GP204", message, hint=hint, path=f"{path}.partition"))
    return clients


def _pool_names(environment: str, pool: str) -> Iterable[tuple[str, str]]:
    """The longest names that the modules make from a pool's, with the limit they fall under."""
    yield "role", f"{environment}-{pool}-workload"
    yield "node_group", f"{pool}-on-demand"


def _market(work: Work) -> Market:
    return Market(work.spec.cloud.region, work.cloud.catalog, work.cloud.prices, work.cloud.spot.types)


def _chosen(work: Work, needs: Needs, buying: Buying, path: str, kept: Sequence[str]) -> Selection | Diagnostic:
    """The cheapest when it is bought that way; on demand where no type that fits can be committed to."""
    chosen = select(needs, buying, _market(work), path, kept=kept, explain=work.explain)
    if isinstance(chosen, Diagnostic) and buying.purchase_option in COMMITTED:
        buying = Buying("on_demand", buying.duty)
        return select(needs, buying, _market(work), path, kept=kept, explain=work.explain)
    return chosen


def _instance_types(
    work: Work, pool: blocks.Pool, capacity: Capacity, path: str, duty: Duty
) -> tuple[InstanceType, ...]:
    if pool.instance_types is not None:
        named = _named_types(work, pool.instance_types, capacity, path)
        work.diagnostics += _not_attached(work, named, _local_ssds(work, pool), path)
        return named
    before = _path_before(work, pool, path)
    same_capacity = not work.purchase_option and work.kept.value(f"{before}.capacity") == capacity
    kept = work.kept.names(f"{before}.instance_types") if same_capacity else ()
    chosen = _chosen(work, _needs(work, pool), Buying(work.purchase_option or capacity, duty), path, kept)
    if isinstance(chosen, Diagnostic):
        work.diagnostics.append(chosen)
        return ()
    _note_selection(work, chosen, f"{path}.instance_types", chosen.types)
    return chosen.types


def _path_before(work: Work, pool: blocks.Pool, path: str) -> str:
    """Where the last spec had the pool, under another name maybe."""
    if work.kept.value(f"{path}.capacity") or not pool.renamed_from:
        return path
    kind = path.partition(".")[0]
    return work.kept.path_of("pool", f"{kind}-{pool.renamed_from}") or f"{kind}.pools.{pool.renamed_from}"


def _note_selection(work: Work, chosen: Selection, path: str, types: Sequence[InstanceType]) -> None:
    names = ", ".join(t.name for t in types)
    work.decide(path, names, Origin.CATALOG, chosen.reason, chosen.alternatives, chosen.priced_reason)


def _needs(work: Work, pool: blocks.Pool) -> Needs:
    gpu, ssds = pool.gpu, _local_ssds(work, pool)
    return Needs(
        vcpus=pool.vcpus or 0,
        memory_gib=pool.memory_gib or 0,
        architecture=pool.architecture or "x86_64",
        gpu_count=gpu.count if gpu else 0,
        gpu_type=gpu.type if gpu else None,
        gpu_memory_gib=(gpu.memory_gib or 0) if gpu else 0,
        gpu_total_memory_gib=(gpu.total_memory_gib or 0) if gpu else 0,
        local_storage_gib=0 if ssds else pool.local_storage_gib or 0,
        hosts=_Hosts(work.cloud.allocatable),
        attaches=_Attaches(work.cloud.catalog, ssds) if ssds else None,
    )


@dataclass(frozen=True, slots=True)
class _Hosts:
    """Whether a node of a type has room for workloads beside the system's; equal to others of the same cloud."""

    allocatable: Callable[[NodeSize], Room]

    def __call__(self, machine: InstanceType) -> bool:
        node = NodeSize(
            machine.name,
            machine.vcpus,
            machine.memory_gib,
            DEFAULT_DISK_GIB,
            machine.local_storage_gib,
            machine.gpu_count,
        )
        room = self.allocatable(node).less(daemon_sets(node))
        return room.cpu_millis >= LEAST_CPU_MILLIS and room.memory_mib >= LEAST_MEMORY_MIB


def _named_types(work: Work, names: Sequence[str], capacity: Capacity, pool: str) -> tuple[InstanceType, ...]:
    """The types named in the spec; GP302 for each that does not exist, is not offered in the region or not sold so."""
    path = f"{pool}.instance_types"
    offered = {i.name: i for i in work.cloud.catalog.offered(work.spec.cloud.region)}
    known = work.cloud.catalog.instances
    found = []
    for index, name in enumerate(names):
        where = f"{path}[{index}]"
        if name in offered:
            found.append(offered[name])
            work.diagnostics += _not_sold(work, name, capacity, where)
            continue
        hint = did_you_mean(name, offered) or "state needs (vcpus, memory_gib, gpu) instead"
        message = (
            f"`{name}` is not offered in {work.spec.cloud.region}"
            if name in known
            else f"`{name}` is not in the catalog"
        )
        work.diagnostics.append(Diagnostic(code="GP302", message=message, hint=hint, path=where))
    shapes = {(i.architecture, i.gpu_count, i.gpu_type) for i in found}
    if len(shapes) > 1:
        work.diagnostics.append(
            Diagnostic(
                code="GP208",
                message="types of one pool differ in architecture or GPUs: " + ", ".join(i.name for i in found),
                hint="workloads of a pool must run on any of its nodes; split the pool",
                path=path,
            )
        )
    work.diagnostics += _apart(work, found, path)
    work.decide(path, ", ".join(names), Origin.SPEC, "as set in the spec")
    return tuple(found)


def _not_sold(work: Work, name: str, capacity: Capacity, path: str) -> Iterator[Diagnostic]:
    """A type that its cloud does not sell as the pool buys it."""
    region, prices = work.spec.cloud.region, work.cloud.prices
    for option in OPTIONS[capacity] if work.purchase_option is None else ():
        reason = prices.not_sold(region, name, option)
        if reason is not None:
            others = (each for each in OPTIONS if not any(prices.not_sold(region, name, o) for o in OPTIONS[each]))
            other = next(others, None)
            hint = f"use capacity: {other}" if other else "state needs (vcpus, memory_gib, gpu) instead"
            message = f"`{name}` is not sold {SOLD_AS[option]} in {region}: {reason}"
            yield Diagnostic("GP302", message, hint=hint, path=path)
            return


def _apart(work: Work, types: Sequence[InstanceType], path: str) -> Iterator[Diagnostic]:
    """Types that no zone has together: a pool's nodes are in zones that offer all of them."""
    offers = [work.cloud.catalog.offer(work.spec.cloud.region, machine.name) for machine in types]
    zones = [set(offer.zones) for offer in offers if offer and offer.zones]
    if zones and not set.intersection(*zones):
        where = "; ".join(f"{o.instance_type} in {', '.join(o.zones)}" for o in offers if o)
        message = f"no zone of {work.spec.cloud.region} offers all types of the pool: {where}"
        yield Diagnostic("GP302", message, hint="split the pool", path=path)
