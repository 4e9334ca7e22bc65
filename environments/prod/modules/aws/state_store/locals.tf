data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account      = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
  account_root = "arn:${local.partition}:iam::${local.account}:root"

  plans = toset(var.plans_prefix == null ? [] : [var.plans_prefix])

  # From names instead of resources, so that a plan shows whole policies.
  bucket_arn     = "arn:${local.partition}:s3:::${var.bucket}"
  log_bucket_arn = "arn:${local.partition}:s3:::${var.access_log_bucket}"
}
