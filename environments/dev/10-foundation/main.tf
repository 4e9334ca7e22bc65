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
  cidr   = "10.20.0.0/18"
  zones = {
    use1-az1 = {
      private_cidr = "10.20.0.0/21"
      public_cidr  = "10.20.48.0/24"
    }
    use1-az2 = {
      private_cidr = "10.20.8.0/21"
      public_cidr  = "10.20.49.0/24"
    }
  }
  flow_logs = {
    retention_days = 30
    kms_key        = module.keys.keys.logs.id
  }
  nat                  = "single"
  interface_endpoints  = ["ecr.api", "ecr.dkr", "sts"]
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "object_store" {
  source = "../modules/aws/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "fraud-dev-access-logs-b6e64d49"
  buckets = {
    datasets = {
      bucket          = "fraud-dev-datasets-b6e64d49"
      versioning      = true
      noncurrent_days = 90
    }
    models = {
      bucket          = "fraud-dev-models-b6e64d49"
      versioning      = true
      noncurrent_days = 90
    }
    mlflow = {
      bucket          = "fraud-dev-mlflow-b6e64d49"
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
    trainer = {
      keep_images = 50
    }
    scorer = {
      keep_images = 50
    }
  }
}

module "cluster" {
  source = "../modules/aws/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = ["10.20.0.0/18"]
  deletion_protection    = false
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 30
    kms_key        = module.keys.keys.logs.id
  }
  admin_role_arns = ["arn:aws:iam::111122223333:role/fraud-dev-ci-apply"]
  access = {
    creator_administers = false
    group_role_arns = {
      "groundplan:drift" = "arn:aws:iam::111122223333:role/fraud-dev-ci-drift"
    }
  }
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
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
  tags                 = var.tags
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "pool_training_trainer" {
  source = "../modules/aws/node_pool"

  name           = "training-trainer"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["g6.2xlarge", "g6.4xlarge", "gr6.4xlarge"]
  nodes = {
    min = 0
    max = 2
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
    model = "l4"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-trainer"
      effect = "NoSchedule"
    },
  ]
  tags                 = var.tags
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "pool_serving_scorer" {
  source = "../modules/aws/node_pool"

  name           = "serving-scorer"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["m6a.xlarge", "m5.xlarge", "m6i.xlarge", "m7i.xlarge"]
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
  tags                 = var.tags
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "cluster_addons" {
  source = "../modules/aws/cluster_addons"

  cluster              = module.cluster.cluster
  system_pool          = module.pool_system.node_pool
  volumes_kms_key      = module.keys.keys.cluster.id
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "mlflow_database" {
  source = "../modules/aws/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db.t4g.medium"
  high_availability   = false
  deletion_protection = false
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
    name = "fraud-dev/mlflow"
  }
  logs = {
    kms_key = module.keys.keys.logs.id
  }
  client_security_group_ids = {
    cluster = module.cluster.cluster.security_group_id
  }
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "workload_identity" {
  source = "../modules/aws/workload_identity"

  cluster_name = module.cluster.cluster.name
  identities = {
    training-trainer = {
      namespace       = "training-trainer"
      service_account = "trainer"
      reads           = [module.object_store.object_store.buckets["datasets"].id]
      writes          = [module.object_store.object_store.buckets["models"].id]
    }
    serving-scorer = {
      namespace       = "serving-scorer"
      service_account = "scorer"
      reads           = [module.object_store.object_store.buckets["models"].id]
    }
    mlflow = {
      namespace       = "mlflow"
      service_account = "mlflow"
      writes          = [module.object_store.object_store.buckets["mlflow"].id]
      secrets         = [module.mlflow_database.database.secret_id]
    }
  }
  kms_key              = module.keys.keys.storage.id
  secrets_kms_key      = module.keys.keys.database.id
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}

module "autoscaler_identity" {
  source = "../modules/aws/autoscaler_identity"

  cluster_name         = module.cluster.cluster.name
  namespace            = "kube-system"
  service_account      = "cluster-autoscaler"
  permissions_boundary = "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary"
}
