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
  cidr   = "10.24.0.0/16"
  ranges = {
    nodes            = "10.24.192.0/19"
    pods             = "10.24.0.0/17"
    services         = "10.24.224.0/20"
    private_services = "10.24.128.0/18"
    proxies          = "10.24.240.0/20"
  }
  flow_logs = {
    retention_days = 365
    kms_key        = module.keys.keys.logs.id
  }
}

module "object_store" {
  source = "../modules/gcp/object_store"

  kms_key           = module.keys.keys.storage.id
  access_log_bucket = "fraud-prod-gcp-access-logs-e5803712"
  buckets = {
    datasets = {
      bucket          = "fraud-prod-gcp-datasets-e5803712"
      versioning      = true
      noncurrent_days = 365
    }
    models = {
      bucket          = "fraud-prod-gcp-models-e5803712"
      versioning      = true
      noncurrent_days = 365
    }
    mlflow = {
      bucket          = "fraud-prod-gcp-mlflow-e5803712"
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
      keep_images = 50
    }
    scorer = {
      keep_images = 50
    }
  }
  region = var.region
}

module "cluster" {
  source = "../modules/gcp/cluster"

  name                   = var.name
  kubernetes_version     = "1.35"
  network                = module.network.network
  private_endpoint_cidrs = ["10.24.0.0/16"]
  deletion_protection    = true
  secrets_kms_key        = module.keys.keys.cluster.id
  logs = {
    retention_days = 365
    kms_key        = module.keys.keys.logs.id
  }
  region         = var.region
  zones          = ["us-west1-a", "us-west1-b", "us-west1-c"]
  account_exists = true
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

module "pool_training_trainer" {
  source = "../modules/gcp/node_pool"

  name           = "training-trainer"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot_with_fallback"
  instance_types = ["g2-standard-8"]
  nodes = {
    min = 0
    max = 4
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
    model = "l4"
  }
  taints = [
    {
      key    = "groundplan/pool"
      value  = "training-trainer"
      effect = "NoSchedule"
    },
  ]
  tags  = var.tags
  zones = ["us-west1-a", "us-west1-b"]
}

module "pool_serving_scorer" {
  source = "../modules/gcp/node_pool"

  name           = "serving-scorer"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["e2-standard-4"]
  nodes = {
    min = 2
    max = 10
    update = {
      strategy        = "surge"
      max_unavailable = 1
    }
  }
  disk = {
    size_gib = 100
    kms_key  = module.keys.keys.cluster.id
  }
  tags = var.tags
}

module "mlflow_database" {
  source = "../modules/gcp/database"

  name                = "${var.name}-mlflow"
  network             = module.network.network
  instance_class      = "db-custom-2-7680"
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
    name = "fraud-prod-gcp-mlflow"
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
}

module "alert_topic" {
  source = "../modules/gcp/alert_topic"

  name         = var.name
  cluster_name = module.cluster.cluster.name
  emails       = ["fraud-oncall@example.com"]
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
