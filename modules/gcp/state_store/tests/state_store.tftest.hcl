# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_storage_project_service_account.this
  values = { email_address = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com" }
}

override_data {
  target = data.google_logging_project_cmek_settings.this
  values = { service_account_id = "cmek-p111122223333@gcp-sa-logging.iam.gserviceaccount.com" }
}

variables {
  bucket            = "acme-tfstate-3f9a1c"
  access_log_bucket = "acme-tfstate-logs-3f9a1c"
  region            = "us-central1"
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.state_store.bucket == "acme-tfstate-3f9a1c" && output.state_store.log_bucket == "acme-tfstate-logs-3f9a1c"
    error_message = "buckets have the given names"
  }

  assert {
    condition     = google_storage_bucket.this.versioning[0].enabled && one(google_storage_bucket.this.lifecycle_rule[0].condition).days_since_noncurrent_time == 90 && one(google_storage_bucket.this.lifecycle_rule[0].condition).with_state == "ARCHIVED"
    error_message = "an overwritten state can be brought back for 90 days, and the newest never goes"
  }

  assert {
    condition     = google_kms_crypto_key.this.rotation_period == "7776000s" && google_kms_crypto_key.this.destroy_scheduled_duration == "2592000s" && google_kms_key_ring.this.name == "acme-tfstate-3f9a1c"
    error_message = "the key is the state's own and rotates"
  }

  assert {
    condition     = google_kms_crypto_key.plans.name == "plans" && google_kms_crypto_key.plans.rotation_period == "7776000s" && google_kms_crypto_key_iam_member.plans.member == "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "saved plans have a key of their own, which Cloud Storage uses for them"
  }

  assert {
    condition = (
      google_storage_bucket.this.encryption[0].google_managed_encryption_enforcement_config[0].restriction_mode == "FullyRestricted" &&
      google_storage_bucket.this.encryption[0].customer_supplied_encryption_enforcement_config[0].restriction_mode == "FullyRestricted"
    )
    error_message = "nothing is kept under another kind of key"
  }

  assert {
    condition     = google_storage_bucket.this.uniform_bucket_level_access && google_storage_bucket.this.public_access_prevention == "enforced" && google_storage_bucket.this.location == "us-central1"
    error_message = "the bucket cannot become public and is where the key is"
  }

  assert {
    condition     = strcontains(google_logging_project_sink.this[0].filter, "resource.labels.bucket_name=\"acme-tfstate-3f9a1c\"") && google_logging_project_bucket_config.this[0].retention_days == 365 && google_logging_project_bucket_config.this[0].location == "us-central1"
    error_message = "accesses are recorded and kept for a year"
  }

  assert {
    condition     = length(google_storage_bucket.this.logging) == 0 && length(google_storage_bucket.logs) == 0 && length(google_storage_bucket_iam_member.log_delivery) == 0
    error_message = "nobody from outside the organisation is granted anything"
  }
}

run "usage_logs" {
  command = plan

  variables {
    access_logs = "usage"
  }

  assert {
    condition     = google_storage_bucket.this.logging[0].log_bucket == "acme-tfstate-logs-3f9a1c" && one(google_storage_bucket.logs[0].lifecycle_rule[0].condition).age == 365 && output.state_store.log_bucket == "acme-tfstate-logs-3f9a1c"
    error_message = "files are kept for a year"
  }

  assert {
    condition     = google_storage_bucket.logs[0].uniform_bucket_level_access && google_storage_bucket.logs[0].public_access_prevention == "enforced" && google_storage_bucket.logs[0].location == "us-central1"
    error_message = "the bucket of the logs cannot become public and is where the key is"
  }

  assert {
    condition     = google_storage_bucket_iam_member.log_delivery[0].role == "roles/storage.objectCreator" && google_storage_bucket_iam_member.log_delivery[0].bucket == "acme-tfstate-logs-3f9a1c"
    error_message = "Google adds logs and reads none"
  }

  assert {
    condition     = length(google_logging_project_sink.this) == 0 && length(google_kms_crypto_key_iam_member.logging) == 0
    error_message = "Cloud Logging keeps nothing"
  }
}

run "who_may_what" {
  command = plan

  assert {
    condition     = google_kms_crypto_key_iam_member.storage.member == "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com" && google_kms_crypto_key_iam_member.storage.role == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    error_message = "the key is used by Cloud Storage"
  }

  assert {
    condition     = google_kms_crypto_key_iam_member.logging[0].member == "serviceAccount:cmek-p111122223333@gcp-sa-logging.iam.gserviceaccount.com" && google_kms_crypto_key_iam_member.logging[0].role == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    error_message = "and by Cloud Logging for the log bucket, and by nobody else"
  }
}

run "rejects_bucket_name" {
  command = plan

  variables {
    bucket = "acme.tfstate"
  }

  expect_failures = [var.bucket]
}

run "rejects_log_bucket_name" {
  command = plan

  variables {
    access_log_bucket = "goog-logs"
  }

  expect_failures = [var.access_log_bucket]
}

run "rejects_state_bucket_that_logs_itself" {
  command = plan

  variables {
    access_log_bucket = "acme-tfstate-3f9a1c"
  }

  expect_failures = [var.access_log_bucket]
}

run "rejects_multi_region" {
  command = plan

  variables {
    region = "US"
  }

  expect_failures = [var.region]
}

run "rejects_noncurrent_days" {
  command = plan

  variables {
    noncurrent_days = 1
  }

  expect_failures = [var.noncurrent_days]
}

run "rejects_log_retention" {
  command = plan

  variables {
    log_retention_days = 0
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

run "rejects_more_than_a_log_bucket_keeps" {
  command = plan

  variables {
    log_retention_days = 4000
  }

  expect_failures = [var.log_retention_days]
}

run "saved_plans" {
  command = plan

  variables {
    plans_prefix = "fraud-dev/groundplan/plans/"
  }

  assert {
    condition     = [for rule in google_storage_bucket.this.lifecycle_rule : "${one(rule.condition).with_state} ${one(rule.condition).age}" if one(rule.action).type == "Delete" && contains(coalesce(one(rule.condition).matches_prefix, []), "fraud-dev/groundplan/plans/")] == ["ARCHIVED 8", "LIVE 7"]
    error_message = "a saved plan goes after a week"
  }
}

run "rejects_plans_prefix" {
  command = plan

  variables {
    plans_prefix = "fraud-dev/"
  }

  expect_failures = [var.plans_prefix]
}
