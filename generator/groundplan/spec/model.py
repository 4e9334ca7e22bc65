"""The spec: what the user said, checked. Frozen pydantic models, cloud-neutral words, nothing decided yet.

Fields without a value stay `None` where "not said" matters; `groundplan.stack.resolve` decides those and says why.
Rules that need a cloud's tables (regions, instance types, name limits) live in `resolve`, not here.
"""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from ipaddress import IPv4Interface, IPv4Network
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

API_VERSION = "groundplan/v1"

NAME_PATTERN = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
"""Lower-case letters, digits and hyphens, first a letter, last no hyphen: valid in DNS, Kubernetes, AWS and GCP."""

PATTERNS: dict[str, str] = {
    NAME_PATTERN: "use lower-case letters, digits and hyphens, a letter first and no hyphen last",
    r"^1\.\d{2}$": 'write a minor version such as "1.34"',
    r"^[^\x00-\x1f\x7f]*$": "use one line without control characters",
    r"^[a-z][a-z0-9_-]{0,62}$": "use lower-case letters, digits, `_` and `-`, a letter first, 63 characters at most",
    r"^[a-z0-9_-]{0,63}$": "use lower-case letters, digits, `_` and `-`, 63 characters at most",
    r"^[a-z0-9][a-z0-9-]{4,62}$": "AWS: the 12 digits of the account, in quotes; GCP: the project id",
    r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$": "write a role such as arn:aws:iam::123456789012:role/platform",
    r"^[a-z0-9.+-]{3,40}$": "write the cloud's own name of the type, such as g6.xlarge or g2-standard-8",
    r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": "use 3 to 63 lower-case letters, digits, dots and hyphens",
    r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+$": "write the ARN of a certificate of ACM",
    r"^projects/[a-z0-9-]+/regions/[a-z0-9-]+/sslCertificates/[a-z0-9-]+$": (
        "write projects/<project>/regions/<region>/sslCertificates/<name>"
    ),
    r"^[1-7]g\.[0-9]{1,3}gb$": "write a MIG profile such as 1g.10gb",
    r"^[a-z0-9-]+(\.[a-z0-9-]+)+$": "write a name in DNS such as mlflow.example.com",
    r"^https://[a-z0-9.-]+(/[\w./-]*)?$": "write an address such as https://grafana.example.com",
    r"^[\w.-]+$": "use letters, digits, `_`, `-` and dots",
    r"^[a-z0-9.-]+(:[0-9]+)?/[\w./-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$": "write registry/name:tag or name@sha256:…",
    r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$": "write a place in the spec such as training.pools.finetune, or a component",
    r"^#[a-z0-9_-]{1,80}$": 'write the channel with its #, in quotes, such as "#ml-alerts"',
    r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$": "write one address such as ml-oncall@example.com",
}
"""Every pattern of this module with what to write instead of text that does not match it."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=32)]
EnvironmentName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=2, max_length=24)]
KubernetesVersion = Annotated[str, StringConstraints(pattern=r"^1\.\d{2}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=1, max_length=256)]
LabelKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
LabelValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,63}$")]

PRIVATE_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""


def _cidr(value: str) -> str:
    """The range as given; a `ValueError` says `what is wrong; what to do`."""
    try:
        interface = IPv4Interface(value)
    except ValueError:
        raise ValueError(f"cannot be `{value[:60]}`; write an IPv4 range such as 10.20.0.0/16") from None
    if "/" not in value:
        raise ValueError(f"holds one address, {value}; add the size of the range, such as {value}/32")
    if interface.ip != interface.network.network_address:
        raise ValueError(f"holds an address inside a range, {value}; write the range, {interface.network}")
    return str(interface.network)


def _private_cidr(value: str) -> str:
    network = IPv4Network(value)
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        raise ValueError(f"cannot be {value}; use a range inside {', '.join(map(str, PRIVATE_RANGES))}")
    return value


def _network_cidr(value: str) -> str:
    if not 16 <= IPv4Network(value).prefixlen <= 22:
        raise ValueError(f"cannot be {value}; use a range from /16 to /22")
    return value


def _admin_cidr(value: str) -> str:
    if IPv4Network(value).prefixlen < 8:
        raise ValueError(f"cannot be {value}, more than 16 million addresses; name the ranges of your offices")
    return value


Cidr = Annotated[str, AfterValidator(_cidr)]
PrivateCidr = Annotated[Cidr, AfterValidator(_private_cidr)]
NetworkCidr = Annotated[PrivateCidr, AfterValidator(_network_cidr)]
AdminCidr = Annotated[Cidr, AfterValidator(_admin_cidr)]

Architecture = Literal["x86_64", "arm64"]
Capacity = Literal["on_demand", "spot", "spot_with_fallback"]
GpuType = Literal[
    "t4", "t4g", "v100", "p4", "p100", "a10g", "l4", "l40s", "a100", "a100-80", "h100", "h200", "b200", "b300",
    "rtx-pro-6000",
]  # fmt: skip
InstanceType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]{3,40}$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$")]


CertificateArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+$")]
CertificateId = Annotated[
    str,
    StringConstraints(pattern=r"^projects/[a-z0-9-]+/regions/[a-z0-9-]+/sslCertificates/[a-z0-9-]+$"),
]


class Model(BaseModel):
    """Common rules: unknown keys are errors, nothing is coerced, instances do not change."""

    only_on: ClassVar[str | None] = None
    """The cloud that this block is for, which is also its key; None for what is said in neutral words."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)

    def block_of(self, cloud: str) -> Any:
        """The block of settings that only `cloud` has; None when there is none."""
        return getattr(self, cloud, None)

    def options_of(self, cloud: str) -> dict[str, Any]:
        """What the block of `cloud` sets, by the names of the module's arguments."""
        block = self.block_of(cloud)
        return block.model_dump(exclude_defaults=True) if block else {}


