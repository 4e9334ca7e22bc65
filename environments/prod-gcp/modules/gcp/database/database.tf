resource "google_sql_database_instance" "this" {
  #checkov:skip=CKV_GCP_6:TLS is enforced (ENCRYPTED_ONLY). Client certificates would leave their private keys in the state, and clients prove themselves by password or IAM
  #checkov:skip=CKV_GCP_79:The input is held to versions 16 to 18, which PostgreSQL supports until 2028 or later; their upgrade is an outage that the owner times
  #checkov:skip=CKV_GCP_108:Clients are pods, whose addresses have no names; looking one up at every connection only delays the login
  #checkov:skip=CKV2_GCP_13:Query Insights, which is always on here, keeps the times of statements; a log line for each would hold nothing else
  name             = var.name
  region           = var.region
  database_version = "POSTGRES_${var.postgres.version}"

  encryption_key_name = var.kms_key
  deletion_protection = var.deletion_protection

  settings {
    tier              = var.instance_class
    edition           = local.enterprise_plus ? "ENTERPRISE_PLUS" : "ENTERPRISE"
    availability_type = var.high_availability ? "REGIONAL" : "ZONAL"
    activation_policy = "ALWAYS"

    # The same for the console, gcloud and everybody else.
    deletion_protection_enabled = var.deletion_protection

    # The provider's default_labels do not reach labels by another name.
    user_labels = var.tags

    disk_type             = "PD_SSD"
    disk_size             = var.storage.size_gib
    disk_autoresize       = var.storage.max_gib != null
    disk_autoresize_limit = coalesce(var.storage.max_gib, 0)

    ip_configuration {
      ipv4_enabled       = false
      private_network    = var.network.id
      allocated_ip_range = var.network.private_services
      ssl_mode           = "ENCRYPTED_ONLY"
      server_ca_mode     = var.postgres.server_ca_mode

      # A certificate of the shared authority lives for a year, one of the instance's own for ten.
      # https://docs.cloud.google.com/sql/docs/postgres/manage-ssl-instance
      server_certificate_rotation_mode = var.postgres.server_ca_mode == "GOOGLE_MANAGED_CAS_CA" ? "AUTOMATIC_ROTATION_DURING_MAINTENANCE" : null
    }

    backup_configuration {
      enabled                        = true
      start_time                     = var.windows.backup
      location                       = var.region # else Google's choice, perhaps a whole continent
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = local.log_days

      backup_retention_settings {
        retained_backups = var.backups.days
        retention_unit   = "COUNT"
      }
    }

    final_backup_config {
      enabled        = var.backups.final_days > 0
      retention_days = var.backups.final_days > 0 ? var.backups.final_days : null
    }

    maintenance_window {
      day          = index(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], split(":", var.windows.maintenance)[0]) + 1
      hour         = tonumber(split(":", var.windows.maintenance)[1])
      update_track = "stable"
    }

    # Statements without their values, and no addresses of clients.
    insights_config {
      query_insights_enabled  = true
      query_plans_per_minute  = 5
      query_string_length     = 1024 # bytes
      record_application_tags = false
      record_client_address   = false
    }

    # Lets people and tools log in as themselves once they are made database users; nobody is before.
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    # Loads pgAudit, which writes once somebody has said CREATE EXTENSION pgaudit in the database.
    database_flags {
      name  = "cloudsql.enable_pgaudit"
      value = "on"
    }

    database_flags {
      name  = "pgaudit.log"
      value = "ddl,role"
    }

    database_flags {
      name  = "log_statement"
      value = "ddl"
    }

    # Never the text of slow statements, which holds their values. Query Insights shows which are slow.
    database_flags {
      name  = "log_min_duration_statement"
      value = "-1"
    }

    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }

    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }

    database_flags {
      name  = "log_connections"
      value = "on"
    }

    database_flags {
      name  = "log_disconnections"
      value = "on"
    }

    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }

    database_flags {
      name  = "log_temp_files"
      value = "0" # all of them
    }
  }

  dynamic "restore_backup_context" {
    for_each = var.backups.restore_from == null ? [] : [split("/", var.backups.restore_from)]

    content {
      instance_id   = restore_backup_context.value[0]
      backup_run_id = tonumber(restore_backup_context.value[1])
    }
  }

  # Cloud SQL grows the disk, and the provider would make a smaller one by making the whole database anew.
  # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance
  # A backup that is named later would overwrite what is there.
  lifecycle {
    ignore_changes = [settings[0].disk_size, restore_backup_context]
  }

  # Its first lines go where they belong.
  depends_on = [google_logging_project_sink.this]
}

# PostgreSQL drops no database that somebody is connected to and no role that owns a table; both go with the instance.

resource "google_sql_database" "this" {
  name            = var.postgres.database_name
  instance        = google_sql_database_instance.this.name
  charset         = "UTF8"
  deletion_policy = "ABANDON"
}

resource "google_sql_user" "this" {
  name                = var.postgres.database_name
  instance            = google_sql_database_instance.this.name
  password_wo         = var.secret.password_version > 0 ? ephemeral.random_password.database.result : null
  password_wo_version = var.secret.password_version > 0 ? var.secret.password_version : null
  deletion_policy     = "ABANDON"
}
