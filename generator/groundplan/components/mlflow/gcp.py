"""MLflow on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from groundplan.clouds.gcp.facts import COLLECTORS
from groundplan.components.base import STATE, Arguments, Aspects, Meter, Note
from groundplan.components.gcp import LOG_BUCKET_CAUTION, beyond_free_days
from groundplan.components.mlflow.component import MlflowPart, server_meter
from groundplan.components.network.component import private_ranges
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Mlflow, Network, Stack

INGRESS_GIB = Band(Decimal(5), Decimal(50), Decimal(500))
"""Traffic of the tracking server through its load balancer: artifacts go through the server."""
RESTORE_DAYS = 7
"""Days that Cloud SQL Enterprise keeps write-ahead logs: https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/pitr."""


def _range(network: Network, name: str) -> Value:
    ranges = network.plan.arguments["ranges"]
    assert isinstance(ranges, Mapping)
    return ranges[name]


class GcpMlflow(MlflowPart):
    """MLflow on Google Cloud."""

    server_keys = ("storage", "logs")
    """The module takes none for the secret."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Region and labels of what is made in the foundation, the project of the server on the cluster."""
        if module == "mlflow":
            return {"project": Var("account_id")}
        region: dict[str, Value] = {"region": Var("region")}
        return region | {"tags": Var("tags")} if module == "database" else region

    def database_ranges(self, stack: Stack) -> Sequence[Value]:
        """Cloud SQL answers from the range of private services."""
        if isinstance(stack.network, Network):
            return [_range(stack.network, "private_services")]
        return super().database_ranges(stack)

    def clients(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """Only the load balancer's proxies talk to the pods; everybody else talks to the proxies."""
        clients: dict[str, Value] = {}
        if mlflow.host and isinstance(stack.network, Network):
            clients["cidr_blocks"] = [_range(stack.network, "proxies")]
        elif mlflow.host:
            clients["cidr_blocks"] = private_ranges(stack)
        if stack.monitoring and stack.monitoring.managed:
            clients["monitoring_namespace"] = COLLECTORS
        return clients

    def ingress(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """An Ingress of GKE's own controller."""
        return {"class_name": "gce-internal", **super().ingress(stack, mlflow)}

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What database, secret and a serverless server call."""
        if stack.mlflow is None or layer == STATE:
            return ()
        return ("secretmanager", "sqladmin", *(() if stack.mlflow.on_cluster else ("run",)))

    def service_agents(self, stack: Stack) -> Iterable[str]:
        """Database and secret use a key of ours."""
        return ("secretmanager", "sqladmin") if stack.mlflow else ()

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """A name is that of a load balancer; a proxy runs beside each server that has no cluster."""
        if stack.mlflow is None or not stack.mlflow.host:
            return
        if not stack.mlflow.on_cluster:
            least, most = Decimal(stack.mlflow.replicas_min), Decimal(stack.mlflow.replicas_max)
            each = Band(least, least, most).times(HOURS_PER_MONTH)
            words = "half a vCPU and a quarter GiB for the proxy beside each server"
            yield server_meter(stack.mlflow, "serverless.vcpu", "hour", each.times(Decimal("0.5")), words)
            yield server_meter(stack.mlflow, "serverless.memory", "gib_hour", each.times(Decimal("0.25")), words)
            words = "a policy that names who may connect"
            yield server_meter(stack.mlflow, "load_balancer.policy", "policy_month", Band.of(1), words)
        hours, words = Band.of(HOURS_PER_MONTH), "a private load balancer, around the clock"
        yield server_meter(stack.mlflow, "load_balancer.forwarding_rule", "hour", hours, words)
        words = "5 to 500 GiB of artifacts and requests, 50 expected"
        yield server_meter(stack.mlflow, "load_balancer.data", "gib", INGRESS_GIB, words)

    def billed(self, stack: Stack, meter: Meter) -> Meter:
        """Logs beyond the free days."""
        return beyond_free_days(meter)

    def cautions(self, stack: Stack) -> Iterable[str]:
        """The database's logs have a log bucket."""
        if stack.mlflow:
            yield LOG_BUCKET_CAUTION

    def notes(self, stack: Stack) -> Iterable[Note]:
        """What Cloud SQL, GKE's Ingress and Cloud Run do otherwise."""
        mlflow = stack.mlflow
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

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        serverless = stack.mlflow is not None and not stack.mlflow.on_cluster
        named = stack.mlflow is not None and bool(stack.mlflow.host)
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