class GcpCloud(Model):
    """What only GCP has."""

    only_on: ClassVar[str] = "gcp"

    key_ring_suffix: Name | None = None
    """End of the key ring's name. Google deletes no key ring, so an environment made again under its name needs one."""


class Cloud(Model):
    """Where the environment lives."""

    provider: Name
    """Cloud to render for, such as `aws`."""
    region: Name
    """Region, in the cloud's own spelling, such as `us-east-1`."""
    account: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{4,62}$")]
    """AWS: the 12-digit account number, quoted. GCP: the project id."""
    gcp: GcpCloud | None = None
    """Settings that exist on GCP only."""


class GcpExistingNetwork(Model):
    """What only GCP has: the subnet's secondary ranges, by name."""

    only_on: ClassVar[str] = "gcp"

    pods_range: Name
    """Secondary range that pods get addresses from."""
    services_range: Name
    """Secondary range that services get addresses from."""


class ExistingNetwork(Model):
    """A network that somebody else owns; nothing in it is changed."""

    id: Line
    """AWS: the VPC id. GCP: projects/<project>/global/networks/<name>, of the host project where a VPC is shared."""
    private_subnets: Annotated[list[Line], Field(min_length=1, max_length=6)]
    """Subnets for nodes, with a route to the cloud's APIs. AWS: 2 to 6 ids, each in a zone of its own. GCP: one
    projects/<project>/regions/<region>/subnetworks/<name>."""
    gcp: GcpExistingNetwork | None = None
    """Settings that exist on GCP only; needed there."""


Gibibytes = Annotated[float, Field(ge=0, le=100_000_000)]


class Traffic(Model):
    """Traffic that is billed, in GiB a month, for the estimate."""

    internet_gib: Gibibytes | None = None
    """Out to the internet; not said: 1 to 100, 10 expected."""
    other_region_gib: Gibibytes | None = None
    """Out to another region, such as results for data that stays there; not said: none."""
    zone_gib: Gibibytes | None = None
    """From one zone to another; not said: 10 to 1000, 100 expected."""


