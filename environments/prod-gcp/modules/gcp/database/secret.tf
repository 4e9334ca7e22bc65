# Made anew in every run and stored nowhere by Terraform. What is made counts only in the run that raises password_version, and the
# database and the secret get the same value because one run writes both.

# Letters and digits only: nothing has to be escaped in a URL.
ephemeral "random_password" "database" {
  length  = 40
  special = false
}

ephemeral "random_password" "admin" {
  length  = 32
  special = false
}

ephemeral "random_password" "session_key" {
  length  = 64
  special = false
}

resource "google_secret_manager_secret" "this" {
  secret_id           = var.secret.name
  deletion_protection = var.deletion_protection
  version_destroy_ttl = var.secret.recovery_days == 0 ? null : "${var.secret.recovery_days * 86400}s"

  # In this region and under our key; automatic replication would take keys of a multi-region.
  replication {
    user_managed {
      replicas {
        location = var.region

        customer_managed_encryption {
          kms_key_name = var.kms_key
        }
      }
    }
  }
}

resource "google_secret_manager_secret_version" "this" {
  count = var.secret.password_version > 0 ? 1 : 0

  secret                 = google_secret_manager_secret.this.id
  secret_data_wo_version = tostring(var.secret.password_version)
  secret_data_wo = jsonencode({
    host             = google_sql_database_instance.this.private_ip_address
    port             = local.port
    username         = google_sql_user.this.name
    password         = ephemeral.random_password.database.result
    dbname           = google_sql_database.this.name
    server_ca        = google_sql_database_instance.this.server_ca_cert[0].cert
    admin_password   = ephemeral.random_password.admin.result
    flask_secret_key = ephemeral.random_password.session_key.result
  })

  # There is a version to read at every moment.
  lifecycle {
    create_before_destroy = true
  }
}
