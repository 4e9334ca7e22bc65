# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = var.tags
  }
}
