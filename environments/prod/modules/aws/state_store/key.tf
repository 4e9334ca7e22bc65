data "aws_iam_policy_document" "administer" {
  #checkov:skip=CKV_AWS_109:Resource * of a key policy is this key; PutKeyPolicy has to stay with somebody or the key is locked for ever
  #checkov:skip=CKV_AWS_111:Resource * of a key policy is this key
  #checkov:skip=CKV_AWS_356:Resource * of a key policy is this key

  # No CreateGrant and no use of the key: who administers it cannot read with it.
  statement {
    sid       = "Administer"
    resources = ["*"]
    actions = [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }
  }
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:Resource * of a key policy is this key; PutKeyPolicy has to stay with somebody or the key is locked for ever
  #checkov:skip=CKV_AWS_111:Resource * of a key policy is this key
  #checkov:skip=CKV_AWS_356:Resource * of a key policy is this key
  source_policy_documents = [data.aws_iam_policy_document.administer.json]

  # Identities with the IAM permission read and write state through S3; none can decrypt with the key directly.
  statement {
    sid       = "UseThroughS3"
    resources = ["*"]
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "Terraform state in ${var.bucket}"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30

  # Without the key every state in the bucket is lost.
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.bucket}"
  target_key_id = aws_kms_key.this.key_id
}

# Saved plans are under a key of their own, in the context of each object: who reads states cannot read them with that of the states.
data "aws_iam_policy_document" "plans_key" {
  #checkov:skip=CKV_AWS_109:Resource * of a key policy is this key; PutKeyPolicy has to stay with somebody or the key is locked for ever
  #checkov:skip=CKV_AWS_111:Resource * of a key policy is this key
  #checkov:skip=CKV_AWS_356:Resource * of a key policy is this key
  source_policy_documents = [data.aws_iam_policy_document.administer.json]

  statement {
    sid       = "UseForPlansThroughS3"
    resources = ["*"]
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [for prefix in local.plans : "${local.bucket_arn}/${prefix}*"]
    }
  }
}

resource "aws_kms_key" "plans" {
  for_each = local.plans

  description             = "Saved plans in ${var.bucket}"
  policy                  = data.aws_iam_policy_document.plans_key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "plans" {
  for_each = local.plans

  name          = "alias/${var.bucket}-plans"
  target_key_id = aws_kms_key.plans[each.key].key_id
}
