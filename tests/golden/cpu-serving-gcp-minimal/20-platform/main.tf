# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    serving = {
      service_accounts = ["ranker", "batch"]
    }
  }
}
