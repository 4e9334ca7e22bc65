resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.network.private_subnet_ids
}

# A group of another major version beside this one, so that an upgrade changes over before the old group goes.
resource "aws_db_parameter_group" "this" {
  name        = "${var.name}-postgres${var.postgres.version}"
  description = "PostgreSQL ${var.postgres.version} of ${var.name}"
  family      = "postgres${var.postgres.version}"

  # These two are RDS's own defaults today, written down so that they stay. RDS reports a parameter that equals its default as
  # pending-reboot, whatever was asked for; with "immediate" every plan would show a change.
  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "ssl_min_protocol_version"
    value        = "TLSv1.2"
    apply_method = "pending-reboot"
  }

  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1000" # milliseconds
  }

  lifecycle {
    create_before_destroy = true
  }
}

# RDS writes to these names whether the groups exist or not. Made first, they have our retention and key, and go with a destroy.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:GP918 reports a planned retention of less than a year, which is the default
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_133:GP914 reports fewer than seven planned days; the validation refuses 0, which the check cannot see inside the object
  #checkov:skip=CKV_AWS_157:GP913 reports a planned database without a standby; there is one unless the caller turns it off
  #checkov:skip=CKV_AWS_293:GP907 reports a planned database without protection, which has to be possible before a destroy

  identifier     = var.name
  instance_class = var.instance_class
  multi_az       = var.high_availability

  engine         = "postgres"
  engine_version = var.postgres.version

  # The major version alone: RDS takes the newest minor one and keeps it so in the maintenance window. Without extended support a
  # forgotten major version is upgraded at its end instead of charged for by the vCPU-hour.
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = var.postgres.allow_major_upgrade
  engine_lifecycle_support    = "open-source-rds-extended-support-disabled"

  db_name             = var.postgres.database_name
  username            = var.postgres.database_name
  password_wo         = var.secret.password_version > 0 ? ephemeral.random_password.database.result : null
  password_wo_version = var.secret.password_version > 0 ? var.secret.password_version : null
  port                = local.port

  # Lets people and tools log in as themselves once a database role is granted rds_iam; nobody has it before.
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  allocated_storage     = var.storage.size_gib
  max_allocated_storage = var.storage.max_gib
  storage_encrypted     = true
  kms_key_id            = var.kms_key

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period   = var.backups.days
  backup_window             = var.windows.backup
  maintenance_window        = var.windows.maintenance
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = coalesce(var.backups.final_snapshot, local.final_snapshot)
  snapshot_identifier       = var.backups.restore_from

  enabled_cloudwatch_logs_exports = keys(aws_cloudwatch_log_group.this)
  monitoring_interval             = 60 # seconds
  monitoring_role_arn             = aws_iam_role.monitoring.arn

  # The standard mode of Database Insights: seven days of load by query, free of charge.
  database_insights_mode                = "standard"
  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  performance_insights_kms_key_id       = var.kms_key

  # No prevent_destroy: it is no argument a caller could set, and deletion_protection also stops a replacement and the console.
  lifecycle {
    ignore_changes = [snapshot_identifier]
  }

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}
