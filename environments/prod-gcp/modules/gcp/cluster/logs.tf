# Left alone, Cloud Logging keeps these logs for 30 days in a bucket without our key.
resource "google_logging_project_bucket_config" "this" {
  project        = local.project
  location       = var.region
  bucket_id      = "${var.name}-gke"
  description    = "Logs of the cluster ${var.name}"
  retention_days = var.logs.retention_days

  cmek_settings {
    kms_key_name = var.logs.kms_key
  }
}

resource "google_logging_project_sink" "this" {
  name                   = "${var.name}-gke"
  description            = "Logs of the cluster ${var.name}"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.this.id}"
  filter                 = local.log_filter
  unique_writer_identity = true
}

# Keeps the same entries out of the bucket _Default; those that an audit must find stay in _Required.
resource "google_logging_project_exclusion" "this" {
  name        = "${var.name}-gke"
  description = "Kept in the bucket ${var.name}-gke"
  filter      = local.log_filter

  depends_on = [google_logging_project_sink.this]
}
