"""What MLflow needs of other components, and gives to workloads."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.mlflow.component import DATABASE, SERVER
from groundplan.components.mlflow.part import PATH, Mlflow, mlflow_of
from groundplan.components.mlflow.resolve import MLFLOW_BUCKET
from groundplan.components.needs import (
    Advice,
    BucketName,
    BucketOwner,
    ClusterService,
    Database,
    Identity,
    Key,
    Metrics,
    NodeRanges,
    PrivateHost,
    Servers,
    Variable,
)
from groundplan.stack.model import Need, Stack

NAMESPACE = SERVICE_ACCOUNT = "mlflow"
PORT = 5000
TRACKING_URI = f"http://mlflow.{NAMESPACE}.svc.cluster.local:{PORT}"
"""Where the module kubernetes/mlflow answers inside the cluster."""


def needs(stack: Stack) -> Iterable[Need]:
    """Keys, its database, a bucket; an identity on the cluster, servers without one; a name where it has one."""
    mlflow = mlflow_of(stack)
    if mlflow is None:
        return
    yield Key("database")
    yield Key("logs")
    yield BucketOwner(MLFLOW_BUCKET, PATH, f"{PATH}.artifacts_gib")
    yield _database(mlflow)
    if mlflow.host:
        yield PrivateHost(mlflow.host, PATH, ingress=mlflow.on_cluster)
    yield from _on_cluster() if mlflow.on_cluster else _serverless(mlflow)
    yield from _for_workloads(TRACKING_URI if mlflow.on_cluster else f"https://{mlflow.host}")


def _database(mlflow: Mlflow) -> Database:
    database = mlflow.database
    return Database(
        path=f"{PATH}.database",
        instance_class=database.instance_class,
        storage_gib=database.storage_gib,
        high_availability=database.high_availability,
        identifier=DATABASE.at("identifier"),
    )


def _on_cluster() -> Iterable[Need]:
    """The tracking server touches its bucket and its secret, and nothing else."""
    yield Identity(
        name="mlflow",
        namespace=NAMESPACE,
        service_account=SERVICE_ACCOUNT,
        path=PATH,
        writes=(MLFLOW_BUCKET,),
        secrets=(DATABASE.at("secret_id"),),
    )
    yield Metrics("mlflow", SERVER)
    yield ClusterService(NAMESPACE, PORT)
    yield NodeRanges()


def _serverless(mlflow: Mlflow) -> Iterable[Need]:
    yield Servers(mlflow.replicas_max, PATH)
    if mlflow.log_bucket:
        yield BucketName(mlflow.log_bucket, PATH)


def _for_workloads(uri: str) -> Iterable[Need]:
    yield Variable("MLFLOW_TRACKING_URI", uri, "name and password of a user come from a secret of yours")
    yield Advice(
        "`MLFLOW_TRACKING_URI` is set; MLflow lets nobody in without a name and a password. Put those of a user into a "
        "secret of yours."
    )
