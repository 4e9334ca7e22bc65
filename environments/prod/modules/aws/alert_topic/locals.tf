data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.region

  cluster_arn = "arn:${local.partition}:eks:${local.region}:${local.account_id}:cluster/${var.cluster_name}"

  # From names instead of resources: whoever reads a plan sees what the policies say, and the platform can name the topic too.
  topic_name = "${var.name}-alerts"
  topic_arn  = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${local.topic_name}"
  role_name  = "${var.cluster_name}-alertmanager"
  role_arn   = "arn:${local.partition}:iam::${local.account_id}:role/${local.role_name}"
}
