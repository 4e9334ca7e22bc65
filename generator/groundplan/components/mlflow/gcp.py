"""MLflow on Google Cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.facts import COLLECTORS
from groundplan.clouds.support import VersionInUse
from groundplan.components.base import Arguments, Aspects, Lookup, Meter, ModuleCall, Note
from groundplan.components.gcp import LOG_BUCKET_CAUTION
from groundplan.components.mlflow.component import DATABASE, DATABASE_NAME, SERVERLESS, MlflowPart, instance_of
from groundplan.components.mlflow.meters import database_versions, server_hours, server_meter
from groundplan.components.mlflow.part import PATH, Database, Mlflow, mlflow_of
from groundplan.components.needs import Collector, Key, OwnLog, RunsAs
from groundplan.components.network.part import Network, network_of
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.quantities import Band
from groundplan.stack.assets import Asset, AssetKind
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Need, Stack

INGRESS_GIB = Band(Decimal(5), Decimal(50), Decimal(500))
"""Traffic of the tracking server through its load balancer: artifacts go through the server."""
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Where Cloud SQL and a load balancer's proxies may be in an existing network: the spec does not name their ranges."""
PROXY_VCPUS, PROXY_GIB = Decimal("0.5"), Decimal("0.25")
AUTHORITY = Ref("mlflow_database_ca", "database_ca")
"""Authorities of the database, looked up in the root of the server."""
FINAL_DAYS = 30
"""What the module keeps the last backup for, unless told otherwise."""
DEFAULT_IMAGE = "ghcr.io/mlflow/mlflow"
IMAGE_GIB = Band(Decimal("0.5"), Decimal(1), Decimal(3))
PULLED_BY_CLOUD_RUN = re.compile(r"docker\.io|([a-z]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev")
"""https://docs.cloud.google.com/run/docs/deploying#images."""
RESTORE_DAYS = 7
"""Days that Cloud SQL Enterprise keeps write-ahead logs: https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/pitr."""


def _range(network: Network, name: str) -> Value:
    ranges = network.plan.arguments["ranges"]
    assert isinstance(ranges, Mapping)
    return ranges[name]


def _remote_registries(mlflow: Mlflow) -> set[str]:
    """Registries that a server without a cluster cannot pull from, as modules/gcp/mlflow_serverless knows them."""
    if mlflow.on_cluster:
        return set()
    hosts = {image.partition("/")[0] for image in (mlflow.image or DEFAULT_IMAGE, mlflow.proxy_image) if image}
    return {host for host in hosts if re.search("[.:]", host) and not PULLED_BY_CLOUD_RUN.fullmatch(host)}


