# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-blue/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-jobs = {
      service_accounts        = ["jobs"]
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    training-gpu = {
      service_accounts        = ["gpu"]
      max_gpus                = 1
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    training-prepare = {
      service_accounts        = ["prepare"]
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    training-sort = {
      service_accounts        = ["sort"]
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    training-explore = {
      service_accounts        = ["explore"]
      max_gpus                = 8
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    serving-api = {
      service_accounts        = ["api"]
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    serving-steady = {
      service_accounts        = ["steady"]
      max_gpus                = 3
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    serving-fast-start = {
      service_accounts        = ["fast-start"]
      ingress_from_namespaces = ["gke-gmp-system"]
    }
  }
  egress = {
    node_services = {
      "169.254.169.254/32" = 80
      "169.254.169.252/32" = 988
    }
    resolvers = ["169.254.20.10/32", "169.254.169.254/32"]
  }
}

module "pod_monitoring" {
  source = "../modules/kubernetes/pod_monitoring"

  workload_namespaces = [
    "serving-api",
    "serving-fast-start",
    "serving-steady",
    "training-explore",
    "training-gpu",
    "training-jobs",
    "training-prepare",
    "training-sort",
  ]
  mlflow = false

  depends_on = [module.workspaces]
}

module "reader" {
  source = "../modules/kubernetes/reader"

  reader = {
    kind = "User"
    name = "small-team-ci-drift@example-project.iam.gserviceaccount.com"
  }
  objects = {
    ""                  = ["limitranges", "namespaces", "resourcequotas", "serviceaccounts"]
    "networking.k8s.io" = ["networkpolicies"]
    "storage.k8s.io"    = ["storageclasses"]
  }
  release_namespaces = ["gmp-public"]

  depends_on = [module.pod_monitoring]
}
