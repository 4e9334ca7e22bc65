variable "name" {
  type = string
}

variable "cluster" {
  type = object({ name = string })
}

variable "network" {
  type = object({ id = string })
}

variable "architecture" {
  type = string
}

variable "capacity" {
  type = string
}

variable "instance_types" {
  type = list(string)
}

variable "nodes" {
  type = object({ min = number, max = number })
}

variable "disk" {
  type = object({ size_gib = number, kms_key = string })
}

variable "tags" {
  type = map(string)
}

variable "gpu" {
  type    = object({ count = number, model = string })
  default = null
}

variable "taints" {
  type    = list(object({ key = string, value = string, effect = string }))
  default = []
}

resource "terraform_data" "pool" {
  input = { name = var.name, cluster = var.cluster.name, types = var.instance_types, gpu = var.gpu }
}

output "node_pool" {
  value = {
    name          = terraform_data.pool.output.name
    node_selector = { "groundplan/pool" = var.name }
    tolerations   = [for taint in var.taints : { key = taint.key, operator = "Equal", value = taint.value, effect = taint.effect }]
  }
}
