variable "cluster_name" {
  description = "Name of the EKS cluster whose node groups are scaled."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.cluster_name))
    error_message = "cluster_name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.cluster_name}\"."
  }
}

variable "namespace" {
  description = "Namespace of the autoscaler."
  type        = string
  default     = "kube-system"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "namespace: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.namespace}\"."
  }
}

variable "service_account" {
  description = "Service account of the autoscaler."
  type        = string
  default     = "cluster-autoscaler"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.service_account))
    error_message = "service_account: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.service_account}\"."
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
