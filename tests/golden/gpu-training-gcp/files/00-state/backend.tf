# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "gcs" {
    bucket = "gpu-training-tfstate-04513289"
    prefix = "gpu-training/00-state"
  }
}
