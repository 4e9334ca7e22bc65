variable "workspaces" {
  description = "Namespaces by name: service accounts of the workloads in it (as the module workload_identity names them), Pod Security level, most GPUs in use at a time (null: no limit), other namespaces whose pods may open connections into it, ranges that may reach ports named metrics (a managed collector has no pod), and further labels."
  type = map(object({
    service_accounts        = optional(list(string), [])
    pod_security            = optional(string, "baseline")
    max_gpus                = optional(number)
    ingress_from_namespaces = optional(list(string), [])
    metrics_cidr_blocks     = optional(list(string), [])
    labels                  = optional(map(string), {})
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.workspaces) : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", name)) && !startswith(name, "kube-") && name != "default"])
    error_message = "workspaces: names are 1 to 63 lower-case letters, digits and hyphens, not default or kube-*; got ${join(", ", keys(var.workspaces))}."
  }

  validation {
    condition     = alltrue(flatten([for workspace in var.workspaces : [for account in workspace.service_accounts : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", account)) && account != "default"]]))
    error_message = "workspaces: service_accounts are names of 1 to 63 lower-case letters, digits and hyphens, not default; got ${jsonencode(flatten([for workspace in var.workspaces : workspace.service_accounts]))}."
  }

  validation {
    condition     = alltrue(flatten([for workspace in var.workspaces : [for cidr in workspace.metrics_cidr_blocks : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")]]))
    error_message = "workspaces: metrics_cidr_blocks are CIDR blocks narrower than /0; got ${jsonencode(flatten([for workspace in var.workspaces : workspace.metrics_cidr_blocks]))}."
  }

  validation {
    condition     = alltrue([for workspace in var.workspaces : contains(["baseline", "restricted"], workspace.pod_security)])
    error_message = "workspaces: pod_security is baseline or restricted; got ${join(", ", [for workspace in var.workspaces : workspace.pod_security])}."
  }

  validation {
    condition     = alltrue([for workspace in var.workspaces : workspace.max_gpus == null ? true : workspace.max_gpus >= 0 && floor(workspace.max_gpus) == workspace.max_gpus])
    error_message = "workspaces: max_gpus is a whole number from 0 on, or null; got ${jsonencode([for workspace in var.workspaces : workspace.max_gpus])}."
  }

  validation {
    condition     = alltrue(flatten([for workspace in var.workspaces : [for name in workspace.ingress_from_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))]]))
    error_message = "workspaces: ingress_from_namespaces are names of namespaces; got ${jsonencode(flatten([for workspace in var.workspaces : workspace.ingress_from_namespaces]))}."
  }
}

variable "default_requests" {
  description = "What a container asks for when it does not say, so that the scheduler and the autoscaler count it."
  type = object({
    cpu    = optional(string, "100m")
    memory = optional(string, "256Mi")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[0-9]+m?$", var.default_requests.cpu)) && can(regex("^[0-9]+(Mi|Gi)$", var.default_requests.memory))
    error_message = "default_requests: cpu such as 100m or 1, memory such as 256Mi or 1Gi; got ${var.default_requests.cpu} and ${var.default_requests.memory}."
  }
}