class GcpMlflow(MlflowPart):
    """MLflow on Google Cloud."""

    server_keys = ("storage", "logs")
    """The module takes none for the secret."""
    log_kind: AssetKind = "log"
    log_types = "google_logging_project"

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Region and labels of what is made in the foundation, the project of the server on the cluster."""
        if module == "mlflow":
            return {"project": Var("account_id")}
        region: dict[str, Value] = {"region": Var("region")}
        return region | {"tags": Var("tags")} if module == "database" else region

    def authority(self, stack: Stack, mlflow: Mlflow, layer: str) -> ModuleCall:
        """An instance has authorities of its own, which a rotation changes."""
        instance = instance_of(mlflow) if layer == PLATFORM else DATABASE.at("identifier")
        return ModuleCall(
            component="mlflow",
            name=AUTHORITY.call,
            source="gcp/database_ca",
            layer=layer,
            arguments={"instance": instance, **mlflow.database.option("server_ca_mode")},
            path=f"{PATH}.database",
        )

    def known_by(self, mlflow: Mlflow) -> Arguments:
        """The certificates, and the name that the database's own holds, null where it holds none."""
        return {name: AUTHORITY.at(name) for name in ("ca_bundle_pem", "server_name")}

    def postgres(self, database: Database) -> Arguments:
        """Who signs its certificate."""
        return database.option("server_ca_mode")

    def backups(self, database: Database) -> Arguments:
        """How long the backup made at a destroy is kept, and one to fill the database from."""
        return {**database.option("final_backup_days", "final_days"), **database.option("restore_from")}

    def logs(self, database: Database) -> Arguments:
        """A bucket of Cloud Logging."""
        return database.option("log_bucket", "bucket")

    def database_ranges(self, stack: Stack) -> Sequence[Value]:
        """Cloud SQL answers from the range of private services."""
        network = network_of(stack)
        if isinstance(network, Network):
            return [_range(network, "private_services")]
        return list(PRIVATE)

    def client_ranges(self, stack: Stack) -> Sequence[Value]:
        """Nodes and pods; in a network of others everybody, as ranges are known there only when all of it is made."""
        return super().client_ranges(stack) if isinstance(network_of(stack), Network) else list(PRIVATE)

    def clients(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """Only the load balancer's proxies talk to the pods; everybody else talks to the proxies."""
        network = network_of(stack)
        clients: dict[str, Value] = {}
        if mlflow.host and isinstance(network, Network):
            clients["cidr_blocks"] = [_range(network, "proxies")]
        elif mlflow.host:
            clients["cidr_blocks"] = list(PRIVATE)
        if any(collector.managed for collector in stack.needed(Collector)):
            clients["monitoring_namespace"] = COLLECTORS
        return clients

    def ingress(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """An Ingress of GKE's own controller."""
        return {"class_name": "gce-internal", **super().ingress(stack, mlflow)}

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What database, secret and a serverless server call."""
        mlflow = mlflow_of(stack)
        if mlflow is None or layer != FOUNDATION:
            return ()
        remote = ("artifactregistry",) if _remote_registries(mlflow) else ()
        return ("secretmanager", "sqladmin", *(() if mlflow.on_cluster else ("run", *remote)))

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Database and server have log buckets; Cloud Run keeps a copy of the server's image under storage's key."""
        mlflow = mlflow_of(stack)
        if mlflow:
            yield OwnLog("mlflow_database", DATABASE.at("log_filter"), f"{PATH}.database")
        if mlflow and not mlflow.on_cluster:
            yield OwnLog("mlflow", SERVERLESS.at("log_filter"), PATH)
            through = _remote_registries(mlflow)
            yield Key("storage", users=("artifactregistry", "run") if through else ("run",))
            yield RunsAs(f"{stack.name}-mlflow"[:30], f"MLflow of {stack.name}", "Its artifacts and its secret")

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """A name is that of a load balancer; a proxy runs beside each server that has no cluster."""
        mlflow = mlflow_of(stack)
        if mlflow is None or not mlflow.host:
            return
        if not mlflow.on_cluster:
            hours, words = server_hours(mlflow), "half a vCPU and a quarter GiB for the proxy beside each server"
            vcpus, gib = (Amount.limited(hours.times(size), words) for size in (PROXY_VCPUS, PROXY_GIB))
            for use in BILLING.serverless(vcpus, gib):
                yield server_meter(mlflow, use)
            yield server_meter(mlflow, BILLING.security_policy("a policy that names who may connect"))
            if _remote_registries(mlflow):
                copies = Amount(IMAGE_GIB, "0.5 to 3 GiB of images from another registry, 1 expected")
                yield server_meter(mlflow, BILLING.repository(copies), "usage")
        traffic = Amount(INGRESS_GIB, "5 to 500 GiB of artifacts and requests, 50 expected")
        for use in BILLING.forwarding_rule("a private load balancer, around the clock", traffic):
            yield server_meter(mlflow, use)

    def versions(self, stack: Stack, catalog: Catalog) -> Iterable[VersionInUse]:
        """Cloud SQL has no way out of extended support but an upgrade."""
        return database_versions(stack, catalog, "PostgreSQL {} on Cloud SQL", BILLING.database_extended_support)

    def cautions(self, stack: Stack) -> Iterable[str]:
        """The database's logs have a log bucket, and a destroy leaves a backup; no other name stays taken."""
        mlflow = mlflow_of(stack)
        if mlflow is None:
            return
        yield LOG_BUCKET_CAUTION
        name, days = f"{stack.name}-mlflow", mlflow.database.options.get("final_backup_days", FINAL_DAYS)
        bucket = mlflow.database.options.get("log_bucket", f"{name}-postgres")
        yield (
            f"Within these days `gcloud logging buckets undelete {bucket} --location {stack.region}` brings the "
            f"database's back, to be imported, and `{PATH}.database.gcp.log_bucket` names another one"
        )
        if days:
            yield (
                f"The database's last backup stays for {days} days, if its key does "
                f"(`gcloud sql backups list --filter instance:{name}`): "
                f"`gcloud sql backups restore <id> --restore-instance {name}` brings it into the next database"
            )

    def notes(self, stack: Stack) -> Iterable[Note]:
        """What Cloud SQL, GKE's Ingress and Cloud Run do otherwise."""
        mlflow = mlflow_of(stack)
        longer = mlflow is not None and mlflow.database.backup_days > RESTORE_DAYS
        ranges = mlflow is not None and mlflow.on_cluster and bool(mlflow.client_cidrs)
        serverless = mlflow is not None and not mlflow.on_cluster
        words = (
            f"a restore to any second reaches back {RESTORE_DAYS} days (35 on Enterprise Plus); daily backups reach as "
            "far as asked"
        )
        yield Note("part", words, ("tracking.mlflow.database.backup_days",) if longer else ())
        words = "GKE's Ingress takes no ranges: whoever reaches the network may connect"
        yield Note("none", words, ("tracking.mlflow.client_cidrs",) if ranges else ())
        words = "x86 images only, and no artifact file larger than the memory of Cloud Run, 32 GiB at the most"
        yield Note("part", words, ("tracking.mlflow.hosting",) if serverless else ())

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """The instance with its backups, its secret and its log.

        https://docs.cloud.google.com/sdk/gcloud/reference/sql/instances/delete
        """
        project = f"--project {stack.account}"
        if asset.kind == "log" and asset.call == SERVERLESS.call:
            return (
                f"gcloud logging sinks delete {stack.name}-mlflow {project}",
                f"gcloud logging buckets delete {asset.name} --location {stack.region} {project}",
            )
        if asset.kind != "database":
            return ()
        return (
            f"gcloud sql instances patch {asset.name} --no-deletion-protection {project}",
            f"gcloud sql instances delete {asset.name} {project}",
            f"gcloud secrets delete {asset.name} {project}",
        )

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The log of a server without a cluster, and the sink that fills it."""
        if asset.kind != "log" or asset.call != SERVERLESS.call:
            return {}
        project = f"projects/{stack.account}"
        bucket, sink = f"locations/{stack.region}/buckets/{asset.name}", f"sinks/{stack.name}-mlflow"
        return {
            "google_logging_project_bucket_config": f"{project}/{bucket}",
            "google_logging_project_sink": f"{project}/{sink}",
        }

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The instance with its database, user, secret and log; of the secret no version.

        https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_user#import
        """
        mlflow = mlflow_of(stack)
        if asset.kind != "database" or mlflow is None or not mlflow.database.existing:
            return {}
        project, name, database = stack.account, asset.name, mlflow.database
        instance = f"projects/{project}/instances/{name}"
        bucket = str(database.options.get("log_bucket", f"{name}-postgres"))
        logs = f"projects/{project}/locations/{stack.region}/buckets/{bucket}"
        parts = {
            "database": ("google_sql_database", f"{instance}/databases/{DATABASE_NAME}"),
            "log_bucket": ("google_logging_project_bucket_config", logs),
            "log_sink": ("google_logging_project_sink", f"projects/{project}/sinks/{name}-postgres"),
            "secret": ("google_secret_manager_secret", f"projects/{project}/secrets/{mlflow.secret_name}"),
            "user": ("google_sql_user", f"{project}/{name}/{DATABASE_NAME}"),
        }
        there = {f"{kind}.this": id_ for part, (kind, id_) in parts.items() if not database.lacks(part)}
        return {"google_sql_database_instance.this": instance, **there}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        mlflow = mlflow_of(stack)
        serverless = mlflow is not None and not mlflow.on_cluster
        named = mlflow is not None and bool(mlflow.host)
        return {
            "servers": "Cloud Run" if serverless else "pods on the system pool",
            "reached by": "regional internal Application Load Balancer, TLS by a regional certificate"
            if named
            else "the service inside the cluster, or kubectl port-forward",
            "database": "Cloud SQL for PostgreSQL, private, TLS only, from the whole network",
            "restore": f"to any second of {RESTORE_DAYS} days; daily backups for backup_days",
            "password": "Secret Manager, written with write-only arguments",
        }


PART = GcpMlflow()
