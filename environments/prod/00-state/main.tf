# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "state_store" {
  source = "../modules/aws/state_store"

  bucket            = "fraud-prod-tfstate-640e0ed9"
  access_log_bucket = "fraud-prod-tfstate-logs-640e0ed9"
  plans_prefix      = "fraud-prod/groundplan/plans/"
}
