# Deletion protection: S3 refuses to delete a bucket that holds any object or version, and nothing here sets force_destroy.

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_21:GP912 reports a planned bucket without it; on unless the environment turns it off for scratch data
  #checkov:skip=CKV_AWS_144:A copy in a second region doubles the cost of storage and may break residency rules
  #checkov:skip=CKV2_AWS_62:Nothing listens to events of these buckets; whoever adds a consumer adds its notification
  for_each = var.buckets

  bucket = each.value.bucket

  # Terraform alone keeps it, so a bucket that is imported has none: without this, false would be a change.
  lifecycle {
    ignore_changes = [force_destroy]
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = var.buckets

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    bucket_key_enabled       = true      # one call to KMS per bucket and hour instead of one per object
    blocked_encryption_types = ["SSE-C"] # objects under a caller's own key cannot be read by anybody else, as ransomware does

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = { for key, b in var.buckets : key => b if b.versioning }

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "objects"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    noncurrent_version_expiration {
      noncurrent_days = each.value.noncurrent_days
    }

    # S3 takes either an age or the clean-up of delete markers that hide nothing; with an age it cleans up by itself.
    expiration {
      days                         = each.value.expire_after_days
      expired_object_delete_marker = each.value.expire_after_days == null ? true : null
    }

    dynamic "transition" {
      for_each = each.value.archive_after_days == null ? [] : [each.value.archive_after_days]

      content {
        days          = transition.value
        storage_class = "STANDARD_IA"
      }
    }
  }

  # Rules about versions wait for versioning.
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "this" {
  for_each = var.buckets

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${each.value.bucket}/"

  depends_on = [aws_s3_bucket_policy.logs]
}

data "aws_iam_policy_document" "tls_only" {
  for_each = var.buckets

  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arns[each.key], "${local.bucket_arns[each.key]}/*"]

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
    resources = [local.bucket_arns[each.key], "${local.bucket_arns[each.key]}/*"]

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
}

resource "aws_s3_bucket_policy" "this" {
  for_each = var.buckets

  bucket = aws_s3_bucket.this[each.key].id
  policy = data.aws_iam_policy_document.tls_only[each.key].json

  # S3 answers 409 when both are set at the same time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
