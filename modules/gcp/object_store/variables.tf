variable "region" {
  description = "Region that holds the objects, such as `us-central1`; that of the key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region of Google Cloud such as us-central1; got \"${var.region}\"."
  }
}

variable "buckets" {
  description = <<-EOT
    Buckets by a short name that stays the same in every environment.
    `bucket`: name, unique in all of Google Cloud; `versioning`: overwritten and deleted objects can be brought back;
    `noncurrent_days`: for how long; `archive_after_days`: age at which objects move to `archive_class`, null: never;
    `expire_after_days`: age at which objects are deleted, null: never; `retention_days`: age before which nobody can delete or
    overwrite an object, for buckets without versioning, null: none; `soft_delete_days`: how long everything deleted can still be
    brought back by an administrator, 7 to 90, or 0: not at all.
  EOT
  type = map(object({
    bucket             = string
    versioning         = optional(bool, true)
    noncurrent_days    = optional(number, 30)
    archive_after_days = optional(number)
    archive_class      = optional(string, "NEARLINE")
    expire_after_days  = optional(number)
    retention_days     = optional(number)
    soft_delete_days   = optional(number, 7)
  }))
  nullable = false

  validation {
    condition     = length(var.buckets) > 0 && alltrue([for key in keys(var.buckets) : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", key))])
    error_message = "buckets: one or more, keys of lower-case letters, digits and hyphens; got [${join(", ", keys(var.buckets))}]."
  }

  validation {
    condition     = alltrue([for b in var.buckets : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", b.bucket)) && !startswith(b.bucket, "goog") && !strcontains(b.bucket, "google")])
    error_message = "buckets.bucket: 3 to 63 lower-case letters, digits and hyphens, no dot, no goog in front and no google inside; got [${join(", ", values(var.buckets)[*].bucket)}]."
  }

  validation {
    condition     = length(distinct(values(var.buckets)[*].bucket)) == length(var.buckets)
    error_message = "buckets.bucket: no name twice; got [${join(", ", values(var.buckets)[*].bucket)}]."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.noncurrent_days >= 1 && b.noncurrent_days <= 36500 && floor(b.noncurrent_days) == b.noncurrent_days])
    error_message = "buckets.noncurrent_days: a whole number from 1 to 36500; got ${jsonencode({ for key, b in var.buckets : key => b.noncurrent_days })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.archive_after_days == null ? true : b.archive_after_days >= 1 && b.archive_after_days <= 36500 && floor(b.archive_after_days) == b.archive_after_days])
    error_message = "buckets.archive_after_days: null or a whole number from 1 to 36500; got ${jsonencode({ for key, b in var.buckets : key => b.archive_after_days })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : contains(["NEARLINE", "COLDLINE"], b.archive_class)])
    error_message = "buckets.archive_class: NEARLINE or COLDLINE; got ${jsonencode({ for key, b in var.buckets : key => b.archive_class })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.expire_after_days == null ? true : b.expire_after_days >= 1 && b.expire_after_days <= 36500 && floor(b.expire_after_days) == b.expire_after_days])
    error_message = "buckets.expire_after_days: null or a whole number from 1 to 36500; got ${jsonencode({ for key, b in var.buckets : key => b.expire_after_days })}."
  }

  # The colder classes are billed for at least that long, so expiry sooner after the move costs more than no move at all.
  validation {
    condition     = alltrue([for b in var.buckets : b.archive_after_days == null || b.expire_after_days == null ? true : b.expire_after_days >= b.archive_after_days + (b.archive_class == "COLDLINE" ? 90 : 30)])
    error_message = "buckets.expire_after_days: at least 30 days after archive_after_days, 90 with COLDLINE; got ${jsonencode({ for key, b in var.buckets : key => { archive_after_days = b.archive_after_days, expire_after_days = b.expire_after_days } })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.retention_days == null ? true : b.retention_days >= 1 && b.retention_days <= 36500 && floor(b.retention_days) == b.retention_days && !b.versioning])
    error_message = "buckets.retention_days: null or a whole number from 1 to 36500, with versioning = false; got ${jsonencode({ for key, b in var.buckets : key => { retention_days = b.retention_days, versioning = b.versioning } })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.retention_days == null || b.expire_after_days == null ? true : b.expire_after_days >= b.retention_days])
    error_message = "buckets.expire_after_days: not before retention_days; got ${jsonencode({ for key, b in var.buckets : key => { retention_days = b.retention_days, expire_after_days = b.expire_after_days } })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : contains(concat([0], range(7, 91)), b.soft_delete_days)])
    error_message = "buckets.soft_delete_days: 0 or a whole number from 7 to 90; got ${jsonencode({ for key, b in var.buckets : key => b.soft_delete_days })}."
  }
}

variable "kms_key" {
  description = "Id of the Cloud KMS key that encrypts the objects, in the same region and open to the project's Cloud Storage service agent."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key: a key of ${var.region}, projects/<project>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.kms_key}\"."
  }
}

variable "access_logs" {
  description = <<-EOT
    What records who read and wrote. `audit`: Data Access audit logs, complete, within seconds and with names, in the log bucket `access_log_bucket`
    of Cloud Logging; the project has to write them, see `data_access_logs` of the module services. `usage`: hourly files in the bucket
    `access_log_bucket` of Cloud Storage, without promise and without names, delivered by a group of google.com.
  EOT
  type        = string
  default     = "audit"
  nullable    = false

  validation {
    condition     = contains(["audit", "usage"], var.access_logs)
    error_message = "access_logs: audit or usage; got \"${var.access_logs}\"."
  }
}

variable "logs_kms_key" {
  description = "Id of the Cloud KMS key that encrypts the log bucket with `access_logs` `audit`, in the same region and open to Cloud Logging; null with `usage`, whose files are under `kms_key`."
  type        = string
  default     = null

  validation {
    condition     = var.access_logs == "usage" ? var.logs_kms_key == null : can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.logs_kms_key))
    error_message = "logs_kms_key: with access_logs audit a key of ${var.region}, projects/<project>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>, else null; got \"${coalesce(var.logs_kms_key, "null")}\"."
  }
}

variable "access_log_bucket" {
  description = "Name of the bucket that takes the access logs of the others: of Cloud Logging or, for usage logs, of Cloud Storage and unique in all of Google Cloud."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.access_log_bucket)) && !startswith(var.access_log_bucket, "goog") && !strcontains(var.access_log_bucket, "google")
    error_message = "access_log_bucket: 3 to 63 lower-case letters, digits and hyphens, no dot, no goog in front and no google inside; got \"${var.access_log_bucket}\"."
  }

  validation {
    condition     = !contains(values(var.buckets)[*].bucket, var.access_log_bucket)
    error_message = "access_log_bucket: a bucket of its own, none of buckets; got \"${var.access_log_bucket}\"."
  }
}

variable "log_retention_days" {
  description = "Days that access logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 1 && var.log_retention_days <= 36500 && floor(var.log_retention_days) == var.log_retention_days
    error_message = "log_retention_days: a whole number from 1 to 36500; got ${var.log_retention_days}."
  }

  # A log bucket keeps entries for ten years at the most.
  validation {
    condition     = var.access_logs == "usage" || var.log_retention_days <= 3650
    error_message = "log_retention_days: 3650 at the most with access_logs audit; got ${var.log_retention_days}."
  }
}
