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
}

module "state_store" {
  source = "../modules/gcp/state_store"

  bucket            = "small-team-tfstate-04513289"
  access_log_bucket = "small-team-tfstate-logs-04513289"
  plans_prefix      = "platforms/small-team/groundplan/plans/"
  region            = var.region
  access_logs       = "usage"

  depends_on = [module.services]
}
