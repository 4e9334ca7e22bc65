# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "s3" {
    bucket       = "gpu-training-tfstate-dfc049b9"
    key          = "gpu-training/00-state/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}
