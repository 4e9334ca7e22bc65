"""From what the user said to everything decided, with the reason for each decision."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, overload

from groundplan.clouds.base import Cloud
from groundplan.clouds.catalog import InstanceType, Region
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.spec import model as spec_model
from groundplan.spec.model import Spec
from groundplan.stack import addresses, naming
from groundplan.stack.model import (
    HOURS_PER_MONTH,
    SYSTEM_POOL,
    Alternative,
    Bucket,
    Capacity,
    Cluster,
    Decision,
    ExistingNetwork,
    Gpu,
    Network,
    Origin,
    Pool,
    PoolKind,
    Repository,
    Stack,
    State,
)
from groundplan.stack.selection import Needs, Selection, select

T = TypeVar("T")

DEFAULT_TRAINING_HOURS = Decimal(160)
DEFAULT_ZONES = 3
DEFAULT_RETENTION_DAYS = 365
DEFAULT_NONCURRENT_DAYS = 90
DEFAULT_DISK_GIB = 100
DEFAULT_GPU_DISK_GIB = 200
DEFAULT_REPOSITORY_GIB = Decimal(10)
RESERVED_BUCKETS = frozenset({"access-logs", "tfstate", "tfstate-logs"})
BUCKET_NAME_REASON = "bucket names are global: the hash is of account and region"
SYSTEM_NEEDS = Needs(vcpus=2, memory_gib=4, burstable=True)
SYSTEM_NODES = (2, 3)
SYSTEM_DISK_GIB = 50


@dataclass
class _Notes:
    """What `resolve` gathers on the way: decisions and diagnostics."""

    decisions: list[Decision] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def decide(
        self, path: str, value: object, origin: Origin, reason: str, alternatives: Iterable[Alternative] = ()
    ) -> None:
        self.decisions.append(Decision(path, str(value), origin, reason, tuple(alternatives)))

    def choose(self, path: str, said: T | None, default: T, reason: str) -> T:
        """What the spec says, or the default with its reason; both are noted."""
        if said is None:
            self.decide(path, default, Origin.DEFAULT, reason)
            return default
        self.decide(path, said, Origin.SPEC, "as the spec says")
        return said


def resolve(spec: Spec, cloud: Cloud) -> Stack:
    """The stack that `spec` asks for on `cloud`.

    Raises `DiagnosticsError` with every reason why there is none: region or zone unknown, no type that fits, a name
    too long, an address plan that does not hold. Diagnostics carry the spec path, not yet a place.
    """
    notes = _Notes()
    _check_account(spec, cloud, notes)
    region = cloud.catalog.regions.get(spec.cloud.region)
    if region is None:
        notes.diagnostics.append(_unknown_region(spec, cloud))
        raise DiagnosticsError(notes.diagnostics)
    pools = _pools(spec, cloud, notes)
    network = _network(spec, cloud, region, pools, notes)
    stack = Stack(
        name=spec.name,
        owner=spec.owner,
        labels=dict(spec.labels),
        provider=cloud.name,
        region=region.name,
        account=spec.cloud.account,
        network=network,
        cluster=_cluster(spec, cloud, notes) if pools else None,
        pools=pools,
        buckets=_buckets(spec, cloud, notes),
        log_bucket=_log_bucket(spec, cloud, notes),
        repositories=_repositories(spec, cloud, notes),
        state=_state(spec, cloud, notes),
        budget_monthly_usd=_decimal(spec.budget.monthly_usd) if spec.budget else None,
        decisions=tuple(notes.decisions),
        notices=tuple(d for d in notes.diagnostics if d.severity is not Severity.ERROR),
    )
    if has_errors(notes.diagnostics):
        raise DiagnosticsError(notes.diagnostics)
    return stack


def _check_account(spec: Spec, cloud: Cloud, notes: _Notes) -> None:
    if not re.fullmatch(cloud.account_pattern, spec.cloud.account):
        notes.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"`{spec.cloud.account}` is not {cloud.account_hint}",
                hint=f"cloud.account must be {cloud.account_hint}",
                path="cloud.account",
            )
        )
    elif spec.cloud.account == cloud.example_account:
        notes.diagnostics.append(
            Diagnostic(
                code="GP206",
                severity=Severity.WARNING,
                message=f"`{spec.cloud.account}` is the account of {cloud.title}'s documentation",
                hint="replace it before you apply: names and the guard against other accounts are made from it",
                path="cloud.account",
            )
        )
    if not re.fullmatch(cloud.tag_value_pattern, spec.owner):
        notes.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"the owner ends up in a tag, and {cloud.title} does not allow all of its characters there",
                hint=f"use {cloud.tag_value_hint}",
                path="owner",
            )
        )


def _unknown_region(spec: Spec, cloud: Cloud) -> Diagnostic:
    known = sorted(cloud.catalog.regions)
    near = difflib.get_close_matches(spec.cloud.region, known, n=1)
    suggestion = f"did you mean `{near[0]}`? " if near else ""
    return Diagnostic(
        code="GP305",
        message=f"region `{spec.cloud.region}` is not in the {cloud.title} tables",
        hint=f"{suggestion}known: {', '.join(known)}",
        path="cloud.region",
    )


def _pools(spec: Spec, cloud: Cloud, notes: _Notes) -> tuple[Pool, ...]:
    pools: list[Pool] = []
    for name, training in (spec.training.pools if spec.training else {}).items():
        path = f"training.pools.{name}"
        hours = notes.choose(
            f"{path}.hours_per_month",
            _decimal(training.hours_per_month),
            DEFAULT_TRAINING_HOURS,
            "20 working days of 8 hours",
        )
        nodes = (training.nodes.min, training.nodes.max, training.nodes.max)
        pools += _pool(spec, cloud, notes, kind="training", name=name, pool=training, nodes=nodes, hours=hours)
    for name, serving in (spec.serving.pools if spec.serving else {}).items():
        halfway = -(-(serving.nodes.min + serving.nodes.max) // 2)
        expected = notes.choose(
            f"serving.pools.{name}.nodes.expected", serving.nodes.expected, halfway, "halfway between min and max"
        )
        nodes = (serving.nodes.min, expected, serving.nodes.max)
        pools += _pool(spec, cloud, notes, kind="serving", name=name, pool=serving, nodes=nodes, hours=HOURS_PER_MONTH)
    wanted = (spec.training and spec.training.pools) or (spec.serving and spec.serving.pools)
    return (*_system_pool(spec, cloud, notes), *pools) if wanted else ()


def _system_pool(spec: Spec, cloud: Cloud, notes: _Notes) -> list[Pool]:
    chosen = select(
        SYSTEM_NEEDS,
        "on_demand",
        region=spec.cloud.region,
        catalog=cloud.catalog,
        prices=cloud.prices,
        path="cluster",
    )
    if isinstance(chosen, Diagnostic):
        notes.diagnostics.append(chosen)
        return []
    notes.decide("cluster.system_pool", chosen.types[0].name, Origin.CATALOG, chosen.reason, chosen.alternatives)
    notes.decide(
        "cluster.system_pool.nodes",
        f"{SYSTEM_NODES[0]} to {SYSTEM_NODES[1]}",
        Origin.DEFAULT,
        "DNS, the autoscaler and the add-ons need nodes that are always on, on two machines",
    )
    return [
        Pool(
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
            nodes_max=SYSTEM_NODES[1],
            hours_per_month=HOURS_PER_MONTH,
            disk_gib=SYSTEM_DISK_GIB,
            local_storage_gib=0,
            reads=(),
            writes=(),
        )
    ]


def _pool(
    spec: Spec,
    cloud: Cloud,
    notes: _Notes,
    *,
    kind: PoolKind,
    name: str,
    pool: spec_model.Pool,
    nodes: tuple[int, int, int],
    hours: Decimal,
) -> list[Pool]:
    """The pool in a list, or an empty list when a diagnostic says why there is none."""
    path = f"{kind}.pools.{name}"
    default_capacity: Capacity = "spot_with_fallback" if kind == "training" else "on_demand"
    why = "jobs restart from checkpoints" if kind == "training" else "requests must not meet an interruption"
    capacity = notes.choose(f"{path}.capacity", pool.capacity, default_capacity, why)
    types = _instance_types(spec, cloud, notes, pool=pool, capacity=capacity, path=path)
    for kind_of_name, full in _pool_names(spec.name, f"{kind}-{name}"):
        notes.diagnostics += naming.check_name(cloud, kind_of_name, full, path)
    if not types:
        return []
    first = types[0]
    default_disk = DEFAULT_GPU_DISK_GIB if first.gpu_count else DEFAULT_DISK_GIB
    return [
        Pool(
            kind=kind,
            name=name,
            path=path,
            instance_types=tuple(t.name for t in types),
            architecture=first.architecture,
            vcpus=first.vcpus,
            memory_gib=first.memory_gib,
            gpu=Gpu(first.gpu_type, first.gpu_count, first.gpu_memory_gib) if first.gpu_count else None,
            capacity=capacity,
            nodes_min=nodes[0],
            nodes_expected=nodes[1],
            nodes_max=nodes[2],
            hours_per_month=hours,
            disk_gib=notes.choose(f"{path}.disk_gib", pool.disk_gib, default_disk, "room for container images"),
            local_storage_gib=min(t.local_storage_gib for t in types) if pool.local_storage_gib else 0,
            reads=tuple(name for name in pool.reads if name not in pool.writes),
            writes=tuple(pool.writes),
        )
    ]


def _pool_names(environment: str, pool: str) -> Iterable[tuple[str, str]]:
    """The longest names that the modules make from a pool's, with the limit they fall under."""
    yield "role", f"{environment}-{pool}-workload"
    yield "node_group", f"{pool}-on-demand"


