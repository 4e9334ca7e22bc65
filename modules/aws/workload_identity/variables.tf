variable "cluster_name" {
  description = "Name of the EKS cluster the workloads run on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.cluster_name))
    error_message = "cluster_name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.cluster_name}\"."
  }
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts the buckets."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key))
    error_message = "kms_key: the ARN of a KMS key (not of an alias); got \"${var.kms_key}\"."
  }
}

variable "secrets_kms_key" {
  description = "ARN of the KMS key that encrypts the secrets; null: no identity has `secrets`."
  type        = string
  default     = null

  validation {
    condition     = var.secrets_kms_key == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.secrets_kms_key))
    error_message = "secrets_kms_key: null or the ARN of a KMS key (not of an alias); got ${jsonencode(var.secrets_kms_key)}."
  }
}

variable "identities" {
  description = "Identities by name: the Kubernetes service account that gets each one, the ARNs of the buckets it reads, and reads and writes, and of the secrets it reads."
  type = map(object({
    namespace       = string
    service_account = string
    # Lists, not sets: how many there are is known in the plan even while the ARNs are not.
    reads   = optional(list(string), [])
    writes  = optional(list(string), [])
    secrets = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = alltrue([for name, identity in var.identities : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name)) && length(var.cluster_name) + length(name) <= 54])
    error_message = "identities: names are lower-case letters, digits and hyphens, and with cluster_name at most 54 characters, because <cluster>-<identity>-workload names an IAM role; got ${join(", ", keys(var.identities))}."
  }

  validation {
    condition     = alltrue([for identity in var.identities : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", identity.namespace)) && can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", identity.service_account))])
    error_message = "identities: namespace and service_account are Kubernetes names of 1 to 63 lower-case letters, digits and hyphens; got ${jsonencode([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])}."
  }

  validation {
    condition     = alltrue([for identity in var.identities : !contains(["kube-system", "kube-public", "kube-node-lease", "default"], identity.namespace)])
    error_message = "identities: namespace is one of the workloads' own, not default or kube-*; got ${join(", ", [for identity in var.identities : identity.namespace])}."
  }

  validation {
    condition     = length(distinct([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])) == length(var.identities)
    error_message = "identities: a service account has one identity; got ${jsonencode([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])}."
  }

  validation {
    condition     = alltrue(flatten([for identity in var.identities : [for arn in concat(identity.reads, identity.writes) : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", arn))]]))
    error_message = "identities: reads and writes are ARNs of buckets, arn:aws:s3:::<bucket>, without wildcards; got ${jsonencode(flatten([for identity in var.identities : concat(identity.reads, identity.writes)]))}."
  }

  validation {
    condition     = alltrue([for identity in var.identities : length(identity.reads) + length(identity.writes) <= local.most_buckets])
    error_message = "identities: reads and writes name at most ${local.most_buckets} buckets together, which is what the policies that IAM attaches to a role hold; got ${jsonencode({ for name, identity in var.identities : name => length(identity.reads) + length(identity.writes) })}."
  }

  validation {
    condition     = alltrue(flatten([for identity in var.identities : [for arn in identity.secrets : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", arn))]]))
    error_message = "identities: secrets are whole ARNs of secrets, arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>, without wildcards; got ${jsonencode(flatten([for identity in var.identities : identity.secrets]))}."
  }

  validation {
    condition     = var.secrets_kms_key != null || alltrue([for identity in var.identities : length(identity.secrets) == 0])
    error_message = "identities: secrets need secrets_kms_key; got ${jsonencode([for name, identity in var.identities : name if length(identity.secrets) > 0])} without it."
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
