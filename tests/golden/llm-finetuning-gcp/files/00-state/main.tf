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

  bucket            = "llm-finetuning-tfstate-04513289"
  access_log_bucket = "llm-finetuning-tfstate-logs-04513289"
  region            = var.region

  depends_on = [module.services]
}
