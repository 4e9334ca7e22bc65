data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  # From names instead of resources, so that a plan shows whole policies.
  bucket_arns    = { for key, b in var.buckets : key => "arn:${data.aws_partition.current.partition}:s3:::${b.bucket}" }
  log_bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${var.access_log_bucket}"
}
