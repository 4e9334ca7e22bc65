variable "cluster_name" {
  description = "Name of the GKE cluster the workloads run on. The first cluster makes the project's identity pool, so the grants wait for it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.cluster_name))
    error_message = "cluster_name: 1 to 40 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.cluster_name}\"."
  }
}

variable "identities" {
  description = <<-EOT
    Identities by name: the Kubernetes service account that gets each one, the names of the buckets it reads, and reads and writes,
    known before the apply, and the ids of the secrets it reads.
  EOT
  type = map(object({
    namespace       = string
    service_account = string
    reads           = optional(list(string), [])
    writes          = optional(list(string), [])
    secrets         = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.identities) : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", name))])
    error_message = "identities: names are lower-case letters, digits and hyphens, first a letter, last no hyphen; got ${join(", ", keys(var.identities))}."
  }

  validation {
    condition     = alltrue([for identity in var.identities : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", identity.namespace)) && can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", identity.service_account))])
    error_message = "identities: namespace and service_account are Kubernetes names of 1 to 63 lower-case letters, digits and hyphens; got ${jsonencode([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])}."
  }

  validation {
    condition     = alltrue([for identity in var.identities : !contains(["kube-system", "kube-public", "kube-node-lease", "default"], identity.namespace) && !startswith(identity.namespace, "gke-")])
    error_message = "identities: namespace is one of the workloads' own, not default, kube-* or gke-*; got ${join(", ", [for identity in var.identities : identity.namespace])}."
  }

  validation {
    condition     = length(distinct([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])) == length(var.identities)
    error_message = "identities: a service account has one identity; got ${jsonencode([for identity in var.identities : "${identity.namespace}/${identity.service_account}"])}."
  }

  validation {
    condition     = alltrue(flatten([for identity in var.identities : [for bucket in concat(identity.reads, identity.writes) : can(regex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$", bucket))]]))
    error_message = "identities: reads and writes are names of buckets, without gs:// and wildcards; got ${jsonencode(flatten([for identity in var.identities : concat(identity.reads, identity.writes)]))}."
  }

  validation {
    condition     = alltrue(flatten([for identity in var.identities : [for secret in identity.secrets : can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", secret))]]))
    error_message = "identities: secrets are ids, projects/<project>/secrets/<name>, without a version and wildcards; got ${jsonencode(flatten([for identity in var.identities : identity.secrets]))}."
  }
}
