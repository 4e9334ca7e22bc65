variable "name" {
  description = "Name of the environment, and of the exclusion."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,62}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 64 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "filters" {
  description = "Filters of the sinks whose entries have a log bucket of their own, by what they are of. Together they may have 20,000 characters."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.filters) > 0 && alltrue([for filter in values(var.filters) : trimspace(filter) != ""])
    error_message = "filters: one or more, none of them empty, which would exclude every entry of the project; got ${jsonencode(var.filters)}."
  }

  # https://cloud.google.com/logging/quotas
  validation {
    condition     = length(join(") OR (", values(var.filters))) <= 19998
    error_message = "filters: 20,000 characters at most, with what joins them; got ${length(join(") OR (", values(var.filters))) + 2}."
  }
}
