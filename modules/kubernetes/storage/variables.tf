variable "name" {
  description = "Name of the storage class."
  type        = string
  default     = "encrypted-gp3"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.name}\"."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the volumes. The EBS CSI driver's role needs it, as the module aws/cluster_addons gives it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn: the ARN of a key (not of an alias); got \"${var.kms_key_arn}\"."
  }
}

variable "default_class" {
  description = "Whether claims that name no class get this one."
  type        = bool
  default     = true
  nullable    = false
}

variable "reclaim_policy" {
  description = "What becomes of a volume whose claim is deleted: Delete, or Retain, which leaves it to be paid for until somebody deletes it."
  type        = string
  default     = "Delete"
  nullable    = false

  validation {
    condition     = contains(["Delete", "Retain"], var.reclaim_policy)
    error_message = "reclaim_policy: Delete or Retain; got \"${var.reclaim_policy}\"."
  }
}

variable "performance" {
  description = "IOPS and throughput (MiB/s) of every volume; the defaults are what the price of a gp3 volume includes."
  type = object({
    iops           = optional(number, 3000)
    throughput_mib = optional(number, 125)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.performance.iops >= 3000 && var.performance.iops <= 16000 && floor(var.performance.iops) == var.performance.iops
    error_message = "performance.iops: a whole number from 3000 to 16000; got ${var.performance.iops}."
  }

  validation {
    condition     = var.performance.throughput_mib >= 125 && var.performance.throughput_mib <= 1000 && var.performance.throughput_mib <= var.performance.iops / 4
    error_message = "performance.throughput_mib: 125 to 1000, and at most a quarter of iops; got ${var.performance.throughput_mib} with ${var.performance.iops} iops."
  }
}
