"""The stack: everything decided. No field means "default" any more, and every decision keeps its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from groundplan.clouds.base import AddressPlan
from groundplan.diagnostics import Diagnostic
from groundplan.hcl.write import Value
from groundplan.prices.book import PurchaseOption

SYSTEM_POOL = "system"
"""Name of the pool that runs what the cluster itself needs."""

MonitoringHosting = Literal["kubernetes", "managed"]
PoolKind = Literal["system", "training", "serving"]
Capacity = Literal["on_demand", "spot", "spot_with_fallback"]
Architecture = Literal["x86_64", "arm64"]


class Origin(StrEnum):
    """Who decided."""

    SPEC = "spec"
    DEFAULT = "default"
    CATALOG = "catalog"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A choice that was not taken, or that was taken beside the first."""

    name: str
    reason: str
    usd_per_hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided value: where it stands in the spec's terms, who decided, why, and what else was considered."""

    path: str
    value: str
    origin: Origin
    reason: str
    """Why, in words that stay true when prices change."""
    alternatives: tuple[Alternative, ...] = ()
    priced_reason: str = ""
    """Why, with current prices; empty where no price decided."""

    @property
    def explanation(self) -> str:
        """Why, with current prices where one decided."""
        return self.priced_reason or self.reason


@dataclass(frozen=True, slots=True)
class Network:
    """A network to make."""

    cidr: str
    zones: tuple[str, ...]
    plan: AddressPlan
    nat: Literal["single", "per_zone"]
    flow_logs_retention_days: int


@dataclass(frozen=True, slots=True)
class ExistingNetwork:
    """A network of somebody else's, referred to by id."""

    id: str
    private_subnet_ids: tuple[str, ...]
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the module's argument."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the spec says of traffic that is billed, in GiB a month; None where it says nothing."""

    internet_gib: Decimal | None = None
    other_region_gib: Decimal | None = None
    zone_gib: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The Kubernetes cluster."""

    name: str
    version: str
    public_endpoint_cidrs: tuple[str, ...]
    private_endpoint_cidrs: tuple[str, ...]
    logs_retention_days: int
    deletion_protection: bool
    extended_support: bool
    """Whether this version is past standard support at the book's date and costs more."""
    zones: tuple[str, ...]
    """Zones its nodes may be in; empty where somebody else's subnets decide that."""
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the module's argument."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """GPUs of one node: model, devices, memory of each device in GiB."""

    type: str
    count: int
    memory_gib: int
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the attribute of the module's `gpu`."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool of equal nodes, or of spot nodes that are at least as large as the first type."""

    kind: PoolKind
    name: str
    path: str
    """Where the pool stands in the spec; the system pool has the path `cluster`."""
    instance_types: tuple[str, ...]
    """In order of preference; the first is the one priced and the smallest."""
    architecture: Architecture
    vcpus: int
    memory_gib: Decimal
    gpu: Gpu | None
    capacity: Capacity
    nodes_min: int
    nodes_expected: int
    """Nodes on an average hour of a serving pool; nodes of a busy hour of a training pool."""
    nodes_max: int
    hours_per_month: Decimal
    """Hours a month that the nodes above `nodes_min` run; 730 for pools that serve."""
    disk_gib: int
    local_storage_gib: int
    """Local NVMe storage to use for images and scratch space; 0 when the spec asks for none."""
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    commitment: PurchaseOption | None = None
    """How the committed nodes are bought, for an estimate that asks for it."""
    committed_nodes: int = 0
    """Nodes paid for in every hour of the month; hours of other nodes are on demand."""

    @property
    def id(self) -> str:
        """Name that is unique within the environment, such as `training-finetune`."""
        return self.name if self.kind == "system" else f"{self.kind}-{self.name}"

    @property
    def namespace(self) -> str:
        """Namespace in which the pool's identity is valid."""
        return self.kind

    @property
    def service_account(self) -> str:
        """Kubernetes service account that carries the pool's identity."""
        return self.name


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket; `bucket` is its name in the cloud, `size_gib` None when nobody said."""

    name: str
    bucket: str
    size_gib: Decimal | None
    versioning: bool
    noncurrent_days: int
    archive_after_days: int | None
    expire_after_days: int | None


@dataclass(frozen=True, slots=True)
class Repository:
    """One container image repository."""

    name: str
    repository: str
    keep_images: int
    keeps_only: bool
    """Whether the spec says how many images stay."""
    size_gib: Decimal


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL instance of the cloud."""

    instance_class: str
    storage_gib: int
    high_availability: bool
    backup_days: int
    deletion_protection: bool


