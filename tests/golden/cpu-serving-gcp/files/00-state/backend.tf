# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "gcs" {
    bucket = "cpu-serving-tfstate-04513289"
    prefix = "cpu-serving/00-state"
  }
}
