data "google_project" "this" {}

# Asking for the service agents of Cloud Storage and Cloud Logging makes them.
# https://cloud.google.com/storage/docs/getting-service-agent https://cloud.google.com/logging/docs/routing/managed-encryption-storage
data "google_storage_project_service_account" "this" {}

data "google_logging_project_cmek_settings" "this" {
  count = var.access_logs == "audit" ? 1 : 0

  project = local.project
}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")

  log_filter = join(" AND ", [
    "resource.type=\"gcs_bucket\"",
    "resource.labels.bucket_name=\"${var.bucket}\"",
    "log_id(\"cloudaudit.googleapis.com/data_access\")",
  ])
}
