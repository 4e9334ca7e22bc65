# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "gpu-training-mlflow"
  artifacts_bucket = "gpu-training-mlflow-04513289"
  database = {
    cidr_blocks = ["10.20.128.0/18"]
  }
  replicas = {
    min = 1
    max = 2
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  clients = {
    namespaces = ["training"]
  }
  project = var.account_id
}

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training = {
      service_accounts = ["finetune"]
      max_gpus         = 1
    }
  }
}