class Network(Model):
    """Address space and the way out of it."""

    cidr: NetworkCidr | None = None
    """Private IPv4 range of the network, /16 to /22; default 10.20.0.0/16."""
    zones: Annotated[int, Field(ge=2, le=6)] | None = None
    """Number of zones to spread over; default 3, or 2 where the region has no more."""
    nat: Literal["single", "per_zone"] | None = None
    """`single`: one NAT gateway, cheaper; `per_zone`: one each, survives the loss of a zone.
    Default: per_zone when anything serves on demand, else single."""
    flow_logs_retention_days: Literal[7, 14, 30, 60, 90, 180, 365, 731] | None = None
    """Days that flow logs are kept; default 365."""
    existing: ExistingNetwork | None = None
    """Use this network instead of making one."""
    traffic: Traffic = Field(default_factory=Traffic)
    """Traffic that is billed, for the estimate."""


class Endpoint(Model):
    """Who reaches the Kubernetes API from outside the network. The private endpoint is always on."""

    public_cidrs: Annotated[list[AdminCidr], Field(max_length=40)] = []
    """Ranges allowed to reach a public endpoint; empty: no public endpoint."""
    private_cidrs: Annotated[list[PrivateCidr], Field(max_length=40)] = []
    """Private ranges outside the nodes (a VPN, the runners that apply the platform) that reach the private endpoint."""


class AwsCluster(Model):
    """What only EKS has."""

    only_on: ClassVar[str] = "aws"

    admin_role_arns: Annotated[list[RoleArn], Field(max_length=20)] = []
    """IAM roles that administer the cluster through access entries."""


class GcpCluster(Model):
    """What only GKE has."""

    only_on: ClassVar[str] = "gcp"

    location: Literal["regional", "zonal"] = "regional"
    """`regional`: the control plane in three zones; `zonal`: in one, covered by the free tier of one cluster."""
    release_channel: Literal["RAPID", "REGULAR", "STABLE", "EXTENDED"] = "REGULAR"
    """How early upgrades come; EXTENDED keeps a version for two years, at a higher price in the second."""
    binary_authorization: bool = True
    """Whether only images that the project's policy allows may run."""


class Cluster(Model):
    """The Kubernetes cluster that pools belong to."""

    version: KubernetesVersion | None = None
    """Kubernetes minor version, quoted, such as "1.34"; default: the newest but one in standard support."""
    endpoint: Endpoint = Field(default_factory=Endpoint)
    """Reach of the Kubernetes API."""
    logs_retention_days: Literal[7, 14, 30, 60, 90, 180, 365, 731] | None = None
    """Days that control-plane logs are kept; default 365."""
    deletion_protection: bool | None = None
    """Whether a destroy of the cluster is refused, by the cloud or where it cannot by Terraform; default true."""
    aws: AwsCluster | None = None
    """Settings that exist on AWS only."""
    gcp: GcpCluster | None = None
    """Settings that exist on GCP only."""


class GpuSharing(Model):
    """Several pods on one device."""

    strategy: Literal["time_sharing", "mps"]
    """`time_sharing`: turns, without limits of memory; `mps`: at the same time, each with its part of the memory."""
    clients: Annotated[int, Field(ge=2, le=48)]
    """Pods that share one device."""


class GcpGpu(Model):
    """What only GKE has."""

    only_on: ClassVar[str] = "gcp"

    sharing: GpuSharing | None = None
    """Let several pods share each device."""
    partition: Annotated[str, StringConstraints(pattern=r"^[1-7]g\.[0-9]{1,3}gb$")] | None = None
    """Partition each device (MIG) into instances of this size, such as 1g.10gb; A100 and newer."""


