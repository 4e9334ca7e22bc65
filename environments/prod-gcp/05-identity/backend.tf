# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "gcs" {
    bucket = "fraud-prod-gcp-tfstate-e5803712"
    prefix = "fraud-prod-gcp/05-identity"
  }
}
