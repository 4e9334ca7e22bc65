variable "apis" {
  description = "Google APIs to turn on, by full name such as `container.googleapis.com`."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.apis) > 0
    error_message = "apis: one or more APIs; got none."
  }

  validation {
    condition     = alltrue([for api in var.apis : can(regex("^[a-z][a-z0-9-]*\\.googleapis\\.com$", api))])
    error_message = "apis: full names such as container.googleapis.com; got [${join(", ", var.apis)}]."
  }
}

variable "data_access_logs" {
  description = "Data Access audit logs that the project writes, by service: which of DATA_READ, DATA_WRITE and ADMIN_READ, such as `{ \"storage.googleapis.com\" = [\"DATA_READ\", \"DATA_WRITE\"] }`. It is one setting of the project, so all its environments say the same, and the destroy of one turns it off."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.data_access_logs), var.apis)) == 0
    error_message = "data_access_logs: services that are among apis; got [${join(", ", keys(var.data_access_logs))}]."
  }

  validation {
    condition     = alltrue([for types in var.data_access_logs : length(types) > 0 && length(setsubtract(types, ["ADMIN_READ", "DATA_READ", "DATA_WRITE"])) == 0])
    error_message = "data_access_logs: one or more of ADMIN_READ, DATA_READ, DATA_WRITE for each service; got ${jsonencode(var.data_access_logs)}."
  }
}
