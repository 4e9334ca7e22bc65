# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "llm-finetuning-mlflow"
  artifacts_bucket = "llm-finetuning-mlflow-04513289"
  database = {
    cidr_blocks = ["172.20.128.0/18"]
  }
  replicas = {
    min = 3
    max = 6
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  image = "registry.example.com/ml/mlflow:v3.17.0-full"
  clients = {
    namespaces           = ["serving", "training"]
    cidr_blocks          = ["172.20.240.0/20"]
    monitoring_namespace = "gke-gmp-system"
  }
  ingress = {
    class_name  = "gce-internal"
    host        = "mlflow.ml.example.com"
    certificate = "projects/example-project/regions/us-central1/sslCertificates/mlflow"
  }
  project = var.account_id
}

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-blue/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training = {
      service_accounts        = ["finetune", "try-out", "prepare", "shuffle", "explore", "small-jobs"]
      max_gpus                = 28
      ingress_from_namespaces = ["gke-gmp-system"]
    }
    serving = {
      service_accounts        = ["steady", "fast-start"]
      max_gpus                = 3
      ingress_from_namespaces = ["gke-gmp-system"]
    }
  }
}

module "pod_monitoring" {
  source = "../modules/kubernetes/pod_monitoring"

  workload_namespaces = ["serving", "training"]
  mlflow              = true

  depends_on = [module.workspaces, module.mlflow]
}
