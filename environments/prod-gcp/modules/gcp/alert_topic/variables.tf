variable "name" {
  description = "Name of the environment; policies and channels bear it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "cluster_name" {
  description = "Name of the GKE cluster Alertmanager runs on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.cluster_name))
    error_message = "cluster_name: 1 to 40 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.cluster_name}\"."
  }
}

variable "emails" {
  description = "Addresses that get every alert."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails: one or more addresses; got none, and alerts without a reader are lost."
  }

  validation {
    # What one policy takes: https://docs.cloud.google.com/monitoring/quotas
    condition     = length(var.emails) <= 16
    error_message = "emails: at most 16 addresses, of which one may be a list; got ${length(var.emails)}."
  }

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s,;:<>\"()]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$", email))])
    error_message = "emails: plain addresses such as ml-oncall@example.com, without a display name; got ${jsonencode(var.emails)}."
  }

  validation {
    condition     = length(distinct([for email in var.emails : lower(email)])) == length(var.emails)
    error_message = "emails: each address once, upper and lower case being the same mailbox; got ${jsonencode(var.emails)}."
  }
}

variable "namespace" {
  description = "Kubernetes namespace of the module kubernetes/monitoring, whose container alert-log writes the lines."
  type        = string
  default     = "monitoring"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,54}[a-z0-9])?$", var.namespace)) && !startswith(var.namespace, "kube-") && var.namespace != "default"
    error_message = "namespace: 1 to 56 lower-case letters, digits and hyphens, not default or kube-*; got \"${var.namespace}\"."
  }
}

variable "silence_minutes" {
  description = "How long the Watchdog, which is written every minute, may be missing before the silence is an alert of its own."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.silence_minutes >= 5 && var.silence_minutes <= 180 && floor(var.silence_minutes) == var.silence_minutes
    error_message = "silence_minutes: a whole number from 5 to 180; got ${var.silence_minutes}."
  }
}
