variable "cluster_name" {
  type = string
}

variable "identities" {
  type = map(object({ namespace = string, service_account = string, reads = optional(list(string), []), writes = optional(list(string), []) }))
}
