# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "s3" {
    bucket       = "cpu-serving-tfstate-dfc049b9"
    key          = "cpu-serving/00-state/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}
