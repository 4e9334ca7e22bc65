# What neither `apply` nor any role that it makes can do, whatever policies they get. It grants nothing.
resource "aws_iam_policy" "boundary" {
  #checkov:skip=CKV_AWS_287:A boundary grants nothing: it bounds what other policies of a role grant
  #checkov:skip=CKV_AWS_288:A boundary grants nothing: it bounds what other policies of a role grant
  #checkov:skip=CKV_AWS_289:A boundary grants nothing: it bounds what other policies of a role grant
  #checkov:skip=CKV_AWS_290:A boundary grants nothing: it bounds what other policies of a role grant
  #checkov:skip=CKV_AWS_355:A boundary grants nothing: it bounds what other policies of a role grant
  name        = local.boundary
  description = "The most that the pipeline of ${var.name}, and what it makes, may do"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ServicesOfTheEnvironment"
        Effect   = "Allow"
        Action   = local.boundary_actions
        Resource = "*"
      },
      {
        # Roles, their policies and the boundary itself are changed where this module is applied: by a person.
        Sid    = "DenyOwnIdentity"
        Effect = "Deny"
        Action = ["iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Remove*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*"]
        Resource = concat(
          ["arn:${local.partition}:iam::${local.account}:oidc-provider/*"],
          ["arn:${local.partition}:iam::${local.account}:role/${var.name}-ci-*", local.own_policies],
          # The same of every other environment in the account, whose name may begin with this one's.
          [for role in ["apply", "drift", "plan"] : "arn:${local.partition}:iam::${local.account}:role/*-ci-${role}"],
          [for policy in ["apply-*", "boundary", "read"] : "arn:${local.partition}:iam::${local.account}:policy/*-ci-${policy}"],
        )
      },
      {
        # No identity without an end, and no other way in.
        Sid      = "DenyPeopleAndKeys"
        Effect   = "Deny"
        Action   = ["iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile*", "iam:*MFADevice*", "iam:*OpenIDConnectProvider*", "iam:*SAMLProvider*", "iam:*SSHPublicKey*", "iam:*ServiceSpecificCredential*", "iam:*SigningCertificate*", "iam:*User*"]
        Resource = "*"
      },
      {
        Sid       = "DenyRolesWithoutBoundary"
        Effect    = "Deny"
        Action    = ["iam:CreateRole", "iam:PutRolePermissionsBoundary"]
        Resource  = "*"
        Condition = { StringNotEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid      = "DenyRemovingBoundary"
        Effect   = "Deny"
        Action   = ["iam:DeleteRolePermissionsBoundary"]
        Resource = "*"
      },
      {
        # A role that it takes is bounded by its own boundary, or by none.
        Sid         = "DenyOtherRoles"
        Effect      = "Deny"
        Action      = ["sts:AssumeRole"]
        NotResource = ["arn:${local.partition}:iam::${local.account}:role/${var.name}-*"]
      },
      {
        Sid      = "DenyStateBucket"
        Effect   = "Deny"
        Action   = ["s3:DeleteBucket*", "s3:DeleteObjectVersion", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"]
        Resource = [local.state_bucket_arn, "${local.state_bucket_arn}/*"]
      },
      {
        # A role that an apply makes writes no state, and no plan that a later apply would take.
        Sid      = "DenyStatesOfPeople"
        Effect   = "Deny"
        Action   = ["s3:DeleteObject", "s3:PutObject*"]
        Resource = [for folder in ["*/00-*", "*/05-*", "*/groundplan/plans"] : "${local.state_bucket_arn}/${folder}/*"]
      },
      {
        # The key is known by its alias, which nothing here takes from it.
        Sid       = "DenyStateKey"
        Effect    = "Deny"
        Action    = ["kms:CreateGrant", "kms:Delete*", "kms:Disable*", "kms:Put*", "kms:Schedule*", "kms:Tag*", "kms:Untag*", "kms:Update*"]
        Resource  = "*"
        Condition = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = ["alias/${var.state.bucket}", "alias/${var.state.bucket}-plans"] } }
      },
      {
        # A key with somebody else's alias is somebody else's, whatever its tags.
        Sid       = "DenyOtherKeys"
        Effect    = "Deny"
        Action    = ["kms:CreateGrant", "kms:Delete*", "kms:Disable*", "kms:Put*", "kms:Schedule*", "kms:Tag*", "kms:Untag*", "kms:Update*"]
        Resource  = "arn:${local.partition}:kms:*:${local.account}:key/*"
        Condition = { "ForAnyValue:StringNotLike" = { "kms:ResourceAliases" = ["alias/${var.name}-*"] } }
      },
      {
        # One without a tag, too. Tags are given as a key is made, so that those of the environment have theirs.
        Sid       = "DenyUntaggedKeys"
        Effect    = "Deny"
        Action    = ["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]
        Resource  = "*"
        Condition = { StringNotEquals = { "aws:ResourceTag/environment" = var.name } }
      },
      {
        # Services tag what they make as they like; what is tagged as another environment's stays that one's.
        Sid       = "DenyOtherEnvironments"
        Effect    = "Deny"
        Action    = ["ec2:*", "ecs:*", "eks:*", "elasticloadbalancing:*", "iam:*", "kms:*", "logs:*", "rds:*", "secretsmanager:*", "sns:*"]
        Resource  = "*"
        Condition = { StringNotEquals = { "aws:ResourceTag/environment" = var.name }, Null = { "aws:ResourceTag/environment" = "false" } }
      },
    ]
  })

  lifecycle {
    precondition {
      condition     = length(join("", local.boundary_actions)) < 3000
      error_message = "actions: their services are more than a boundary of 6,144 characters holds."
    }
  }
}
