data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.region

  # AWS delivers to groups under this prefix without writing each into a policy of limited length.
  log_group_name = "/aws/vendedlogs/prometheus/${var.name}"

  # From names instead of resources: whoever reads a plan sees what the policies say.
  topic_name = "${var.name}-managed-alerts"
  topic_arn  = "arn:${local.partition}:sns:${local.region}:${local.account_id}:${local.topic_name}"
}
