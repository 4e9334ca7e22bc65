variable "workspaces" {
  description = "Namespaces by name: service accounts of the workloads in it (as the module workload_identity names them), Pod Security level, most GPUs in use at a time (null: no limit), other namespaces whose pods may open connections into it, ranges that may reach ports named metrics (a managed collector has no pod), ranges and TCP ports that its pods may reach beside those of `egress`, and further labels."
  type = map(object({
    service_accounts        = optional(list(string), [])
    pod_security            = optional(string, "baseline")
    max_gpus                = optional(number)
    ingress_from_namespaces = optional(list(string), [])
    metrics_cidr_blocks     = optional(list(string), [])
    egress_to               = optional(list(object({ cidr_block = string, port = number })), [])
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
    condition     = alltrue(flatten([for workspace in var.workspaces : [for to in workspace.egress_to : can(cidrnetmask(to.cidr_block)) && can(regex("/([89]|[12][0-9]|3[0-2])$", to.cidr_block)) && !startswith(to.cidr_block, "169.") && to.port >= 1 && to.port <= 65535 && floor(to.port) == to.port]]))
    error_message = "workspaces: egress_to are IPv4 ranges of /8 or narrower, none of them link-local, each with a TCP port from 1 to 65535; got ${jsonencode(flatten([for workspace in var.workspaces : workspace.egress_to]))}."
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

variable "egress" {
  description = "What pods of every namespace may reach beside pods of their own: `node_services`, TCP ports of addresses on the node, above all of who hands out their identity; `resolvers`, DNS caches on the node; `servers`, TCP ports of pods in other namespaces, such as MLflow's; `https_cidr_blocks`, where port 443 is open to them (null: at every address that is not link-local). CoreDNS they always reach."
  type = object({
    node_services     = optional(map(number), {})
    resolvers         = optional(list(string), [])
    servers           = optional(list(object({ namespace = string, port = number })), [])
    https_cidr_blocks = optional(list(string))
  })
  nullable = false

  validation {
    condition     = alltrue([for cidr in concat(keys(var.egress.node_services), var.egress.resolvers) : can(regex("^169\\.254\\.[0-9]+\\.[0-9]+/32$", cidr))])
    error_message = "egress: node_services and resolvers are link-local addresses, 169.254.0.0/16, each with /32; got ${jsonencode(concat(keys(var.egress.node_services), var.egress.resolvers))}."
  }

  validation {
    condition     = alltrue([for port in concat(values(var.egress.node_services), [for server in var.egress.servers : server.port]) : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "egress: ports are whole numbers from 1 to 65535; got ${jsonencode(concat(values(var.egress.node_services), [for server in var.egress.servers : server.port]))}."
  }

  validation {
    condition     = alltrue([for server in var.egress.servers : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", server.namespace))])
    error_message = "egress: servers name namespaces; got ${jsonencode([for server in var.egress.servers : server.namespace])}."
  }

  validation {
    condition     = var.egress.https_cidr_blocks == null ? true : alltrue([for cidr in var.egress.https_cidr_blocks : can(cidrnetmask(cidr)) && can(regex("/([89]|[12][0-9]|3[0-2])$", cidr)) && !startswith(cidr, "169.")])
    error_message = "egress: https_cidr_blocks are IPv4 ranges of /8 or narrower, none of them link-local, or null; got ${jsonencode(var.egress.https_cidr_blocks)}."
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