def _instance_types(
    spec: Spec, cloud: Cloud, notes: _Notes, *, pool: spec_model.Pool, capacity: Capacity, path: str
) -> tuple[InstanceType, ...]:
    if pool.instance_types is not None:
        return _named_types(spec, cloud, notes, pool.instance_types, f"{path}.instance_types")
    chosen = select(
        _needs(pool),
        capacity,
        region=spec.cloud.region,
        catalog=cloud.catalog,
        prices=cloud.prices,
        path=path,
    )
    if isinstance(chosen, Diagnostic):
        notes.diagnostics.append(chosen)
        return ()
    _note_selection(notes, chosen, path)
    return chosen.types


def _note_selection(notes: _Notes, chosen: Selection, path: str) -> None:
    names = ", ".join(t.name for t in chosen.types)
    notes.decide(f"{path}.instance_types", names, Origin.CATALOG, chosen.reason, chosen.alternatives)


def _needs(pool: spec_model.Pool) -> Needs:
    gpu = pool.gpu
    return Needs(
        vcpus=pool.vcpus or 0,
        memory_gib=pool.memory_gib or 0,
        architecture=pool.architecture or "x86_64",
        gpu_count=gpu.count if gpu else 0,
        gpu_type=gpu.type if gpu else None,
        gpu_memory_gib=(gpu.memory_gib or 0) if gpu else 0,
        local_storage_gib=pool.local_storage_gib or 0,
    )


