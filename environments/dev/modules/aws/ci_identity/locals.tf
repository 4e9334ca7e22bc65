data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  # From names instead of resources, so that a plan shows whole policies.
  role_names   = { for role in ["plan", "drift", "apply"] : role => "${var.name}-ci-${role}" }
  role_arns    = { for role, name in local.role_names : role => "arn:${local.partition}:iam::${local.account}:role/${name}" }
  boundary     = "${var.name}-ci-boundary"
  boundary_arn = "arn:${local.partition}:iam::${local.account}:policy/${local.boundary}"
  own_policies = "arn:${local.partition}:iam::${local.account}:policy/${var.name}-ci-*"

  issuer_arns = { for issuer in keys(var.issuers) : issuer => "arn:${local.partition}:iam::${local.account}:oidc-provider/${issuer}" }

  state_bucket_arn = "arn:${local.partition}:s3:::${var.state.bucket}"
  states_arn       = "${local.state_bucket_arn}/${var.state.prefix}"
  plans_arn        = "${local.states_arn}/groundplan/plans"
  log_bucket_arns  = var.state.log_bucket == null ? [] : ["arn:${local.partition}:s3:::${var.state.log_bucket}"]
  bucket_arns      = [for bucket in var.buckets : "arn:${local.partition}:s3:::${bucket}"]

  # Read by nobody here but `drift`, of the environment's own secrets: the provider reads a secret's version by its value.
  # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/secretsmanager/secret_version.go
  secret_actions = ["s3:GetObject", "s3:GetObjectVersion", "secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"]
  secrets_arn    = "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${var.name}/*"

  # What actions of a service that take a resource are held to. By names where the environment gives them; where the cloud does (most of
  # EC2, workspaces, keys), to account and region, and what is tagged as another environment's is denied below.
  # https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
  here = "${local.region}:${local.account}"
  scopes = {
    application-autoscaling = ["arn:${local.partition}:application-autoscaling:${local.here}:scalable-target/*"]
    aps                     = ["arn:${local.partition}:aps:${local.here}:*", "arn:${local.partition}:eks:${local.here}:cluster/${var.name}"]
    autoscaling             = ["arn:${local.partition}:autoscaling:${local.here}:autoScalingGroup:*:autoScalingGroupName/eks-*"]
    budgets                 = ["arn:${local.partition}:budgets::${local.account}:budget/${var.name}*"]
    cloudwatch              = ["arn:${local.partition}:cloudwatch:${local.here}:alarm:${var.name}-*"]
    ec2                     = ["arn:${local.partition}:ec2:${local.here}:*", "arn:${local.partition}:ec2:${local.region}::image/*", "arn:${local.partition}:ec2:${local.region}::snapshot/*"]
    ecr                     = ["arn:${local.partition}:ecr:${local.here}:repository/${var.name}/*"]
    ecs = [
      "arn:${local.partition}:ecs:${local.here}:cluster/${var.name}-*",
      "arn:${local.partition}:ecs:${local.here}:service/${var.name}-*/*",
      "arn:${local.partition}:ecs:${local.here}:task-definition/${var.name}-*:*",
    ]
    eks = [
      "arn:${local.partition}:eks:${local.here}:access-entry/${var.name}/*",
      "arn:${local.partition}:eks:${local.here}:addon/${var.name}/*",
      "arn:${local.partition}:eks:${local.here}:cluster/${var.name}",
      "arn:${local.partition}:eks:${local.here}:nodegroup/${var.name}/*",
      "arn:${local.partition}:eks:${local.here}:podidentityassociation/${var.name}/*",
    ]
    elasticloadbalancing = [
      "arn:${local.partition}:elasticloadbalancing:${local.here}:listener/app/${var.name}-*",
      "arn:${local.partition}:elasticloadbalancing:${local.here}:loadbalancer/app/${var.name}-*",
      "arn:${local.partition}:elasticloadbalancing:${local.here}:targetgroup/${var.name}-*",
    ]
    iam = ["arn:${local.partition}:iam::${local.account}:policy/${var.name}-*", "arn:${local.partition}:iam::${local.account}:role/${var.name}-*"]
    kms = ["arn:${local.partition}:kms:${local.here}:alias/${var.name}-*", "arn:${local.partition}:kms:${local.here}:key/*"]
    logs = [
      "arn:${local.partition}:logs:${local.here}:log-group:*${var.name}*",
      "arn:${local.partition}:logs:${local.here}:log-group:*${var.name}*:*",
    ]
    rds = concat(
      [for sort in ["db", "pg", "snapshot", "subgrp"] : "arn:${local.partition}:rds:${local.here}:${sort}:${var.name}-*"],
      ["arn:${local.partition}:rds:${local.here}:og:default*"],
    )
    route53        = ["arn:${local.partition}:route53:::hostedzone/*"]
    s3             = local.bucket_arns
    secretsmanager = [local.secrets_arn]
    sns            = ["arn:${local.partition}:sns:${local.here}:${var.name}-*"]
  }

  # Actions that take no resource, or a service-linked role's, and those that a service does in the caller's name to what it makes itself.
  unscoped = [
    "aps:CreateWorkspace",
    "ec2:DeleteSubnetCidrReservation",
    "ecs:DeregisterTaskDefinition",
    "eks:CreateCluster",
    "iam:CreateServiceLinkedRole",
    "kms:CreateKey",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DeleteResourcePolicy",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
  ]

  roles_with_boundary = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
  # Use of a key is held to the service that uses it: see `use_of_keys`.
  use_of_keys = ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey", "kms:RetireGrant"]

  scoped_services = sort(distinct([for action in var.actions.write : split(":", action)[0] if length(local.scopes[split(":", action)[0]]) > 0]))
  scoped = { for service in local.scoped_services : service => sort([
    for action in var.actions.write : action
    if split(":", action)[0] == service && !contains(concat(local.unscoped, local.roles_with_boundary, local.use_of_keys, local.secret_actions, ["iam:PassRole"]), action)
  ]) }
}
