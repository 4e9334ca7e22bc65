variable "name" {
  description = "Name of the database instance; starts the name of its log bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,58}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 60 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the instance, its backups, secret and logs, such as `us-central1`; that of the keys."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region of Google Cloud such as us-central1; got \"${var.region}\"."
  }
}

variable "network" {
  description = <<-EOT
    VPC that reaches the database, with private service access. `private_services`: name of the range that the address comes from,
    null: any that private service access has.
  EOT
  type = object({
    id               = string
    private_services = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^(https://www\\.googleapis\\.com/compute/v1/)?projects/[^/]+/global/networks/[^/]+$", var.network.id))
    error_message = "network.id: projects/<project>/global/networks/<name>; got \"${var.network.id}\"."
  }
}

variable "instance_class" {
  description = "Machine type: `db-custom-<vCPU>-<MiB>`, `db-g1-small` or `db-f1-micro` of the Enterprise edition, `db-perf-optimized-N-<vCPU>` of Enterprise Plus."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^db-(custom-[0-9]+-[0-9]+|perf-optimized-N-(2|4|8|16|32|48|64|80|96|128)|g1-small|f1-micro)$", var.instance_class))
    error_message = "instance_class: a machine type of Cloud SQL such as db-custom-2-8192 or db-perf-optimized-N-2; got \"${var.instance_class}\"."
  }

  # https://cloud.google.com/sql/docs/postgres/create-instance#machine-types
  validation {
    condition = [
      for size in [regexall("[0-9]+", var.instance_class)] :
      !startswith(var.instance_class, "db-custom-") || length(size) != 2 ? true : (
        (size[0] == "1" || tonumber(size[0]) % 2 == 0) && tonumber(size[0]) >= 1 && tonumber(size[0]) <= 96 &&
        tonumber(size[1]) % 256 == 0 && tonumber(size[1]) >= 3840 &&
        tonumber(size[1]) >= 0.9 * 1024 * tonumber(size[0]) && tonumber(size[1]) <= 6.5 * 1024 * tonumber(size[0])
      )
    ][0]
    error_message = "instance_class: db-custom has 1 vCPU or an even number up to 96, and 3840 MiB or more in steps of 256, 0.9 to 6.5 GiB for each vCPU; got \"${var.instance_class}\"."
  }
}

variable "postgres" {
  description = <<-EOT
    `database_name`: the database to make and the role that uses it; `version`: major version, the minor one is kept new by Cloud SQL.
    A raised `version` upgrades the database, with an outage of minutes and no way back but a backup. `server_ca_mode`: who signs the
    server's certificate, stated when it is made. `GOOGLE_MANAGED_INTERNAL_CA`: an authority of the instance alone; clients know the
    instance by it (`verify-ca`), for ten years. `GOOGLE_MANAGED_CAS_CA`: one that Google shares among the instances of all customers in
    the region; clients have to look for the instance's name too (`verify-full`), and the certificate is renewed in maintenance.
  EOT
  type = object({
    database_name  = string
    version        = optional(string, "18")
    server_ca_mode = optional(string, "GOOGLE_MANAGED_INTERNAL_CA")
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.postgres.database_name)) && !contains(["admin", "postgres", "public", "template0", "template1", "user"], var.postgres.database_name) && !startswith(var.postgres.database_name, "pg_") && !startswith(var.postgres.database_name, "cloudsql")
    error_message = "postgres.database_name: 1 to 63 lower-case letters, digits and underscores, first a letter, no name that PostgreSQL or Cloud SQL keeps for itself; got \"${var.postgres.database_name}\"."
  }

  validation {
    condition     = contains(["16", "17", "18"], var.postgres.version)
    error_message = "postgres.version: major version 16, 17 or 18; got \"${var.postgres.version}\"."
  }

  validation {
    condition     = contains(["GOOGLE_MANAGED_INTERNAL_CA", "GOOGLE_MANAGED_CAS_CA"], var.postgres.server_ca_mode)
    error_message = "postgres.server_ca_mode: GOOGLE_MANAGED_INTERNAL_CA or GOOGLE_MANAGED_CAS_CA; got \"${var.postgres.server_ca_mode}\"."
  }
}

variable "high_availability" {
  description = "Whether a standby in a second zone takes over when the first one fails, at twice the price."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage" {
  description = "`size_gib`: size to start with, which a later change leaves as it is; `max_gib`: size up to which Cloud SQL grows it, null: never. Storage never shrinks."
  type = object({
    size_gib = number
    max_gib  = optional(number)
  })
  nullable = false

  validation {
    condition     = var.storage.size_gib >= 10 && var.storage.size_gib <= 65536 && floor(var.storage.size_gib) == var.storage.size_gib
    error_message = "storage.size_gib: a whole number from 10 to 65536; got ${var.storage.size_gib}."
  }

  validation {
    condition     = var.storage.max_gib == null ? true : var.storage.max_gib > var.storage.size_gib && var.storage.max_gib <= 65536 && floor(var.storage.max_gib) == var.storage.max_gib
    error_message = "storage.max_gib: null or a whole number, above size_gib and at most 65536; got ${jsonencode(var.storage)}."
  }
}

