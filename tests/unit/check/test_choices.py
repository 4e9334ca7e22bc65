"""What a spec may choose and a reviewer should know of: versions, standby, backups, logs, images and secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import Severity
from tests.unit.check.planned import breaches, planned, together, violations

RDS: dict[str, Any] = {"multi_az": True, "backup_retention_period": 14}


def bucket(name: str = "x", **more: Any) -> dict[str, Any]:
    return planned("aws_s3_bucket", {}, name, **{"bucket": "data", "versioning": []} | more)


def versions(status: str = "Enabled", name: str = "x", **more: Any) -> dict[str, Any]:
    return planned("aws_s3_bucket_versioning", {}, name, versioning_configuration=[{"status": status}], **more)


def refers(plan: dict[str, Any], kind: str, argument: str, *references: str) -> dict[str, Any]:
    """The plan with a configuration in which the argument of `kind.x` refers to something."""
    resource = {"address": f"{kind}.x", "expressions": {argument: {"references": list(references)}}}
    return {**plan, "configuration": {"root_module": {"resources": [resource]}}}


def test_a_bucket_of_aws_has_its_versions_apart(tmp_path: Path) -> None:
    kind = "aws_s3_bucket_versioning"
    assert breaches("GP912", tmp_path, bucket()) == ["versioning is off"]
    assert not breaches("GP912", tmp_path, together(bucket(), versions(bucket="data")))
    assert breaches("GP912", tmp_path, together(bucket(), versions(bucket="other")))
    assert breaches("GP912", tmp_path, together(bucket(), versions("Suspended", bucket="data")))
    assert not breaches("GP912", tmp_path, bucket(versioning=[{"enabled": True}]))
    by_reference = refers(together(bucket(), versions()), kind, "bucket", "aws_s3_bucket.x.id", "aws_s3_bucket.x")
    assert not breaches("GP912", tmp_path, by_reference)
    assert breaches("GP912", tmp_path, refers(together(bucket(), versions()), kind, "bucket", "aws_s3_bucket.y.id"))
    assert breaches("GP912", tmp_path, together(bucket(), versions()))


def test_of_several_buckets_the_one_without_versions_is_named(tmp_path: Path) -> None:
    plan = together(bucket('x["a"]'), bucket('x["b"]', bucket="b"), versions(name='x["a"]'))
    plan = refers(plan, "aws_s3_bucket_versioning", "bucket", "aws_s3_bucket.x", "each.key")
    assert [found.address for found in violations("GP912", tmp_path, plan)] == ['aws_s3_bucket.x["b"]']


def test_a_bucket_of_google_has_them_in_itself(tmp_path: Path) -> None:
    assert breaches("GP912", tmp_path, planned("google_storage_bucket", versioning=[{"enabled": False}]))
    assert breaches("GP912", tmp_path, planned("google_storage_bucket", versioning=[]))
    assert not breaches("GP912", tmp_path, planned("google_storage_bucket", versioning=[{"enabled": True}]))


def sql(availability: str | None = "REGIONAL", backups: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    kept = {"enabled": True, "point_in_time_recovery_enabled": True, "backup_retention_settings": [], **(backups or {})}
    settings = {"availability_type": availability, "backup_configuration": [kept]}
    return planned("google_sql_database_instance", settings=[settings], **more)


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (planned("aws_db_instance", **RDS), []),
        (planned("aws_db_instance", **RDS | {"multi_az": False}), ["multi_az is not on"]),
        (planned("aws_db_instance", **RDS | {"multi_az": None}), ["multi_az is not on"]),
        (planned("aws_db_instance", {"multi_az": True}), ["multi_az is known only after apply"]),
        (planned("aws_db_instance", **RDS | {"multi_az": False, "replicate_source_db": "main"}), []),
        (planned("aws_elasticache_replication_group"), ["multi_az_enabled is not on"]),
        (sql(), []),
        (sql("ZONAL"), ["settings.availability_type is not REGIONAL"]),
        (sql(None), ["settings.availability_type is not REGIONAL"]),
        (sql("ZONAL", master_instance_name="main"), []),
        (planned("google_redis_instance", tier="BASIC"), ["tier is not STANDARD_HA"]),
    ],
)
def test_standby(tmp_path: Path, plan: dict[str, Any], found: list[str]) -> None:
    assert breaches("GP913", tmp_path, plan) == found


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (planned("aws_db_instance", **RDS), []),
        (planned("aws_db_instance", backup_retention_period=7), []),
        (planned("aws_db_instance", backup_retention_period=1), ["backup_retention_period is 1, less than 7 days"]),
        (planned("aws_db_instance", backup_retention_period=0), ["backup_retention_period is 0, less than 7 days"]),
        (planned("aws_db_instance"), ["backup_retention_period is 0, less than 7 days"]),
        (planned("aws_rds_cluster"), ["backup_retention_period is 1, less than 7 days"]),
        (
            planned("aws_db_instance", {"backup_retention_period": True}),
            ["backup_retention_period is known only after apply"],
        ),
        (sql(), []),
        (sql(backups={"enabled": False}), ["backup_configuration.enabled is off"]),
        (sql(backups={"point_in_time_recovery_enabled": False}), ["point_in_time_recovery_enabled is off"]),
        (
            sql(backups={"backup_retention_settings": [{"retained_backups": 1}]}),
            ["retained_backups is 1, less than 7 days"],
        ),
        (
            sql(backups={"transaction_log_retention_days": 2}),
            ["transaction_log_retention_days is 2, less than 7 days"],
        ),
        (planned("google_sql_database_instance", settings=[{}]), ["backup_configuration.enabled is off"]),
    ],
)
def test_backups(tmp_path: Path, plan: dict[str, Any], found: list[str]) -> None:
    assert breaches("GP914", tmp_path, plan) == found


def endpoint(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    text = json.dumps({"Statement": [allow | statement for statement in statements]}) if statements else None
    name = {"service_name": "com.amazonaws.us-east-1.s3"}
    return planned("aws_vpc_endpoint", **name | {"policy": text} | more)


OWN = {"StringEquals": {"aws:ResourceAccount": ["123456789012"]}}
NAMED = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"


@pytest.mark.parametrize(
    ("plan", "count"),
    [
        (endpoint(), 1),
        (endpoint(policy=""), 1),
        (endpoint(policy="not JSON"), 1),
        (endpoint({}), 1),
        (endpoint({"Action": "s3:GetObject"}), 1),
        (endpoint({"Condition": OWN}, {"Action": "s3:GetObject"}), 1),
        (endpoint({"Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}}), 1),
        (endpoint({"Condition": {"StringLike": {"aws:ResourceAccount": "*"}}}), 1),
        (endpoint({"Condition": {"StringEqualsIfExists": {"aws:ResourceAccount": "123456789012"}}}), 1),
        (endpoint({"Condition": {"StringNotEquals": {"aws:ResourceAccount": "123456789012"}}}), 1),
        (endpoint({"Resource": "arn:aws:s3:::*/*"}), 1),
        (endpoint({"Resource": "arn:aws:s3:::a*/*"}), 1),
        (endpoint({"Resource": [NAMED, "*"]}), 1),
        (endpoint({"NotResource": NAMED}), 1),
        (endpoint({"Condition": OWN}), 0),
        (endpoint({"Condition": {"StringEquals": {"AWS:ResourceOrgID": "o-0a1b2c3d4e"}}}), 0),
        (endpoint({"Resource": NAMED, "Action": "s3:GetObject"}), 0),
        (endpoint({"Effect": "Deny"}, {"Condition": OWN}), 0),
        (endpoint(service_name="com.amazonaws.us-east-1.ecr.api"), 0),
        (planned("aws_vpc_endpoint_policy", policy=json.dumps({"Statement": {"Effect": "Allow", "Action": "*"}})), 1),
    ],
)
def test_endpoint_policy(tmp_path: Path, plan: dict[str, Any], count: int) -> None:
    found = violations("GP915", tmp_path, plan)
    assert len(found) == count
    assert all(one.severity is Severity.ERROR and one.chosen is None for one in found)


def test_image_admission(tmp_path: Path) -> None:
    enforced = [{"evaluation_mode": "PROJECT_SINGLETON_POLICY_ENFORCE"}]
    assert breaches("GP916", tmp_path, planned("google_container_cluster", binary_authorization=[]))
    assert breaches(
        "GP916", tmp_path, planned("google_container_cluster", binary_authorization=[{"evaluation_mode": "DISABLED"}])
    )
    assert not breaches("GP916", tmp_path, planned("google_container_cluster", binary_authorization=enforced))
    assert not breaches(
        "GP916", tmp_path, planned("google_container_cluster", binary_authorization=[{"enabled": True}])
    )


def test_secret_rotation(tmp_path: Path) -> None:
    secret, rotation = planned("aws_secretsmanager_secret"), planned("aws_secretsmanager_secret_rotation")
    kind = "aws_secretsmanager_secret_rotation"
    assert breaches("GP917", tmp_path, secret) == ["nothing rotates it"]
    assert not breaches(
        "GP917", tmp_path, refers(together(secret, rotation), kind, "secret_id", "aws_secretsmanager_secret.x.id")
    )
    assert breaches(
        "GP917", tmp_path, refers(together(secret, rotation), kind, "secret_id", "aws_secretsmanager_secret.y.id")
    )
    assert breaches("GP917", tmp_path, planned("google_secret_manager_secret", rotation=[]))
    assert not breaches(
        "GP917", tmp_path, planned("google_secret_manager_secret", rotation=[{"rotation_period": "7776000s"}])
    )


@pytest.mark.parametrize(
    ("plan", "count"),
    [
        (planned("aws_cloudwatch_log_group", retention_in_days=365), 0),
        (planned("aws_cloudwatch_log_group", retention_in_days=0), 0),
        (planned("aws_cloudwatch_log_group", retention_in_days=None), 0),
        (planned("aws_cloudwatch_log_group", retention_in_days=180), 1),
        (planned("aws_cloudwatch_log_group", {"retention_in_days": True}), 1),
        (planned("google_logging_project_bucket_config", retention_days=365), 0),
        (planned("google_logging_project_bucket_config", retention_days=7), 1),
        (planned("google_logging_project_bucket_config", retention_days=None), 1),
    ],
)
def test_log_retention(tmp_path: Path, plan: dict[str, Any], count: int) -> None:
    assert len(breaches("GP918", tmp_path, plan)) == count


DIGEST = "example.com/a:1@sha256:" + "0" * 64


def pod(*images: str, kind: str = "kubernetes_deployment_v1") -> dict[str, Any]:
    containers = {"container": [{"image": image} for image in images], "init_container": []}
    if kind == "kubernetes_pod_v1":
        return planned(kind, spec=[containers])
    template = {"template": [{"spec": [containers]}]}
    if kind == "kubernetes_cron_job_v1":
        return planned(kind, spec=[{"job_template": [{"spec": [template]}]}])
    return planned(kind, spec=[template])


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (pod(DIGEST), []),
        (pod("example.com/a:1"), ["example.com/a:1 has no digest"]),
        (pod("example.com/a:1", DIGEST, "example.com/a:1"), ["example.com/a:1 has no digest"]),
        (pod("example.com/a:1", kind="kubernetes_pod_v1"), ["example.com/a:1 has no digest"]),
        (pod("example.com/a:1", kind="kubernetes_cron_job_v1"), ["example.com/a:1 has no digest"]),
        (pod("example.com/a@latest", kind="kubernetes_daemon_set_v1"), ["example.com/a@latest has no digest"]),
        (planned("kubernetes_service_v1", spec=[{}]), []),
        (
            planned("aws_ecs_task_definition", container_definitions=json.dumps([{"image": "example.com/a:1"}])),
            ["example.com/a:1 has no digest"],
        ),
        (
            planned("google_cloud_run_v2_service", template=[{"containers": [{"image": "example.com/a:1"}]}]),
            ["example.com/a:1 has no digest"],
        ),
        (
            planned("google_cloud_run_v2_job", template=[{"template": [{"containers": [{"image": DIGEST}]}]}]),
            [],
        ),
    ],
)
def test_image_digest(tmp_path: Path, plan: dict[str, Any], found: list[str]) -> None:
    assert breaches("GP919", tmp_path, plan) == found


@pytest.mark.parametrize(
    ("plan", "count"),
    [
        (planned("aws_eks_cluster", deletion_protection=False), 1),
        (planned("aws_eks_cluster", {"deletion_protection": True}), 1),
        (planned("aws_lb", enable_deletion_protection=False), 1),
        (planned("google_container_cluster", deletion_protection=False), 1),
        (planned("google_container_cluster", deletion_protection=None), 0),
    ],
)
def test_what_others_depend_on_is_protected_too(tmp_path: Path, plan: dict[str, Any], count: int) -> None:
    assert len(breaches("GP907", tmp_path, plan)) == count
