# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "fraud-dev-4711"
  region       = "us-central1"
  access_token = "none"
}

variables {
  region            = "us-central1"
  kms_key           = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/storage"
  logs_kms_key      = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs"
  access_log_bucket = "fraud-dev-access-logs-3f9a1c"
  buckets = {
    datasets = { bucket = "fraud-dev-datasets-3f9a1c", archive_after_days = 90, expire_after_days = 365 }
    models   = { bucket = "fraud-dev-models-3f9a1c" }
    scratch  = { bucket = "fraud-dev-scratch-3f9a1c", versioning = false, noncurrent_days = 1, soft_delete_days = 0 }
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.object_store.buckets["datasets"] == { name = "fraud-dev-datasets-3f9a1c", id = "fraud-dev-datasets-3f9a1c" } && output.object_store.log_bucket.name == "fraud-dev-access-logs-3f9a1c" && length(google_storage_bucket.this) == 3
    error_message = "buckets have the given names"
  }

  assert {
    condition     = alltrue([for b in values(google_storage_bucket.this) : b.location == "us-central1" && !b.force_destroy])
    error_message = "in the region; a bucket with objects in it is not deleted"
  }

  assert {
    condition     = alltrue([for b in values(google_storage_bucket.this) : b.uniform_bucket_level_access && b.public_access_prevention == "enforced"])
    error_message = "no ACLs, and no bucket can become public"
  }

  assert {
    condition     = alltrue([for b in values(google_storage_bucket.this) : b.encryption[0].default_kms_key_name == var.kms_key])
    error_message = "objects are encrypted with the given key"
  }

  assert {
    condition = alltrue([
      for b in google_storage_bucket.this :
      b.encryption[0].google_managed_encryption_enforcement_config[0].restriction_mode == "FullyRestricted" && b.encryption[0].customer_supplied_encryption_enforcement_config[0].restriction_mode == "FullyRestricted"
    ])
    error_message = "and no other way"
  }

  assert {
    condition     = [for key, b in google_storage_bucket.this : key if b.versioning[0].enabled] == ["datasets", "models"]
    error_message = "versions are kept unless a bucket says no"
  }

  assert {
    condition     = jsonencode({ for key, b in google_storage_bucket.this : key => b.soft_delete_policy[0].retention_duration_seconds }) == jsonencode({ datasets = 604800, models = 604800, scratch = 0 })
    error_message = "what is deleted can be brought back for a week unless a bucket says no"
  }

  assert {
    condition     = alltrue([for b in google_storage_bucket.this : length(b.retention_policy) == 0])
    error_message = "nothing is held back from deletion unless asked for"
  }
}

run "lifecycle" {
  command = plan

  assert {
    condition     = alltrue([for b in google_storage_bucket.this : [for r in b.lifecycle_rule : one(r.condition).age if one(r.action).type == "AbortIncompleteMultipartUpload"] == [7]])
    error_message = "unfinished uploads go after a week"
  }

  assert {
    condition     = jsonencode({ for key, b in google_storage_bucket.this : key => [for r in b.lifecycle_rule : one(r.condition).days_since_noncurrent_time if one(r.condition).with_state == "ARCHIVED"] }) == jsonencode({ datasets = [30], models = [30], scratch = [1] })
    error_message = "old versions go at the given ages"
  }

  assert {
    condition     = jsonencode([for r in google_storage_bucket.this["datasets"].lifecycle_rule : [one(r.action).type, one(r.action).storage_class, one(r.condition).age] if one(r.condition).with_state == "LIVE"]) == jsonencode([["SetStorageClass", "NEARLINE", 90], ["Delete", null, 365]])
    error_message = "objects move and go at the given ages"
  }

  assert {
    condition     = alltrue([for key in ["models", "scratch"] : length([for r in google_storage_bucket.this[key].lifecycle_rule : r if one(r.condition).with_state == "LIVE"]) == 0])
    error_message = "without an age nothing moves or goes"
  }

}

run "audit_logs" {
  command = plan

  assert {
    condition     = google_logging_project_sink.this[0].filter == output.object_store.log_filter && strcontains(output.object_store.log_filter, "resource.labels.bucket_name=(\"fraud-dev-datasets-3f9a1c\" OR \"fraud-dev-models-3f9a1c\" OR \"fraud-dev-scratch-3f9a1c\") AND log_id(\"cloudaudit.googleapis.com/data_access\")")
    error_message = "who read and wrote these buckets, and no other, is recorded"
  }

  assert {
    condition     = google_logging_project_bucket_config.this[0].bucket_id == "fraud-dev-access-logs-3f9a1c" && google_logging_project_bucket_config.this[0].retention_days == 365 && google_logging_project_bucket_config.this[0].cmek_settings[0].kms_key_name == var.logs_kms_key
    error_message = "for a year, under a key of its own"
  }

  assert {
    condition     = alltrue([for b in google_storage_bucket.this : length(b.logging) == 0]) && length(google_storage_bucket.logs) == 0 && length(google_storage_bucket_iam_member.log_writer) == 0
    error_message = "nobody from outside the organisation is granted anything"
  }
}

