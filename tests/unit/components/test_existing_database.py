"""A database that is there already: what is imported of it, and what of it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import DiagnosticsError
from tests.unit.compose.test_moves import FOUNDATION, imported, on, removed, rendered

DATABASE = "module.mlflow_database"


def spec(cloud: str, **database: Any) -> dict[str, Any]:
    return on(cloud, tracking={"mlflow": {"database": database}})


def test_ids_that_only_the_cloud_knows_are_looked_up(tmp_path: Path) -> None:
    files = rendered(tmp_path, spec("aws", existing="team-db", aws={"client_rule": "sgr-0123456789abcdef0"}))
    ids = imported(files[FOUNDATION])
    assert ids[f"{DATABASE}.aws_db_instance.this"] == '"team-db"'
    assert ids[f"{DATABASE}.aws_db_subnet_group.this"] == '"team-db"'
    assert ids[f"{DATABASE}.aws_security_group.this"].startswith("data.aws_security_group.")
    assert ids[f"{DATABASE}.aws_secretsmanager_secret.this"].endswith(".arn")
    rule = f'{DATABASE}.aws_vpc_security_group_ingress_rule.client["cluster"]'
    assert ids[rule] == '"sgr-0123456789abcdef0"'
    assert len(ids) == 10
    main = files["10-foundation/main.tf"]
    assert '= "team-db"' in main and "password_version = 0" in main


def test_what_it_lacks_is_made_and_a_missing_secret_gets_a_password(tmp_path: Path) -> None:
    parts = ["logs", "monitoring_role", "parameter_group", "secret", "security_group", "subnet_group"]
    files = rendered(tmp_path, spec("aws", existing="team-db", aws={"lacks": parts}))
    assert imported(files[FOUNDATION]) == {f"{DATABASE}.aws_db_instance.this": '"team-db"'}
    assert "password_version" not in files["10-foundation/main.tf"]


def test_on_google_cloud_its_parts_have_names(tmp_path: Path) -> None:
    ids = imported(rendered(tmp_path, spec("gcp", existing="team-db", gcp={"lacks": ["log_sink"]}))[FOUNDATION])
    assert ids == {
        f"{DATABASE}.google_sql_database_instance.this": '"projects/ml-project/instances/team-db"',
        f"{DATABASE}.google_sql_database.this": '"projects/ml-project/instances/team-db/databases/mlflow"',
        f"{DATABASE}.google_sql_user.this": '"ml-project/team-db/mlflow"',
        f"{DATABASE}.google_secret_manager_secret.this": f'"projects/ml-project/secrets/{on("gcp")["name"]}-mlflow"',
        f"{DATABASE}.google_logging_project_bucket_config.this": (
            '"projects/ml-project/locations/us-central1/buckets/team-db-postgres"'
        ),
    }


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_one_that_was_taken_over_and_leaves_the_spec_is_forgotten_and_not_destroyed(cloud: str, tmp_path: Path) -> None:
    rendered(tmp_path, spec(cloud, existing="team-db"))
    assert DATABASE in removed(rendered(tmp_path, on(cloud))[FOUNDATION])
    back = rendered(tmp_path, spec(cloud, existing="team-db"))[FOUNDATION]
    assert any(address.startswith(DATABASE) for address in imported(back))


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_database_that_stands_becomes_no_other_one(cloud: str, tmp_path: Path) -> None:
    rendered(tmp_path, spec(cloud))
    with pytest.raises(DiagnosticsError) as caught:
        rendered(tmp_path, spec(cloud, existing="team-db"))
    assert [(one.code, one.path) for one in caught.value.diagnostics] == [
        ("GP308", "tracking.mlflow.database.existing")
    ]
    assert "remove `existing`" in str(caught.value.diagnostics[0].hint)


def test_one_that_was_taken_over_stays_named(tmp_path: Path) -> None:
    rendered(tmp_path, spec("aws", existing="team-db"))
    rendered(tmp_path, spec("aws", existing="team-db", backup_days=7))
    for other in ({}, {"existing": "other-db"}):
        with pytest.raises(DiagnosticsError) as caught:
            rendered(tmp_path, spec("aws", **other))
        assert "keep `existing: team-db`" in str(caught.value.diagnostics[0].hint)
