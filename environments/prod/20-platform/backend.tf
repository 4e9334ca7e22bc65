# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "s3" {
    bucket       = "fraud-prod-tfstate-ba1c932d"
    key          = "fraud-prod/20-platform/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
