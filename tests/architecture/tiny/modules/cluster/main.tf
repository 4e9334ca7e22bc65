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

resource "terraform_data" "cluster" {
  input = { name = var.name, version = var.kubernetes_version, network = var.network.id, key = var.secrets_kms_key }
}

output "cluster" {
  value = { name = terraform_data.cluster.output.name, endpoint = "https://cluster.example.com" }
}