class Gpu(Model):
    """GPUs of one node. State the model, or the memory each device must have; the cheapest type that fits is taken."""

    type: GpuType | None = None
    """GPU model."""
    memory_gib: Annotated[int, Field(ge=1, le=512)] | None = None
    """Least memory of each device, in GiB."""
    total_memory_gib: Annotated[int, Field(ge=1, le=4096)] | None = None
    """Least memory of all devices of a node together, in GiB."""
    count: Annotated[int, Field(ge=1, le=16)] = 1
    """Devices per node."""
    gcp: GcpGpu | None = None
    """Settings that exist on GCP only."""


class TrainingNodes(Model):
    """Bounds of a training pool's autoscaling."""

    min: Annotated[int, Field(ge=0, le=1000)] = 0
    """Nodes that are always on."""
    max: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes at a time."""


class ServingNodes(Model):
    """Bounds of a serving pool's autoscaling."""

    min: Annotated[int, Field(ge=0, le=1000)] = 1
    """Nodes that are always on."""
    expected: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Nodes on an average hour, for the estimate; default: halfway between min and max, rounded up."""
    max: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes at a time."""


class Pool(Model):
    """What every pool of nodes states: needs, not machine types."""

    vcpus: Annotated[int, Field(ge=1, le=896)] | None = None
    """Least vCPUs of each node."""
    memory_gib: Annotated[int, Field(ge=1, le=32768)] | None = None
    """Least memory of each node, in GiB."""
    architecture: Architecture | None = None
    """CPU architecture of the container images; default x86_64."""
    gpu: Gpu | None = None
    """GPUs of each node."""
    local_storage_gib: Annotated[int, Field(ge=1, le=120000)] | None = None
    """Least local NVMe storage of each node, in GiB."""
    instance_types: Annotated[list[InstanceType], Field(min_length=1, max_length=15)] | None = None
    """Machine types to use as they are, in order of preference, instead of a choice by needs."""
    capacity: Capacity | None = None
    """Purchase option; default spot_with_fallback for training and on_demand for serving."""
    disk_gib: Annotated[int, Field(ge=20, le=16000)] | None = None
    """Size of each node's disk, in GiB; default 100, or 200 with GPUs."""
    reads: Annotated[list[Name], Field(max_length=50)] = []
    """Buckets whose objects the pool's workloads may read."""
    writes: Annotated[list[Name], Field(max_length=50)] = []
    """Buckets whose objects the pool's workloads may read, write and delete."""


class TrainingPool(Pool):
    """Nodes for jobs that start, run and end."""

    nodes: TrainingNodes
    """Bounds of autoscaling."""
    hours_per_month: Annotated[float, Field(ge=0, le=744)] | None = None
    """Hours a month that the pool is busy with all of its nodes, for the estimate; default 160."""


class ServingPool(Pool):
    """Nodes for services that answer requests around the clock."""

    nodes: ServingNodes
    """Bounds of autoscaling."""


class Training(Model):
    """Where models are trained."""

    pools: Annotated[dict[Name, TrainingPool], Field(min_length=1, max_length=20)]
    """Node pools by name."""


class Serving(Model):
    """Where models are served."""

    pools: Annotated[dict[Name, ServingPool], Field(min_length=1, max_length=20)]
    """Node pools by name."""


class Bucket(Model):
    """One object store bucket."""

    size_gib: Annotated[float, Field(gt=0, le=100_000_000)] | None = None
    """Expected data in it, in GiB, for the estimate; not said: the bucket's storage is listed as unpriced usage."""
    versioning: bool = True
    """Keep overwritten and deleted objects."""
    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Days that overwritten and deleted objects are kept; default 90. Current objects are never deleted by it."""
    archive_after_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    """Move objects to the infrequent-access class after so many days."""
    expire_after_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Delete current objects after so many days; for scratch data only."""


class Storage(Model):
    """Object storage."""

    buckets: Annotated[dict[Name, Bucket], Field(min_length=1, max_length=50)]
    """Buckets by short name; the cloud name adds the environment and a hash of the account."""


