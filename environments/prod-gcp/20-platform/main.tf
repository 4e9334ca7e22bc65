# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow_database_ca" {
  source = "../modules/gcp/database_ca"

  instance = "${var.name}-mlflow"
}

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "fraud-prod-gcp-mlflow"
  artifacts_bucket = "fraud-prod-gcp-mlflow-e5803712"
  database = {
    cidr_blocks   = ["10.24.128.0/18"]
    ca_bundle_pem = module.mlflow_database_ca.database_ca.ca_bundle_pem
    server_name   = module.mlflow_database_ca.database_ca.server_name
  }
  replicas = {
    min = 2
    max = 4
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  clients = {
    namespaces = ["serving-scorer", "training-trainer"]
  }
  project = var.account_id
}

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}/cryptoKeys/cluster"
}

module "monitoring" {
  source = "../modules/kubernetes/monitoring"

  name = var.name
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  storage = {
    class          = module.storage_class.storage_class.name
    size_gib       = 50
    retention_days = 15
  }
  workload_namespaces = ["serving-scorer", "training-trainer"]
  gpu                 = true
  mlflow              = true
  alerts = {
    log = {}
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      e2-standard-2 = 0.067011
      e2-standard-4 = 0.134023
      g2-standard-8 = 0.853624
    }
    monthly_usd = 3000
  }
  platform = {
    coredns         = false
    autoscaler      = false
    gpu_driver_root = "/home/kubernetes/bin/nvidia"
  }
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-trainer = {
      service_accounts        = ["trainer"]
      max_gpus                = 4
      ingress_from_namespaces = ["monitoring"]
    }
    serving-scorer = {
      service_accounts        = ["scorer"]
      ingress_from_namespaces = ["monitoring"]
    }
  }
  egress = {
    node_services = {
      "169.254.169.254/32" = 80
      "169.254.169.252/32" = 988
    }
    resolvers = ["169.254.20.10/32", "169.254.169.254/32"]
    servers = [
      {
        namespace = "mlflow"
        port      = 5000
      },
      {
        namespace = "monitoring"
        port      = 9091
      },
    ]
  }
}

module "reader" {
  source = "../modules/kubernetes/reader"

  reader = {
    kind = "User"
    name = "fraud-prod-gcp-ci-drift@fraud-prod-4711.iam.gserviceaccount.com"
  }
  objects = {
    ""                  = ["configmaps", "limitranges", "namespaces", "resourcequotas", "serviceaccounts", "services"]
    apps                = ["deployments"]
    autoscaling         = ["horizontalpodautoscalers"]
    "networking.k8s.io" = ["ingresses", "networkpolicies"]
    policy              = ["poddisruptionbudgets"]
    "scheduling.k8s.io" = ["priorityclasses"]
    "storage.k8s.io"    = ["storageclasses"]
  }
  release_namespaces = ["mlflow", "monitoring", "monitoring-agents"]

  depends_on = [module.mlflow, module.monitoring]
}
