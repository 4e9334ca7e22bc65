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

# Keeps the same entries out of the bucket _Default, where they would be stored and paid for a second time, without our key.
resource "google_logging_project_exclusion" "this" {
  name        = local.service_name
  description = "Kept in the bucket ${google_logging_project_bucket_config.this.bucket_id}"
  filter      = local.log_filter

  depends_on = [google_logging_project_sink.this]
}
