# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "llm-finetuning/mlflow"
  artifacts_bucket = "llm-finetuning-mlflow-dfc049b9"
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
    namespaces = ["training-finetune", "training-try-out"]
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
    size_gib       = 100
    retention_days = 30
  }
  workload_namespaces = ["training-finetune", "training-try-out"]
  gpu                 = true
  mlflow              = true
  alerts = {
    sns = {
      topic_arn = "arn:aws:sns:us-east-1:123456789012:llm-finetuning-alerts"
    }
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      "g6e.2xlarge"   = 2.24208
      "g6e.4xlarge"   = 3.00424
      "p4de.24xlarge" = 27.44705
      "t3a.large"     = 0.0752
    }
    monthly_usd = 6500
  }
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-finetune = {
      service_accounts        = ["finetune"]
      max_gpus                = 16
      ingress_from_namespaces = ["monitoring"]
    }
    training-try-out = {
      service_accounts        = ["try-out"]
      max_gpus                = 2
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
