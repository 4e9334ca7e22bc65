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
    "servicenetworking.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
  ]
}

module "keys" {
  source = "../modules/gcp/keys"

  name     = var.name
  purposes = ["storage", "cluster", "logs"]
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
  access_log_bucket = "cpu-serving-access-logs-04513289"
  buckets = {
    models = {
      bucket          = "cpu-serving-models-04513289"
      versioning      = true
      noncurrent_days = 180
    }
    predictions = {
      bucket             = "cpu-serving-predictions-04513289"
      versioning         = true
      noncurrent_days    = 90
      archive_after_days = 60
      expire_after_days  = 365
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
    ranker = {
      keep_images    = 30
      immutable_tags = false
    }
    batch-scorer = {
      keep_images    = 30
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

module "pool_serving_ranker" {
  source = "../modules/gcp/node_pool"

  name           = "serving-ranker"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "on_demand"
  instance_types = ["e2-standard-4"]
  nodes = {
    min = 2
    max = 8
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

module "pool_serving_batch" {
  source = "../modules/gcp/node_pool"

  name           = "serving-batch"
  cluster        = module.cluster.cluster
  network        = module.network.network
  architecture   = "x86_64"
  capacity       = "spot"
  instance_types = ["c3d-highcpu-8"]
  nodes = {
    min = 0
    max = 6
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

module "workload_identity" {
  source = "../modules/gcp/workload_identity"

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
}

module "alert_topic" {
  source = "../modules/gcp/alert_topic"

  name         = var.name
  cluster_name = module.cluster.cluster.name
  emails       = ["serving-oncall@example.com"]
}

module "log_exclusion" {
  source = "../modules/gcp/log_exclusion"

  name = var.name
  filters = {
    network      = module.network.network.log_filter
    object_store = module.object_store.object_store.log_filter
    cluster      = module.cluster.cluster.log_filter
  }
}
