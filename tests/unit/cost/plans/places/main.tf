terraform {
  required_providers {
    aws    = { source = "hashicorp/aws" }
    google = { source = "hashicorp/google" }
  }
}

variable "far" {
  type    = string
  default = "eu-west-1"
}

variable "zone" {
  type    = string
  default = "europe-west4-a"
}

locals { where = { x = "eu-north-1" } }

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "far"
  region = var.far
}

provider "aws" {
  alias  = "lost"
  region = local.where["x"]
}

provider "google" {
  project = "p"
  zone    = var.zone
}

resource "google_compute_address" "a" {
  name = "a"
}

resource "aws_launch_template" "lt" {
  for_each      = { a = "m6i.large", b = "m6i.xlarge" }
  name_prefix   = "x"
  instance_type = each.value
}

module "m" {
  for_each  = { a = 1, b = 2 }
  source    = "./mod"
  providers = { aws = aws.far, aws.two = aws.lost }
  lt        = aws_launch_template.lt[each.key].id
}