def _named_types(spec: Spec, cloud: Cloud, notes: _Notes, names: Sequence[str], path: str) -> tuple[InstanceType, ...]:
    """The types named in the spec; GP302 for each that does not exist or is not offered in the region."""
    offered = {i.name: i for i in cloud.catalog.offered(spec.cloud.region)}
    known = cloud.catalog.instances
    found = []
    for index, name in enumerate(names):
        where = f"{path}[{index}]"
        if name in offered:
            found.append(offered[name])
            continue
        near = difflib.get_close_matches(name, offered, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "state needs (vcpus, memory_gib, gpu) instead"
        message = (
            f"`{name}` is not offered in {spec.cloud.region}" if name in known else f"`{name}` is not in the catalog"
        )
        notes.diagnostics.append(Diagnostic(code="GP302", message=message, hint=hint, path=where))
    shapes = {(i.architecture, i.gpu_count, i.gpu_type) for i in found}
    if len(shapes) > 1:
        notes.diagnostics.append(
            Diagnostic(
                code="GP208",
                message="types of one pool differ in architecture or GPUs: " + ", ".join(i.name for i in found),
                hint="workloads of a pool must run on any of its nodes; split the pool",
                path=path,
            )
        )
    notes.decide(path, ", ".join(names), Origin.SPEC, "as the spec says")
    return tuple(found)


def _network(
    spec: Spec, cloud: Cloud, region: Region, pools: Sequence[Pool], notes: _Notes
) -> Network | ExistingNetwork | None:
    if not pools:
        return None
    said = spec.network
    if said.existing is not None:
        notes.decide("network.existing.id", said.existing.id, Origin.SPEC, "as the spec says")
        return ExistingNetwork(said.existing.id, tuple(said.existing.private_subnets))
    count = notes.choose(
        "network.zones",
        said.zones,
        min(DEFAULT_ZONES, len(region.cluster_zones)),
        "the loss of one zone leaves a majority",
    )
    if count > len(region.cluster_zones):
        notes.diagnostics.append(
            Diagnostic(
                code="GP305",
                message=f"{count} zones wanted; {region.name} has {len(region.cluster_zones)} that carry clusters",
                hint=f"use network.zones: {len(region.cluster_zones)}",
                path="network.zones",
            )
        )
        return None
    zone_ids = _zones(cloud, region, count, pools, notes)
    cidr = notes.choose(
        "network.cidr", said.cidr, addresses.DEFAULT_CIDR, "a private range; set it where networks meet"
    )
    zones = addresses.plan_zones(cidr, zone_ids)
    notes.diagnostics += addresses.check_space(zones, pools)
    steady = any(pool.kind == "serving" and pool.capacity == "on_demand" for pool in pools)
    reason = "serving must survive the loss of a zone" if steady else "nothing serves on demand; one gateway is cheaper"
    return Network(
        cidr=cidr,
        zones=zones,
        nat=notes.choose("network.nat", said.nat, "per_zone" if steady else "single", reason),
        flow_logs_retention_days=notes.choose(
            "network.flow_logs_retention_days",
            said.flow_logs_retention_days,
            DEFAULT_RETENTION_DAYS,
            "a year, as auditors ask",
        ),
        interface_endpoints=cloud.interface_endpoints,
    )


def _zones(cloud: Cloud, region: Region, count: int, pools: Sequence[Pool], notes: _Notes) -> tuple[str, ...]:
    """The first `count` zones, those that offer most of the pools' types before the others."""
    types = {name for pool in pools for name in pool.instance_types}
    offers = [offer for name in types if (offer := cloud.catalog.offer(region.name, name)) and offer.zones]
    ranked = sorted(region.cluster_zones, key=lambda zone: -sum(zone in offer.zones for offer in offers))
    chosen = tuple(sorted(ranked[:count], key=region.cluster_zones.index))
    for offer in offers:
        if not set(offer.zones) & set(chosen):
            notes.diagnostics.append(
                Diagnostic(
                    code="GP302",
                    message=f"{offer.instance_type} is offered in none of the zones {', '.join(chosen)}",
                    hint=f"it is offered in {', '.join(offer.zones)}; use more network.zones",
                    path="network.zones",
                )
            )
    reason = "the region's first zones" if not offers else "zones that offer the pools' types"
    notes.decide("network.zone_ids", ", ".join(chosen), Origin.CATALOG, reason)
    return chosen


def _cluster(spec: Spec, cloud: Cloud, notes: _Notes) -> Cluster:
    said = spec.cluster
    supported = [v.version for v in cloud.catalog.kubernetes_versions if v.support(v.as_of) == "standard"]
    version = notes.choose("cluster.version", said.version, supported[-1], "newest version in standard support")
    known = [v.version for v in cloud.catalog.kubernetes_versions if v.support(v.as_of) in ("standard", "extended")]
    if version in known and version not in supported:
        notes.diagnostics.append(_extended_support(cloud, version, supported))
    if version not in known:
        notes.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"Kubernetes {version} is not offered by {cloud.title}",
                hint=f"known: {', '.join(known)}",
                path="cluster.version",
            )
        )
    notes.diagnostics += naming.check_name(cloud, "cluster", spec.name, "name")
    retention = notes.choose(
        "cluster.logs_retention_days", said.logs_retention_days, DEFAULT_RETENTION_DAYS, "a year, as auditors ask"
    )
    return Cluster(
        name=spec.name,
        version=version,
        public_endpoint_cidrs=tuple(said.endpoint.public_cidrs),
        private_endpoint_cidrs=tuple(said.endpoint.private_cidrs),
        logs_retention_days=retention,
        deletion_protection=notes.choose(
            "cluster.deletion_protection", said.deletion_protection, True, "set false to destroy it"
        ),
        admin_role_arns=tuple(said.aws.admin_role_arns) if said.aws else (),
        extended_support=version in known and version not in supported,
    )


