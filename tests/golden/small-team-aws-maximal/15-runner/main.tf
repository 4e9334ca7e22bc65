# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "runner" {
  source = "../modules/aws/runner"

  name = var.name
  github = {
    owner      = "acme"
    repository = "infra"
    group      = "platform"
  }
  labels = ["self-hosted", "vpc"]
  tags   = var.tags
  machines = {
    count         = 2
    instance_type = "m6a.large"
    disk_gib      = 30
  }
  kms_key_aliases = {
    disk   = "alias/${var.name}-cluster"
    secret = "alias/${var.name}-database"
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}
