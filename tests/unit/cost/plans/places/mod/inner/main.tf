terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
resource "aws_kms_key" "k" {}
