"""What a spec says of the Kubernetes cluster."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from groundplan.spec.base import Cidr, Key, Model, PrivateCidr

_ROLE_ARN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$"
KubernetesVersion = Annotated[str, StringConstraints(pattern=r"^1\.[0-9]{2}$")]
_ADDON_VERSION = r"^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$"
_NODE_RELEASE = r"^(kept|latest|1\.[0-9]{2}\.[0-9]{1,2}-[0-9]{8})$"
AddonVersion = Annotated[str, StringConstraints(pattern=_ADDON_VERSION)]
NodeRelease = Annotated[str, StringConstraints(pattern=_NODE_RELEASE)]
RoleArn = Annotated[str, StringConstraints(pattern=_ROLE_ARN)]


def _admin_cidr(value: str) -> str:
    if IPv4Network(value).prefixlen < 8:
        raise ValueError(f"cannot be {value}, more than 16 million addresses; name the ranges of your offices")
    return value


AdminCidr = Annotated[Cidr, AfterValidator(_admin_cidr)]


class Endpoint(Model):
    """Who reaches the Kubernetes API from outside the network. The private endpoint is always on."""

    public_cidrs: Annotated[list[AdminCidr], Field(max_length=40)] = []
    """Ranges allowed to reach a public endpoint; empty: no public endpoint."""
    private_cidrs: Annotated[list[PrivateCidr], Field(max_length=40)] = []
    """Private ranges outside the nodes (a VPN, the runners that apply the platform) that reach the private endpoint."""


class AddonVersions(Model):
    """Versions to hold EKS add-ons at; each follows `cluster.version` otherwise."""

    aws_ebs_csi_driver: AddonVersion | None = None
    """The EBS volume driver, v1.58.0 or later."""
    coredns: AddonVersion | None = None
    """DNS of the cluster."""
    eks_pod_identity_agent: AddonVersion | None = None
    """Gives pods their identity."""
    kube_proxy: AddonVersion | None = None
    """Of `cluster.version`, or up to three minor versions older."""
    metrics_server: AddonVersion | None = None
    """Metrics for horizontal autoscaling."""
    node_monitoring_agent: AddonVersion | None = None
    """Reports broken nodes and GPUs, v1.3.0 or later."""
    vpc_cni: AddonVersion | None = None
    """Addresses and network policies of pods."""


class AwsCluster(Model):
    """What only EKS has."""

    only_on: ClassVar[str] = "aws"

    admin_role_arns: Annotated[list[RoleArn], Field(max_length=20)] = []
    """IAM roles that administer the cluster through access entries."""
    addon_versions: AddonVersions | None = None
    """Versions to hold add-ons at. Without one, each apply gives an add-on the version that EKS takes by default for
    the cluster's Kubernetes version."""
    node_release: NodeRelease = "kept"
    """Release of the nodes' image. `kept`: nodes keep theirs until `cluster.version` is raised; `latest`: each apply
    takes the newest, which replaces every node when there is one; or a release such as "1.35.2-20261115"."""


class GcpCluster(Model):
    """What only GKE has."""

    only_on: ClassVar[str] = "gcp"

    location: Literal["regional", "zonal"] = "regional"
    """`regional`: the control plane in three zones; `zonal`: in one, covered by the free tier of one cluster."""
    release_channel: Literal["RAPID", "REGULAR", "STABLE", "EXTENDED"] = "REGULAR"
    """How early upgrades come; EXTENDED keeps a version for two years, at a higher price past standard support."""
    binary_authorization: bool = True
    """Whether only images that the project's policy allows may run."""
    dns_endpoint: bool = False
    """Whether the API is reached by its DNS name, from anywhere, by whom IAM allows `container.clusters.connect`, as
    runners that a system hosts; its addresses stay as `endpoint` says."""


class Cluster(Model):
    """The Kubernetes cluster that pools belong to."""

    version: KubernetesVersion | None = None
    """Kubernetes minor version, quoted, such as "1.34"; default: the newest but one in standard support. Raised by one
    at a time, never lowered."""
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


KEYS = (Key("cluster", Cluster, "The Kubernetes cluster; created when there is any pool or tracking.", always=True),)

PATTERNS = {
    r"^1\.[0-9]{2}$": 'write a minor version such as "1.34"',
    _ADDON_VERSION: "write a version of EKS such as v1.20.4-eksbuild.2",
    _NODE_RELEASE: 'write kept, latest or a release such as "1.35.2-20261115"',
    _ROLE_ARN: "write a role such as arn:aws:iam::123456789012:role/platform",
}
