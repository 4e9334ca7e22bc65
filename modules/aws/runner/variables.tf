variable "name" {
  description = "Name of the EKS cluster in whose network the machines run; starts the names of everything here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "github" {
  description = "Where the runners register: the server and its REST API, and the repository. group: a runner group of the organization, which registers them there; null: with the repository alone."
  type = object({
    url        = optional(string, "https://github.com")
    api        = optional(string, "https://api.github.com")
    owner      = string
    repository = string
    group      = optional(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for url in [var.github.url, var.github.api] : can(regex("^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*$", url))])
    error_message = "github: url and api begin with https:// and end without a slash; got ${var.github.url} and ${var.github.api}."
  }

  validation {
    condition     = alltrue([for part in [var.github.owner, var.github.repository] : can(regex("^[A-Za-z0-9._-]{1,100}$", part))])
    error_message = "github: owner and repository of letters, digits, `.`, `_` and `-`; got ${var.github.owner} and ${var.github.repository}."
  }

  validation {
    condition     = var.github.group == null ? true : can(regex("^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$", var.github.group))
    error_message = "github.group: null, or a name of letters, digits, spaces, `.`, `_` and `-`; got ${jsonencode(var.github.group)}."
  }
}

variable "labels" {
  description = "Labels of the runners, by which jobs ask for them. `self-hosted` is there without being named."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.labels) >= 1 && length(var.labels) <= 10 && alltrue([for label in var.labels : can(regex("^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", label))])
    error_message = "labels: 1 to 10, of letters, digits, `.`, `_`, `:` and `-`; got [${join(", ", var.labels)}]."
  }
}

variable "machines" {
  description = "How many runners wait for jobs, and on what: an x86_64 instance type, and the size of its disk."
  type = object({
    count         = optional(number, 1)
    instance_type = string
    disk_gib      = optional(number, 30)
  })
  nullable = false

  validation {
    condition     = var.machines.count >= 1 && var.machines.count <= 20 && floor(var.machines.count) == var.machines.count
    error_message = "machines.count: a whole number from 1 to 20; got ${var.machines.count}."
  }

  validation {
    # Graviton families have a g right after the generation; the runner's archive is that for x86_64.
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", var.machines.instance_type)) && !can(regex("^([a-z]+[0-9]+g|p6e-gb)", var.machines.instance_type))
    error_message = "machines.instance_type: an x86_64 type such as m7i.large; got \"${var.machines.instance_type}\"."
  }

  validation {
    condition     = var.machines.disk_gib >= 20 && var.machines.disk_gib <= 1000
    error_message = "machines.disk_gib: 20 to 1000; got ${var.machines.disk_gib}."
  }
}

variable "kms_key_aliases" {
  description = "Aliases of the KMS keys that encrypt the disks, which EC2 Auto Scaling may use, and the secret."
  type = object({
    disk   = string
    secret = string
  })
  nullable = false

  validation {
    condition     = alltrue([for alias in [var.kms_key_aliases.disk, var.kms_key_aliases.secret] : can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", alias))])
    error_message = "kms_key_aliases: disk and secret such as alias/fraud-dev-cluster; got ${var.kms_key_aliases.disk} and ${var.kms_key_aliases.secret}."
  }
}

variable "tags" {
  description = "Tags of the machines, their volumes and network interfaces, which the provider's default_tags do not reach."
  type        = map(string)
  default     = {}
  nullable    = false
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
