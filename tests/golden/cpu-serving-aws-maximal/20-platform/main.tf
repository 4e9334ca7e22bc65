# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "cpu-serving/mlflow"
  artifacts_bucket = "cpu-serving-mlflow-dfc049b9"
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
    class_name  = module.load_balancer.load_balancer.ingress_class
    host        = "mlflow.ml.example.com"
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"
    annotations = {
      "alb.ingress.kubernetes.io/inbound-cidrs" = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 10.200.0.0/16"
    }
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
  max_nodes = 34
}

module "gpu_plugin" {
  source = "../modules/kubernetes/gpu_plugin"
}

module "load_balancer" {
  source = "../modules/kubernetes/load_balancer"

  cluster = {
    name = var.name
  }
  region = var.region
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  tags   = var.tags
  vpc_id = data.aws_eks_cluster.this.vpc_config[0].vpc_id
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
    size_gib       = 200
    retention_days = 60
  }
  workload_namespaces = ["serving", "training"]
  gpu                 = true
  mlflow              = true
  alerts = {
    sns = {
      topic_arn = "arn:aws:sns:us-east-1:123456789012:cpu-serving-alerts"
    }
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
      "c5.2xlarge"   = 0.34
      "c5a.2xlarge"  = 0.308
      "c6a.2xlarge"  = 0.306
      "c6i.2xlarge"  = 0.34
      "c6id.2xlarge" = 0.4032
      "c6id.xlarge"  = 0.2016
      "g4dn.xlarge"  = 0.526
      "g6.2xlarge"   = 0.9776
      "g6.4xlarge"   = 1.3232
      "g6.xlarge"    = 0.8048
      "m5a.xlarge"   = 0.172
      "m6g.2xlarge"  = 0.308
      "m7g.2xlarge"  = 0.3264
      "m8g.2xlarge"  = 0.35904
      "r6g.2xlarge"  = 0.4032
      "t3a.large"    = 0.0752
    }
    monthly_usd = 1000000
  }
  runbook_url = "https://example.com/ml/runbooks.md"
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
