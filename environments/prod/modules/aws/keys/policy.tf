# In a key policy the resource "*" is the key that carries the policy, never another key.

data "aws_iam_policy_document" "administration" {
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

data "aws_iam_policy_document" "storage" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  # Identities read and write through S3 and ECR; none can decrypt with the key directly.
  statement {
    sid       = "UseThroughStorage"
    resources = ["*"]
    actions   = local.use_actions

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${local.region}.amazonaws.com", "ecr.${local.region}.amazonaws.com"]
    }
  }

  # ECR keeps a grant per repository, made when the repository is.
  statement {
    sid       = "GrantToRegistry"
    resources = ["*"]
    actions   = ["kms:CreateGrant", "kms:RetireGrant"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["ecr.${local.region}.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "cluster" {
  #checkov:skip=CKV_AWS_111:Resource * of a key policy is this key; use needs an IAM permission or a service-linked role of this account
  #checkov:skip=CKV_AWS_356:Resource * of a key policy is this key
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  # Without kms:ViaService: the control plane encrypts secrets by calling KMS itself.
  statement {
    sid       = "UseByIdentities"
    resources = ["*"]
    actions   = local.use_actions

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }
  }

  # EBS takes a grant per volume. EKS takes one when the cluster is made, with the caller's identity and in a way that
  # kms:GrantIsForAWSResource does not cover, so the condition is the account; the grant itself still needs an IAM permission.
  # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
  statement {
    sid       = "GrantToServices"
    resources = ["*"]
    actions   = ["kms:CreateGrant"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:CallerAccount"
      values   = [local.account]
    }
  }

  # IAM cannot give these roles more permissions, so the key has to; without it instances end right after their launch.
  # https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  statement {
    sid       = "UseByNodeLaunch"
    resources = ["*"]
    actions   = local.use_actions

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:CallerAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = local.node_launch_roles
    }
  }

  statement {
    sid       = "GrantByNodeLaunch"
    resources = ["*"]
    actions   = ["kms:CreateGrant"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:CallerAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = local.node_launch_roles
    }

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

data "aws_iam_policy_document" "logs" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  # CloudWatch Logs decrypts for readers, so no identity needs the key.
  statement {
    sid       = "UseByCloudWatchLogs"
    resources = ["*"]
    actions   = local.use_actions

    principals {
      type        = "Service"
      identifiers = ["logs.${local.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:*"]
    }
  }
}

data "aws_iam_policy_document" "database" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  # Identities use the key through RDS (storage, snapshots, performance data) and Secrets Manager; none can decrypt with it directly.
  statement {
    sid       = "UseThroughDatabase"
    resources = ["*"]
    actions   = local.use_actions

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["rds.${local.region}.amazonaws.com", "secretsmanager.${local.region}.amazonaws.com"]
    }
  }

  # RDS works on by a grant that it takes with the caller's permission when an instance is made or restored.
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
  statement {
    sid       = "GrantToRds"
    resources = ["*"]
    actions   = ["kms:CreateGrant", "kms:RetireGrant"]

    principals {
      type        = "AWS"
      identifiers = [local.account_root]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["rds.${local.region}.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "alerts" {
  source_policy_documents = [data.aws_iam_policy_document.administration.json]

  # A service that publishes uses the key under its own name. SNS names the topic in the encryption context, and the topic's own
  # policy says which alarms and workspaces may publish to it. No identity needs the key: SNS decrypts for subscribers.
  # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  statement {
    sid       = "UseByAlertingServices"
    resources = ["*"]
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]

    principals {
      type        = "Service"
      identifiers = ["aps.amazonaws.com", "cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:sns:topicArn"
      values   = ["arn:${local.partition}:sns:${local.region}:${local.account}:*"]
    }
  }
}
