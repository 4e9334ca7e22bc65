# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "gpu-training/mlflow"
  artifacts_bucket = "gpu-training-mlflow-dfc049b9"
  database = {
    cidr_blocks = ["10.20.0.0/19", "10.20.32.0/19", "10.20.64.0/19"]
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
    namespaces = ["training-finetune"]
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
  workload_namespaces = ["training-finetune"]
  gpu                 = true
  mlflow              = true
  alerts = {
    sns = {
      topic_arn = "arn:aws:sns:us-east-1:123456789012:gpu-training-alerts"
    }
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      "g6.2xlarge"  = 0.9776
      "g6.4xlarge"  = 1.3232
      "gr6.4xlarge" = 1.5392
      "t3a.large"   = 0.0752
    }
    monthly_usd = 1500
  }
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-finetune = {
      service_accounts        = ["finetune"]
      max_gpus                = 4
      ingress_from_namespaces = ["monitoring"]
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
      {
        namespace = "monitoring"
        port      = 9091
      },
    ]
  }
}
