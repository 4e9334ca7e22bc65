# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "runner" {
  source = "../modules/gcp/runner"

  name = var.name
  github = {
    owner      = "acme"
    repository = "infra"
    group      = "platform"
  }
  labels           = ["self-hosted", "vpc"]
  tags             = var.tags
  region           = var.region
  cluster_location = "us-central1-a"
  zones            = ["us-central1-a", "us-central1-b", "us-central1-c"]
  machines = {
    count        = 2
    machine_type = "e2-standard-2"
    disk_gib     = 30
  }
  kms_keys = {
    disk   = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-blue/cryptoKeys/cluster"
    secret = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-blue/cryptoKeys/database"
  }
}
