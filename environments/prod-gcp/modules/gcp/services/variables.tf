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
