terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.two]
    }
  }
}

variable "lt" { type = string }

resource "aws_kms_key" "far" {}

resource "aws_kms_key" "lost" {
  provider = aws.two
}

resource "aws_eks_node_group" "g" {
  cluster_name  = "c"
  node_role_arn = "arn:aws:iam::123456789012:role/x"
  subnet_ids    = ["subnet-1"]
  scaling_config {
    min_size     = 1
    max_size     = 1
    desired_size = 1
  }
  launch_template {
    id      = var.lt
    version = "1"
  }
}

module "handed_on" {
  source    = "./inner"
  providers = { aws = aws.two }
}

module "inherited" {
  source = "./inner"
}
