# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "state_store" {
  source = "../modules/aws/state_store"

  bucket            = "small-team-tfstate-dfc049b9"
  access_log_bucket = "small-team-tfstate-logs-dfc049b9"
  plans_prefix      = "platforms/small-team/groundplan/plans/"
}
