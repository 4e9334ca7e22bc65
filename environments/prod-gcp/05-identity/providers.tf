# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

provider "google" {
  project        = var.account_id
  region         = var.region
  default_labels = var.tags
}
