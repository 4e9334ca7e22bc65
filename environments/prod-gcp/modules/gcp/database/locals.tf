data "google_project" "this" {}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")

  # The class decides the edition; unsaid, PostgreSQL from 16 on is Enterprise Plus, which refuses db-custom.
  enterprise_plus = startswith(var.instance_class, "db-perf-optimized-")

  # Write-ahead logs are kept for at most so long. https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
  log_days = min(var.backups.days, local.enterprise_plus ? 35 : 7)

  port = 5432

  # PostgreSQL's own log, that of an upgrade, and what pgAudit writes.
  log_filter = join(" AND ", [
    "resource.type=\"cloudsql_database\"",
    "resource.labels.database_id=\"${local.project}:${var.name}\"",
    "(log_id(\"cloudsql.googleapis.com/postgres.log\") OR log_id(\"cloudsql.googleapis.com/postgres-upgrade.log\") OR log_id(\"cloudaudit.googleapis.com/data_access\"))",
  ])
}