class Repository(Model):
    """One container image repository."""

    keep_images: Annotated[int, Field(ge=1, le=10000)] | None = None
    """Images kept; older ones expire. Default 50; on GCP all of them, because none expires whose tag cannot move, and
    with a number tags can be moved there."""
    size_gib: Annotated[float, Field(gt=0, le=100_000)] | None = None
    """Expected data in it, in GiB, for the estimate; default 10."""


class Registry(Model):
    """Container images."""

    repositories: Annotated[dict[Name, Repository], Field(min_length=1, max_length=50)]
    """Repositories by name."""


class Database(Model):
    """PostgreSQL, run by the cloud."""

    vcpus: Annotated[int, Field(ge=1, le=96)] | None = None
    """Least vCPUs; default 2."""
    memory_gib: Annotated[int, Field(ge=1, le=768)] | None = None
    """Least memory, in GiB; default 4."""
    storage_gib: Annotated[int, Field(ge=20, le=32000)] | None = None
    """Size of the disk, in GiB; default 50. It grows by itself to twice that and never shrinks."""
    high_availability: bool | None = None
    """Whether a standby in a second zone takes over when the first fails, at twice the price; default true."""
    backup_days: Annotated[int, Field(ge=1, le=35)] | None = None
    """Days back that it can be restored to any second; default 14."""
    deletion_protection: bool | None = None
    """Whether the cloud refuses to delete the database; default true."""


ImageName = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9.-]+(:[0-9]+)?/[\w./-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$", min_length=5, max_length=400
    ),
]


class AwsMlflow(Model):
    """What only AWS has."""

    only_on: ClassVar[str] = "aws"

    certificate: CertificateArn
    """ARN of a certificate of ACM for `host`."""


class GcpMlflow(Model):
    """What only GCP has."""

    only_on: ClassVar[str] = "gcp"

    certificate: CertificateId
    """Regional SSL certificate for `host`, of Compute Engine: what internal load balancers of GKE take."""


class Mlflow(Model):
    """An MLflow tracking server and model registry, with its own database and bucket."""

    hosting: Literal["kubernetes", "serverless"] | None = None
    """`kubernetes`: on the cluster; `serverless`: containers without a cluster, behind a private load balancer.
    Default kubernetes."""
    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=200)] | None = None
    """Name in DNS under which people reach it, through a private load balancer; `serverless` needs one.
    Default on the cluster: reached inside it, and by `kubectl port-forward`."""
    client_cidrs: Annotated[list[PrivateCidr], Field(max_length=20)] = []
    """Private ranges outside the network whose addresses may connect to `host`, such as a VPN's."""
    aws: AwsMlflow | None = None
    """Settings that exist on AWS only."""
    gcp: GcpMlflow | None = None
    """Settings that exist on GCP only."""
    replicas: Annotated[int, Field(ge=1, le=10)] | None = None
    """Servers that always run; under load up to twice as many. Default 2."""
    image: ImageName | None = None
    """Image of the server, with registry and tag or digest; default: the MLflow project's own, as tested."""
    database: Database = Field(default_factory=Database)
    """Where runs, metrics and models are recorded."""
    artifacts_gib: Annotated[float, Field(gt=0, le=100_000_000)] | None = None
    """Expected artifacts, in GiB, for the estimate; not said: their storage is listed as unpriced usage."""


class Tracking(Model):
    """Where experiments are tracked."""

    mlflow: Mlflow
    """The tracking server."""


WebAddress = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/[\w./-]*)?$", max_length=200)]


