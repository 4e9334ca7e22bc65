variable "name" {
  description = "Name of the database instance; starts the names of its groups, role and final snapshot."
  type        = string
  nullable    = false

  validation {
    # 40 leaves room for the suffix of the role within IAM's 64 characters; RDS refuses two hyphens in a row.
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.name)) && !strcontains(var.name, "--")
    error_message = "name: 1 to 40 lower-case letters, digits and single hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "network" {
  description = "Network of the database: its VPC and at least two private subnets in different zones, also without high availability."
  type = object({
    id                 = string
    private_subnet_ids = list(string)
  })
  nullable = false

  validation {
    condition     = length(var.network.private_subnet_ids) >= 2
    error_message = "network.private_subnet_ids: RDS needs at least 2 subnets in different zones; got ${length(var.network.private_subnet_ids)}."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may connect, by a name that says whose they are, such as the cluster's or a service's."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.client_security_group_ids) > 0 && alltrue([for id in var.client_security_group_ids : startswith(id, "sg-")])
    error_message = "client_security_group_ids: one or more ids of security groups, sg-…; got ${jsonencode(var.client_security_group_ids)}."
  }
}

variable "instance_class" {
  description = "Class of the instance, such as `db.t4g.medium`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.([0-9]*xlarge|large|medium|small|micro)$", var.instance_class))
    error_message = "instance_class: a class of RDS such as db.t4g.medium; got \"${var.instance_class}\"."
  }
}

variable "postgres" {
  description = <<-EOT
    `database_name`: the database to make and the role that owns it; `version`: major version, the minor one is the newest and kept so
    by RDS; `allow_major_upgrade`: lets a raised `version` upgrade the database, which cannot be undone.
  EOT
  type = object({
    database_name       = string
    version             = optional(string, "18")
    allow_major_upgrade = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.postgres.database_name)) && !contains(["admin", "postgres", "public", "rdsadmin", "rdsrepladmin", "template0", "template1", "user"], var.postgres.database_name) && !startswith(var.postgres.database_name, "pg_")
    error_message = "postgres.database_name: 1 to 63 lower-case letters, digits and underscores, first a letter, no name that PostgreSQL or RDS keeps for itself; got \"${var.postgres.database_name}\"."
  }

  validation {
    condition     = contains(["16", "17", "18"], var.postgres.version)
    error_message = "postgres.version: major version 16, 17 or 18; got \"${var.postgres.version}\"."
  }
}

variable "high_availability" {
  description = "Whether a standby in a second zone takes over when the first one fails, at twice the price."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage" {
  description = "`size_gib`: size to start with; `max_gib`: size up to which RDS grows it, null: never. Storage never shrinks."
  type = object({
    size_gib = number
    max_gib  = optional(number)
  })
  nullable = false

  validation {
    condition     = var.storage.size_gib >= 20 && var.storage.size_gib <= 65536 && floor(var.storage.size_gib) == var.storage.size_gib
    error_message = "storage.size_gib: a whole number from 20 to 65536; got ${var.storage.size_gib}."
  }

  # RDS refuses a threshold less than a tenth above the size.
  validation {
    condition     = var.storage.max_gib == null ? true : var.storage.max_gib >= 1.1 * var.storage.size_gib && var.storage.max_gib <= 65536 && floor(var.storage.max_gib) == var.storage.max_gib
    error_message = "storage.max_gib: null or a whole number, a tenth or more above size_gib and at most 65536; got ${jsonencode(var.storage)}."
  }
}