@dataclass(frozen=True, slots=True)
class Mlflow:
    """A tracking server; `bucket` and `secret_name` are names in the cloud."""

    hosting: Literal["kubernetes", "serverless"]
    replicas_min: int
    replicas_max: int
    bucket: str
    log_bucket: str
    """Name of the bucket for the load balancer's access log; only serverless servers have one."""
    secret_name: str
    host: str
    certificate: str
    client_cidrs: tuple[str, ...]
    image: str
    """Image of the server; empty for the one its module names."""
    database: Database

    @property
    def on_cluster(self) -> bool:
        """Whether the servers run on Kubernetes."""
        return self.hosting == "kubernetes"


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A value in a Kubernetes secret."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What watches the environment; whoever is not told of alerts is None or empty."""

    hosting: MonitoringHosting
    retention_days: int
    storage_gib: int
    grafana_url: str | None
    runbook_url: str | None
    email: str
    slack_channel: str
    slack_webhook_url: SecretKey | None
    pagerduty_routing_key: SecretKey | None
    node_usd_per_hour: Mapping[str, Decimal]
    """On-demand price of the pools' machine types, for the cost dashboard."""

    @property
    def managed(self) -> bool:
        """Whether the cloud's own service takes the place of servers on the cluster."""
        return self.hosting == "managed"


@dataclass(frozen=True, slots=True)
class State:
    """Where Terraform keeps state; `bucket` is empty for a local file."""

    backend: Literal["remote", "local"]
    bucket: str
    log_bucket: str
    """Bucket with the access logs of a bucket that groundplan's own root makes; empty when that is not its task."""

    @property
    def managed(self) -> bool:
        """Whether groundplan's own root makes the bucket."""
        return bool(self.log_bucket)


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything decided about one environment."""

    name: str
    owner: str
    labels: Mapping[str, str]
    provider: str
    region: str
    account: str
    options: Mapping[str, Value]
    """Settings of the whole environment that only this cloud has."""
    network: Network | ExistingNetwork | None
    cluster: Cluster | None
    pools: tuple[Pool, ...]
    buckets: tuple[Bucket, ...]
    log_bucket: str
    """Name of the bucket that keeps the access logs of the others; empty when there are no buckets."""
    repositories: tuple[Repository, ...]
    mlflow: Mlflow | None
    monitoring: Monitoring | None
    state: State
    budget_monthly_usd: Decimal | None
    decisions: tuple[Decision, ...] = ()
    notices: tuple[Diagnostic, ...] = ()
    """Warnings: the stack is as the spec says, and the user should know something about it."""
    traffic: Traffic = Traffic()
    budget_components_usd: Mapping[str, Decimal] = field(default_factory=dict)
    """Most US dollars a month of parts: places in the spec or names of components."""
    purchase: PurchaseOption | None = None
    """How all machines are bought, for an estimate that asks what that would cost; None: as the spec says."""

    @property
    def workload_pools(self) -> tuple[Pool, ...]:
        """The pools that the spec asks for, without the system pool."""
        return tuple(pool for pool in self.pools if pool.kind != "system")

    @property
    def has_gpu(self) -> bool:
        """Whether any pool has GPUs."""
        return any(pool.gpu for pool in self.pools)

    @property
    def key_purposes(self) -> tuple[str, ...]:
        """Purposes that get an encryption key of their own."""
        purposes = []
        if self.buckets or self.repositories:
            purposes.append("storage")
        if self.mlflow:
            purposes.append("database")
        if self.monitoring and self.monitoring.managed:
            purposes.append("alerts")
        if self.cluster:
            purposes.append("cluster")
        if self.cluster or self.mlflow or isinstance(self.network, Network):
            purposes.append("logs")
        return tuple(purposes)
