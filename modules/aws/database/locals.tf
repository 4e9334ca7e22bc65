data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  # From the name instead of the resource, because the role is made first.
  instance_arn = "arn:${local.partition}:rds:${local.region}:${local.account}:db:${var.name}"

  # RDS refuses a snapshot under the name of one that is there, such as that of an earlier life. Its security group has an id that no
  # other life has.
  final_snapshot = "${var.name}-final-${trimprefix(aws_security_group.this.id, "sg-")}"

  port = 5432
}
