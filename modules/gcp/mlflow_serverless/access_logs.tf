# Requests as the load balancer saw them, and what the servers say.
resource "google_logging_project_bucket_config" "this" {
  project        = data.google_project.this.project_id
  location       = var.region
  bucket_id      = var.logs.access_log_bucket
  description    = "MLflow of ${var.name}: requests and server"
  retention_days = var.logs.retention_days

  cmek_settings {
    kms_key_name = var.kms_keys.logs
  }
}

resource "google_logging_project_sink" "this" {
  name        = local.service_name
  description = "Log of MLflow of ${var.name}"
  destination = "logging.googleapis.com/${google_logging_project_bucket_config.this.id}"
  filter      = local.log_filter

  unique_writer_identity = true
}
