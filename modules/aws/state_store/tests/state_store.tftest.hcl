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

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

variables {
  bucket            = "acme-tfstate-3f9a1c"
  access_log_bucket = "acme-tfstate-logs-3f9a1c"
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.state_store.bucket == "acme-tfstate-3f9a1c" && output.state_store.log_bucket == "acme-tfstate-logs-3f9a1c"
    error_message = "buckets have the given names"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90
    error_message = "an overwritten state can be brought back for 90 days"
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "state is encrypted with a key of its own that rotates"
  }

  assert {
    condition = alltrue([
      for b in [aws_s3_bucket_public_access_block.this, aws_s3_bucket_public_access_block.logs] :
      b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets
    ])
    error_message = "neither bucket can become public"
  }

  assert {
    condition     = aws_s3_bucket_logging.this.target_prefix == "state/" && aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 365
    error_message = "accesses are recorded and kept for a year"
  }
}

run "policies" {
  command = plan

  assert {
    condition     = [for s in data.aws_iam_policy_document.bucket.statement : "${s.effect} ${one(s.condition).variable}"] == ["Deny aws:SecureTransport", "Deny s3:TlsVersion", "Deny s3:x-amz-server-side-encryption"]
    error_message = "plain HTTP, old TLS and another encryption than the bucket's are refused, and nobody is given anything"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.bucket.statement[2].condition).test == "Null" && one(data.aws_iam_policy_document.bucket.statement[2].condition).values == tolist(["false"]) && data.aws_iam_policy_document.bucket.statement[2].actions == toset(["s3:PutObject"])
    error_message = "a write that names no encryption is let in, and gets the bucket's"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.key.statement[0].condition).values == tolist(["s3.us-east-1.amazonaws.com"]) && length(setintersection(data.aws_iam_policy_document.administer.statement[0].actions, ["kms:*", "kms:Decrypt", "kms:CreateGrant"])) == 0
    error_message = "the key is used through S3 only, and not by who administers it"
  }

  assert {
    condition     = toset(flatten([for c in data.aws_iam_policy_document.logs.statement[0].condition : c.values])) == toset(["111122223333", "arn:aws:s3:::acme-tfstate-3f9a1c"])
    error_message = "logs come from the state bucket of this account only"
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
    access_log_bucket = "Acme"
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

run "saved_plans" {
  command = plan

  variables {
    plans_prefix = "fraud-dev/groundplan/plans/"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[1].filter[0].prefix == "fraud-dev/groundplan/plans/" && aws_s3_bucket_lifecycle_configuration.this.rule[1].expiration[0].days == 7
    error_message = "a saved plan goes after a week"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7 && aws_s3_bucket_lifecycle_configuration.this.rule[0].status == "Enabled"
    error_message = "failed uploads are ended in the whole bucket, as the skip of CKV_AWS_300 says"
  }

  assert {
    condition     = [for condition in data.aws_iam_policy_document.plans_key.statement[0].condition : condition.values if condition.variable == "kms:EncryptionContext:aws:s3:arn"] == [tolist(["arn:aws:s3:::acme-tfstate-3f9a1c/fraud-dev/groundplan/plans/*"])] && aws_kms_alias.plans["fraud-dev/groundplan/plans/"].name == "alias/acme-tfstate-3f9a1c-plans"
    error_message = "saved plans have a key of their own, which is good for them alone"
  }

  assert {
    condition     = [for s in data.aws_iam_policy_document.bucket.statement : "${s.sid} ${join(" ", coalesce(s.resources, []))}" if s.sid == "DenyOtherEncryption" || s.sid == "DenyPlansWithoutKey"] == ["DenyOtherEncryption ", "DenyPlansWithoutKey arn:aws:s3:::acme-tfstate-3f9a1c/fraud-dev/groundplan/plans/*"] && data.aws_iam_policy_document.bucket.statement[2].not_resources == toset(["arn:aws:s3:::acme-tfstate-3f9a1c/fraud-dev/groundplan/plans/*"])
    error_message = "a saved plan names its key, and a state has the bucket's"
  }
}

run "rejects_plans_prefix" {
  command = plan

  variables {
    plans_prefix = "fraud-dev/"
  }

  expect_failures = [var.plans_prefix]
}
