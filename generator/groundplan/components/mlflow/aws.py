"""MLflow on AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING, surplus
from groundplan.clouds.aws.cloud import AWS
from groundplan.clouds.billing import Amount, kept
from groundplan.clouds.support import VersionInUse
from groundplan.components.base import Arguments, Aspects, Lookup, Meter
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.load_balancer.component import CONTROLLER
from groundplan.components.mlflow.component import SERVERLESS, MlflowPart
from groundplan.components.mlflow.meters import (
    LOG_DAYS,
    SERVER_DISK_GIB,
    database_meter,
    database_versions,
    server_hours,
    server_meter,
)
from groundplan.components.mlflow.part import PATH, Database, Mlflow, mlflow_of
from groundplan.components.network.component import private_ranges
from groundplan.components.network.part import ExistingNetwork, network_of
from groundplan.hcl.references import Ref, Template, Var
from groundplan.hcl.write import Term, Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack

ACCESS_LOG_GIB = Band(Decimal("0.1"), Decimal("0.5"), Decimal(5))


def _secret_after(mlflow: Mlflow, secret: str) -> str:
    """What becomes of the secret; `secret` is how the command line names it."""
    name, days = mlflow.secret_name, mlflow.database.recovery_days
    if not days:
        return (
            f"The secret `{name}` goes for good, so that its name is free at once: keep its `admin_password` and "
            f"`flask_secret_key` (`aws secretsmanager get-secret-value {secret}`) if the database is to come back from "
            "its snapshot"
        )
    return (
        f"The secret `{name}` can be brought back for {days} days, and its name is taken so long: "
        f"`aws secretsmanager delete-secret {secret} --force-delete-without-recovery` frees it, "
        f"and so does `{PATH}.database.recovery_days: 0`, applied before the destroy"
    )


def _snapshot_after(mlflow: Mlflow, database: str, region: str) -> str:
    """What becomes of the last snapshot."""
    name = mlflow.database.options.get("final_snapshot", f"{database}-final-…")
    return (
        f"The database's last snapshot, `{name}`, stays until "
        f"`aws rds delete-db-snapshot --db-snapshot-identifier <name> {region}`. The destroy schedules its key for "
        "deletion: to keep it longer, copy it under a key that stays "
        f"(`aws rds copy-db-snapshot --kms-key-id <key> {region}`). "
        f"`{PATH}.database.aws.restore_from` makes the next database from it"
    )


def _client_rule(mlflow: Mlflow) -> dict[str, str | Lookup]:
    """The rule that lets the servers in, which has no name to look it up by."""
    client = "cluster" if mlflow.on_cluster else "mlflow"
    rule = mlflow.database.options.get("client_rule")
    return {f'aws_vpc_security_group_ingress_rule.client["{client}"]': str(rule)} if rule else {}


def _credits(database: Database) -> Amount | None:
    """CPU of the instance that answers; a standby only follows."""
    size = AWS.catalog.database(database.instance_class)
    return surplus(database.instance_class.removeprefix("db."), HOURS_PER_MONTH * size.vcpus) if size else None


class AwsMlflow(MlflowPart):
    """MLflow on AWS."""

    reached_by = ("port", "secret_id", "secret_name", "security_group_id")
    log_types = "aws_s3_bucket"

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The database takes security groups as its clients, the server on the cluster its region."""
        mlflow = mlflow_of(stack)
        if module == "mlflow":
            return {"region": Var("region")}
        if module != "database":
            return {}
        if mlflow and mlflow.on_cluster:
            clients = {"cluster": CLUSTER.at("security_group_id")}
        else:
            clients = {"mlflow": Ref(SERVERLESS.call, "client_security_group_id")}
        return {"client_security_group_ids": cast(Value, clients)}

    def known_by(self, mlflow: Mlflow) -> Arguments:
        """Authorities that the spec states; otherwise the servers fetch those of the region."""
        return mlflow.database.option("ca_bundle_pem")

    def postgres(self, database: Database) -> Arguments:
        """RDS upgrades to another major version only when told that it may."""
        return database.option("allow_major_upgrade")

    def backups(self, database: Database) -> Arguments:
        """The snapshot made at a destroy, and one to make the database from."""
        return {**database.option("final_snapshot"), **database.option("restore_from")}

    def ingress(self, stack: Stack, mlflow: Mlflow) -> Arguments:
        """An Ingress of the load balancer controller, open to the ranges that may connect and to nobody else."""
        annotations = {"inbound-cidrs": _listed([*private_ranges(stack), *mlflow.client_cidrs])}
        network = network_of(stack)
        if isinstance(network, ExistingNetwork):
            # The controller would choose by tags, which others set; the pods let connections in from these subnets.
            annotations["subnets"] = _listed(network.private_subnet_ids)
        return {
            "class_name": CONTROLLER.at("ingress_class"),
            **super().ingress(stack, mlflow),
            "annotations": {f"alb.ingress.kubernetes.io/{name}": value for name, value in annotations.items()},
        }

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """A name is that of a load balancer, which keeps an access log where the server is serverless."""
        mlflow = mlflow_of(stack)
        if mlflow is None:
            return
        if above := _credits(mlflow.database):
            yield database_meter(BILLING.database_credits(above), "usage")
        if not mlflow.host:
            return
        if not mlflow.on_cluster:
            log = kept(ACCESS_LOG_GIB, LOG_DAYS)
            words = f"0.1 to 5 GiB of access log a month, half a GiB expected; {log.words}"
            yield server_meter(mlflow, BILLING.bucket(Amount(log.band, words)), "usage")
            servers = f"{mlflow.replicas_min} servers, up to {mlflow.replicas_max}"
            for use in BILLING.scratch(server_hours(mlflow), SERVER_DISK_GIB, servers):
                yield server_meter(mlflow, use)
        capacity = Amount.around_the_clock("one capacity unit on average")
        for use in BILLING.load_balancer("application", "a private load balancer, around the clock", capacity):
            yield server_meter(mlflow, use)

    def versions(self, stack: Stack, catalog: Catalog) -> Iterable[VersionInUse]:
        """The module has extended support turned off, so that RDS upgrades the database."""
        return database_versions(stack, catalog, "PostgreSQL {} on RDS", lambda _: None)

    def cautions(self, stack: Stack) -> Iterable[str]:
        """What a destroy leaves under a name that the next environment of this name wants, or takes away for good."""
        mlflow = mlflow_of(stack)
        if mlflow is None:
            return
        region = f"--region {stack.region}"
        secret, database = f"--secret-id {mlflow.secret_name} {region}", f"{stack.name}-mlflow"
        yield _secret_after(mlflow, secret)
        yield _snapshot_after(mlflow, database, region)
        yield (
            f"Late lines of a log may bring a log group back, `/aws/rds/instance/{database}/postgresql` for one: where "
            "the next apply says that a group exists, "
            f"`aws logs delete-log-group --log-group-name <group> {region}`"
        )

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """The instance without a last snapshot, and its secret.

        https://docs.aws.amazon.com/cli/latest/reference/rds/delete-db-instance.html
        """
        if asset.kind != "database":
            return ()
        instance, region = f"--db-instance-identifier {asset.name}", f"--region {stack.region}"
        secret = f"{asset.name.removesuffix('-mlflow')}/mlflow"
        return (
            f"aws rds modify-db-instance {instance} --no-deletion-protection --apply-immediately {region}",
            f"aws rds delete-db-instance {instance} --skip-final-snapshot {region}",
            f"aws secretsmanager delete-secret --secret-id {secret} {region}",
        )

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The instance with its groups, role, logs and secret; ids that only the cloud knows are looked up by name.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#import
        """
        mlflow = mlflow_of(stack)
        if asset.kind != "database" or mlflow is None or not mlflow.database.existing:
            return {}
        name, database = asset.name, mlflow.database
        role, policy = f"{name}-database-monitoring", "service-role/AmazonRDSEnhancedMonitoringRole"
        parts: Mapping[str, Mapping[str, str | Lookup]] = {
            "logs": {
                f'aws_cloudwatch_log_group.this["{log}"]': f"/aws/rds/instance/{name}/{log}"
                for log in ("postgresql", "upgrade")
            },
            "monitoring_role": {
                "aws_iam_role.monitoring": role,
                "aws_iam_role_policy_attachment.monitoring": f"{role}/arn:aws:iam::aws:policy/{policy}",
            },
            "parameter_group": {"aws_db_parameter_group.this": f"{name}-postgres{database.postgres}"},
            "secret": {
                "aws_secretsmanager_secret.this": Lookup("aws_secretsmanager_secret", "name", mlflow.secret_name, "arn")
            },
            "security_group": {
                "aws_security_group.this": Lookup("aws_security_group", "name", f"{name}-database", "id")
            },
            "subnet_group": {"aws_db_subnet_group.this": name},
        }
        there = {
            address: id_ for part, ids in parts.items() if not database.lacks(part) for address, id_ in ids.items()
        }
        return {"aws_db_instance.this": name, **there, **_client_rule(mlflow)}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        mlflow = mlflow_of(stack)
        serverless = mlflow is not None and not mlflow.on_cluster
        named = mlflow is not None and bool(mlflow.host)
        return {
            "servers": "ECS on Fargate" if serverless else "pods on the system pool",
            "reached by": "internal Application Load Balancer, TLS by ACM"
            if named
            else "the service inside the cluster, or kubectl port-forward",
            "database": "RDS for PostgreSQL, private, TLS only, from named security groups",
            "restore": "to any second of backup_days",
            "password": "Secrets Manager, written with write-only arguments",
        }


def _listed(items: Sequence[Value]) -> Value:
    """The items in one string, as annotations take them; those that are looked up as expressions in it."""
    pieces = [piece for item in items for piece in (", ", item if isinstance(item, Term) else str(item))][1:]
    return Template(*pieces) if any(isinstance(piece, Term) for piece in pieces) else "".join(map(str, pieces))


PART = AwsMlflow()
