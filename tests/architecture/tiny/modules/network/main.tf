variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "cidr" {
  type = string
}

variable "streets" {
  type = number
}

variable "flow_logs" {
  type = object({ retention_days = number, kms_key = string })
}

resource "terraform_data" "network" {
  input = { id = "${var.region}/${var.name}", cidr = var.cidr, streets = var.streets }
}

output "network" {
  value = terraform_data.network.output
}
