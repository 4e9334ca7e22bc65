variable "bucket" {
  description = "Name, unique in all of AWS, of the bucket that holds Terraform state."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket: 3 to 63 lower-case letters, digits and hyphens, no dot; got \"${var.bucket}\"."
  }
}

variable "access_log_bucket" {
  description = "Name, unique in all of AWS, of the bucket that records who read and wrote the state."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "access_log_bucket: 3 to 63 lower-case letters, digits and hyphens, no dot; got \"${var.access_log_bucket}\"."
  }

  validation {
    condition     = var.access_log_bucket != var.bucket
    error_message = "access_log_bucket: another bucket than bucket; got \"${var.access_log_bucket}\" for both."
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
}
