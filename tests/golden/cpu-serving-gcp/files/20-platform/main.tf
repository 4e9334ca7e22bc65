# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

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
    retention_days = 30
  }
  workload_namespaces = ["serving-batch", "serving-ranker"]
  gpu                 = false
  mlflow              = false
  alerts = {
    log = {}
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      c3d-highcpu-8 = 0.299848
      e2-standard-2 = 0.067011
      e2-standard-4 = 0.134023
    }
    monthly_usd = 1500
  }
  platform = {
    coredns    = false
    autoscaler = false
  }
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    serving-ranker = {
      service_accounts        = ["ranker"]
      ingress_from_namespaces = ["monitoring"]
    }
    serving-batch = {
      service_accounts        = ["batch"]
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
        namespace = "monitoring"
        port      = 9091
      },
    ]
  }
}
