# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "small-team/mlflow"
  artifacts_bucket = "small-team-mlflow-dfc049b9"
  database = {
    cidr_blocks = ["10.20.0.0/19", "10.20.32.0/19"]
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
    namespaces = ["serving-api", "training-gpu", "training-jobs"]
  }
  region = var.region
}

module "autoscaler" {
  source = "../modules/kubernetes/autoscaler"

  cluster = {
    name    = var.name
    version = "1.35"
  }
  region = var.region
  identity = {
    namespace       = "kube-system"
    service_account = "cluster-autoscaler"
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  max_nodes = 7
}

module "gpu_plugin" {
  source = "../modules/kubernetes/gpu_plugin"
}

module "storage_class" {
  source = "../modules/aws/storage_class"

  kms_key_alias = "alias/${var.name}-cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-jobs = {
      service_accounts = ["jobs"]
    }
    training-gpu = {
      service_accounts = ["gpu"]
      max_gpus         = 1
    }
    serving-api = {
      service_accounts = ["api"]
    }
  }
  egress = {
    node_services = {
      "169.254.170.23/32" = 80
    }
    servers = [
      {
        namespace = "mlflow"
        port      = 5000
      },
    ]
  }
}
