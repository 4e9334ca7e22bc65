variable "name" {
  type = string
}

variable "kubernetes_version" {
  type = string
}

variable "network" {
  type = object({ id = string })
}

variable "private_endpoint_cidrs" {
  type = list(string)
}

variable "deletion_protection" {
  type = bool
}

variable "secrets_kms_key" {
  type = string
}

variable "logs" {
  type = object({ retention_days = number, kms_key = string })
}