def _extended_support(cloud: Cloud, version: str, supported: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP704",
        severity=Severity.WARNING,
        message=f"Kubernetes {version} is in extended support, which {cloud.title} bills higher by the hour",
        hint=f"upgrade, one minor version at a time; in standard support: {', '.join(supported)}",
        path="cluster.version",
    )


def _buckets(spec: Spec, cloud: Cloud, notes: _Notes) -> tuple[Bucket, ...]:
    buckets = []
    for name, said in (spec.storage.buckets if spec.storage else {}).items():
        path = f"storage.buckets.{name}"
        full = _bucket_name(spec, cloud, notes, name, path)
        notes.decide(f"{path}.bucket", full, Origin.DERIVED, BUCKET_NAME_REASON)
        buckets.append(
            Bucket(
                name=name,
                bucket=full,
                size_gib=_decimal(said.size_gib),
                versioning=said.versioning,
                noncurrent_days=notes.choose(
                    f"{path}.retention_days",
                    said.retention_days,
                    DEFAULT_NONCURRENT_DAYS,
                    "time to notice a bad overwrite",
                ),
                archive_after_days=said.archive_after_days,
                expire_after_days=said.expire_after_days,
            )
        )
    return tuple(buckets)


def _log_bucket(spec: Spec, cloud: Cloud, notes: _Notes) -> str:
    if not spec.storage:
        return ""
    for name in sorted(RESERVED_BUCKETS & spec.storage.buckets.keys()):
        notes.diagnostics.append(
            Diagnostic(
                code="GP303",
                message=f"the bucket name `{name}` is taken by a bucket that groundplan makes",
                hint=f"choose a name other than {', '.join(sorted(RESERVED_BUCKETS))}",
                path=f"storage.buckets.{name}",
            )
        )
    return _bucket_name(spec, cloud, notes, "access-logs", "name")


