variable "workload_namespaces" {
  description = "Namespaces of training and serving, which exist: pods with the label groundplan/metrics=true and a port named metrics are scraped there."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.workload_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "workload_namespaces: names of namespaces; got ${join(", ", var.workload_namespaces)}."
  }
}

variable "mlflow" {
  description = "Whether MLflow runs in the namespace mlflow of this cluster: its pods are scraped too."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = var.mlflow || length(var.workload_namespaces) > 0
    error_message = "mlflow: with neither MLflow nor workload_namespaces there is nothing to scrape, and the call should be left out."
  }
}

variable "interval_seconds" {
  description = "Seconds between two looks at each pod: half the seconds cost twice the money."
  type        = number
  default     = 60
  nullable    = false

  validation {
    # Google bills by sample; beyond two minutes the alerts, which look at 5, would see a single one.
    condition     = var.interval_seconds >= 5 && var.interval_seconds <= 120 && floor(var.interval_seconds) == var.interval_seconds
    error_message = "interval_seconds: a whole number from 5 to 120; got ${var.interval_seconds}."
  }
}

variable "samples_limit" {
  description = "Most samples that one look at one pod may bring; a pod that shows more is not scraped at all. It bounds the bill."
  type        = number
  default     = 5000
  nullable    = false

  validation {
    condition     = var.samples_limit >= 100 && floor(var.samples_limit) == var.samples_limit
    error_message = "samples_limit: a whole number from 100 on; got ${var.samples_limit}."
  }
}

variable "release_namespace" {
  description = "Namespace in which Helm keeps what it did; GKE makes gmp-public where managed collection is on."
  type        = string
  default     = "gmp-public"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.release_namespace))
    error_message = "release_namespace: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.release_namespace}\"."
  }
}
