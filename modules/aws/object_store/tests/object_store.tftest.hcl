# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

variables {
  kms_key           = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
  access_log_bucket = "fraud-dev-access-logs-3f9a1c"
  buckets = {
    datasets = { bucket = "fraud-dev-datasets-3f9a1c", archive_after_days = 90, expire_after_days = 365 }
    scratch  = { bucket = "fraud-dev-scratch-3f9a1c", versioning = false, noncurrent_days = 1 }
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.object_store.buckets["datasets"].name == "fraud-dev-datasets-3f9a1c" && output.object_store.log_bucket.name == "fraud-dev-access-logs-3f9a1c" && length(aws_s3_bucket.this) == 2
    error_message = "buckets have the given names"
  }

  assert {
    condition     = alltrue([for b in aws_s3_bucket.this : b.force_destroy != true]) && aws_s3_bucket.logs.force_destroy != true
    error_message = "a bucket with objects in it is not deleted"
  }

  assert {
    condition = alltrue([
      for b in concat(values(aws_s3_bucket_public_access_block.this), [aws_s3_bucket_public_access_block.logs]) :
      b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets
    ])
    error_message = "no bucket can become public"
  }

  assert {
    condition     = alltrue([for o in concat(values(aws_s3_bucket_ownership_controls.this), [aws_s3_bucket_ownership_controls.logs]) : o.rule[0].object_ownership == "BucketOwnerEnforced"])
    error_message = "no ACLs"
  }

  assert {
    condition = alltrue([
      for e in aws_s3_bucket_server_side_encryption_configuration.this :
      one(e.rule).bucket_key_enabled && one(e.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key && contains(one(e.rule).blocked_encryption_types, "SSE-C")
    ])
    error_message = "objects are encrypted with the given key and no other way"
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.logs.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "access logs are delivered with SSE-S3"
  }

  assert {
    condition     = keys(aws_s3_bucket_versioning.this) == ["datasets"] && aws_s3_bucket_versioning.this["datasets"].versioning_configuration[0].status == "Enabled"
    error_message = "versions are kept unless a bucket says no"
  }
}

run "lifecycle" {
  command = plan

  assert {
    condition     = alltrue([for l in aws_s3_bucket_lifecycle_configuration.this : l.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7])
    error_message = "unfinished uploads go after a week"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this["datasets"].rule[0].expiration[0].days == 365 && one(aws_s3_bucket_lifecycle_configuration.this["datasets"].rule[0].transition).days == 90 && one(aws_s3_bucket_lifecycle_configuration.this["datasets"].rule[0].transition).storage_class == "STANDARD_IA"
    error_message = "objects move and go at the given ages"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this["datasets"].rule[0].noncurrent_version_expiration[0].noncurrent_days == 30 && aws_s3_bucket_lifecycle_configuration.this["scratch"].rule[0].noncurrent_version_expiration[0].noncurrent_days == 1
    error_message = "old versions go at the given ages"
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["scratch"].rule[0].transition) == 0 && aws_s3_bucket_lifecycle_configuration.this["scratch"].rule[0].expiration[0].expired_object_delete_marker
    error_message = "without an age nothing moves or goes"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 365
    error_message = "access logs are kept for a year"
  }
}

run "policies" {
  command = plan

  assert {
    condition     = alltrue([for d in data.aws_iam_policy_document.tls_only : toset([for s in d.statement : s.effect]) == toset(["Deny"]) && [for s in d.statement : one(s.condition).variable] == ["aws:SecureTransport", "s3:TlsVersion"]])
    error_message = "buckets refuse plain HTTP and old TLS, and give nobody anything"
  }

  assert {
    condition     = toset(data.aws_iam_policy_document.tls_only["datasets"].statement[0].resources) == toset(["arn:aws:s3:::fraud-dev-datasets-3f9a1c", "arn:aws:s3:::fraud-dev-datasets-3f9a1c/*"])
    error_message = "a policy covers its bucket and the objects in it"
  }

  assert {
    condition = toset(flatten([for c in data.aws_iam_policy_document.logs.statement[0].condition : c.values])) == toset([
      "111122223333", "arn:aws:s3:::fraud-dev-datasets-3f9a1c", "arn:aws:s3:::fraud-dev-scratch-3f9a1c",
    ])
    error_message = "logs come from these buckets of this account only"
  }

  assert {
    condition     = aws_s3_bucket_logging.this["datasets"].target_prefix == "fraud-dev-datasets-3f9a1c/" && length(aws_s3_bucket_logging.this) == 2
    error_message = "every bucket logs under its own name"
  }
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

run "rejects_name_twice" {
  command = plan
  variables {
    buckets = { a = { bucket = "fraud-datasets" }, b = { bucket = "fraud-datasets" } }
  }
  expect_failures = [var.buckets]
}

run "longest_log_policy_fits" {
  command = plan
  variables {
    buckets = { for n in range(150) : format("b%d", n) => { bucket = format("b%062d", n) } }
  }

  assert {
    condition     = length(aws_s3_bucket_policy.logs.policy) <= 20480
    error_message = "S3 takes 20 KB of a bucket's policy."
  }
}

run "rejects_more_buckets_than_a_policy_names" {
  command = plan
  variables {
    buckets = { for n in range(151) : format("b%d", n) => { bucket = format("b%062d", n) } }
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

run "rejects_early_archive" {
  command = plan
  variables {
    buckets = { datasets = { bucket = "fraud-datasets", archive_after_days = 7 } }
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

run "rejects_key_alias" {
  command = plan
  variables {
    kms_key = "alias/aws/s3"
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