class Prometheus(Model):
    """Where series are kept."""

    hosting: Literal["kubernetes", "managed"] | None = None
    """`kubernetes`: Prometheus, Alertmanager and Grafana on the cluster; `managed`: the cloud's own service with its
    alarms, no server and no Grafana. Default kubernetes."""
    retention_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Days that series are kept; default 15, or 150 where they are managed."""
    storage_gib: Annotated[int, Field(ge=10, le=16000)] | None = None
    """Size of the disk on the cluster, in GiB; default 50. The oldest series go first when it is full."""


class Grafana(Model):
    """Dashboards."""

    url: WebAddress | None = None
    """Address that links lead to, where you publish it; default: reached by `kubectl port-forward`."""


class SecretKey(Model):
    """A value in a Kubernetes secret that is made outside Terraform."""

    name: Name
    """Name of the secret in the namespace `monitoring`."""
    key: Annotated[str, StringConstraints(pattern=r"^[\w.-]+$", max_length=253)]
    """Key in it."""


class Slack(Model):
    """A Slack channel."""

    channel: Annotated[str, StringConstraints(pattern=r"^#[a-z0-9_-]{1,80}$")]
    """Name of the channel, with its #, in quotes."""
    webhook_url: SecretKey
    """Where the webhook's address is kept."""


class PagerDuty(Model):
    """A PagerDuty service; gets critical alerts only."""

    routing_key: SecretKey
    """Where the integration key is kept."""


class Alerts(Model):
    """Who hears of alerts."""

    email: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$", max_length=254)] | None = None
    """Address that gets every alert, through the cloud's notification service; it confirms once."""
    slack: Slack | None = None
    """Channel that gets every alert."""
    pagerduty: PagerDuty | None = None
    """Service that gets critical alerts."""
    runbook_url: WebAddress | None = None
    """Where you publish docs/runbooks.md, so that alerts link to it."""


class Monitoring(Model):
    """Metrics, rules and alerts for ML work, with dashboards where Prometheus runs on the cluster."""

    prometheus: Prometheus = Field(default_factory=Prometheus)
    """Where series are kept."""
    grafana: Grafana = Field(default_factory=Grafana)
    """Dashboards."""
    alerts: Alerts = Field(default_factory=Alerts)
    """Who hears of alerts; nobody by default."""


Dollars = Annotated[float, Field(gt=0, le=1_000_000_000)]
BudgetPart = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$", max_length=100)]


class Budget(Model):
    """What the environment may cost."""

    monthly_usd: Dollars
    """Most US dollars a month, compared with the expected total."""
    components: Annotated[dict[BudgetPart, Dollars], Field(max_length=50)] = {}
    """Most US dollars a month of parts: a place in the spec with everything below it, such as `training` or
    `training.pools.finetune`, or a component as `groundplan cost` names it, such as `node_pool`."""


class State(Model):
    """Where Terraform keeps its state."""

    backend: Literal["remote", "local"] = "remote"
    """`remote`: an encrypted, versioned, locked bucket; `local`: a file beside the root."""
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] | None = None
    """An existing state bucket; default: a name made from the environment and a hash of the account."""


class Spec(Model):
    """One page that says what an ML team needs."""

    apiVersion: Literal["groundplan/v1"]  # noqa: N815 - the spec's own spelling, as in Kubernetes
    """Version of this format."""
    name: EnvironmentName
    """Name of the environment, unique in the account; starts the name of everything in it."""
    owner: Line
    """Team that answers for it; ends up in a tag on every resource."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=20)] = {}
    """Labels (tags) put on every resource."""
    cloud: Cloud
    """Where the environment lives."""
    network: Network = Field(default_factory=Network)
    """Address space and the way out of it."""
    cluster: Cluster = Field(default_factory=Cluster)
    """The Kubernetes cluster; made when there is any pool or tracking."""
    training: Training | None = None
    """Where models are trained."""
    serving: Serving | None = None
    """Where models are served."""
    storage: Storage | None = None
    """Object storage."""
    registry: Registry | None = None
    """Container images."""
    tracking: Tracking | None = None
    """Where experiments are tracked."""
    monitoring: Monitoring | None = None
    """What watches training, serving and models."""
    budget: Budget | None = None
    """What the environment may cost."""
    state: State = Field(default_factory=State)
    """Where Terraform keeps its state."""
