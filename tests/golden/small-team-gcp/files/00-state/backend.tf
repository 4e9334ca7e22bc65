# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "gcs" {
    bucket = "small-team-tfstate-04513289"
    prefix = "small-team/00-state"
  }
}
