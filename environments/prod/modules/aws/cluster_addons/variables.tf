variable "cluster" {
  description = "The cluster, as the module cluster gives it."
  type = object({
    name    = string
    version = string
  })
  nullable = false
}

variable "system_pool" {
  description = "The always-on node pool that runs the add-ons' controllers, as the module node_pool gives it."
  type = object({
    node_selector = map(string)
    tolerations = list(object({
      key      = string
      operator = string
      value    = optional(string)
      effect   = optional(string)
    }))
  })
  nullable = false

  validation {
    condition     = length(var.system_pool.node_selector) > 0
    error_message = "system_pool.node_selector: at least one label, or controllers would start GPU nodes for themselves; got {}."
  }
}

variable "volumes_kms_key" {
  description = "ARN of the KMS key that encrypts persistent volumes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.volumes_kms_key))
    error_message = "volumes_kms_key: the ARN of a KMS key (not of an alias); got \"${var.volumes_kms_key}\"."
  }
}

variable "addon_versions" {
  description = "Versions to hold add-ons at; one left null follows the Kubernetes version: each apply gives it the version that EKS takes by default. The volume driver needs v1.58.0 or later, the node monitoring agent v1.3.0."
  type = object({
    aws_ebs_csi_driver    = optional(string)
    coredns               = optional(string)
    metrics_server        = optional(string)
    node_monitoring_agent = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, version in var.addon_versions : version == null || can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions: EKS versions such as v1.63.1-eksbuild.1, or null; got ${jsonencode(var.addon_versions)}."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds what roles of the module may do, whatever they are given; null: none does."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/[A-Za-z0-9/_+=,.@-]+$", var.permissions_boundary))
    error_message = "permissions_boundary: null or the ARN of a policy of the account; got ${jsonencode(var.permissions_boundary)}."
  }
}
