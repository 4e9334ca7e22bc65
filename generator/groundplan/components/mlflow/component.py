"""MLflow on the cluster: its database in the foundation, its servers in the platform."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import (
    POOL_LABEL,
    Arguments,
    CloudPart,
    Component,
    Holding,
    ModuleCall,
    Output,
    Protection,
)
from groundplan.components.keys.component import key_id
from groundplan.components.mlflow.part import PATH, Database, Mlflow, mlflow_of
from groundplan.components.mlflow.resolve import (
    MLFLOW_BUCKET,
    MLFLOW_LOG_BUCKET,
    artifacts_bucket,
    resolve_mlflow,
)
from groundplan.components.needs import Collector
from groundplan.components.network.component import NETWORK, private_ranges
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.object_store.component import BUCKETS
from groundplan.components.object_store.part import Bucket
from groundplan.hcl.references import Ref, Template, Var
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset, AssetKind
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import SYSTEM_POOL, Part, Stack
from groundplan.stack.work import Work

DATABASE = Ref("mlflow_database", "database")
SERVER = Ref("mlflow", "mlflow")
SERVERLESS = Ref("mlflow_serverless", "mlflow_serverless")
INSTANCE = Template(Var("name"), "-mlflow")
"""The server on the cluster, and the one without."""
DATABASE_NAME = "mlflow"
"""Name of the database in its instance, and of the role that owns it."""


class MlflowPart(CloudPart):
    """How a cloud lets clients reach the tracking server, and the server its database."""

    server_keys: tuple[str, ...] = ("storage", "database", "logs")
    """Purposes of the keys that the server without a cluster is told of."""
    reached_by: tuple[str, ...] = ("secret_id",)
    """What that server is told of the database."""
    log_kind: AssetKind = "bucket"
    """What keeps the log of requests to that server."""
    log_types: str = ""
    """What the types of its resources begin with."""

    def authority(self, stack: Stack, mlflow: Mlflow, layer: str) -> ModuleCall | None:
        """Looks up the authorities that the database is known by, in the root of the server; None where it need not."""
        return None

    def known_by(self, mlflow: Mlflow) -> Arguments:
        """What the server is told of the database's authorities."""
        return {}

    def postgres(self, database: Database) -> Arguments:
        """What the cloud asks about the server."""
        return {}

    def backups(self, database: Database) -> Arguments:
        """What the cloud keeps at a destroy, and makes a database from."""
        return {}

    def logs(self, database: Database) -> Arguments:
        """Where the database's logs are kept."""
        return {}

    def database_ranges(self, stack: Stack) -> Sequence[Value]:
        """Ranges in which the server finds its database."""
        return private_ranges(stack)

    def client_ranges(self, stack: Stack) -> Sequence[Value]:
        """Ranges from which the server without a cluster is reached, beside those of the spec."""
        return private_ranges(stack)

    def clients(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """Who may connect beside the workloads: the managed collector and, with a name, the load balancer."""
        clients: dict[str, Value] = {}
        if any(collector.managed for collector in stack.needed(Collector)):
            clients["metrics_cidr_blocks"] = private_ranges(stack)
        if mlflow.host:
            clients["cidr_blocks"] = private_ranges(stack)
        return clients

    def ingress(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """The Ingress for the server's name."""
        return {"host": mlflow.host, "certificate": mlflow.certificate}


class MlflowComponent(Component[MlflowPart]):
    """The database and the tracking server, on the cluster or without one."""

    name = "mlflow"
    anywhere = MlflowPart()
    reserved_buckets = (MLFLOW_BUCKET, MLFLOW_LOG_BUCKET)

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_mlflow(work)

    def buckets(self, work: Work) -> Iterable[Bucket]:
        """The bucket for artifacts."""
        bucket = artifacts_bucket(work)
        return () if bucket is None else (bucket,)

    def protections(self, stack: Stack) -> Iterable[Protection]:
        """The database, unless the spec says otherwise."""
        mlflow = mlflow_of(stack)
        if mlflow and mlflow.database.deletion_protection:
            yield Protection("MLflow's database", f"{PATH}.database.deletion_protection")

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """The database in the foundation, and the server on the cluster or beside the database."""
        mlflow = mlflow_of(stack)
        if mlflow is None:
            return
        part = self.on(cloud)
        yield self._database(stack, mlflow, part)
        authority = part.authority(stack, mlflow, PLATFORM if mlflow.on_cluster else FOUNDATION)
        yield from (authority,) if authority else ()
        yield (self._on_cluster if mlflow.on_cluster else self._serverless)(stack, mlflow, part)

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """The database with its secret, and the log of a server without a cluster."""
        mlflow = mlflow_of(stack)
        if mlflow is None:
            return
        there = mlflow.database.existing
        name = there or f"{stack.name}-mlflow"
        yield Holding(Asset("database", name, f"{PATH}.database", FOUNDATION, DATABASE.call, imported=bool(there)))
        if not mlflow.on_cluster:
            part = self.on(cloud)
            yield Holding(
                Asset(part.log_kind, mlflow.log_bucket, PATH, FOUNDATION, SERVERLESS.call), once=part.log_types
            )

    def _on_cluster(self, stack: Stack, mlflow: Mlflow, part: MlflowPart) -> ModuleCall:
        return ModuleCall(
            component=self.name,
            name=SERVER.call,
            source="kubernetes/mlflow",
            layer=PLATFORM,
            arguments={
                "secret_name": mlflow.secret_name,
                "artifacts_bucket": mlflow.bucket,
                "database": {"cidr_blocks": part.database_ranges(stack), **part.known_by(mlflow)},
                "replicas": {"min": mlflow.replicas_min, "max": mlflow.replicas_max},
                "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
                **_image(mlflow),
                **_stated(default_permission=mlflow.default_permission),
                **_way_in(stack, mlflow, part),
                **part.arguments("mlflow", stack),
            },
            path=PATH,
            outputs=(Output("mlflow", SERVER, "Where the tracking server is."),),
        )

    def _serverless(self, stack: Stack, mlflow: Mlflow, part: MlflowPart) -> ModuleCall:
        uri = SERVERLESS.at("tracking_uri")
        return ModuleCall(
            component=self.name,
            name=SERVERLESS.call,
            source=f"{stack.provider}/mlflow_serverless",
            layer=FOUNDATION,
            arguments={
                "name": Var("name"),
                "network": NETWORK,
                "database": {**{name: DATABASE.at(name) for name in part.reached_by}, **part.known_by(mlflow)},
                "artifacts_bucket": BUCKETS.at(MLFLOW_BUCKET),
                "kms_keys": {purpose: key_id(purpose) for purpose in part.server_keys},
                "endpoint": {"host": mlflow.host, "certificate": mlflow.certificate},
                "client_cidrs": [*part.client_ranges(stack), *mlflow.client_cidrs],
                "logs": {"access_log_bucket": mlflow.log_bucket},
                **_image(mlflow),
                **_stated(default_permission=mlflow.default_permission),
                "tasks": {"min": mlflow.replicas_min, "max": mlflow.replicas_max, **_proxy_image(mlflow)},
                "deletion_protection": mlflow.database.deletion_protection,
                **part.arguments("mlflow_serverless", stack),
            },
            path=PATH,
            outputs=(Output("mlflow_tracking_uri", uri, "Address for MLFLOW_TRACKING_URI."),),
        )

    def _database(self, stack: Stack, mlflow: Mlflow, part: MlflowPart) -> ModuleCall:
        database = mlflow.database
        return ModuleCall(
            component=self.name,
            name=DATABASE.call,
            source=f"{stack.provider}/database",
            layer=FOUNDATION,
            arguments={
                "name": instance_of(mlflow),
                "network": NETWORK,
                "instance_class": database.instance_class,
                "high_availability": database.high_availability,
                "deletion_protection": database.deletion_protection,
                "kms_key": key_id("database"),
                "postgres": {
                    "database_name": DATABASE_NAME,
                    "version": database.postgres,
                    **part.postgres(database),
                },
                "storage": {"size_gib": database.storage_gib, "max_gib": database.grows_to_gib},
                "backups": {"days": database.backup_days, **part.backups(database)},
                "secret": {"name": mlflow.secret_name, **_secret(database)},
                "logs": {"kms_key": key_id("logs"), **part.logs(database)},
                **part.arguments("database", stack),
            },
            path=f"{PATH}.database",
        )


def instance_of(mlflow: Mlflow) -> Value:
    """Name of the database instance."""
    return mlflow.database.existing or INSTANCE


def _stated(**arguments: Value) -> dict[str, Value]:
    """The arguments that the spec states."""
    return {name: value for name, value in arguments.items() if value is not None}


def _secret(database: Database) -> dict[str, Value]:
    return _stated(password_version=database.password_version, recovery_days=database.recovery_days)


def _image(mlflow: Mlflow) -> dict[str, Value]:
    return {"image": mlflow.image} if mlflow.image else {}


def _proxy_image(mlflow: Mlflow) -> dict[str, Value]:
    return {"proxy_image": mlflow.proxy_image} if mlflow.proxy_image else {}


def _way_in(stack: Stack, mlflow: Mlflow, part: MlflowPart) -> dict[str, Value]:
    """Who may connect: the workloads and, with a name, the private load balancer and whoever is let through it."""
    namespaces = sorted({pool.namespace for pool in workload_pools_of(stack)})
    clients: dict[str, Value] = {"clients": {"namespaces": namespaces, **part.clients(stack, mlflow)}}
    return clients | ({"ingress": part.ingress(stack, mlflow)} if mlflow.host else {})


COMPONENT = MlflowComponent()
