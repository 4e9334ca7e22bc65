# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-blue/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training = {
      service_accounts        = ["jobs", "gpu", "prepare", "shuffle", "explore"]
      max_gpus                = 3
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    serving = {
      service_accounts        = ["api", "steady", "fast-start"]
      max_gpus                = 3
      ingress_from_namespaces = ["gke-gmp-system"]
    }
  }
}

module "pod_monitoring" {
  source = "../modules/kubernetes/pod_monitoring"

  workload_namespaces = ["serving", "training"]
  mlflow              = false

  depends_on = [module.workspaces]
}
