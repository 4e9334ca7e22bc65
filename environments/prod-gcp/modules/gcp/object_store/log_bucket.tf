# Usage logs, when they are asked for.
resource "google_storage_bucket" "logs" {
  #checkov:skip=CKV_GCP_62:The bucket of the access logs itself; logging into itself would never end
  #checkov:skip=CKV_GCP_63:Logs nowhere; in a plan the check takes a bucket without logging for one that logs to itself
  count = var.access_logs == "usage" ? 1 : 0

  name          = var.access_log_bucket
  location      = var.region
  storage_class = "STANDARD"
  force_destroy = false

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = var.kms_key
  }

  # Log objects are never overwritten, so old versions come from deletions, by the rule below or by an intruder.
  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 7 * 86400
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age        = var.log_retention_days
      with_state = "LIVE"
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
  }
}

# Google's group that delivers usage logs for every customer. It may add objects and neither read nor replace any. Organisations
# that share with their own domains only refuse it.
resource "google_storage_bucket_iam_member" "log_writer" {
  count = var.access_logs == "usage" ? 1 : 0

  bucket = google_storage_bucket.logs[0].name
  role   = "roles/storage.objectCreator"
  member = "group:cloud-storage-analytics@google.com"
}
