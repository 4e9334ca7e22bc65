# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "state_store" {
  source = "../modules/aws/state_store"

  bucket            = "fraud-prod-tfstate-ba1c932d"
  access_log_bucket = "fraud-prod-tfstate-logs-ba1c932d"
}
