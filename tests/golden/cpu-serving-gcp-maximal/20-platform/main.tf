# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "cpu-serving-mlflow"
  artifacts_bucket = "cpu-serving-mlflow-04513289"
  database = {
    cidr_blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
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
    namespaces  = ["serving", "training"]
    cidr_blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
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
    size_gib       = 200
    retention_days = 60
  }
  workload_namespaces = ["serving", "training"]
  gpu                 = true
  mlflow              = true
  alerts = {
    log = {}
    slack = {
      channel = "#ml-alerts"
      webhook_url = {
        name = "slack"
        key  = "webhook-url"
      }
    }
    pagerduty = {
      routing_key = {
        name = "pagerduty"
        key  = "routing-key"
      }
    }
  }
  grafana = {
    url = "https://grafana.example.com/ml"
  }
  cost = {
    node_usd_per_hour = {
      c3-standard-4-lssd  = 0.242704
      c3d-highcpu-8       = 0.299848
      c3d-standard-8-lssd = 0.404288
      e2-standard-2       = 0.067011
      e2-standard-4       = 0.134023
      g2-standard-4       = 0.706832
      n4a-standard-8      = 0.308
    }
    monthly_usd = 1000000
  }
  runbook_url = "https://example.com/ml/runbooks.md"
  platform = {
    coredns         = false
    autoscaler      = false
    gpu_driver_root = "/home/kubernetes/bin/nvidia"
  }
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training = {
      service_accounts        = ["prepare", "shuffle", "explore"]
      max_gpus                = 2
      ingress_from_namespaces = ["monitoring"]
    }
    serving = {
      service_accounts        = ["ranker", "batch", "steady", "fast-start"]
      max_gpus                = 3
      ingress_from_namespaces = ["monitoring"]
    }
  }
}
