resource "google_storage_bucket" "this" {
  #checkov:skip=CKV_GCP_62:Data Access audit logs, which a sink here keeps, record every access; usage logs take their place only when asked for
  #checkov:skip=CKV_GCP_63:Logs into another bucket or into none; in a plan the check takes a bucket without logging for one that logs to itself
  name                        = var.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.this.id

    # No state in the bucket is under any other kind of key.
    google_managed_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }

    customer_supplied_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }

    customer_managed_encryption_enforcement_config {
      restriction_mode = "NotRestricted"
    }
  }

  # Versions bring back an overwritten state; this brings back what was deleted with its versions.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = var.noncurrent_days
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }

    condition {
      age = 7
    }
  }

  # Saved plans hold what was read, and nobody applies an old one. The first rule makes them versions, the second removes those.
  dynamic "lifecycle_rule" {
    for_each = var.plans_prefix == null ? {} : { LIVE = 7, ARCHIVED = 8 }

    content {
      action {
        type = "Delete"
      }

      condition {
        age            = lifecycle_rule.value
        matches_prefix = [var.plans_prefix]
        with_state     = lifecycle_rule.key
      }
    }
  }

  dynamic "logging" {
    for_each = google_storage_bucket.logs

    content {
      log_bucket        = logging.value.name
      log_object_prefix = "state"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_kms_crypto_key_iam_member.storage, google_logging_project_bucket_config.this, google_storage_bucket_iam_member.log_delivery]
}
