# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "s3" {
    bucket       = "fraud-dev-tfstate-b6e64d49"
    key          = "fraud-dev/05-identity/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}
