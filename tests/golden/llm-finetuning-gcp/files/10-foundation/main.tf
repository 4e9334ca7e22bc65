# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "services" {
  source = "../modules/gcp/services"

  apis = [
    "artifactregistry.googleapis.com",
    "binaryauthorization.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "dns.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
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
    storage = ["artifactregistry"]
  }

  depends_on = [module.services]
}

module "network" {
  source = "../modules/gcp/network"

  name   = var.name
  region = var.region
  cidr   = "10.20.0.0/16"
  ranges = {
    nodes            = "10.20.192.0/19"
    pods             = "10.20.0.0/17"
    services         = "10.20.224.0/20"
    private_services = "10.20.128.0/18"
    proxies          = "10.20.240.0/20"
  }
  flow_logs = {
    retention_days = 365
    kms_key        = module.keys.keys.logs.id
  }
}

module "object_store" {
  source = "../modules/gcp/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "llm-finetuning-access-logs-04513289"
  buckets = {
    datasets = {
      bucket          = "llm-finetuning-datasets-04513289"
      versioning      = true
      noncurrent_days = 90
    }
    base-models = {
      bucket          = "llm-finetuning-base-models-04513289"
      versioning      = true
      noncurrent_days = 90
    }
    checkpoints = {
      bucket             = "llm-finetuning-checkpoints-04513289"
      versioning         = true
      noncurrent_days    = 14
      archive_after_days = 90
    }
    mlflow = {
      bucket          = "llm-finetuning-mlflow-04513289"
      versioning      = true
      noncurrent_days = 30
    }
  }
  region       = var.region
  logs_kms_key = module.keys.keys.logs.id
}

module "registry" {
  source = "../modules/gcp/registry"

  name    = var.name
  kms_key = module.keys.keys.storage.id
  repositories = {
    trainer = {
      keep_images    = 20
      immutable_tags = false
    }
  }
  region = var.region
}

module "cluster" {
  source = "../modules/gcp/cluster"

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
  region = var.region
  zones  = ["us-central1-a", "us-central1-b", "us-central1-c"]
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

module "pool_training_finetune" {
  source = "../modules/gcp/node_pool"

  name           = "training-finetune"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["a3-highgpu-8g"]
  nodes = {
    min = 0
    max = 2
    update = {
      strategy        = "minimal"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib       = 500
    kms_key        = module.keys.keys.cluster.id
    local_nvme_gib = 6000
  }
  gpu = {
    count = 8
    model = "h100"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-finetune"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "pool_training_try_out" {
  source = "../modules/gcp/node_pool"

  name           = "training-try-out"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["a2-highgpu-1g"]
  nodes = {
    min = 0
    max = 2
    update = {
      strategy        = "minimal"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 200
    kms_key  = module.keys.keys.cluster.id
  }
  gpu = {
    count = 1
    model = "a100"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-try-out"
      effect = "NoSchedule"
    },
  ]
  tags = var.tags
}

module "mlflow_database" {
  source = "../modules/gcp/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db-custom-2-4096"
  high_availability   = true
  deletion_protection = true
  kms_key             = module.keys.keys.database.id
  postgres = {
    database_name = "mlflow"
    version       = "18"
  }
  storage = {
    size_gib = 50
    max_gib  = 100
  }
  backups = {
    days = 14
  }
  secret = {
    name = "llm-finetuning-mlflow"
  }
  logs = {
    kms_key = module.keys.keys.logs.id
  }
  region = var.region
  tags   = var.tags
}

module "workload_identity" {
  source = "../modules/gcp/workload_identity"

  cluster_name = module.cluster.cluster.name
  identities = {
    training-finetune = {
      namespace       = "training-finetune"
      service_account = "finetune"
      reads = [
        module.object_store.object_store.buckets["datasets"].id,
        module.object_store.object_store.buckets["base-models"].id,
      ]
      writes = [module.object_store.object_store.buckets["checkpoints"].id]
    }
    training-try-out = {
      namespace       = "training-try-out"
      service_account = "try-out"
      reads = [
        module.object_store.object_store.buckets["datasets"].id,
        module.object_store.object_store.buckets["base-models"].id,
      ]
      writes = [module.object_store.object_store.buckets["checkpoints"].id]
    }
    mlflow = {
      namespace       = "mlflow"
      service_account = "mlflow"
      writes          = [module.object_store.object_store.buckets["mlflow"].id]
      secrets         = [module.mlflow_database.database.secret_id]
    }
  }
}

module "alert_topic" {
  source = "../modules/gcp/alert_topic"

  name         = var.name
  cluster_name = module.cluster.cluster.name
  emails       = ["ml-oncall@example.com"]
}

module "log_exclusion" {
  source = "../modules/gcp/log_exclusion"

  name = var.name
  filters = {
    network         = module.network.network.log_filter
    object_store    = module.object_store.object_store.log_filter
    cluster         = module.cluster.cluster.log_filter
    mlflow_database = module.mlflow_database.database.log_filter
  }
}
