resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:State describes one region and is of no use without it
  #checkov:skip=CKV2_AWS_62:Nothing listens to events of the state bucket
  bucket = var.bucket

  # Without state Terraform no longer knows what it made.
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    bucket_key_enabled       = true
    blocked_encryption_types = ["SSE-C"] # objects under a caller's own key cannot be read by anybody else, as ransomware does

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  #checkov:skip=CKV_AWS_300:the rule "versions" ends failed uploads after 7 days; beside a dynamic rule checkov does not see it
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "versions"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # Native locks are objects that come and go; this clears the delete markers they leave.
    expiration {
      expired_object_delete_marker = true
    }
  }

  # Saved plans hold what was read, and nobody applies an old one.
  dynamic "rule" {
    for_each = var.plans_prefix == null ? [] : [var.plans_prefix]

    content {
      id     = "saved-plans"
      status = "Enabled"

      filter {
        prefix = rule.value
      }

      expiration {
        days = 7
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }
    }
  }

  # Rules about versions wait for versioning.
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "this" {
  bucket        = aws_s3_bucket.this.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "state/"

  depends_on = [aws_s3_bucket_policy.logs]
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "DenyOldTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:TlsVersion"
      values   = ["1.2"]
    }
  }

  # A backend with `encrypt = true` and no key asks for AES256, which beats the default above. A write without the header
  # has no value here: a policy sees the request, not the default that is applied to it.
  statement {
    sid           = "DenyOtherEncryption"
    effect        = "Deny"
    actions       = ["s3:PutObject"]
    resources     = length(local.plans) == 0 ? ["${local.bucket_arn}/*"] : null
    not_resources = length(local.plans) == 0 ? null : [for prefix in local.plans : "${local.bucket_arn}/${prefix}*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
  }

  # Saved plans name a key, else they would be under that of the states. Which one, modules/aws/ci_identity says to who puts them there: by its
  # ARN this policy would be known only after an apply.
  dynamic "statement" {
    for_each = local.plans

    content {
      sid       = "DenyPlansWithoutKey"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${local.bucket_arn}/${statement.value}*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Null"
        variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        values   = ["true"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.bucket.json

  # S3 answers 409 when both are set at the same time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
