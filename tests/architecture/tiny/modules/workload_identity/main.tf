variable "cluster_name" {
  type = string
}

variable "identities" {
  type = map(object({ namespace = string, service_account = string, reads = optional(list(string), []), writes = optional(list(string), []) }))
}

resource "terraform_data" "identity" {
  for_each = var.identities

  input = { cluster = var.cluster_name, reads = each.value.reads, writes = each.value.writes }
}

output "workload_identity" {
  value = keys(terraform_data.identity)
}
