# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

variables {
  name = "fraud-dev"
  network = {
    id                 = "vpc-0a1b2c3d4e5f60718"
    private_subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
  client_security_group_ids = { cluster = "sg-0a1b2c3d4e5f60001", jump-host = "sg-0a1b2c3d4e5f60002" }
  instance_class            = "db.m7g.large"
  postgres                  = { database_name = "mlflow" }
  storage                   = { size_gib = 50, max_gib = 200 }
  kms_key                   = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
  logs                      = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000002" }
  secret                    = { name = "fraud-dev/mlflow" }
}

run "survives" {
  command = plan

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.backup_retention_period == 14 && aws_db_instance.this.deletion_protection
    error_message = "a standby, two weeks of backups and protection from deletion unless the caller says otherwise"
  }

  assert {
    condition     = !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.copy_tags_to_snapshot
    error_message = "a destroy leaves a snapshot with a known name"
  }

  assert {
    condition     = aws_db_instance.this.storage_type == "gp3" && aws_db_instance.this.allocated_storage == 50 && aws_db_instance.this.max_allocated_storage == 200
    error_message = "storage grows as stated"
  }

  assert {
    condition     = aws_db_instance.this.auto_minor_version_upgrade && aws_db_instance.this.engine_version == "18" && !aws_db_instance.this.allow_major_version_upgrade && aws_db_instance.this.engine_lifecycle_support == "open-source-rds-extended-support-disabled"
    error_message = "minor versions come by themselves, major ones do not, and nobody pays for extended support"
  }

  assert {
    condition     = aws_db_instance.this.backup_window == "02:00-03:00" && aws_db_instance.this.maintenance_window == "sun:04:00-sun:05:00"
    error_message = "RDS works at night and never does both at once"
  }
}

run "is_closed" {
  command = plan

  assert {
    condition     = !aws_db_instance.this.publicly_accessible && toset(aws_db_subnet_group.this.subnet_ids) == toset(var.network.private_subnet_ids) && aws_security_group.this.vpc_id == var.network.id
    error_message = "in private subnets only"
  }

  assert {
    condition     = jsonencode({ for name, rule in aws_vpc_security_group_ingress_rule.client : name => rule.referenced_security_group_id }) == jsonencode(var.client_security_group_ids)
    error_message = "the named groups connect"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.client : rule.from_port == 5432 && rule.to_port == 5432 && rule.ip_protocol == "tcp" && rule.cidr_ipv4 == null])
    error_message = "to the port of PostgreSQL and by group, never by address"
  }

  assert {
    condition     = jsonencode({ for p in aws_db_parameter_group.this.parameter : p.name => p.value if p.apply_method == "pending-reboot" }) == jsonencode({ "rds.force_ssl" = "1", ssl_min_protocol_version = "TLSv1.2" })
    error_message = "connections without TLS 1.2 are refused"
  }

  assert {
    condition     = aws_db_instance.this.ca_cert_identifier == "rds-ca-rsa2048-g1" && aws_db_instance.this.iam_database_authentication_enabled
    error_message = "current certificate authority; people log in as themselves"
  }
}

run "is_encrypted" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.kms_key && aws_db_instance.this.performance_insights_kms_key_id == var.kms_key && aws_secretsmanager_secret.this.kms_key_id == var.kms_key
    error_message = "storage, performance data and the secret are encrypted with the given key"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.logs.kms_key && group.retention_in_days == 365])
    error_message = "logs are encrypted with their key and kept for a year"
  }
}

run "is_seen" {
  command = plan

  assert {
    condition     = toset([for group in aws_cloudwatch_log_group.this : group.name]) == toset(["/aws/rds/instance/fraud-dev/postgresql", "/aws/rds/instance/fraud-dev/upgrade"]) && aws_db_instance.this.enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"])
    error_message = "logs go to the groups that RDS would make"
  }

  assert {
    condition     = jsonencode({ for p in aws_db_parameter_group.this.parameter : p.name => p.value if p.apply_method != "pending-reboot" }) == jsonencode({ log_statement = "ddl", log_min_duration_statement = "1000" })
    error_message = "changes of the schema and slow statements are logged"
  }

  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.performance_insights_retention_period == 7 && aws_db_instance.this.database_insights_mode == "standard" && aws_db_instance.this.monitoring_interval == 60
    error_message = "load by query for the seven days that cost nothing; the operating system once a minute"
  }

  assert {
    condition     = toset(flatten([for c in data.aws_iam_policy_document.monitoring_trust.statement[0].condition : c.values])) == toset(["111122223333", "arn:aws:rds:us-east-1:111122223333:db:fraud-dev"])
    error_message = "RDS uses the role for this instance only"
  }
}

run "password_is_nowhere" {
  command = plan

  assert {
    condition     = aws_db_instance.this.password == null && aws_db_instance.this.password_wo_version == 1 && aws_secretsmanager_secret_version.this[0].secret_string == null && aws_secretsmanager_secret_version.this[0].secret_string_wo_version == 1
    error_message = "password and secret are write-only, under the same version"
  }

  assert {
    condition     = aws_secretsmanager_secret.this.name == "fraud-dev/mlflow" && aws_secretsmanager_secret.this.recovery_window_in_days == 30
    error_message = "the secret has the given name and can be brought back, should the database refuse to go"
  }
}

run "its_names_are_free_after_a_destroy" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 0
    error_message = "who has unprotected the database wants the secret's name again"
  }
}

run "each_life_has_its_final_snapshot" {
  command = plan

  override_resource {
    target          = aws_security_group.this
    values          = { id = "sg-0a1b2c3d4e5f60718" }
    override_during = plan
  }

  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == "fraud-dev-final-0a1b2c3d4e5f60718"
    error_message = "RDS refuses a snapshot under the name of that of an earlier life"
  }
}

