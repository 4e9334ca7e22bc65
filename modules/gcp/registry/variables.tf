variable "name" {
  description = "Name of the environment; repositories are `<name>-<key>`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region that holds the images, such as `us-central1`; that of the key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region of Google Cloud such as us-central1; got \"${var.region}\"."
  }
}

variable "kms_key" {
  description = "Id of the Cloud KMS key that encrypts the images, in the same region and open to the project's Artifact Registry service agent. A repository cannot change its key later."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key: a key of ${var.region}, projects/<project>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.kms_key}\"."
  }
}

variable "repositories" {
  description = <<-EOT
    Repositories by name. `keep_untagged_days`: how long an image without a tag stays; `immutable_tags`: a tag means the same image for
    ever, and Artifact Registry then deletes no tagged image at all; `keep_images`: without immutable tags, how many images stay, the
    newest first; `repository`: id in Artifact Registry, default `<name>-<key>`; `image`: name of the images in it, default the key.
  EOT
  type = map(object({
    keep_images        = optional(number, 100)
    keep_untagged_days = optional(number, 14)
    immutable_tags     = optional(bool, true)
    repository         = optional(string)
    image              = optional(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.repositories) : can(regex("^[a-z0-9]+(-+[a-z0-9]+)*$", name)) && length(var.name) + length(name) <= 62])
    error_message = "repositories: names are lower-case letters, digits and hyphens, and with name at most 62 characters, because <name>-<key> is the repository's id; got [${join(", ", keys(var.repositories))}]."
  }

  validation {
    condition     = alltrue([for r in var.repositories : r.repository == null ? true : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", r.repository))])
    error_message = "repositories.repository: null or at most 63 lower-case letters, digits and hyphens, first a letter, last no hyphen; got ${jsonencode({ for name, r in var.repositories : name => r.repository })}."
  }

  validation {
    condition     = alltrue([for r in var.repositories : r.image == null ? true : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*$", r.image))])
    error_message = "repositories.image: null or lower-case letters and digits, parted by single . _ or -; got ${jsonencode({ for name, r in var.repositories : name => r.image })}."
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
