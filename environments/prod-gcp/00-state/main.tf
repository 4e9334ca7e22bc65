# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "services" {
  source = "../modules/gcp/services"

  apis = [
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
  ]
  data_access_logs = {
    "storage.googleapis.com" = ["DATA_READ", "DATA_WRITE"]
  }
}

module "state_store" {
  source = "../modules/gcp/state_store"

  bucket            = "fraud-prod-gcp-tfstate-e5803712"
  access_log_bucket = "fraud-prod-gcp-tfstate-logs-e5803712"
  plans_prefix      = "fraud-prod-gcp/groundplan/plans/"
  region            = var.region

  depends_on = [module.services]
}
