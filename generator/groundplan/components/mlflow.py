"""MLflow on the cluster: its database in the foundation, its servers in the platform."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.components.base import FOUNDATION, PLATFORM, POOL_LABEL, Meter, MeterKind, ModuleCall, Output, Quantity
from groundplan.components.keys import key_arn
from groundplan.components.network import NETWORK
from groundplan.render.hcl import Expression, Value
from groundplan.stack.model import HOURS_PER_MONTH, SYSTEM_POOL, Mlflow, Network, Stack
from groundplan.stack.tracking import price_item

PATH = "tracking.mlflow"
DATABASE_LOG_GIB = Quantity(Decimal("0.2"), Decimal(1), Decimal(10))


class MlflowComponent:
    """The database and the tracking server."""

    name = "mlflow"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """The database module in the foundation and the server's module on the cluster."""
        if stack.mlflow is None:
            return
        yield self._database(stack, stack.mlflow)
        yield ModuleCall(
            component=self.name,
            name="mlflow",
            source="kubernetes/mlflow",
            layer=PLATFORM,
            arguments={
                "region": Expression("var.region"),
                "secret_name": stack.mlflow.secret_name,
                "artifacts_bucket": stack.mlflow.bucket,
                "database": {"cidr_blocks": _database_ranges(stack)},
                "replicas": {"min": stack.mlflow.replicas_min, "max": stack.mlflow.replicas_max},
                "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
                "clients": {"namespaces": sorted({pool.namespace for pool in stack.workload_pools})},
            },
            path=PATH,
            outputs=(Output("mlflow", Expression("module.mlflow.mlflow"), "Where the tracking server is."),),
        )

    def _database(self, stack: Stack, mlflow: Mlflow) -> ModuleCall:
        database = mlflow.database
        return ModuleCall(
            component=self.name,
            name="mlflow_database",
            source=f"{stack.provider}/database",
            layer=FOUNDATION,
            arguments={
                "name": Expression('"${var.name}-mlflow"'),
                "network": NETWORK,
                "client_security_group_ids": {"cluster": Expression("module.cluster.cluster.security_group_id")},
                "instance_class": database.instance_class,
                "high_availability": database.high_availability,
                "deletion_protection": database.deletion_protection,
                "kms_key_arn": key_arn("database"),
                "postgres": {"database_name": "mlflow"},
                "storage": {"size_gib": database.storage_gib, "max_gib": database.storage_gib * 2},
                "backups": {"days": database.backup_days},
                "secret": {"name": mlflow.secret_name},
                "logs": {"kms_key_arn": key_arn("logs")},
            },
            path=f"{PATH}.database",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The database with its logs and secret; artifacts are a bucket, servers run on the system pool."""
        if stack.mlflow is None:
            return
        database = stack.mlflow.database
        storage = "database.storage_ha" if database.high_availability else "database.storage"
        item = price_item(database.instance_class, database.high_availability)
        words = "two instances in two zones" if database.high_availability else "one instance"
        size = Quantity(Decimal(database.storage_gib), Decimal(database.storage_gib), Decimal(database.storage_gib * 2))
        hours = Quantity.of(HOURS_PER_MONTH)
        yield self._meter(item, "hour", hours, f"{words}, around the clock")
        yield self._meter(storage, "gib_month", size, "grows by itself to twice its size at the most")
        yield self._meter(
            "logs.ingested", "gib", DATABASE_LOG_GIB, "0.2 to 10 GiB of PostgreSQL logs, 1 expected", "usage"
        )
        yield self._meter("secrets.secret", "secret_month", Quantity.of(1), "one secret, read at every start")

    def _meter(self, item: str, unit: str, quantity: Quantity, assumption: str, kind: MeterKind = "fixed") -> Meter:
        return Meter(
            component=self.name,
            item=item,
            unit=unit,
            quantity=quantity,
            assumption=assumption,
            kind=kind,
            path=f"{PATH}.database",
            address="module.mlflow_database",
        )


def _database_ranges(stack: Stack) -> Value:
    """Where the database may be, for the network policy: the private subnets, or any private range."""
    if isinstance(stack.network, Network):
        return [zone.private_cidr for zone in stack.network.zones]
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
