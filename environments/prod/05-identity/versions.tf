# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.69.1"
    }
  }
}
