"""What a spec says of experiment tracking."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from groundplan.spec.base import NAME_PATTERN, Key, Model, PrivateCidr
from groundplan.spec.document import Lookup
from groundplan.spec.existing import name_of

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


_CERTIFICATES = r"^([ \r\n]*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/= \r\n]+-----END CERTIFICATE-----[ \r\n]*)+$"
_EXISTING = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"
_SNAPSHOT = r"^[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9])*$"
_SNAPSHOT_FROM = r"^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?(rds:)?[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9])*$"
_BACKUP_FROM = r"^[a-z]([a-z0-9-]*[a-z0-9])?/[0-9]{1,19}$"


_RULE = r"^sgr-[0-9a-f]{8,17}$"
AwsPart = Literal["logs", "monitoring_role", "parameter_group", "secret", "security_group", "subnet_group"]
GcpPart = Literal["database", "log_bucket", "log_sink", "secret", "user"]


class AwsDatabase(Model):
    """What only AWS has."""

    only_on: ClassVar[str] = "aws"

    lacks: Annotated[list[AwsPart], Field(max_length=6)] = []
    """Parts that the `existing` database does not have under the names that groundplan gives them: Terraform makes
    these and imports the others."""
    client_rule: Annotated[str, StringConstraints(pattern=_RULE)] | None = None
    """Id of the rule that lets clients into the security group of the `existing` database; default: it is made."""

    ca_bundle_pem: Annotated[str, StringConstraints(pattern=_CERTIFICATES, max_length=20_000)] | None = None
    """Certificates in PEM of the authorities that the servers know the database by, such as RDS's of the region.
    Default: each server fetches those at its start, which takes a way to the internet."""
    final_snapshot: Annotated[str, StringConstraints(pattern=_SNAPSHOT, max_length=255)] | None = None
    """Name of the snapshot made when the database is destroyed; default: another one in each life of it."""
    allow_major_upgrade: bool | None = None
    """Whether a raised `postgres` may upgrade a database that is there; default false."""
    restore_from: Annotated[str, StringConstraints(pattern=_SNAPSHOT_FROM, max_length=320)] | None = None
    """Name or ARN of the snapshot to make the database from; read only when it is made. Default: an empty one."""


class GcpDatabase(Model):
    """What only GCP has."""

    only_on: ClassVar[str] = "gcp"

    lacks: Annotated[list[GcpPart], Field(max_length=5)] = []
    """Parts that the `existing` database does not have under the names that groundplan gives them: Terraform makes
    these and imports the others."""

    server_ca_mode: Literal["GOOGLE_MANAGED_INTERNAL_CA", "GOOGLE_MANAGED_CAS_CA"] | None = None
    """Who signs the database's certificate: an authority of its own, or one that Google shares in the region, for a
    year at a time. State it when the database is made. Default GOOGLE_MANAGED_INTERNAL_CA."""
    final_backup_days: Annotated[int, Field(ge=0, le=365)] | None = None
    """Days that the backup made when the database is destroyed is kept, 0: none is made; default 30."""
    restore_from: Annotated[str, StringConstraints(pattern=_BACKUP_FROM, max_length=120)] | None = None
    """Backup to fill the database from, `<instance>/<id>` of an instance that exists; read only when it is made.
    Default: an empty one."""
    log_bucket: Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=2, max_length=100)] | None = None
    """Name of the bucket of Cloud Logging for its logs: another one for seven days after a destroy.
    Default `<name>-mlflow-postgres`."""


class Database(Model):
    """PostgreSQL, run by the cloud."""

    existing: Annotated[str, StringConstraints(pattern=_EXISTING), BeforeValidator(name_of("database"))] | None = None
    """Name in the cloud of an instance that is there already: Terraform imports it with its parts, it keeps its name,
    and its password and secret stay as they are unless `password_version` is stated."""
    vcpus: Annotated[int, Field(ge=1, le=96)] | None = None
    """Least vCPUs; default 2."""
    memory_gib: Annotated[int, Field(ge=1, le=768)] | None = None
    """Least memory, in GiB; default 4."""
    storage_gib: Annotated[int, Field(ge=20, le=32000)] | None = None
    """Size of the disk, in GiB; default 50, or as large as it is. It grows by itself and never shrinks."""
    storage_max_gib: Annotated[int, Field(ge=22, le=64000)] | None = None
    """Size up to which the disk grows, in GiB, a tenth or more above `storage_gib`; default twice that."""
    postgres: Literal["16", "17", "18"] | None = None
    """Major version of PostgreSQL, in quotes; default 18, or as it is. A raised one upgrades the database, with an
    outage and no way back but a backup; on AWS with `aws.allow_major_upgrade`."""
    high_availability: bool | None = None
    """Whether a standby in a second zone takes over when the first fails, at twice the price; default true."""
    backup_days: Annotated[int, Field(ge=1, le=35)] | None = None
    """Days back that it can be restored to any second; default 14."""
    deletion_protection: bool | None = None
    """Whether the cloud refuses to delete the database; default true."""
    password_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Raise it for a new password, then restart the servers, which read it when they start; default 1."""
    recovery_days: Annotated[int, Field(ge=0, le=30)] | None = None
    """Days that a destroyed secret (AWS) or a replaced version of it (GCP) can be brought back: 7 or
    more, or 0, not at all. On AWS its name is taken so long. Default 30; on AWS 0 without `deletion_protection`."""
    aws: AwsDatabase | None = None
    """Settings that exist on AWS only."""
    gcp: GcpDatabase | None = None
    """Settings that exist on GCP only."""


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
    default_permission: Literal["READ", "USE", "EDIT", "MANAGE", "NO_PERMISSIONS"] | None = None
    """What a user may do with experiments and models of others; default READ."""
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
    _EXISTING: "write the name of an instance: up to 40 lower-case letters, digits and hyphens, a letter first",
    _RULE: "write the id of a rule of a security group, sgr-…",
    _CERTIFICATE_ARN: "write the ARN of a certificate of ACM",
    r"^projects/[a-z0-9-]+/regions/[a-z0-9-]+/sslCertificates/[a-z0-9-]+$": (
        "write projects/<project>/regions/<region>/sslCertificates/<name>"
    ),
    r"^[a-z0-9-]+(\.[a-z0-9-]+)+$": "write a name in DNS such as mlflow.example.com",
    _CERTIFICATES: "write the certificates as they are in the file, from BEGIN to END CERTIFICATE, below `|`",
    _SNAPSHOT: "write letters, digits and single hyphens, a letter first and no hyphen last",
    _SNAPSHOT_FROM: "write the name of a snapshot of RDS, or its ARN",
    _BACKUP_FROM: "write <instance>/<id> as `gcloud sql backups list` shows them",
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
