# Deletion protection: Cloud Storage refuses to delete a bucket that holds any object or version.

resource "google_storage_bucket" "this" {
  #checkov:skip=CKV_GCP_62:Data Access audit logs, which a sink here keeps, record every access; usage logs take their place only when asked for
  #checkov:skip=CKV_GCP_63:Logs into another bucket or into none; in a plan the check takes a bucket without logging for one that logs to itself
  #checkov:skip=CKV_GCP_78:GP912 reports a planned bucket without it; on unless the environment turns it off for scratch data
  for_each = var.buckets

  name          = each.value.bucket
  location      = var.region
  storage_class = "STANDARD"
  force_destroy = false

  # No ACLs. Federated identities, which pods are, get no access any other way.
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = var.kms_key

    # A caller may neither fall back to Google's keys nor bring a key of its own, which would leave objects that nobody else can read.
    google_managed_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }

    customer_supplied_encryption_enforcement_config {
      restriction_mode = "FullyRestricted"
    }
  }

  versioning {
    enabled = each.value.versioning
  }

  # Whoever may write objects may also delete old versions of them for good. What is soft-deleted is out of their reach.
  soft_delete_policy {
    retention_duration_seconds = each.value.soft_delete_days * 86400
  }

  dynamic "retention_policy" {
    for_each = each.value.retention_days == null ? [] : [each.value.retention_days]

    # Not locked: a locked one can never be taken back, and keeps the bucket and its project from being deleted.
    content {
      is_locked        = false
      retention_period = retention_policy.value * 86400
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }

    condition {
      age        = 7
      with_state = "ANY"
    }
  }

  # Also without versioning, for the versions of a bucket that had it once.
  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = each.value.noncurrent_days
      with_state                 = "ARCHIVED"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.archive_after_days == null ? [] : [each.value.archive_after_days]

    content {
      action {
        type          = "SetStorageClass"
        storage_class = each.value.archive_class
      }

      condition {
        age                   = lifecycle_rule.value
        matches_storage_class = ["STANDARD"]
        with_state            = "LIVE"
      }
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.expire_after_days == null ? [] : [each.value.expire_after_days]

    content {
      action {
        type = "Delete"
      }

      condition {
        age        = lifecycle_rule.value
        with_state = "LIVE"
      }
    }
  }

  dynamic "logging" {
    for_each = google_storage_bucket.logs

    content {
      log_bucket        = logging.value.name
      log_object_prefix = each.value.bucket
    }
  }

  # Logs that cannot be delivered are lost.
  depends_on = [google_logging_project_bucket_config.this, google_storage_bucket_iam_member.log_writer]
}