variable "backups" {
  description = <<-EOT
    `days`: how far back the database can be restored to any second; `final_snapshot`: name of the snapshot made when it is destroyed,
    null: `<name>-final-` and the id of its security group, another one in each life; `restore_from`: snapshot to make the database from, null: empty; looked at only when the database is made.
  EOT
  type = object({
    days           = optional(number, 14)
    final_snapshot = optional(string)
    restore_from   = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.backups.days >= 1 && var.backups.days <= 35 && floor(var.backups.days) == var.backups.days
    error_message = "backups.days: a whole number from 1 to 35, 0 would mean no backup; got ${var.backups.days}."
  }

  validation {
    condition     = var.backups.final_snapshot == null ? true : can(regex("^[a-zA-Z][a-zA-Z0-9-]{0,253}[a-zA-Z0-9]$", var.backups.final_snapshot)) && !strcontains(var.backups.final_snapshot, "--")
    error_message = "backups.final_snapshot: null or 2 to 255 letters, digits and single hyphens, first a letter, last no hyphen; got ${jsonencode(var.backups.final_snapshot)}."
  }

  validation {
    condition     = var.backups.restore_from == null ? true : can(regex("^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?(rds:)?[a-zA-Z][a-zA-Z0-9-]*$", var.backups.restore_from))
    error_message = "backups.restore_from: null, a snapshot's name or its ARN; got ${jsonencode(var.backups.restore_from)}."
  }
}

variable "windows" {
  description = "When RDS works on the database, UTC: `backup` daily, `maintenance` weekly, 30 minutes or more each and apart from each other."
  type = object({
    backup      = optional(string, "02:00-03:00")
    maintenance = optional(string, "sun:04:00-sun:05:00")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.windows.backup))
    error_message = "windows.backup: hh:mm-hh:mm, such as 02:00-03:00; got \"${var.windows.backup}\"."
  }

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", var.windows.maintenance))
    error_message = "windows.maintenance: ddd:hh:mm-ddd:hh:mm, such as sun:04:00-sun:05:00; got \"${var.windows.maintenance}\"."
  }

  # The four times in order are those of one window, then those of the other. That leaves out windows that pass midnight; on text that
  # is no window the other rules have their say.
  validation {
    condition = [
      for times in [regexall("\\d\\d:\\d\\d", "${var.windows.backup} ${var.windows.maintenance}")] :
      length(times) != 4 ? true : contains([times, concat(slice(times, 2, 4), slice(times, 0, 2))], sort(times))
    ][0]
    error_message = "windows: apart from each other, each ending on the day it starts; got ${jsonencode(var.windows)}."
  }

  validation {
    condition     = length(distinct(regexall("[a-z]{3}", var.windows.maintenance))) <= 1
    error_message = "windows.maintenance: ends on the day it starts; got \"${var.windows.maintenance}\"."
  }
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the database. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts storage, backups, performance data and the secret. It cannot be changed after creation."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key))
    error_message = "kms_key: the ARN of a KMS key (not of an alias); got \"${var.kms_key}\"."
  }
}

variable "logs" {
  description = "PostgreSQL's logs: days they are kept and the KMS key that encrypts them, open to CloudWatch Logs."
  type = object({
    kms_key        = string
    retention_days = optional(number, 365)
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.logs.kms_key))
    error_message = "logs.kms_key: the ARN of a KMS key (not of an alias); got \"${var.logs.kms_key}\"."
  }

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 731], var.logs.retention_days)
    error_message = "logs.retention_days: one of 7, 14, 30, 60, 90, 180, 365, 731; got ${var.logs.retention_days}."
  }
}

variable "secret" {
  description = <<-EOT
    `name` of the secret in Secrets Manager; `password_version`: raise it for a new password, in the database and in the secret,
    0: both stay as they are, of a database that is there already;
    `recovery_days`: how long a destroyed secret can be brought back and its name is taken, 7 to 30, or 0: not at all; null: 30 with
    `deletion_protection`, so that a destroy that the database refuses loses no secret, else 0.
  EOT
  type = object({
    name             = string
    password_version = optional(number, 1)
    recovery_days    = optional(number)
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,256}$", var.secret.name))
    error_message = "secret.name: 1 to 256 letters, digits and /_+=.@-; got \"${var.secret.name}\"."
  }

  validation {
    condition     = var.secret.password_version >= 0 && floor(var.secret.password_version) == var.secret.password_version
    error_message = "secret.password_version: a whole number from 0; got ${var.secret.password_version}."
  }

  validation {
    condition     = var.secret.recovery_days == null ? true : contains(concat([0], range(7, 31)), var.secret.recovery_days)
    error_message = "secret.recovery_days: null, 0 or a whole number from 7 to 30; got ${jsonencode(var.secret.recovery_days)}."
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
