"""What MLflow consumes: its database and, without a cluster, its servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import major
from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.clouds.support import VersionInUse, engine_version
from groundplan.components.base import Meter, MeterKind
from groundplan.components.mlflow.component import DATABASE, SERVER, SERVERLESS
from groundplan.components.mlflow.part import PATH, Database, Mlflow, mlflow_of
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Stack

LOG_GIB = Band(Decimal("0.2"), Decimal(1), Decimal(10))
LOG_DAYS = 365
"""What the modules of database and server keep their logs for, unless told otherwise."""
SERVER_VCPUS, SERVER_GIB = 1, 4
SERVER_DISK_GIB = Decimal(30)
"""What the module gives a server without a cluster, unless told otherwise."""


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """The database with its logs and secret; artifacts are a bucket, servers run on the system pool."""
    mlflow = mlflow_of(stack)
    if mlflow is None:
        return
    yield from _database(mlflow.database, billing)
    if not mlflow.on_cluster:
        yield from _servers(mlflow, billing)


def _database(database: Database, billing: Billing) -> Iterable[Meter]:
    ha, size, most = database.high_availability, Decimal(database.storage_gib), Decimal(database.grows_to_gib)
    yield database_meter(billing.database(database.instance_class, high_availability=ha))
    grown = "twice its size" if most == size * 2 else f"{most} GiB"
    gib = Amount.limited(Band(size, size, most), f"grows automatically to {grown} at most")
    yield database_meter(billing.database_storage(gib, high_availability=ha))
    yield database_meter(billing.database_backup(Band(size, size, most), database.backup_days), "usage")
    for use in billing.logs(Amount(LOG_GIB, "0.2 to 10 GiB of logs, 1 expected"), LOG_DAYS):
        yield database_meter(use, "usage")
    yield database_meter(billing.secret(Amount.of(1, "one secret, read at every start")))


def database_versions(
    stack: Stack, catalog: Catalog, title: str, then: Callable[[Amount], Use | None]
) -> Iterator[VersionInUse]:
    """The version of the database. `then` bills by vCPU-hours."""
    mlflow = mlflow_of(stack)
    database = mlflow.database if mlflow else None
    row = major(catalog.engine_versions, "postgres", database.postgres) if database else None
    if database is None or row is None:
        return
    size = catalog.database(database.instance_class)
    vcpus = (size.vcpus if size else 0) * (2 if database.high_availability else 1)
    hours = Amount.around_the_clock(f"{vcpus} vCPUs", vcpus) if vcpus else Amount(None, "the size is not known")
    yield engine_version(title, row, path=f"{PATH}.database.postgres", then=then(hours))


def _servers(mlflow: Mlflow, billing: Billing) -> Iterable[Meter]:
    hours, servers = server_hours(mlflow), f"{mlflow.replicas_min} servers, up to {mlflow.replicas_max}"
    vcpus = Amount.limited(hours.times(SERVER_VCPUS), f"{SERVER_VCPUS} vCPU each of {servers}")
    gib = Amount.limited(hours.times(SERVER_GIB), f"{SERVER_GIB} GiB each of {servers}")
    for use in billing.serverless(vcpus, gib):
        yield server_meter(mlflow, use)
    for use in billing.logs(Amount(LOG_GIB, "0.2 to 10 GiB of the server's log, 1 expected"), LOG_DAYS):
        yield server_meter(mlflow, use, "usage")


def server_hours(mlflow: Mlflow) -> Band:
    """Hours of servers, of which there are as few as possible until load brings more."""
    least, most = Decimal(mlflow.replicas_min), Decimal(mlflow.replicas_max)
    return Band(least, least, most).times(HOURS_PER_MONTH)


def database_meter(use: Use, kind: MeterKind = "fixed") -> Meter:
    """A meter of the database."""
    return Meter(use, component="mlflow", kind=kind, path=f"{PATH}.database", address=DATABASE.address)


def server_meter(mlflow: Mlflow, use: Use, kind: MeterKind = "fixed") -> Meter:
    """A meter of the tracking server, wherever it runs."""
    server = SERVER if mlflow.on_cluster else SERVERLESS
    return Meter(use, component="mlflow", kind=kind, path=PATH, address=server.address)
