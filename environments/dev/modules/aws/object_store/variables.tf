variable "buckets" {
  description = <<-EOT
    Buckets by a short name that stays the same in every environment.
    `bucket`: name, unique in all of AWS; `versioning`: overwritten and deleted objects can be brought back;
    `noncurrent_days`: for how long; `archive_after_days`: age at which objects move to the infrequent-access class, null: never;
    `expire_after_days`: age at which objects are deleted, null: never.
  EOT
  type = map(object({
    bucket             = string
    versioning         = optional(bool, true)
    noncurrent_days    = optional(number, 30)
    archive_after_days = optional(number)
    expire_after_days  = optional(number)
  }))
  nullable = false

  validation {
    condition     = length(var.buckets) > 0 && alltrue([for key in keys(var.buckets) : can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", key))])
    error_message = "buckets: one or more, keys of lower-case letters, digits and hyphens; got [${join(", ", keys(var.buckets))}]."
  }

  validation {
    condition     = alltrue([for b in var.buckets : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", b.bucket))])
    error_message = "buckets.bucket: 3 to 63 lower-case letters, digits and hyphens, no dot; got [${join(", ", values(var.buckets)[*].bucket)}]."
  }

  validation {
    condition     = length(var.buckets) <= 150
    error_message = "buckets: at most 150, which is what the policy of the bucket with their access logs, 20 KB long at most, has room to name; got ${length(var.buckets)}."
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
    condition     = alltrue([for b in var.buckets : b.archive_after_days == null ? true : b.archive_after_days >= 30 && b.archive_after_days <= 36500 && floor(b.archive_after_days) == b.archive_after_days])
    error_message = "buckets.archive_after_days: null or a whole number from 30, the least that S3 takes for infrequent access, to 36500; got ${jsonencode({ for key, b in var.buckets : key => b.archive_after_days })}."
  }

  validation {
    condition     = alltrue([for b in var.buckets : b.expire_after_days == null ? true : b.expire_after_days >= 1 && b.expire_after_days <= 36500 && floor(b.expire_after_days) == b.expire_after_days])
    error_message = "buckets.expire_after_days: null or a whole number from 1 to 36500; got ${jsonencode({ for key, b in var.buckets : key => b.expire_after_days })}."
  }

  # S3 bills infrequent access for at least 30 days, so expiry sooner after the move costs more than no move at all.
  validation {
    condition     = alltrue([for b in var.buckets : b.archive_after_days == null || b.expire_after_days == null ? true : b.expire_after_days >= b.archive_after_days + 30])
    error_message = "buckets.expire_after_days: at least 30 days after archive_after_days; got ${jsonencode({ for key, b in var.buckets : key => { archive_after_days = b.archive_after_days, expire_after_days = b.expire_after_days } })}."
  }
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts the objects."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:kms:[^:]*:[^:]*:key/", var.kms_key))
    error_message = "kms_key: ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>; got \"${var.kms_key}\"."
  }
}

variable "access_log_bucket" {
  description = "Name, unique in all of AWS, of the bucket that takes the access logs of the others."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "access_log_bucket: 3 to 63 lower-case letters, digits and hyphens, no dot; got \"${var.access_log_bucket}\"."
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
}
