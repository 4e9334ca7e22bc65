# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "state_store" {
  source = "../modules/aws/state_store"

  bucket            = "fraud-dev-tfstate-b6e64d49"
  access_log_bucket = "fraud-dev-tfstate-logs-b6e64d49"
  plans_prefix      = "fraud-dev/groundplan/plans/"
}
