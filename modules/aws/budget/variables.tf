variable "name" {
  description = "Name of the environment; the budget is `<name>-monthly`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "limit_usd" {
  description = "US dollars a month."
  type        = number
  nullable    = false

  validation {
    condition     = var.limit_usd > 0
    error_message = "limit_usd: more than 0 US dollars a month; got ${var.limit_usd}."
  }
}

variable "scope" {
  description = "What counts: `environment`, what has the tag `environment` with the environment's name; `account`, everything in the account."
  type        = string
  default     = "environment"
  nullable    = false

  validation {
    condition     = contains(["environment", "account"], var.scope)
    error_message = "scope: environment or account; got \"${var.scope}\"."
  }
}

variable "emails" {
  description = "Addresses that are told, without a confirmation."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.emails) >= 1 && length(var.emails) <= 10
    error_message = "emails: 1 to 10 addresses; got ${length(var.emails)}."
  }

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s,;:<>\"()]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$", email))])
    error_message = "emails: plain addresses such as ml-oncall@example.com, without a display name; got ${jsonencode(var.emails)}."
  }
}

variable "alert_percent" {
  description = "Percent of the limit at which what was spent is told."
  type        = list(number)
  default     = [80, 100]
  nullable    = false

  validation {
    condition     = alltrue([for percent in var.alert_percent : percent > 0 && percent <= 1000]) && length(distinct(var.alert_percent)) == length(var.alert_percent)
    error_message = "alert_percent: more than 0, 1000 at the most, each once; got ${jsonencode(var.alert_percent)}."
  }
}

variable "forecast_percent" {
  description = "Percent of the limit at which AWS's forecast for the month is told."
  type        = list(number)
  default     = [100]
  nullable    = false

  validation {
    condition     = alltrue([for percent in var.forecast_percent : percent > 0 && percent <= 1000]) && length(distinct(var.forecast_percent)) == length(var.forecast_percent)
    error_message = "forecast_percent: more than 0, 1000 at the most, each once; got ${jsonencode(var.forecast_percent)}."
  }

  validation {
    condition     = length(var.alert_percent) + length(var.forecast_percent) >= 1 && length(var.alert_percent) + length(var.forecast_percent) <= 10
    error_message = "alert_percent and forecast_percent: 1 to 10 together; got ${length(var.alert_percent) + length(var.forecast_percent)}."
  }
}
