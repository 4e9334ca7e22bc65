variable "cluster" {
  description = "Name and Kubernetes minor version of the cluster."
  type = object({
    name    = string
    version = string
  })
  nullable = false

  validation {
    condition     = contains(["1.32", "1.33", "1.34", "1.35", "1.36"], var.cluster.version)
    error_message = "cluster.version: 1.32, 1.33, 1.34, 1.35 or 1.36, which have a matching autoscaler; got \"${var.cluster.version}\"."
  }
}

variable "region" {
  description = "AWS region of the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: an AWS region such as us-east-1; got \"${var.region}\"."
  }
}

variable "identity" {
  description = "Namespace and service account that pod identity gives the autoscaler's role to, as the module autoscaler_identity names them."
  type = object({
    namespace       = optional(string, "kube-system")
    service_account = optional(string, "cluster-autoscaler")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.namespace)) && can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.service_account))
    error_message = "identity: namespace and service_account are Kubernetes names of 1 to 63 lower-case letters, digits and hyphens; got ${var.identity.namespace}/${var.identity.service_account}."
  }
}

variable "system_pool" {
  description = "The always-on node pool that runs the autoscaler, as the module node_pool gives it."
  type = object({
    node_selector = map(string)
    tolerations = optional(list(object({
      key      = string
      operator = string
      value    = optional(string)
      effect   = optional(string)
    })), [])
  })
  nullable = false

  validation {
    condition     = length(var.system_pool.node_selector) > 0
    error_message = "system_pool.node_selector: at least one label, or the autoscaler may run on a node that it removes; got {}."
  }
}

variable "max_nodes" {
  description = "Most nodes of the whole cluster. It bounds what the two groups of a spot pool with fallback may add up to."
  type        = number
  nullable    = false

  validation {
    condition     = var.max_nodes >= 1 && floor(var.max_nodes) == var.max_nodes
    error_message = "max_nodes: a whole number from 1 on; got ${var.max_nodes}."
  }
}

variable "scale_down" {
  description = "When a node goes: idle_minutes after its pods ask for less than utilization (a part of 1) of it."
  type = object({
    idle_minutes = optional(number, 10)
    utilization  = optional(number, 0.5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.scale_down.idle_minutes >= 1 && var.scale_down.idle_minutes <= 1440
    error_message = "scale_down.idle_minutes: 1 to 1440; got ${var.scale_down.idle_minutes}."
  }

  validation {
    condition     = var.scale_down.utilization > 0 && var.scale_down.utilization < 1
    error_message = "scale_down.utilization: above 0 and below 1; got ${var.scale_down.utilization}."
  }
}

variable "spot_group_pattern" {
  description = "Regular expression for the Auto Scaling groups to try first; the default finds the spot groups of the module node_pool."
  type        = string
  default     = "^eks-.*-spot-([a-z0-9]+-az[0-9]+-)?[0-9a-f]{26}-[0-9a-f-]{36}$"
  nullable    = false

  validation {
    condition     = length(var.spot_group_pattern) > 0 && can(regexall(var.spot_group_pattern, ""))
    error_message = "spot_group_pattern: a regular expression; got \"${var.spot_group_pattern}\"."
  }
}

variable "chart_version" {
  description = "Version of the chart cluster-autoscaler, exact."
  type        = string
  default     = "9.59.0"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.chart_version))
    error_message = "chart_version: an exact version such as 9.59.0; got \"${var.chart_version}\"."
  }
}
