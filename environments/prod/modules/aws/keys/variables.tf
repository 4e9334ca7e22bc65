variable "name" {
  description = "Name of the environment; aliases are `alias/<name>-<purpose>`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "purposes" {
  description = "What gets a key of its own: `storage` (S3 and ECR), `cluster` (Kubernetes secrets and node volumes), `logs` (CloudWatch Logs), `database` (RDS and Secrets Manager), `alerts` (SNS topics that CloudWatch and Amazon Managed Service for Prometheus publish to)."
  type        = set(string)
  default     = ["storage", "cluster", "logs"]
  nullable    = false

  validation {
    condition     = length(var.purposes) > 0 && length(setsubtract(var.purposes, ["storage", "cluster", "logs", "database", "alerts"])) == 0
    error_message = "purposes: one or more of storage, cluster, logs, database, alerts; got [${join(", ", var.purposes)}]."
  }
}

variable "aliases" {
  description = "Aliases of keys that are there already, by purpose and without `alias/`; the others are `<name>-<purpose>`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for purpose, alias in var.aliases : contains(var.purposes, purpose) && can(regex("^[A-Za-z0-9/_-]{1,200}$", alias)) && !startswith(alias, "aws/")])
    error_message = "aliases: of purposes [${join(", ", var.purposes)}], 1 to 200 letters, digits, / _ and -, not of AWS's own under aws/; got ${jsonencode(var.aliases)}."
  }
}

variable "deletion_window_days" {
  description = "As the key is made. Days between the order to delete a key and its end; everything encrypted with it is lost then, so the longest is the default."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days: a whole number from 7 to 30; got ${var.deletion_window_days}."
  }
}
