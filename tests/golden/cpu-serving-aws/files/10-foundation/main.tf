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
    use1-az4 = {
      private_cidr = "10.20.64.0/19"
      public_cidr  = "10.20.200.0/22"
    }
  }
  flow_logs = {
    retention_days = 365
    kms_key        = module.keys.keys.logs.id
  }
  nat                 = "per_zone"
  interface_endpoints = ["ecr.api", "ecr.dkr", "sts"]
}

module "object_store" {
  source = "../modules/aws/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "cpu-serving-access-logs-dfc049b9"
  buckets = {
    models = {
      bucket          = "cpu-serving-models-dfc049b9"
      versioning      = true
      noncurrent_days = 180
    }
    predictions = {
      bucket             = "cpu-serving-predictions-dfc049b9"
      versioning         = true
      noncurrent_days    = 90
      archive_after_days = 60
      expire_after_days  = 365
    }
  }
}

module "registry" {
  source = "../modules/aws/registry"

  name    = var.name
  kms_key = module.keys.keys.storage.id
  repositories = {
    ranker = {
      keep_images = 30
    }
    batch-scorer = {
      keep_images = 30
    }
  }
}

module "cluster" {
  source = "../modules/aws/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = ["10.20.0.0/16"]
  deletion_protection    = true
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 365
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
  instance_types = ["t3a.large"]
  nodes = {
    min            = 2
    max            = 4
    zones          = ["use1-az1", "use1-az2"]
    group_per_zone = true
    update = {
      strategy        = "surge"
      max_unavailable = 1
      repair          = true
    }
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
  instance_types = ["m6a.xlarge"]
  nodes = {
    min = 2
    max = 8
    update = {
      strategy        = "surge"
      max_unavailable = 1
      repair          = true
    }
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
  capacity       = "spot"
  instance_types = ["c6a.2xlarge", "c7i.2xlarge", "m8i.2xlarge", "m7i.2xlarge"]
  nodes = {
    min = 0
    max = 6
    update = {
      strategy        = "surge"
      max_unavailable = 1
      repair          = true
    }
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

module "workload_identity" {
  source = "../modules/aws/workload_identity"

  cluster_name = module.cluster.cluster.name
  identities = {
    serving-ranker = {
      namespace       = "serving-ranker"
      service_account = "ranker"
      reads           = [module.object_store.object_store.buckets["models"].id]
    }
    serving-batch = {
      namespace       = "serving-batch"
      service_account = "batch"
      reads           = [module.object_store.object_store.buckets["models"].id]
      writes          = [module.object_store.object_store.buckets["predictions"].id]
    }
  }
  kms_key = module.keys.keys.storage.id
}

module "autoscaler_identity" {
  source = "../modules/aws/autoscaler_identity"

  cluster_name    = module.cluster.cluster.name
  namespace       = "kube-system"
  service_account = "cluster-autoscaler"
}

module "alert_topic" {
  source = "../modules/aws/alert_topic"

  name         = var.name
  cluster_name = module.cluster.cluster.name
  emails       = ["serving-oncall@example.com"]
  kms_key      = module.keys.keys.cluster.id
}
