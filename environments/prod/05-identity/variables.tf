# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

variable "name" {
  description = "Name of the environment."
  type        = string
  default     = "fraud-prod"
}

variable "region" {
  description = "Region of everything in it."
  type        = string
  default     = "us-west-2"
}

variable "account_id" {
  description = "The only AWS account this may be applied to."
  type        = string
  default     = "444455556666"
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default = {
    cost-center = "4711"
    team        = "fraud"
    environment = "fraud-prod"
    owner       = "fraud-ml"
    managed-by  = "terraform"
  }
}
