# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "fraud-dev/mlflow"
  artifacts_bucket = "fraud-dev-mlflow-b6e64d49"
  database = {
    cidr_blocks = ["10.20.0.0/21", "10.20.8.0/21"]
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
    namespaces = ["serving-scorer", "training-trainer"]
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
  max_nodes = 8
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
    training-trainer = {
      service_accounts = ["trainer"]
      max_gpus         = 2
    }
    serving-scorer = {
      service_accounts = ["scorer"]
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

module "reader" {
  source = "../modules/kubernetes/reader"

  reader = {
    kind = "Group"
    name = "groundplan:drift"
  }
  objects = {
    ""                  = ["configmaps", "limitranges", "namespaces", "resourcequotas", "serviceaccounts", "services"]
    apps                = ["deployments"]
    autoscaling         = ["horizontalpodautoscalers"]
    "networking.k8s.io" = ["ingresses", "networkpolicies"]
    policy              = ["poddisruptionbudgets"]
    "storage.k8s.io"    = ["storageclasses"]
  }
  release_namespaces = ["kube-system", "mlflow"]

  depends_on = [module.mlflow, module.autoscaler, module.gpu_plugin]
}
