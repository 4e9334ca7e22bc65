# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "services" {
  source = "../modules/gcp/services"

  apis = [
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "binaryauthorization.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "servicenetworking.googleapis.com",
    "serviceusage.googleapis.com",
    "sqladmin.googleapis.com",
    "storage.googleapis.com",
  ]
}

module "keys" {
  source = "../modules/gcp/keys"

  name     = var.name
  purposes = ["storage", "database", "cluster", "logs"]
  region   = var.region
  further_users = {
    storage = ["artifactregistry", "run"]
  }
  suffix = "blue"
  existing = {
    storage = {
      ring = "projects/example-project/locations/us-central1/keyRings/team"
      name = "storage"
    }
  }

  depends_on = [module.services]
}

module "network" {
  source = "../modules/gcp/network"

  name   = var.name
  region = var.region
  cidr   = "172.20.0.0/16"
  ranges = {
    nodes            = "172.20.192.0/19"
    pods             = "172.20.0.0/17"
    services         = "172.20.224.0/20"
    private_services = "172.20.128.0/18"
    proxies          = "172.20.240.0/21"
    servers          = "172.20.248.0/21"
  }
  flow_logs = {
    retention_days = 90
    kms_key        = module.keys.keys.logs.id
  }
  webhook_ports = [8443, 9443, 15017]
}

module "object_store" {
  source = "../modules/gcp/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "small-team-access-logs-04513289"
  buckets = {
    data = {
      bucket          = "small-team-data-04513289"
      versioning      = true
      noncurrent_days = 30
    }
    models = {
      bucket          = "small-team-models-04513289"
      versioning      = true
      noncurrent_days = 30
    }
    raw = {
      bucket             = "small-team-raw-04513289"
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
      bucket          = "small-team-columns-04513289"
      versioning      = true
      noncurrent_days = 30
    }
    mlflow = {
      bucket          = "small-team-mlflow-04513289"
      versioning      = true
      noncurrent_days = 30
    }
  }
  region      = var.region
  access_logs = "usage"
}

module "registry" {
  source = "../modules/gcp/registry"

  name    = var.name
  kms_key = module.keys.keys.storage.id
  repositories = {
    tools = {
      keep_images    = 5
      immutable_tags = false
      repository     = "small-team-utilities"
      image          = "utilities"
    }
    legacy = {
      keep_images = 50
      repository  = "ml-legacy-images"
    }
  }
  region = var.region
}

module "cluster" {
  source = "../modules/gcp/cluster"

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
  location              = "zonal"
  release_channel       = "EXTENDED"
  access = {
    dns_endpoint = true
  }
  region             = var.region
  zones              = ["us-central1-a", "us-central1-b", "us-central1-c"]
  managed_prometheus = true
  account_exists     = true
}

module "pool_system" {
  source = "../modules/gcp/node_pool"

