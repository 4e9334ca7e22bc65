data "aws_region" "current" {}

# The network by way of the cluster, which the runners are there to reach.
data "aws_eks_cluster" "this" {
  name = var.name
}

data "aws_kms_alias" "disk" {
  name = var.kms_key_aliases.disk
}

data "aws_kms_alias" "secret" {
  name = var.kms_key_aliases.secret
}

locals {
  runner_name = "${var.name}-runner"

  # Ubuntu, for which actions/setup-python has builds of Python; a machine starts from the newest image as it is by then.
  # https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
  image = "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"

  # https://github.com/actions/runner/releases/tag/v2.337.0, by the digest that public repositories check it by, of which several agree
  # (2026-11-30). GitHub gives no jobs to a runner that is 30 days behind: an older one updates itself before its job.
  # https://docs.github.com/en/actions/reference/runners/self-hosted-runners
  release = {
    version = "2.337.0"
    sha256  = "70920811a4f8ad4328818682bca5c6469c1c942fab52448868071d0063816613"
  }

  script = templatefile("${path.module}/runner.sh.tftpl", {
    secret     = aws_secretsmanager_secret.this.arn
    region     = data.aws_region.current.region
    prefix     = local.runner_name
    url        = var.github.group == null ? "${var.github.url}/${var.github.owner}/${var.github.repository}" : "${var.github.url}/${var.github.owner}"
    token_from = var.github.group == null ? "${var.github.api}/repos/${var.github.owner}/${var.github.repository}/actions/runners/registration-token" : "${var.github.api}/orgs/${var.github.owner}/actions/runners/registration-token"
    group      = var.github.group == null ? "" : var.github.group
    labels     = join(",", var.labels)
    release    = local.release
  })
}
