"""Calls of the modules that write Kubernetes objects, with every optional part switched on somewhere."""

from __future__ import annotations

MLFLOW = """
module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  region           = "us-east-1"
  secret_name      = "fraud-dev/mlflow"
  artifacts_bucket = "fraud-dev-mlflow"
  system_pool      = { node_selector = { "groundplan/pool" = "system" }%(pool)s }
  database         = { cidr_blocks = ["10.20.0.0/18"]%(database)s }
%(more)s
}
"""
MLFLOW_GOOGLE = """
module "mlflow" {
  source = "../modules/kubernetes/mlflow"

  project          = "fraud-dev"
  secret_name      = "fraud-dev-mlflow"
  artifacts_bucket = "fraud-dev-mlflow"
  system_pool      = { node_selector = { "groundplan/pool" = "system" } }
  database         = { cidr_blocks = ["10.20.32.0/20"] }
  clients          = { namespaces = ["training"], cidr_blocks = ["10.20.48.0/23"] }
  ingress = {
    class_name  = "gce-internal"
    host        = "mlflow.example.com"
    certificate = "mlflow"
    address     = "mlflow"
  }
}
"""
CERTIFICATE = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"

ROOTS = {
    "mlflow": MLFLOW % {"pool": "", "database": "", "more": ""},
    "mlflow-ingress": MLFLOW
    % {
        "pool": ', tolerations = [{ key = "system", operator = "Exists" }]',
        "database": f', ca_bundle_pem = "{CERTIFICATE}"',
        "more": """
  clients = { namespaces = ["training"], cidr_blocks = ["10.20.64.0/18"] }
  ingress = { host = "mlflow.example.com", certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0" }
""",
    },
    "mlflow-gce": MLFLOW_GOOGLE,
    "mlflow-nginx": MLFLOW
    % {
        "pool": "",
        "database": "",
        "more": """
  clients = { namespaces = ["ingress-nginx"] }
  ingress = { class_name = "nginx", host = "mlflow.example.com", tls_secret_name = "mlflow-tls" }
""",
    },
    "workspaces": """
module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-finetune = {
      service_accounts = ["finetune"]
      max_gpus         = 4
      egress_to        = [{ cidr_block = "10.30.0.0/24", port = 5432 }]
    }
    serving-ranker = { service_accounts = ["ranker"], ingress_from_namespaces = ["monitoring"] }
  }
  egress = {
    node_services = { "169.254.170.23/32" = 80 }
    servers       = [{ namespace = "mlflow", port = 5000 }]
  }
}
""",
    "workspaces-google": """
module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = { training-finetune = {}, serving-ranker = { metrics_cidr_blocks = ["10.20.0.0/19"] } }
  egress = {
    node_services     = { "169.254.169.254/32" = 80, "169.254.169.252/32" = 988 }
    resolvers         = ["169.254.20.10/32", "169.254.169.254/32"]
    https_cidr_blocks = ["199.36.153.8/30"]
  }
}
""",
}
