variable "name" {
  description = "Name of the class."
  type        = string
  default     = "balanced-encrypted"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name)) && !contains(["standard", "standard-rwo", "premium-rwo"], var.name)
    error_message = "name: 1 to 63 lower-case letters, digits and hyphens, none that GKE makes (standard, standard-rwo, premium-rwo); got \"${var.name}\"."
  }
}

variable "kms_key" {
  description = "Crypto key that encrypts the volumes, `projects/<p>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>`. Compute Engine's service agent may use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key: a crypto key, projects/<p>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>; got \"${var.kms_key}\"."
  }
}

variable "disk_type" {
  description = "Type of the disks: `pd-balanced`, or `hyperdisk-balanced` for nodes of families that take no persistent disks (c4, n4, a4, g4)."
  type        = string
  default     = "pd-balanced"
  nullable    = false

  validation {
    condition     = contains(["pd-balanced", "hyperdisk-balanced"], var.disk_type)
    error_message = "disk_type: pd-balanced or hyperdisk-balanced; got \"${var.disk_type}\"."
  }
}

variable "reclaim_policy" {
  description = "What becomes of a volume when its claim is deleted: `Delete`, or `Retain`, which leaves it in the project until somebody deletes it."
  type        = string
  default     = "Delete"
  nullable    = false

  validation {
    condition     = contains(["Delete", "Retain"], var.reclaim_policy)
    error_message = "reclaim_policy: Delete or Retain; got \"${var.reclaim_policy}\"."
  }
}