def _repositories(spec: Spec, cloud: Cloud, notes: _Notes) -> tuple[Repository, ...]:
    repositories = []
    for name, said in (spec.registry.repositories if spec.registry else {}).items():
        path = f"registry.repositories.{name}"
        repositories.append(
            Repository(
                name=name,
                repository=f"{spec.name}/{name}",
                keep_images=said.keep_images,
                size_gib=notes.choose(
                    f"{path}.size_gib", _decimal(said.size_gib), DEFAULT_REPOSITORY_GIB, "a few layered images"
                ),
            )
        )
    return tuple(repositories)


def _state(spec: Spec, cloud: Cloud, notes: _Notes) -> State:
    if spec.state.backend == "local":
        return State(backend="local", bucket="", log_bucket="")
    if spec.state.bucket is not None:
        notes.decide("state.bucket", spec.state.bucket, Origin.SPEC, "as the spec says")
        return State(backend="remote", bucket=spec.state.bucket, log_bucket="")
    bucket = _bucket_name(spec, cloud, notes, "tfstate", "name")
    notes.decide("state.bucket", bucket, Origin.DERIVED, BUCKET_NAME_REASON)
    return State(backend="remote", bucket=bucket, log_bucket=_bucket_name(spec, cloud, notes, "tfstate-logs", "name"))


def _bucket_name(spec: Spec, cloud: Cloud, notes: _Notes, name: str, path: str) -> str:
    full = f"{spec.name}-{name}-{_hash(spec)}"
    notes.diagnostics += naming.check_name(cloud, "bucket", full, path)
    return full


def _hash(spec: Spec) -> str:
    return naming.account_hash(spec.cloud.provider, spec.cloud.account, spec.cloud.region)


@overload
def _decimal(number: float) -> Decimal: ...
@overload
def _decimal(number: None) -> None: ...
def _decimal(number: float | None) -> Decimal | None:
    """The number as it was written: 120.0 and 120 are both 120."""
    if number is None:
        return None
    return Decimal(int(number)) if number == int(number) else Decimal(str(number))
