variable "name" {
  description = "Name of the GKE cluster in whose network the machines run; starts the names of everything here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "name: 2 to 24 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the machines and of the secret."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region such as us-central1; got \"${var.region}\"."
  }
}

variable "cluster_location" {
  description = "Region or zone of the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?$", var.cluster_location))
    error_message = "cluster_location: a region or zone such as us-central1; got \"${var.cluster_location}\"."
  }
}

variable "zones" {
  description = "Zones of the machines, all of which offer their type."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.zones) >= 1 && alltrue([for zone in var.zones : can(regex("^${var.region}-[a-z]$", zone))])
    error_message = "zones: at least one, of ${var.region}; got [${join(", ", var.zones)}]."
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
  description = "How many runners wait for jobs, and on what: an x86_64 machine type, and the size of its disk."
  type = object({
    count        = optional(number, 1)
    machine_type = string
    disk_gib     = optional(number, 30)
  })
  nullable = false

  validation {
    condition     = var.machines.count >= 1 && var.machines.count <= 20 && floor(var.machines.count) == var.machines.count
    error_message = "machines.count: a whole number from 1 to 20; got ${var.machines.count}."
  }

  validation {
    # Families of Arm processors; the runner's archive is that for x86_64.
    condition     = can(regex("^[a-z0-9]+-[a-z0-9-]+$", var.machines.machine_type)) && !can(regex("^(t2a|c4a|n4a|a4x)-", var.machines.machine_type))
    error_message = "machines.machine_type: an x86_64 type such as n2-standard-2; got \"${var.machines.machine_type}\"."
  }

  validation {
    condition     = var.machines.disk_gib >= 20 && var.machines.disk_gib <= 1000
    error_message = "machines.disk_gib: 20 to 1000; got ${var.machines.disk_gib}."
  }
}

variable "kms_keys" {
  description = "Crypto keys that encrypt the disks, which Compute Engine's service agent may use, and the secret, which Secret Manager's may."
  type = object({
    disk   = string
    secret = string
  })
  nullable = false

  validation {
    condition     = alltrue([for key in [var.kms_keys.disk, var.kms_keys.secret] : can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", key))])
    error_message = "kms_keys: crypto keys of ${var.region}, projects/<p>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got ${var.kms_keys.disk} and ${var.kms_keys.secret}."
  }
}

variable "tags" {
  description = "Labels of the machines and their disks; the provider's default_labels do not reach disks."
  type        = map(string)
  default     = {}
  nullable    = false
}
