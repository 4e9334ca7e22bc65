# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

variable "name" {
  description = "Name of the environment."
  type        = string
  default     = "cpu-serving"
}

variable "region" {
  description = "Region of everything in it."
  type        = string
  default     = "us-central1"
}

variable "account_id" {
  description = "The only GCP account this may be applied to."
  type        = string
  default     = "example-project"
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default = {
    environment = "cpu-serving"
    owner       = "ml-platform"
    managed-by  = "terraform"
  }
}
