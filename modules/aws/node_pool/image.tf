# The newest image that EKS recommends. Asked for only where every apply is to take it, as a new one drains all nodes.
# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
data "aws_ssm_parameter" "release" {
  count = var.image_release == "latest" ? 1 : 0

  name = "/aws/service/eks/optimized-ami/${var.cluster.version}/amazon-linux-2023/${var.architecture}/${var.gpu == null ? "standard" : "nvidia"}/recommended/release_version"
}

locals {
  # Null leaves the release alone, and a raised cluster.version takes the newest one of that version.
  fixed_release = var.image_release == "kept" ? null : var.image_release
  image_release = var.image_release == "latest" ? data.aws_ssm_parameter.release[0].insecure_value : local.fixed_release
}
