# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "keys" {
  source = "../modules/aws/keys"

  name     = var.name
  purposes = ["storage", "database", "cluster", "logs"]
}

module "network" {
  source = "../modules/aws/existing_network"

  id                 = "vpc-0a1b2c3d4e5f60718"
  private_subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]
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
    raw = {
      bucket             = "cpu-serving-raw-dfc049b9"
      versioning         = false
      noncurrent_days    = 90
      archive_after_days = 30
      expire_after_days  = 180
    }
    features = {
      bucket          = "cpu-serving-features-dfc049b9"
      versioning      = true
      noncurrent_days = 30
    }
    mlflow = {
      bucket          = "cpu-serving-mlflow-dfc049b9"
      versioning      = true
      noncurrent_days = 30
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
    tools = {
      keep_images = 5
    }
  }
}

module "cluster" {
  source = "../modules/aws/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = [module.network.network.cidr, "10.200.0.0/16"]
  deletion_protection    = true
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 180
    kms_key        = module.keys.keys.logs.id
  }
  public_endpoint_cidrs = ["203.0.113.0/24", "198.51.100.7/32"]
  admin_role_arns       = ["arn:aws:iam::123456789012:role/platform-admin"]
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
    min = 2
    max = 3
  }
  disk = {
    size_gib = 50
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_training_prepare" {
  source = "../modules/aws/node_pool"

  name           = "training-prepare"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "arm64"
  capacity       = "spot"
  instance_types = ["m6g.2xlarge", "m7g.2xlarge", "m8g.2xlarge", "r6g.2xlarge"]
  nodes = {
    min = 0
    max = 8
  }
  disk = {
    size_gib = 200
    kms_key  = module.keys.keys.cluster.id
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-prepare"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_training_shuffle" {
  source = "../modules/aws/node_pool"

  name           = "training-shuffle"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c6id.2xlarge"]
  nodes = {
    min = 1
    max = 2
  }
  disk = {
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 441
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-shuffle"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_training_explore" {
  source = "../modules/aws/node_pool"

  name           = "training-explore"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["g6.xlarge", "g6.2xlarge", "g6.4xlarge"]
  nodes = {
    min = 0
    max = 2
  }
  disk = {
    size_gib = 200
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "l4"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-explore"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_serving_ranker" {
  source = "../modules/aws/node_pool"

  name           = "serving-ranker"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["m5a.xlarge"]
  nodes = {
    min = 2
    max = 8
  }
  disk = {
    size_gib = 300
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
  instance_types = ["c6a.2xlarge", "c5a.2xlarge", "c5.2xlarge", "c6i.2xlarge"]
  nodes = {
    min = 0
    max = 6
  }
  disk = {
    size_gib = 300
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_serving_steady" {
  source = "../modules/aws/node_pool"

  name           = "serving-steady"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["g4dn.xlarge"]
  nodes = {
    min = 1
    max = 3
  }
  disk = {
    size_gib = 150
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "t4"
  }
  tags = var.tags
}

module "pool_serving_fast_start" {
  source = "../modules/aws/node_pool"

  name           = "serving-fast-start"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c6id.xlarge"]
  nodes = {
    min = 1
    max = 2
  }
  disk = {
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 220
  }
  tags = var.tags
}

module "cluster_addons" {
  source = "../modules/aws/cluster_addons"

  cluster         = module.cluster.cluster
  system_pool     = module.pool_system.node_pool
  volumes_kms_key = module.keys.keys.cluster.id
}

module "mlflow_database" {
  source = "../modules/aws/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db.m7g.xlarge"
  high_availability   = true
  deletion_protection = true
  kms_key             = module.keys.keys.database.id
  postgres = {
    database_name = "mlflow"
  }
  storage = {
    size_gib = 100
    max_gib  = 200
  }
  backups = {
    days = 30
  }
  secret = {
    name = "cpu-serving/mlflow"
  }
  logs = {
    kms_key = module.keys.keys.logs.id
  }
  client_security_group_ids = {
    cluster = module.cluster.cluster.security_group_id
  }
}

module "workload_identity" {
  source = "../modules/aws/workload_identity"

  cluster_name = module.cluster.cluster.name
  identities = {
    training-prepare = {
      namespace       = "training"
      service_account = "prepare"
      reads           = [module.object_store.object_store.buckets["raw"].id]
      writes          = [module.object_store.object_store.buckets["features"].id]
    }
    serving-ranker = {
      namespace       = "serving"
      service_account = "ranker"
      reads           = [module.object_store.object_store.buckets["models"].id]
    }
    serving-batch = {
      namespace       = "serving"
      service_account = "batch"
      reads           = [module.object_store.object_store.buckets["models"].id]
      writes          = [module.object_store.object_store.buckets["predictions"].id]
    }
    serving-steady = {
      namespace       = "serving"
      service_account = "steady"
      reads           = [module.object_store.object_store.buckets["features"].id]
      writes          = [module.object_store.object_store.buckets["raw"].id]
    }
    mlflow = {
      namespace       = "mlflow"
      service_account = "mlflow"
      writes          = [module.object_store.object_store.buckets["mlflow"].id]
      secrets         = [module.mlflow_database.database.secret_id]
    }
  }
  kms_key         = module.keys.keys.storage.id
  secrets_kms_key = module.keys.keys.database.id
}

module "autoscaler_identity" {
  source = "../modules/aws/autoscaler_identity"

  cluster_name    = module.cluster.cluster.name
  namespace       = "kube-system"
  service_account = "cluster-autoscaler"
}

module "load_balancer_identity" {
  source = "../modules/aws/load_balancer_identity"

  cluster_name = module.cluster.cluster.name
}

module "alert_topic" {
  source = "../modules/aws/alert_topic"

  name         = var.name
  cluster_name = module.cluster.cluster.name
  emails       = ["ml-oncall@example.com"]
  kms_key      = module.keys.keys.cluster.id
}
