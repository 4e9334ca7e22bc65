variable "name" {
  description = "Name of the class."
  type        = string
  default     = "gp3-encrypted"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name)) && var.name != "gp2"
    error_message = "name: 1 to 63 lower-case letters, digits and hyphens, not gp2, which EKS makes; got \"${var.name}\"."
  }
}

variable "kms_key_alias" {
  description = "Alias of the KMS key that encrypts the volumes, `alias/<name>`. The role of the volume driver may use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[a-zA-Z0-9/_-]{1,250}$", var.kms_key_alias)) && !startswith(var.kms_key_alias, "alias/aws/")
    error_message = "kms_key_alias: alias/<name> of a key of your own, not alias/aws/*; got \"${var.kms_key_alias}\"."
  }
}

variable "reclaim_policy" {
  description = "What becomes of a volume when its claim is deleted: `Delete`, or `Retain`, which leaves it in the account until somebody deletes it."
  type        = string
  default     = "Delete"
  nullable    = false

  validation {
    condition     = contains(["Delete", "Retain"], var.reclaim_policy)
    error_message = "reclaim_policy: Delete or Retain; got \"${var.reclaim_policy}\"."
  }
}