run "usage_logs" {
  command = plan

  variables {
    access_logs  = "usage"
    logs_kms_key = null
  }

  assert {
    condition     = alltrue([for b in google_storage_bucket.this : b.logging[0].log_bucket == "fraud-dev-access-logs-3f9a1c" && b.logging[0].log_object_prefix == b.name])
    error_message = "every bucket logs under its own name"
  }

  assert {
    condition     = google_storage_bucket_iam_member.log_writer[0].member == "group:cloud-storage-analytics@google.com" && google_storage_bucket_iam_member.log_writer[0].role == "roles/storage.objectCreator" && google_storage_bucket_iam_member.log_writer[0].bucket == "fraud-dev-access-logs-3f9a1c"
    error_message = "Google's delivery may add to the log bucket and nothing else"
  }

  assert {
    condition     = jsonencode([for r in google_storage_bucket.logs[0].lifecycle_rule : one(r.condition).age if one(r.condition).with_state == "LIVE"]) == jsonencode([365]) && google_storage_bucket.logs[0].versioning[0].enabled
    error_message = "access logs are kept for a year"
  }

  assert {
    condition     = google_storage_bucket.logs[0].location == "us-central1" && !google_storage_bucket.logs[0].force_destroy && google_storage_bucket.logs[0].uniform_bucket_level_access && google_storage_bucket.logs[0].public_access_prevention == "enforced" && google_storage_bucket.logs[0].encryption[0].default_kms_key_name == var.kms_key
    error_message = "their bucket is as safe as the others"
  }

  assert {
    condition     = output.object_store.log_filter == null && length(google_logging_project_sink.this) == 0
    error_message = "Cloud Logging keeps nothing"
  }
}

run "retention" {
  command = plan

  variables {
    buckets = { evidence = { bucket = "fraud-dev-evidence-3f9a1c", versioning = false, retention_days = 400, archive_after_days = 30, archive_class = "COLDLINE", expire_after_days = 400 } }
  }

  assert {
    condition     = google_storage_bucket.this["evidence"].retention_policy[0].retention_period == "34560000" && !google_storage_bucket.this["evidence"].retention_policy[0].is_locked
    error_message = "objects are held back for 400 days by a policy that can be taken back"
  }

  assert {
    condition     = contains([for r in google_storage_bucket.this["evidence"].lifecycle_rule : one(r.action).storage_class], "COLDLINE")
    error_message = "to the class asked for"
  }
}

run "rejects_zone" {
  command = plan
  variables {
    region = "us-central1-a"
  }
  expect_failures = [var.region]
}

run "rejects_no_bucket" {
  command = plan
  variables {
    buckets = {}
  }
  expect_failures = [var.buckets]
}

run "rejects_bucket_name_with_dot" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud.datasets" } }
  }
  expect_failures = [var.buckets]
}

run "rejects_bucket_of_google" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "my-google-data" } }
  }
  expect_failures = [var.buckets]
}

run "rejects_name_twice" {
  command = plan
  variables {
    buckets = { a = { bucket = "fraud-datasets" }, b = { bucket = "fraud-datasets" } }
  }
  expect_failures = [var.buckets]
}

run "rejects_noncurrent_days" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", noncurrent_days = 0 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_archive_at_once" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", archive_after_days = 0 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_archive_class" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", archive_after_days = 90, archive_class = "STANDARD_IA" } }
  }
  expect_failures = [var.buckets]
}

run "rejects_expiry_at_once" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", expire_after_days = 0 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_expiry_right_after_archive" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", archive_after_days = 90, expire_after_days = 100 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_retention_of_versions" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", retention_days = 30 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_expiry_before_retention" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", versioning = false, retention_days = 30, expire_after_days = 20 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_short_soft_delete" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", soft_delete_days = 1 } }
  }
  expect_failures = [var.buckets]
}

run "rejects_key_version" {
  command = plan
  variables {
    kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/storage/cryptoKeyVersions/1"
  }
  expect_failures = [var.kms_key]
}

run "rejects_key_of_another_region" {
  command = plan
  variables {
    kms_key = "projects/fraud-dev-4711/locations/europe-west4/keyRings/fraud-dev/cryptoKeys/storage"
  }
  expect_failures = [var.kms_key]
}

run "rejects_log_bucket_name" {
  command = plan
  variables {
    access_log_bucket = "Logs"
  }
  expect_failures = [var.access_log_bucket]
}

run "rejects_log_bucket_that_logs_itself" {
  command = plan
  variables {
    access_log_bucket = "fraud-dev-datasets-3f9a1c"
  }
  expect_failures = [var.access_log_bucket]
}

run "rejects_log_retention" {
  command = plan
  variables {
    log_retention_days = 0.5
  }
  expect_failures = [var.log_retention_days]
}

run "rejects_no_access_logs" {
  command = plan
  variables {
    access_logs = "none"
  }
  expect_failures = [var.access_logs]
}

run "rejects_audit_logs_without_a_key" {
  command = plan
  variables {
    logs_kms_key = null
  }
  expect_failures = [var.logs_kms_key]
}

run "rejects_more_than_a_log_bucket_keeps" {
  command = plan
  variables {
    log_retention_days = 4000
  }
  expect_failures = [var.log_retention_days]
}
