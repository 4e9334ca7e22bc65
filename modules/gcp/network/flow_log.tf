resource "google_logging_project_bucket_config" "network" {
  project        = local.project
  location       = var.region
  bucket_id      = coalesce(var.flow_logs.bucket, "${var.name}-network")
  description    = "Connections, refused packets and NAT errors of ${var.name}"
  retention_days = var.flow_logs.retention_days

  cmek_settings {
    kms_key_name = var.flow_logs.kms_key
  }
}

# To a log bucket of its own project a sink needs no permission.
resource "google_logging_project_sink" "network" {
  name                   = "${var.name}-network"
  description            = "Network logs of ${var.name}"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.network.id}"
  filter                 = local.log_filter
  unique_writer_identity = true
}
