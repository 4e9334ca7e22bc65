"""What a spec says of experiment tracking."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from groundplan.spec.base import Key, Model, PrivateCidr
from groundplan.spec.document import Lookup

_CERTIFICATE_ARN = r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9_-]+$"
CertificateArn = Annotated[str, StringConstraints(pattern=_CERTIFICATE_ARN)]

CertificateId = Annotated[
    str,
    StringConstraints(pattern=r"^projects/[a-z0-9-]+/regions/[a-z0-9-]+/sslCertificates/[a-z0-9-]+$"),
]

IMAGE_PATTERN = (
    r"^[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9._-]+)+"
    r"(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"
)
ImageName = Annotated[str, StringConstraints(pattern=IMAGE_PATTERN, min_length=5, max_length=400)]


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
    password_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Raise it for a new password, then restart the servers, which read it when they start; default 1."""


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
    proxy_image: ImageName | None = None
    """Image of nginx without root, beside each server that has no cluster; default: the nginx project's own."""


class Mlflow(Model):
    """An MLflow tracking server and model registry, with its own database and bucket."""

    hosting: Literal["kubernetes", "serverless"] | None = None
    """`kubernetes`: on the cluster; `serverless`: containers without a cluster, behind a private load balancer.
    Default kubernetes."""
    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=200)] | None = None
    """Name in DNS under which people reach it, through a private load balancer; `serverless` needs one.
    Default on the cluster: reached inside it, and by `kubectl port-forward`."""
    client_cidrs: Annotated[list[PrivateCidr], Field(max_length=20)] = []
    """Private ranges outside the private subnets whose addresses may connect to `host`, such as a VPN's."""
    aws: AwsMlflow | None = None
    """Settings that exist on AWS only."""
    gcp: GcpMlflow | None = None
    """Settings that exist on GCP only."""
    replicas: Annotated[int, Field(ge=1, le=10)] | None = None
    """Servers that always run; under load up to twice as many. Default 2."""
    image: ImageName | None = None
    """Image of the server, with registry and tag, digest or both; default: the MLflow project's own, as tested."""
    database: Database = Field(default_factory=Database)
    """Where runs, metrics and models are recorded."""
    artifacts_gib: Annotated[float, Field(gt=0, le=100_000_000)] | None = None
    """Expected artifacts, in GiB, for the estimate; not said: their storage is listed as unpriced usage."""


class Tracking(Model):
    """Where experiments are tracked."""

    mlflow: Mlflow
    """The tracking server."""


KEYS = (Key("tracking", Tracking, "Where experiments are tracked.", asks=True),)

PATTERNS = {
    _CERTIFICATE_ARN: "write the ARN of a certificate of ACM",
    r"^projects/[a-z0-9-]+/regions/[a-z0-9-]+/sslCertificates/[a-z0-9-]+$": (
        "write projects/<project>/regions/<region>/sslCertificates/<name>"
    ),
    r"^[a-z0-9-]+(\.[a-z0-9-]+)+$": "write a name in DNS such as mlflow.example.com",
    IMAGE_PATTERN: "write registry/name:tag, registry/name@sha256:… or, best, registry/name:tag@sha256:…",
}


def wants_network(at: Lookup) -> bool:
    """Its database is in one, wherever its containers run."""
    return at.has("tracking")


def wants_cluster(at: Lookup) -> bool:
    """Unless its containers run without one."""
    return at.has("tracking") and at.value("tracking", "mlflow", "hosting") != "serverless"


def system_memory_gib(at: Lookup) -> float:
    """2 GiB of each of two servers and of the proxy beside it, one on either node."""
    return 2.1 if wants_cluster(at) else 0
