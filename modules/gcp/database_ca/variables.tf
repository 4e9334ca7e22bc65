variable "instance" {
  description = "Name of the database instance."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,96}[a-z0-9])?$", var.instance))
    error_message = "instance: 1 to 98 lower-case letters, digits and hyphens, first a letter, last no hyphen, without project or region; got \"${var.instance}\"."
  }
}

variable "server_ca_mode" {
  description = "Who signs the certificate of the instance, as the module database says: `GOOGLE_MANAGED_INTERNAL_CA` or `GOOGLE_MANAGED_CAS_CA`."
  type        = string
  default     = "GOOGLE_MANAGED_INTERNAL_CA"
  nullable    = false

  validation {
    condition     = contains(["GOOGLE_MANAGED_INTERNAL_CA", "GOOGLE_MANAGED_CAS_CA"], var.server_ca_mode)
    error_message = "server_ca_mode: GOOGLE_MANAGED_INTERNAL_CA or GOOGLE_MANAGED_CAS_CA; got \"${var.server_ca_mode}\"."
  }
}
