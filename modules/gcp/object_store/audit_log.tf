# Data Access audit logs of the buckets. Left alone, Cloud Logging keeps them for 30 days without our key.
resource "google_logging_project_bucket_config" "this" {
  count = var.access_logs == "audit" ? 1 : 0

  project        = local.project
  location       = var.region
  bucket_id      = var.access_log_bucket
  description    = "Who read and wrote ${join(", ", sort(values(var.buckets)[*].bucket))}"
  retention_days = var.log_retention_days

  cmek_settings {
    kms_key_name = var.logs_kms_key
  }
}

# To a log bucket of its own project a sink needs no permission.
resource "google_logging_project_sink" "this" {
  count = var.access_logs == "audit" ? 1 : 0

  name                   = var.access_log_bucket
  description            = "Who read and wrote the buckets of ${var.access_log_bucket}"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.this[0].id}"
  filter                 = local.log_filter
  unique_writer_identity = true
}