  name           = "system"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["e2-standard-2"]
  nodes = {
    min = 2
    max = 3
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 50
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_training_jobs" {
  source = "../modules/gcp/node_pool"

  name           = "training-jobs"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["c3d-standard-4"]
  nodes = {
    min = 0
    max = 2
    update = {
      strategy        = "surge"
      max_unavailable = 1
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
  tags = var.tags
}

module "pool_training_gpu" {
  source = "../modules/gcp/node_pool"

  name           = "training-gpu"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["g2-standard-4"]
  nodes = {
    min = 0
    max = 1
    update = {
      strategy        = "minimal"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 300
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "l4"
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

module "pool_training_prepare" {
  source = "../modules/gcp/node_pool"

  name           = "training-prepare"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "arm64"
  capacity       = "spot"
  instance_types = ["n4a-standard-8"]
  nodes = {
    min = 0
    max = 8
    update = {
      strategy        = "minimal"
      max_unavailable = 2
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
  tags = var.tags
}

module "pool_training_shuffle" {
  source = "../modules/gcp/node_pool"

  name           = "training-sort"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c3d-standard-8-lssd"]
  nodes = {
    min = 1
    max = 2
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 375
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-sort"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_training_explore" {
  source = "../modules/gcp/node_pool"

  name           = "training-explore"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["g2-standard-4"]
  nodes = {
    min = 0
    max = 2
    update = {
      strategy        = "minimal"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib       = 200
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 375
  }
  gpu = {
    count = 1
    model = "l4"
    sharing = {
      strategy = "time_sharing"
      clients  = 4
    }
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

module "pool_serving_api" {
  source = "../modules/gcp/node_pool"

  name           = "serving-api"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "arm64"
  capacity       = "spot_with_fallback"
  instance_types = ["n4a-standard-2"]
  nodes = {
    min = 1
    max = 2
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 300
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "pool_serving_steady" {
  source = "../modules/gcp/node_pool"

  name           = "serving-steady"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["g2-standard-4"]
  nodes = {
    min = 1
    max = 3
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 150
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "l4"
  }
  tags = var.tags
}

module "pool_serving_fast_start" {
  source = "../modules/gcp/node_pool"

  name           = "serving-fast-start"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["c3-standard-4-lssd"]
  nodes = {
    min = 1
    max = 2
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib       = 100
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 375
  }
  tags = var.tags
}

module "mlflow_database" {
  source = "../modules/gcp/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db-custom-4-16384"
  high_availability   = true
  deletion_protection = true
  kms_key             = module.keys.keys.database.id
  postgres = {
    database_name  = "mlflow"
    version        = "17"
    server_ca_mode = "GOOGLE_MANAGED_INTERNAL_CA"
  }
  storage = {
    size_gib = 100
    max_gib  = 400
  }
  backups = {
    days         = 30
    final_days   = 60
    restore_from = "example-old-mlflow/1764403200000"
  }
  secret = {
    name             = "small-team-mlflow"
    password_version = 2
    recovery_days    = 14
  }
  logs = {
    kms_key = module.keys.keys.logs.id
    bucket  = "example-second"
  }
  region = var.region
  tags   = var.tags
}

module "mlflow_database_ca" {
  source = "../modules/gcp/database_ca"

  instance       = module.mlflow_database.database.identifier
  server_ca_mode = "GOOGLE_MANAGED_INTERNAL_CA"
}

module "mlflow_serverless" {
  source = "../modules/gcp/mlflow_serverless"

  name    = var.name
  network = module.network.network
  database = {
    secret_id     = module.mlflow_database.database.secret_id
    ca_bundle_pem = module.mlflow_database_ca.database_ca.ca_bundle_pem
    server_name   = module.mlflow_database_ca.database_ca.server_name
  }
  artifacts_bucket = module.object_store.object_store.buckets.mlflow
  kms_keys = {
    storage = module.keys.keys.storage.id
    logs    = module.keys.keys.logs.id
  }
  endpoint = {
    host        = "mlflow.ml.example.com"
    certificate = "projects/example-project/regions/us-central1/sslCertificates/mlflow"
  }
  client_cidrs = ["172.20.192.0/19", "172.20.0.0/17", "10.200.0.0/16"]
  logs = {
    access_log_bucket = "small-team-mlflow-logs-04513289"
  }
  image              = "registry.example.com/ml/mlflow:v3.17.0-full@sha256:1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b"
  default_permission = "USE"
  tasks = {
    min         = 3
    max         = 6
    proxy_image = "registry.example.com/ml/nginx:1.28.0@sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
  }
  deletion_protection = true
  region              = var.region
  account_exists      = true
}

module "workload_identity" {
  source = "../modules/gcp/workload_identity"

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
}

module "managed_prometheus" {
  source = "../modules/gcp/managed_prometheus"

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
    gpu_idle_minutes            = 30
    gpu_idle_percent            = 10.0
    spot_interruptions_per_hour = 5
    unschedulable_minutes       = 20
    training_stuck_minutes      = 120
    mlflow_p95_seconds          = 3.5
    disk_full_hours             = 48
    serving_availability        = 0.999
    model_quality_floor         = 0.85
    model_drift_ceiling         = 0.3
    data_freshness_hours        = 50
  }
  runbook_url = "https://example.com/ml/runbooks.md"
  region      = var.region
  gpu         = true

  depends_on = [module.pool_system]
}

module "log_exclusion" {
  source = "../modules/gcp/log_exclusion"

  name = var.name
  filters = {
    network         = module.network.network.log_filter
    cluster         = module.cluster.cluster.log_filter
    mlflow_database = module.mlflow_database.database.log_filter
    mlflow          = module.mlflow_serverless.mlflow_serverless.log_filter
  }
}

module "budget" {
  source = "../modules/gcp/budget"

  name             = var.name
  scope            = "environment"
  emails           = ["finance@example.com"]
  alert_percent    = [80, 100]
  forecast_percent = [100]
  billing_account  = "012345-6789AB-CDEF01"
  limit = {
    amount = 1000000
  }

  depends_on = [module.services]
}
