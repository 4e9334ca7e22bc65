output "database" {
  description = "The database, reachable from its network, and the secret that says how: `secret_id` is projects/<project>/secrets/<name>. `log_filter`: which log entries have its log bucket."
  value = {
    endpoint        = google_sql_database_instance.this.private_ip_address
    port            = local.port
    name            = google_sql_database.this.name
    identifier      = google_sql_database_instance.this.name
    connection_name = google_sql_database_instance.this.connection_name
    secret_id       = "projects/${local.project}/secrets/${google_secret_manager_secret.this.secret_id}"
    secret_name     = google_secret_manager_secret.this.secret_id
    log_filter      = local.log_filter
  }

  # A client that starts before this finds no password.
  depends_on = [google_secret_manager_secret_version.this]
}
