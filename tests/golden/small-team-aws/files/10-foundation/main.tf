# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "keys" {
  source = "../modules/aws/keys"

  name     = var.name
  purposes = ["storage", "database", "cluster", "logs"]
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
    retention_days = 30
    kms_key        = module.keys.keys.logs.id
  }
  nat                 = "single"
  interface_endpoints = ["ecr.api", "ecr.dkr", "sts"]
}

module "object_store" {
  source = "../modules/aws/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "small-team-access-logs-dfc049b9"
  buckets = {
    data = {
      bucket          = "small-team-data-dfc049b9"
      versioning      = true
      noncurrent_days = 30
    }
    models = {
      bucket          = "small-team-models-dfc049b9"
      versioning      = true
      noncurrent_days = 30
    }
    mlflow = {
      bucket          = "small-team-mlflow-dfc049b9"
      versioning      = true
      noncurrent_days = 30
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
    retention_days = 30
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

module "pool_training_jobs" {
  source = "../modules/aws/node_pool"

  name           = "training-jobs"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["m5.xlarge", "r6a.xlarge", "m6a.xlarge", "r5.xlarge"]
  nodes = {
    min = 0
    max = 2
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
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-jobs"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_training_gpu" {
  source = "../modules/aws/node_pool"

  name           = "training-gpu"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["g4dn.xlarge", "g4dn.2xlarge"]
  nodes = {
    min = 0
    max = 1
    update = {
      strategy        = "minimal"
      max_unavailable = 1
      repair          = true
    }
  }
  disk = {
    size_gib = 200
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "t4"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-gpu"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_serving_api" {
  source = "../modules/aws/node_pool"

  name           = "serving-api"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "arm64"
  capacity       = "spot_with_fallback"
  instance_types = ["m7g.large", "m8g.large", "m6g.large", "r6g.large"]
  nodes = {
    min = 1
    max = 2
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

module "mlflow_database" {
  source = "../modules/aws/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db.t4g.medium"
  high_availability   = false
  deletion_protection = true
  kms_key             = module.keys.keys.database.id
  postgres = {
    database_name = "mlflow"
    version       = "18"
  }
  storage = {
    size_gib = 20
    max_gib  = 40
  }
  backups = {
    days = 14
  }
  secret = {
    name = "small-team/mlflow"
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
    training-jobs = {
      namespace       = "training-jobs"
      service_account = "jobs"
      reads           = [module.object_store.object_store.buckets["data"].id]
      writes          = [module.object_store.object_store.buckets["models"].id]
    }
    training-gpu = {
      namespace       = "training-gpu"
      service_account = "gpu"
      reads           = [module.object_store.object_store.buckets["data"].id]
      writes          = [module.object_store.object_store.buckets["models"].id]
    }
    serving-api = {
      namespace       = "serving-api"
      service_account = "api"
      reads           = [module.object_store.object_store.buckets["models"].id]
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
