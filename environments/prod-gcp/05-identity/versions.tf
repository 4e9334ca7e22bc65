# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "8.7.0"
    }
  }
}
