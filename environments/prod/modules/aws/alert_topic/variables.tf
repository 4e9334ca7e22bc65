variable "name" {
  description = "Name of the environment; the topic is `<name>-alerts`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "cluster_name" {
  description = "Name of the EKS cluster Alertmanager runs on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.cluster_name))
    error_message = "cluster_name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.cluster_name}\"."
  }
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts messages; its policy lets identities of the account use it through SNS, as that of the purpose `cluster` does."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key))
    error_message = "kms_key: the ARN of a KMS key (not of an alias); got \"${var.kms_key}\"."
  }
}

variable "emails" {
  description = "Addresses that get every alert, each after it has confirmed."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails: one or more addresses; got none, and alerts without a reader are lost."
  }

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s,;:<>\"()]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$", email))])
    error_message = "emails: plain addresses such as ml-oncall@example.com, without a display name; got ${jsonencode(var.emails)}."
  }

  validation {
    condition     = length(distinct([for email in var.emails : lower(email)])) == length(var.emails)
    error_message = "emails: each address once, upper and lower case being the same mailbox; got ${jsonencode(var.emails)}."
  }
}

variable "identity" {
  description = "Kubernetes service account that publishes, and nothing else does."
  type = object({
    namespace       = optional(string, "monitoring")
    service_account = optional(string, "alertmanager")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.namespace)) && !contains(["kube-system", "kube-public", "kube-node-lease", "default"], var.identity.namespace)
    error_message = "identity.namespace: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens, not default or kube-*; got \"${var.identity.namespace}\"."
  }

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.service_account))
    error_message = "identity.service_account: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.identity.service_account}\"."
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
