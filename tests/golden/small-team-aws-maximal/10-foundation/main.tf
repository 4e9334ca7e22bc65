# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "keys" {
  source = "../modules/aws/keys"

  name     = var.name
  purposes = ["storage", "database", "alerts", "cluster", "logs"]
  aliases = {
    storage = "team/storage"
  }
}

module "network" {
  source = "../modules/aws/network"

  name   = var.name
  region = var.region
  cidr   = "172.20.0.0/16"
  zones = {
    use1-az1 = {
      private_cidr = "172.20.0.0/19"
      public_cidr  = "172.20.192.0/22"
    }
    use1-az2 = {
      private_cidr = "172.20.32.0/19"
      public_cidr  = "172.20.196.0/22"
    }
    use1-az4 = {
      private_cidr = "172.20.64.0/19"
      public_cidr  = "172.20.200.0/22"
    }
  }
  flow_logs = {
    retention_days = 90
    kms_key        = module.keys.keys.logs.id
  }
  nat                  = "per_zone"
  interface_endpoints  = ["ecr.api", "ecr.dkr", "sts"]
  readable_buckets     = ["openaq-data-archive"]
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    raw = {
      bucket             = "small-team-raw-dfc049b9"
      versioning         = false
      noncurrent_days    = 90
      archive_after_days = 30
      expire_after_days  = 180
    }
    legacy = {
      bucket          = "ml-legacy-data"
      versioning      = true
      noncurrent_days = 90
    }
    features = {
      bucket          = "small-team-columns-dfc049b9"
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

module "registry" {
  source = "../modules/aws/registry"

  name    = var.name
  kms_key = module.keys.keys.storage.id
  repositories = {
    tools = {
      keep_images = 5
      repository  = "small-team/utilities"
    }
    legacy = {
      keep_images = 50
      repository  = "ml-legacy-images"
    }
  }
}

module "cluster" {
  source = "../modules/aws/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = ["172.20.0.0/16", "10.200.0.0/16"]
  deletion_protection    = true
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 180
    kms_key        = module.keys.keys.logs.id
  }
  public_endpoint_cidrs = ["203.0.113.0/24", "198.51.100.7/32"]
  admin_role_arns = [
    "arn:aws:iam::123456789012:role/platform-admin",
    "arn:aws:iam::123456789012:role/small-team-ci-apply",
  ]
  addon_versions = {
    eks_pod_identity_agent = "v1.3.10-eksbuild.2"
    kube_proxy             = "v1.34.3-eksbuild.2"
    vpc_cni                = "v1.21.1-eksbuild.3"
  }
  access = {
    creator_administers = false
    group_role_arns = {
      "groundplan:drift" = "arn:aws:iam::123456789012:role/small-team-ci-drift"
    }
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    size_gib = 300
    kms_key  = module.keys.keys.cluster.id
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-jobs"
      effect = "NoSchedule"
    },
  ]
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    size_gib = 300
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
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "pool_training_prepare" {
  source = "../modules/aws/node_pool"

  name           = "training-prepare"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "arm64"
  capacity       = "spot"
  instance_types = ["m6g.2xlarge", "m7g.2xlarge", "m8g.2xlarge", "r7g.2xlarge"]
  nodes = {
    min = 0
    max = 8
    update = {
      strategy        = "minimal"
      max_unavailable = 2
      repair          = true
    }
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
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "pool_training_shuffle" {
  source = "../modules/aws/node_pool"

  name           = "training-sort"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c6id.2xlarge"]
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
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 441
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-sort"
      effect = "NoSchedule"
    },
  ]
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "pool_training_explore" {
  source = "../modules/aws/node_pool"

  name           = "training-explore"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["g6.xlarge", "g6.2xlarge"]
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
    count        = 1
    model        = "l4"
    pods_per_gpu = 4
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-explore"
      effect = "NoSchedule"
    },
  ]
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    size_gib = 300
    kms_key  = module.keys.keys.cluster.id
  }
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    update = {
      strategy        = "surge"
      max_unavailable = 1
      repair          = true
    }
  }
  disk = {
    size_gib = 150
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "t4"
  }
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    update = {
      strategy        = "surge"
      max_unavailable = 1
      repair          = true
    }
  }
  disk = {
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 220
  }
  tags                 = var.tags
  image_release        = "latest"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "cluster_addons" {
  source = "../modules/aws/cluster_addons"

  cluster         = module.cluster.cluster
  system_pool     = module.pool_system.node_pool
  volumes_kms_key = module.keys.keys.cluster.id
  addon_versions = {
    aws_ebs_csi_driver    = "v1.63.1-eksbuild.1"
    coredns               = "v1.13.2-eksbuild.1"
    metrics_server        = "v0.8.0-eksbuild.1"
    node_monitoring_agent = "v1.4.2-eksbuild.1"
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    database_name       = "mlflow"
    version             = "17"
    allow_major_upgrade = true
  }
  storage = {
    size_gib = 100
    max_gib  = 400
  }
  backups = {
    days           = 30
    final_snapshot = "example-last"
    restore_from   = "example-before-move"
  }
  secret = {
    name             = "small-team/mlflow"
    password_version = 2
    recovery_days    = 14
  }
  logs = {
    kms_key = module.keys.keys.logs.id
  }
  client_security_group_ids = {
    mlflow = module.mlflow_serverless.client_security_group_id
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "mlflow_serverless" {
  source = "../modules/aws/mlflow_serverless"

  name    = var.name
  network = module.network.network
  database = {
    port              = module.mlflow_database.database.port
    secret_id         = module.mlflow_database.database.secret_id
    secret_name       = module.mlflow_database.database.secret_name
    security_group_id = module.mlflow_database.database.security_group_id
    ca_bundle_pem     = "-----BEGIN CERTIFICATE-----\nMIIBSjCB8KADAgECAhQNukuaRlpi+PKhRR6gH6tW1Mn3JTAKBggqhkjOPQQDAjAZ\n-----END CERTIFICATE-----\n"
  }
  artifacts_bucket = module.object_store.object_store.buckets.mlflow
  kms_keys = {
    storage  = module.keys.keys.storage.id
    database = module.keys.keys.database.id
    logs     = module.keys.keys.logs.id
  }
  endpoint = {
    host        = "mlflow.ml.example.com"
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"
  }
  client_cidrs = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19", "10.200.0.0/16"]
  logs = {
    access_log_bucket = "small-team-mlflow-logs-dfc049b9"
  }
  image              = "registry.example.com/ml/mlflow:v3.17.0-full@sha256:1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b"
  default_permission = "USE"
  tasks = {
    min = 3
    max = 6
  }
  deletion_protection  = true
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
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
    training-prepare = {
      namespace       = "training-prepare"
      service_account = "prepare"
      reads           = [module.object_store.object_store.buckets["raw"].id]
      writes          = [module.object_store.object_store.buckets["features"].id]
    }
    serving-api = {
      namespace       = "serving-api"
      service_account = "api"
      reads           = [module.object_store.object_store.buckets["models"].id]
    }
    serving-steady = {
      namespace       = "serving-steady"
      service_account = "steady"
      reads           = [module.object_store.object_store.buckets["features"].id]
      writes          = [module.object_store.object_store.buckets["raw"].id]
    }
  }
  kms_key              = module.keys.keys.storage.id
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "autoscaler_identity" {
  source = "../modules/aws/autoscaler_identity"

  cluster_name         = module.cluster.cluster.name
  namespace            = "kube-system"
  service_account      = "cluster-autoscaler"
  permissions_boundary = "arn:aws:iam::123456789012:policy/small-team-ci-boundary"
}

module "managed_prometheus" {
  source = "../modules/aws/managed_prometheus"

  name    = var.name
  cluster = module.cluster.cluster
  emails  = ["ml-oncall@example.com"]
  workload_namespaces = [
    "serving-api",
    "serving-fast-start",
    "serving-steady",
    "training-explore",
    "training-gpu",
    "training-jobs",
    "training-prepare",
    "training-sort",
  ]
  database = {
    identifier       = module.mlflow_database.database.identifier
    cpu_percent      = 80.0
    free_storage_gib = 20.0
    connections      = 300
  }
  thresholds = {
    spot_interruptions_per_hour = 5
    unschedulable_minutes       = 20
    training_stuck_minutes      = 120
    mlflow_p95_seconds          = 3.5
    disk_full_hours             = 48
    serving_availability        = 0.999
    model_quality_floor         = 0.85
    model_drift_ceiling         = 0.3
    data_freshness_hours        = 50
    apiserver_error_percent     = 2.0
  }
  runbook_url = "https://example.com/ml/runbooks.md"
  network     = module.network.network
  kms_key     = module.keys.keys.alerts.id
  logs = {
    kms_key = module.keys.keys.logs.id
  }
  metrics = {
    retention_days = 150
  }

  depends_on = [module.pool_system]
}

module "budget" {
  source = "../modules/aws/budget"

  name             = var.name
  scope            = "environment"
  emails           = ["finance@example.com"]
  alert_percent    = [80, 100]
  forecast_percent = [100]
  limit_usd        = 1000000
}
