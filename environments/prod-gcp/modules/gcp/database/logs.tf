# Left alone, Cloud Logging keeps these logs for 30 days in a bucket without our key.
resource "google_logging_project_bucket_config" "this" {
  project        = local.project
  location       = var.region
  bucket_id      = coalesce(var.logs.bucket, "${var.name}-postgres")
  description    = "PostgreSQL ${var.name}"
  retention_days = var.logs.retention_days

  cmek_settings {
    kms_key_name = var.logs.kms_key
  }
}

# To a log bucket of its own project a sink needs no permission.
resource "google_logging_project_sink" "this" {
  name                   = "${var.name}-postgres"
  description            = "PostgreSQL ${var.name}"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.this.id}"
  filter                 = local.log_filter
  unique_writer_identity = true
}
