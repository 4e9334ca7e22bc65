data "google_project" "this" {}

# The network by way of the cluster, which the runners are there to reach.
data "google_container_cluster" "this" {
  name     = var.name
  location = var.cluster_location
}

locals {
  runner_name = "${var.name}-runner"
  project     = trimprefix(data.google_project.this.id, "projects/")

  # Ubuntu, for which actions/setup-python has builds of Python; a machine starts from the newest image of the family as it is by then.
  image = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64"

  # https://github.com/actions/runner/releases/tag/v2.337.0, by the digest that public repositories check it by, of which several agree
  # (2026-11-30). GitHub gives no jobs to a runner that is 30 days behind: an older one updates itself before its job.
  # https://docs.github.com/en/actions/reference/runners/self-hosted-runners
  release = {
    version = "2.337.0"
    sha256  = "70920811a4f8ad4328818682bca5c6469c1c942fab52448868071d0063816613"
  }

  script = templatefile("${path.module}/runner.sh.tftpl", {
    secret     = "projects/${local.project}/secrets/${local.runner_name}"
    prefix     = local.runner_name
    url        = var.github.group == null ? "${var.github.url}/${var.github.owner}/${var.github.repository}" : "${var.github.url}/${var.github.owner}"
    token_from = var.github.group == null ? "${var.github.api}/repos/${var.github.owner}/${var.github.repository}/actions/runners/registration-token" : "${var.github.api}/orgs/${var.github.owner}/actions/runners/registration-token"
    group      = var.github.group == null ? "" : var.github.group
    labels     = join(",", var.labels)
    release    = local.release
  })

  # These families boot from Hyperdisk only. https://cloud.google.com/compute/docs/disks/hyperdisks
  disk_type = can(regex("^(c4|c4d|n4|n4d|h4d|m4|x4)-", var.machines.machine_type)) ? "hyperdisk-balanced" : "pd-balanced"

  # A template never changes: another one has another name.
  template_digest = substr(sha256(jsonencode([filesha256("${path.module}/machines.tf"), local.script, local.image, var.machines.machine_type, var.machines.disk_gib, local.disk_type, var.kms_keys.disk, data.google_container_cluster.this.subnetwork, var.tags])), 0, 8)
}
