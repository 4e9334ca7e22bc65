variable "name" {
  description = "Name of the environment; repositories are `<name>/<key>`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts the images. A repository cannot change its key later."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:kms:[^:]*:[^:]*:key/", var.kms_key))
    error_message = "kms_key: ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>; got \"${var.kms_key}\"."
  }
}

variable "repositories" {
  description = "Repositories by name. `keep_images`: how many tagged images stay, the newest first; `keep_untagged_days`: how long an image without a tag stays; `repository`: name in ECR, default `<name>/<key>`."
  type = map(object({
    keep_images        = optional(number, 100)
    keep_untagged_days = optional(number, 14)
    repository         = optional(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.repositories) : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$", name)) && length(name) <= 128])
    error_message = "repositories: names are lower-case letters and digits, parted by single . _ - or /, at most 128 characters; got [${join(", ", keys(var.repositories))}]."
  }

  validation {
    condition     = alltrue([for r in var.repositories : r.repository == null ? true : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$", r.repository)) && length(r.repository) <= 256])
    error_message = "repositories.repository: null or lower-case letters and digits, parted by single . _ - or /, at most 256 characters; got ${jsonencode({ for name, r in var.repositories : name => r.repository })}."
  }

  validation {
    condition     = alltrue([for r in var.repositories : r.keep_images >= 1 && r.keep_images <= 10000 && floor(r.keep_images) == r.keep_images])
    error_message = "repositories.keep_images: a whole number from 1 to 10000; got ${jsonencode({ for name, r in var.repositories : name => r.keep_images })}."
  }

  validation {
    condition     = alltrue([for r in var.repositories : r.keep_untagged_days >= 1 && r.keep_untagged_days <= 365 && floor(r.keep_untagged_days) == r.keep_untagged_days])
    error_message = "repositories.keep_untagged_days: a whole number from 1 to 365; got ${jsonencode({ for name, r in var.repositories : name => r.keep_untagged_days })}."
  }
}
