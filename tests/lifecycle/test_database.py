"""A database with its network and keys, through its life: what Terraform makes up for it is in no state and no plan."""

from __future__ import annotations

import shutil
from pathlib import Path

from groundplan import paths
from groundplan.terraform.offline import offline_session

ROOT = """
    module "keys" {
      source   = "../modules/aws/keys"
      name     = "fraud-dev"
      purposes = ["logs", "database"]
    }

    module "network" {
      source    = "../modules/aws/network"
      name      = "fraud-dev"
      region    = "us-east-1"
      cidr      = "10.20.0.0/16"
      flow_logs = { kms_key = module.keys.keys.logs.id }
      zones = {
        use1-az2 = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.0.0/24" }
        use1-az4 = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
      }
    }

    resource "aws_security_group" "service" {
      name   = "fraud-dev-service"
      vpc_id = module.network.network.id
    }

    module "database" {
      source                    = "../modules/aws/database"
      name                      = "fraud-dev"
      network                   = module.network.network
      client_security_group_ids = { service = aws_security_group.service.id }
      instance_class            = "db.m7g.large"
      postgres                  = { database_name = "mlflow" }
      storage                   = { size_gib = 50, max_gib = 200 }
      kms_key               = module.keys.keys.database.id
      logs                      = { kms_key = module.keys.keys.logs.id }
      secret                    = { name = "fraud-dev/mlflow" }
    }

    output "database" { value = module.database.database }
"""
PASSWORDS = [32, 40, 64]
"""Lengths of the administrator's and the database's password and of the session key."""


def test_a_database_lives_and_leaves_no_secret(tmp_path: Path) -> None:
    shutil.copytree(paths.MODULES, tmp_path / "modules")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").write_text(ROOT, encoding="utf-8")
    with offline_session(tmp_path, ["root"]) as session:
        result = session.rehearse("root")
        issued = session.issued_secrets()
    assert result.ok, result.diagnostics
    assert result.created == result.destroyed >= 50
    assert result.changed_by_second_plan == 0
    assert result.secrets_searched == len(issued)
    made_up = {secret for secret in issued if secret.isalnum() and len(secret) in set(PASSWORDS)}
    assert sorted(map(len, made_up)) == PASSWORDS
    written = [secret for secret in issued if secret.startswith("{")]
    assert len(written) == 1
    assert all(secret in written[0] for secret in made_up), "one JSON text holds all three"
