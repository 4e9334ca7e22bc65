# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

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
  max_nodes = 18
}

module "storage_class" {
  source = "../modules/aws/storage_class"

  kms_key_alias = "alias/${var.name}-cluster"
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
    sns = {
      topic_arn = "arn:aws:sns:us-east-1:123456789012:cpu-serving-alerts"
    }
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      "c6a.2xlarge" = 0.306
      "c7i.2xlarge" = 0.357
      "m6a.xlarge"  = 0.1728
      "m7i.2xlarge" = 0.4032
      "m8i.2xlarge" = 0.42336
      "t3a.large"   = 0.0752
    }
    monthly_usd = 1500
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
      "169.254.170.23/32" = 80
    }
    servers = [
      {
        namespace = "monitoring"
        port      = 9091
      },
    ]
  }
}
