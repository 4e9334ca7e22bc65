# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "llm-finetuning/mlflow"
  artifacts_bucket = "llm-finetuning-mlflow-dfc049b9"
  database = {
    cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "172.20.96.0/19"]
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
    namespaces          = ["serving", "training"]
    metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "172.20.96.0/19"]
    cidr_blocks         = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "172.20.96.0/19"]
  }
  ingress = {
    class_name  = module.load_balancer.load_balancer.ingress_class
    host        = "mlflow.ml.example.com"
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"
    annotations = {
      "alb.ingress.kubernetes.io/inbound-cidrs" = "172.20.0.0/19, 172.20.32.0/19, 172.20.64.0/19, 172.20.96.0/19, 10.200.0.0/16"
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
  max_nodes = 25
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

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training = {
      service_accounts    = ["finetune", "try-out", "prepare", "shuffle", "explore", "small-jobs"]
      max_gpus            = 28
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "172.20.96.0/19"]
    }
    serving = {
      service_accounts    = ["steady", "fast-start"]
      max_gpus            = 3
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "172.20.96.0/19"]
    }
  }
}
