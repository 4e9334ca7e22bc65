# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "fraud-prod/mlflow"
  artifacts_bucket = "fraud-prod-mlflow-640e0ed9"
  database = {
    cidr_blocks = ["10.24.0.0/19", "10.24.32.0/19", "10.24.64.0/19"]
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
  max_nodes = 18
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
  workload_namespaces = ["serving-scorer", "training-trainer"]
  gpu                 = true
  mlflow              = true
  alerts = {
    sns = {
      topic_arn = "arn:aws:sns:us-west-2:444455556666:fraud-prod-alerts"
    }
  }
  grafana = {}
  cost = {
    node_usd_per_hour = {
      "g6.2xlarge"  = 0.9776
      "g6.4xlarge"  = 1.3232
      "gr6.4xlarge" = 1.5392
      "m6a.xlarge"  = 0.1728
      "t3a.large"   = 0.0752
    }
    monthly_usd = 3000
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
    "scheduling.k8s.io" = ["priorityclasses"]
    "storage.k8s.io"    = ["storageclasses"]
  }
  release_namespaces = ["kube-system", "mlflow", "monitoring", "monitoring-agents"]

  depends_on = [module.mlflow, module.autoscaler, module.gpu_plugin, module.monitoring]
}
