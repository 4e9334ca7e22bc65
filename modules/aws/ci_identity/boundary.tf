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
        Resource = [
          "arn:${local.partition}:iam::${local.account}:oidc-provider/*",
          "arn:${local.partition}:iam::${local.account}:role/${var.name}-ci-*",
          local.own_policies,
        ]
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
        Sid      = "DenyStateBucket"
        Effect   = "Deny"
        Action   = ["s3:DeleteBucket*", "s3:DeleteObjectVersion", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"]
        Resource = [local.state_bucket_arn, "${local.state_bucket_arn}/*"]
      },
      {
        # Services tag what they make as they like; what is tagged as another environment's stays that one's.
        Sid       = "DenyOtherEnvironments"
        Effect    = "Deny"
        Action    = ["ec2:*", "ecs:*", "eks:*", "elasticloadbalancing:*", "kms:*", "logs:*", "rds:*", "secretsmanager:*", "sns:*"]
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
