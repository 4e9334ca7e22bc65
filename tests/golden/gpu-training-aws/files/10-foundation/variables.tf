# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

variable "name" {
  description = "Name of the environment."
  type        = string
  default     = "gpu-training"
}

variable "region" {
  description = "Region of everything in it."
  type        = string
  default     = "us-east-1"
}

variable "account_id" {
  description = "The only AWS account this may be applied to."
  type        = string
  default     = "123456789012"
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default = {
    environment = "gpu-training"
    owner       = "ml-platform"
    managed-by  = "terraform"
  }
}
