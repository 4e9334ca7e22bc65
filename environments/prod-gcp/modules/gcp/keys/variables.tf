variable "name" {
  description = "Name of the environment, and of its key ring unless `suffix` is set."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the keys, such as `us-central1`; what they encrypt has to be there too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a Google Cloud region such as us-central1; got \"${var.region}\"."
  }
}

variable "suffix" {
  description = "End of the key ring's name, which is then `<name>-<suffix>`. A ring is never deleted, so an environment made again under its old name needs one; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.suffix == null ? true : can(regex("^[a-z0-9]{1,16}$", var.suffix))
    error_message = "suffix: 1 to 16 lower-case letters and digits, or null; got \"${coalesce(var.suffix, "empty")}\"."
  }
}

variable "purposes" {
  description = "What gets a key of its own: `storage` (Cloud Storage), `cluster` (Kubernetes secrets and disks), `logs` (log buckets), `database` (Cloud SQL and Secret Manager), `alerts` (Pub/Sub)."
  type        = set(string)
  default     = ["storage", "cluster", "logs"]
  nullable    = false

  validation {
    condition     = length(var.purposes) > 0 && length(setsubtract(var.purposes, ["storage", "cluster", "logs", "database", "alerts"])) == 0
    error_message = "purposes: one or more of storage, cluster, logs, database, alerts; got [${join(", ", var.purposes)}]."
  }
}

variable "existing" {
  description = "Keys that are there already, by purpose: `ring`, projects/<project>/locations/<region>/keyRings/<ring>, and `name` in it."
  type        = map(object({ ring = string, name = string }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for purpose, key in var.existing : contains(var.purposes, purpose) && can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[A-Za-z0-9_-]{1,63}$", key.ring)) && can(regex("^[A-Za-z0-9_-]{1,63}$", key.name))])
    error_message = "existing: of purposes [${join(", ", var.purposes)}], rings of ${var.region}, names of 1 to 63 letters, digits, _ and -; got ${jsonencode(var.existing)}."
  }
}

variable "further_users" {
  description = "Services that use a key besides those of its purpose, by purpose, such as `{ storage = [\"run\"] }`: artifactregistry, compute, container, logging, pubsub, run, secretmanager, sqladmin, storage."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.further_users), var.purposes)) == 0
    error_message = "further_users: keys are among purposes [${join(", ", var.purposes)}]; got [${join(", ", keys(var.further_users))}]."
  }

  validation {
    condition = length(setsubtract(flatten([for services in var.further_users : tolist(services)]),
      ["artifactregistry", "compute", "container", "logging", "pubsub", "run", "secretmanager", "sqladmin", "storage"]
    )) == 0
    error_message = "further_users: services are artifactregistry, compute, container, logging, pubsub, run, secretmanager, sqladmin or storage; got ${jsonencode(var.further_users)}."
  }
}

variable "protection_level" {
  description = "Where key material lives: `SOFTWARE`, or `HSM` (hardware, dearer per key version and operation)."
  type        = string
  default     = "SOFTWARE"
  nullable    = false

  validation {
    condition     = contains(["SOFTWARE", "HSM"], var.protection_level)
    error_message = "protection_level: SOFTWARE or HSM; got \"${var.protection_level}\"."
  }
}

variable "deletion_window_days" {
  description = "Days between the order to destroy a key version and its end; everything encrypted with it is lost then."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 120 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days: a whole number from 7 to 120; got ${var.deletion_window_days}."
  }
}
