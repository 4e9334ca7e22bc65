# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "s3" {
    bucket       = "fraud-prod-tfstate-640e0ed9"
    key          = "fraud-prod/05-identity/terraform.tfstate"
    region       = "us-west-2"
    use_lockfile = true
  }
}
