variable "reader" {
  description = "Who reads: a Group or a User, by the name under which the cluster knows it."
  type = object({
    kind = string
    name = string
  })
  nullable = false

  validation {
    condition     = contains(["Group", "User"], var.reader.kind) && can(regex("^[A-Za-z0-9][A-Za-z0-9._:@-]*$", var.reader.name)) && !startswith(var.reader.name, "system:")
    error_message = "reader: kind is Group or User, and name none of Kubernetes' own (system:…); got ${jsonencode(var.reader)}."
  }
}

variable "objects" {
  description = "Kinds of objects to read, in the plural, by their API group, which is empty for the core's. Secrets are none of them."
  type        = map(list(string))
  nullable    = false

  validation {
    condition     = alltrue(flatten([for group, kinds in var.objects : [can(regex("^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$", group)), [for kind in kinds : can(regex("^[a-z]+$", kind)) && kind != "secrets"]]]))
    error_message = "objects: API groups and kinds in lower case without wildcards, and no secrets; got ${jsonencode(var.objects)}."
  }
}

variable "release_namespaces" {
  description = "Namespaces in which Helm keeps releases; they exist. All their Secrets are read."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.release_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "release_namespaces: Kubernetes names of 1 to 63 lower-case letters, digits and hyphens; got ${join(", ", var.release_namespaces)}."
  }
}
