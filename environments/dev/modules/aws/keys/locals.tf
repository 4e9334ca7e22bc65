data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  # Naming the account root gives nobody access by itself: it lets IAM policies of this account grant what the statement lists.
  account_root = "arn:${local.partition}:iam::${local.account}:root"

  use_actions = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ]

  # Roles that start nodes on behalf of EC2 Auto Scaling and Spot. Patterns, compared in a condition, because a fresh account has
  # no such role before its first group, and KMS refuses a policy that names a principal which does not exist.
  node_launch_roles = [
    "arn:${local.partition}:iam::${local.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*",
    "arn:${local.partition}:iam::${local.account}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
  ]

  descriptions = {
    storage  = "${var.name}: objects in S3 and images in ECR"
    cluster  = "${var.name}: Kubernetes secrets and node volumes"
    logs     = "${var.name}: CloudWatch log groups"
    database = "${var.name}: databases in RDS and secrets in Secrets Manager"
    alerts   = "${var.name}: alerts that AWS services publish to SNS"
  }

  policies = {
    storage  = data.aws_iam_policy_document.storage.json
    cluster  = data.aws_iam_policy_document.cluster.json
    logs     = data.aws_iam_policy_document.logs.json
    database = data.aws_iam_policy_document.database.json
    alerts   = data.aws_iam_policy_document.alerts.json
  }
}