variable "backups" {
  description = <<-EOT
    `days`: how many daily backups are kept; within the last 7 of these days, 35 with Enterprise Plus, the database can be restored to any
    second; `final_days`: how long the backup made when it is destroyed is kept, 0: none is made; `restore_from`: backup to fill the
    database from, <instance>/<id> of an instance that exists, null: empty; looked at only when the database is made.
  EOT
  type = object({
    days         = optional(number, 14)
    final_days   = optional(number, 30)
    restore_from = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.backups.days >= 1 && var.backups.days <= 365 && floor(var.backups.days) == var.backups.days
    error_message = "backups.days: a whole number from 1 to 365, 0 would mean no backup; got ${var.backups.days}."
  }

  validation {
    condition     = var.backups.final_days >= 0 && var.backups.final_days <= 365 && floor(var.backups.final_days) == var.backups.final_days
    error_message = "backups.final_days: a whole number from 0 to 365; got ${var.backups.final_days}."
  }

  validation {
    condition     = var.backups.restore_from == null ? true : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?/[0-9]{1,19}$", var.backups.restore_from))
    error_message = "backups.restore_from: null or <instance>/<id>, as gcloud sql backups list shows them; got ${jsonencode(var.backups.restore_from)}."
  }
}

variable "windows" {
  description = "When Cloud SQL works on the database, UTC: `backup`, daily, starts within four hours from then; `maintenance`: the hour of the week in which it may restart."
  type = object({
    backup      = optional(string, "02:00")
    maintenance = optional(string, "sun:07")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.windows.backup))
    error_message = "windows.backup: hh:mm, such as 02:00; got \"${var.windows.backup}\"."
  }

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3])$", var.windows.maintenance))
    error_message = "windows.maintenance: ddd:hh, such as sun:07; got \"${var.windows.maintenance}\"."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform and Cloud SQL refuse to delete the database, and Terraform its secret. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key" {
  description = "Id of the Cloud KMS key that encrypts storage, backups and the secret, open to the service agents of Cloud SQL and Secret Manager. It cannot be changed after creation."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key: a key of ${var.region}, projects/<project>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.kms_key}\"."
  }
}

variable "logs" {
  description = <<-EOT
    PostgreSQL's logs: days they are kept and the key that encrypts them, open to Cloud Logging. `bucket`: name of the log bucket, null:
    `<name>-postgres`; another one for seven days after that was deleted.
  EOT
  type = object({
    kms_key        = string
    retention_days = optional(number, 365)
    bucket         = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.logs.kms_key))
    error_message = "logs.kms_key: a key of ${var.region}, projects/<project>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.logs.kms_key}\"."
  }

  validation {
    condition     = var.logs.retention_days >= 1 && var.logs.retention_days <= 3650 && floor(var.logs.retention_days) == var.logs.retention_days
    error_message = "logs.retention_days: a whole number from 1 to 3650; got ${var.logs.retention_days}."
  }

  validation {
    condition     = var.logs.bucket == null ? true : can(regex("^[a-z][a-z0-9-]{0,98}[a-z0-9]$", var.logs.bucket))
    error_message = "logs.bucket: null or 2 to 100 lower-case letters, digits and hyphens, first a letter, last no hyphen; got ${jsonencode(var.logs.bucket)}."
  }
}

variable "secret" {
  description = <<-EOT
    `name` of the secret in Secret Manager; `password_version`: raise it for a new password, in the database and in the secret,
    0: both stay as they are, of a database that is there already;
    `recovery_days`: how long a replaced version of the secret can be brought back, 1 to 1000, or 0: not at all.
  EOT
  type = object({
    name             = string
    password_version = optional(number, 1)
    recovery_days    = optional(number, 30)
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.secret.name))
    error_message = "secret.name: 1 to 255 letters, digits, hyphens and underscores; got \"${var.secret.name}\"."
  }

  validation {
    condition     = var.secret.password_version >= 0 && floor(var.secret.password_version) == var.secret.password_version
    error_message = "secret.password_version: a whole number from 0; got ${var.secret.password_version}."
  }

  validation {
    condition     = var.secret.recovery_days >= 0 && var.secret.recovery_days <= 1000 && floor(var.secret.recovery_days) == var.secret.recovery_days
    error_message = "secret.recovery_days: a whole number from 0 to 1000; got ${var.secret.recovery_days}."
  }
}

variable "tags" {
  description = "Labels of the instance, which the provider's `default_labels` do not reach."
  type        = map(string)
  default     = {}
  nullable    = false
}
