"""What a spec says of the network: address space, zones, the way out, or a network that exists."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from groundplan.spec.base import BucketName, Key, Line, Model, Name, PrivateCidr


def _network_cidr(value: str) -> str:
    if not 16 <= IPv4Network(value).prefixlen <= 22:
        raise ValueError(f"cannot be {value}; use a range from /16 to /22")
    return value


NetworkCidr = Annotated[PrivateCidr, AfterValidator(_network_cidr)]
Gibibytes = Annotated[float, Field(ge=0, le=100_000_000)]


WebhookPort = Annotated[int, Field(ge=1024, le=65535)]


class AwsNetwork(Model):
    """What only AWS has."""

    only_on: ClassVar[str] = "aws"

    readable_buckets: Annotated[list[BucketName], Field(max_length=40)] = []
    """Buckets of other accounts in the region, such as public data sets, that nodes may read. No other is reached
    through the S3 endpoint, except those of images and packages: whoever owns a bucket sees what is asked of it."""


class GcpNetwork(Model):
    """What only GCP has."""

    only_on: ClassVar[str] = "gcp"

    webhook_ports: Annotated[list[WebhookPort], Field(max_length=20)] = [8443, 9443]
    """Ports on which the control plane reaches operators' webhooks, beside 443 and 10250; Istio's is 15017."""


class GcpExistingNetwork(Model):
    """What only GCP has: the subnet's secondary ranges, by name."""

    only_on: ClassVar[str] = "gcp"

    pods_range: Name
    """Secondary range that pods get addresses from."""
    services_range: Name
    """Secondary range that services get addresses from."""
    proxies_cidr: PrivateCidr | None = None
    """Range for the proxies of internal load balancers, /26 or larger, that the host project's administrator makes;
    default: they are there, or nobody needs them."""
    private_services_cidr: PrivateCidr | None = None
    """Range for Cloud SQL, /24 or larger, that the host project's administrator connects; default: it is there."""


class ExistingNetwork(Model):
    """An existing network; nothing in it is changed."""

    id: Line
    """AWS: the VPC id. GCP: projects/<project>/global/networks/<name>, of the host project where a VPC is shared."""
    private_subnets: Annotated[list[Line], Field(min_length=1, max_length=6)]
    """Subnets for nodes, with a route to the cloud's APIs. AWS: 2 to 6 ids, each in a zone of its own. GCP: one
    projects/<project>/regions/<region>/subnetworks/<name>."""
    gcp: GcpExistingNetwork | None = None
    """Settings that exist on GCP only; needed there."""


def _referred(value: object) -> object:
    """The value; raises ValueError for a name alone, as `existing` takes of what Terraform imports."""
    if isinstance(value, str):
        raise ValueError(
            "is a name alone, but a network is not taken over: it is referred to, with its subnets; "
            "write {id: …, private_subnets: […]}, and nothing in it is changed"
        )
    return value


class Traffic(Model):
    """Traffic that is billed, in GiB a month, for the estimate."""

    internet_gib: Gibibytes | None = None
    """To the internet; default: 1 to 100, 10 expected."""
    other_region_gib: Gibibytes | None = None
    """To another region, such as results for data that stays there; default: none."""
    zone_gib: Gibibytes | None = None
    """Between zones; default: 10 to 1000, 100 expected."""


class Network(Model):
    """Address space and egress."""

    cidr: NetworkCidr | None = None
    """Private IPv4 range of the network, /16 to /22; default 10.20.0.0/16. On AWS it holds as many nodes as have room
    with 28 pods each."""
    zones: Annotated[int, Field(ge=2, le=6)] | None = None
    """Number of zones to spread over; default 3, or 2 where the region has no more. With a cluster on AWS it cannot be
    changed later."""
    nat: Literal["single", "per_zone"] | None = None
    """`single`: one NAT gateway, cheaper; `per_zone`: one each, survives the loss of a zone.
    Default: per_zone when anything serves on demand, else single."""
    flow_logs_retention_days: Literal[7, 14, 30, 60, 90, 180, 365, 731] | None = None
    """Days that flow logs are kept; default 365."""
    existing: Annotated[ExistingNetwork, BeforeValidator(_referred)] | None = None
    """Use an existing network instead of creating one."""
    traffic: Traffic = Field(default_factory=Traffic)
    """Traffic that is billed, for the estimate."""
    aws: AwsNetwork | None = None
    """Settings that exist on AWS only."""
    gcp: GcpNetwork | None = None
    """Settings that exist on GCP only."""


KEYS = (Key("network", Network, "Address space and egress.", always=True),)
