variable "bucket" {
  description = "Name, unique in all of Google Cloud, of the bucket that holds Terraform state; also of the key ring."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket)) && !can(regex("^goog|google", var.bucket))
    error_message = "bucket: 3 to 63 lower-case letters, digits and hyphens, no dot, neither starting with goog nor holding google; got \"${var.bucket}\"."
  }
}

variable "access_log_bucket" {
  description = "Name of the bucket that records who read and wrote the state: of Cloud Logging or, for usage logs, of Cloud Storage and unique in all of Google Cloud."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.access_log_bucket)) && !can(regex("^goog|google", var.access_log_bucket))
    error_message = "access_log_bucket: 3 to 63 lower-case letters, digits and hyphens, no dot, neither starting with goog nor holding google; got \"${var.access_log_bucket}\"."
  }

  validation {
    condition     = var.access_log_bucket != var.bucket
    error_message = "access_log_bucket: another bucket than bucket; got \"${var.access_log_bucket}\" for both."
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

variable "region" {
  description = "Region of both buckets and the key, such as `us-central1`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a Google Cloud region such as us-central1; got \"${var.region}\"."
  }
}

variable "noncurrent_days" {
  description = "Days that an overwritten state can be brought back."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 7 && var.noncurrent_days <= 36500 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "noncurrent_days: a whole number from 7 to 36500; got ${var.noncurrent_days}."
  }
}

variable "plans_prefix" {
  description = "Where saved plans are in the bucket, with a slash at the end; none is kept for longer than a week; null when none are saved."
  type        = string
  default     = null

  validation {
    condition     = var.plans_prefix == null || can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*/groundplan/plans/$", var.plans_prefix))
    error_message = "plans_prefix: <folder>/groundplan/plans/; got \"${var.plans_prefix == null ? "" : var.plans_prefix}\"."
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
