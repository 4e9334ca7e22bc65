# Usage logs, when they are asked for.
resource "google_storage_bucket" "logs" {
  #checkov:skip=CKV_GCP_62:Takes the access logs; logging its own accesses into itself would never end
  #checkov:skip=CKV_GCP_63:Names no log bucket at all, which the plan scan takes for its own
  count = var.access_logs == "usage" ? 1 : 0

  name                        = var.access_log_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.this.id
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

  # Log objects are never overwritten, so old versions come from deletions, by the rule above or by an intruder.
  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.storage]
}

# Google delivers usage logs as this group, which organisations that share with their own domains only refuse.
# https://cloud.google.com/storage/docs/access-logs
resource "google_storage_bucket_iam_member" "log_delivery" {
  count = var.access_logs == "usage" ? 1 : 0

  bucket = google_storage_bucket.logs[0].name
  role   = "roles/storage.objectCreator"
  member = "group:cloud-storage-analytics@google.com"
}
