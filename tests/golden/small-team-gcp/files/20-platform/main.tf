# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "mlflow_database_ca" {
  source = "../modules/gcp/database_ca"

  instance = "${var.name}-mlflow"
}

module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  secret_name      = "small-team-mlflow"
  artifacts_bucket = "small-team-mlflow-04513289"
  database = {
    cidr_blocks   = ["10.20.128.0/18"]
    ca_bundle_pem = module.mlflow_database_ca.database_ca.ca_bundle_pem
    server_name   = module.mlflow_database_ca.database_ca.server_name
  }
  replicas = {
    min = 1
    max = 2
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  clients = {
    namespaces = ["serving-api", "training-gpu", "training-jobs"]
  }
  project = var.account_id
}

module "storage_class" {
  source = "../modules/gcp/storage_class"

  kms_key = "projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}/cryptoKeys/cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-jobs = {
      service_accounts = ["jobs"]
    }
    training-gpu = {
      service_accounts = ["gpu"]
      max_gpus         = 1
    }
    serving-api = {
      service_accounts = ["api"]
    }
  }
  egress = {
    node_services = {
      "169.254.169.254/32" = 80
      "169.254.169.252/32" = 988
    }
    resolvers = ["169.254.20.10/32", "169.254.169.254/32"]
    servers = [
      {
        namespace = "mlflow"
        port      = 5000
      },
    ]
  }
}