run "password_is_rotated_together" {
  command = plan

  variables {
    secret = { name = "fraud-dev/mlflow", password_version = 2 }
  }

  assert {
    condition     = aws_db_instance.this.password_wo_version == 2 && aws_secretsmanager_secret_version.this[0].secret_string_wo_version == 2
    error_message = "one number rotates both"
  }
}

run "small_and_plain" {
  command = plan

  variables {
    instance_class      = "db.t4g.medium"
    high_availability   = false
    deletion_protection = false
    storage             = { size_gib = 20 }
    postgres            = { database_name = "mlflow", version = "17" }
    backups             = { days = 1, final_snapshot = "fraud-dev-before-move", restore_from = "rds:fraud-dev-2026-11-22-02-10" }
  }

  assert {
    condition     = !aws_db_instance.this.multi_az && !aws_db_instance.this.deletion_protection && aws_db_instance.this.backup_retention_period == 1
    error_message = "what the caller turns off is off"
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "postgres17" && aws_db_instance.this.engine_version == "17" && aws_db_parameter_group.this.name == "fraud-dev-postgres17"
    error_message = "the parameter group is of the same major version"
  }

  assert {
    condition     = aws_db_instance.this.snapshot_identifier == "rds:fraud-dev-2026-11-22-02-10" && aws_db_instance.this.final_snapshot_identifier == "fraud-dev-before-move"
    error_message = "made from one snapshot, leaves another"
  }
}

run "rejects_name" {
  command = plan
  variables {
    name = "fraud--dev"
  }
  expect_failures = [var.name]
}

run "rejects_one_subnet" {
  command = plan
  variables {
    network = { id = "vpc-0a1b2c3d4e5f60718", private_subnet_ids = ["subnet-0a1b2c3d4e5f60001"] }
  }
  expect_failures = [var.network]
}

run "rejects_client_by_address" {
  command = plan
  variables {
    client_security_group_ids = { office = "203.0.113.0/24" }
  }
  expect_failures = [var.client_security_group_ids]
}

run "rejects_no_client" {
  command = plan
  variables {
    client_security_group_ids = {}
  }
  expect_failures = [var.client_security_group_ids]
}

run "rejects_machine_type" {
  command = plan
  variables {
    instance_class = "m7g.large"
  }
  expect_failures = [var.instance_class]
}

run "rejects_reserved_database_name" {
  command = plan
  variables {
    postgres = { database_name = "rdsadmin" }
  }
  expect_failures = [var.postgres]
}

run "rejects_minor_version" {
  command = plan
  variables {
    postgres = { database_name = "mlflow", version = "18.1" }
  }
  expect_failures = [var.postgres]
}

run "rejects_small_storage" {
  command = plan
  variables {
    storage = { size_gib = 10 }
  }
  expect_failures = [var.storage]
}

run "rejects_growth_to_less" {
  command = plan
  variables {
    storage = { size_gib = 50, max_gib = 50 }
  }
  expect_failures = [var.storage]
}

run "rejects_no_backup" {
  command = plan
  variables {
    backups = { days = 0 }
  }
  expect_failures = [var.backups]
}

run "rejects_final_snapshot_name" {
  command = plan
  variables {
    backups = { final_snapshot = "fraud_dev" }
  }
  expect_failures = [var.backups]
}

run "rejects_snapshot_name" {
  command = plan
  variables {
    backups = { restore_from = "s3://dumps/fraud" }
  }
  expect_failures = [var.backups]
}

run "rejects_backup_window" {
  command = plan
  variables {
    windows = { backup = "2am" }
  }
  expect_failures = [var.windows]
}

run "rejects_maintenance_window" {
  command = plan
  variables {
    windows = { maintenance = "Sunday" }
  }
  expect_failures = [var.windows]
}

run "rejects_windows_that_meet" {
  command = plan
  variables {
    windows = { backup = "04:30-05:30" }
  }
  expect_failures = [var.windows]
}

run "rejects_maintenance_over_midnight" {
  command = plan
  variables {
    windows = { maintenance = "sat:04:00-sun:05:00" }
  }
  expect_failures = [var.windows]
}

run "rejects_key_alias" {
  command = plan
  variables {
    kms_key = "alias/aws/rds"
  }
  expect_failures = [var.kms_key]
}

run "rejects_logs_key_alias" {
  command = plan
  variables {
    logs = { kms_key = "alias/mine" }
  }
  expect_failures = [var.logs]
}

run "rejects_log_retention" {
  command = plan
  variables {
    logs = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000002", retention_days = 10 }
  }
  expect_failures = [var.logs]
}

run "rejects_secret_name" {
  command = plan
  variables {
    secret = { name = "fraud dev" }
  }
  expect_failures = [var.secret]
}

run "rejects_password_version" {
  command = plan
  variables {
    secret = { name = "fraud-dev/mlflow", password_version = -1 }
  }
  expect_failures = [var.secret]
}

run "rejects_recovery_days" {
  command = plan
  variables {
    secret = { name = "fraud-dev/mlflow", recovery_days = 3 }
  }
  expect_failures = [var.secret]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.monitoring.permissions_boundary == var.permissions_boundary
    error_message = "roles carry the boundary"
  }
}

run "rejects_name_as_permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "bounded"
  }

  expect_failures = [var.permissions_boundary]
}
run "password_of_a_database_that_is_there_stays" {
  command = plan

  variables {
    secret = { name = "fraud-dev/mlflow", password_version = 0 }
  }

  assert {
    condition     = aws_db_instance.this.password_wo_version == null && length(aws_secretsmanager_secret_version.this) == 0
    error_message = "neither a password nor a version of the secret is made"
  }
}
