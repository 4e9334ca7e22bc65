# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "keys" {
  source = "../modules/aws/keys"

  name     = var.name
  purposes = ["storage", "cluster", "logs"]
}

module "network" {
  source = "../modules/aws/network"

  name   = var.name
  region = var.region
  cidr   = "10.20.0.0/16"
  zones = {
    use1-az1 = {
      private_cidr = "10.20.0.0/19"
      public_cidr  = "10.20.192.0/22"
    }
    use1-az2 = {
      private_cidr = "10.20.32.0/19"
      public_cidr  = "10.20.196.0/22"
    }
  }
  flow_logs = {
    retention_days = 7
    kms_key        = module.keys.keys.logs.id
  }
  nat                 = "single"
  interface_endpoints = ["ecr.api", "ecr.dkr", "sts"]
}

module "object_store" {
  source = "../modules/aws/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "cpu-serving-access-logs-dfc049b9"
  buckets = {
    models = {
      bucket          = "cpu-serving-models-dfc049b9"
      versioning      = false
      noncurrent_days = 90
    }
    predictions = {
      bucket          = "cpu-serving-predictions-dfc049b9"
      versioning      = false
      noncurrent_days = 90
    }
  }
}

module "cluster" {
  source = "../modules/aws/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = ["10.20.0.0/16"]
  deletion_protection    = false
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 7
    kms_key        = module.keys.keys.logs.id
  }
}

module "pool_system" {
  source = "../modules/aws/node_pool"

  name           = "system"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["t3a.medium"]
  nodes = {
    min = 2
    max = 3
  }
  disk = {
    size_gib = 50
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_serving_ranker" {
  source = "../modules/aws/node_pool"

  name           = "serving-ranker"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c7a.medium"]
  nodes = {
    min = 0
    max = 1
  }
  disk = {
    size_gib = 100
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_serving_batch" {
  source = "../modules/aws/node_pool"

  name           = "serving-batch"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c7a.medium"]
  nodes = {
    min = 0
    max = 1
  }
  disk = {
    size_gib = 100
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "cluster_addons" {
  source = "../modules/aws/cluster_addons"

  cluster         = module.cluster.cluster
  system_pool     = module.pool_system.node_pool
  volumes_kms_key = module.keys.keys.cluster.id
}

module "autoscaler_identity" {
  source = "../modules/aws/autoscaler_identity"

  cluster_name    = module.cluster.cluster.name
  namespace       = "kube-system"
  service_account = "cluster-autoscaler"
}
