variable "name" {
  description = "Name of the environment; policies, channels and log-based metrics bear it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "cluster" {
  description = "The cluster, as the module cluster gives it, made with `managed_prometheus = true`."
  type = object({
    name     = string
    location = string
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.cluster.name)) && can(regex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?$", var.cluster.location))
    error_message = "cluster: name has 1 to 40 lower-case letters, digits and hyphens, location is a region or a zone such as us-central1-a; got ${jsonencode(var.cluster)}."
  }
}

variable "region" {
  description = "Region of the environment, in which its NAT gateways are."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region such as us-central1; got \"${var.region}\"."
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

variable "workload_namespaces" {
  description = "Namespaces of training and serving: jobs that fail there and what is exported there is watched (empty: everywhere)."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.workload_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "workload_namespaces: names of namespaces; got ${join(", ", var.workload_namespaces)}."
  }
}

variable "gpu" {
  description = "Whether the cluster has GPU nodes: adds what watches GKE's own DCGM exporter."
  type        = bool
  default     = false
  nullable    = false
}

variable "mlflow" {
  description = "Whether MLflow runs in the namespace mlflow of this cluster: adds what watches it."
  type        = bool
  default     = false
  nullable    = false
}

variable "database" {
  description = "Cloud SQL instance to watch (null: none), as the module database gives it, and when: busier than cpu_percent, less than free_storage_gib left, which it only gets to when it cannot grow any more, more than so many connections open."
  type = object({
    identifier       = string
    cpu_percent      = optional(number, 90)
    free_storage_gib = optional(number, 3)
    connections      = optional(number, 200)
  })
  default = null

  validation {
    condition     = var.database == null ? true : can(regex("^[a-z][a-z0-9-]{0,97}$", var.database.identifier))
    error_message = "database.identifier: the name of a Cloud SQL instance, without project and region; got \"${var.database == null ? "" : var.database.identifier}\"."
  }

  validation {
    condition     = var.database == null ? true : var.database.cpu_percent > 0 && var.database.cpu_percent < 100 && var.database.free_storage_gib > 0 && var.database.connections > 0
    error_message = "database: cpu_percent lies between 0 and 100, free_storage_gib and connections above 0; got ${jsonencode(var.database)}."
  }
}

variable "nat_gateway_ids" {
  description = "Names of Cloud NAT gateways to watch, by another name that lasts."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.nat_gateway_ids) : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "nat_gateway_ids: names of gateways, of lower-case letters, digits and hyphens; got ${join(", ", values(var.nat_gateway_ids))}."
  }
}

variable "thresholds" {
  description = "When alerts fire, as in the module kubernetes/monitoring."
  type = object({
    gpu_idle_minutes            = optional(number, 60)
    gpu_idle_percent            = optional(number, 5)
    spot_interruptions_per_hour = optional(number, 3)
    unschedulable_minutes       = optional(number, 15)
    training_stuck_minutes      = optional(number, 60)
    mlflow_p95_seconds          = optional(number, 2)
    disk_full_hours             = optional(number, 24)
    serving_availability        = optional(number, 0.995)
    model_quality_floor         = optional(number, 0.8)
    model_drift_ceiling         = optional(number, 0.2)
    data_freshness_hours        = optional(number, 26)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for value in [var.thresholds.gpu_idle_minutes, var.thresholds.unschedulable_minutes, var.thresholds.training_stuck_minutes, var.thresholds.disk_full_hours, var.thresholds.data_freshness_hours, var.thresholds.spot_interruptions_per_hour] : value >= 1 && floor(value) == value])
    error_message = "thresholds: minutes, hours and spot_interruptions_per_hour are whole numbers from 1 on; got ${jsonencode(var.thresholds)}."
  }

  validation {
    condition     = max(var.thresholds.gpu_idle_minutes, var.thresholds.unschedulable_minutes) <= 1440
    error_message = "thresholds: gpu_idle_minutes and unschedulable_minutes are at most 1440, because no policy waits longer than a day; got ${jsonencode(var.thresholds)}."
  }

  validation {
    condition     = var.thresholds.serving_availability >= 0.9 && var.thresholds.serving_availability < 1
    error_message = "thresholds.serving_availability: from 0.9 to below 1; got ${var.thresholds.serving_availability}."
  }

  validation {
    condition     = var.thresholds.model_quality_floor >= 0 && var.thresholds.model_quality_floor <= 1 && var.thresholds.gpu_idle_percent > 0 && var.thresholds.gpu_idle_percent < 100 && var.thresholds.model_drift_ceiling > 0 && var.thresholds.mlflow_p95_seconds > 0
    error_message = "thresholds: model_quality_floor is 0 to 1, gpu_idle_percent between 0 and 100, model_drift_ceiling and mlflow_p95_seconds above 0; got ${jsonencode(var.thresholds)}."
  }
}

variable "runbook_url" {
  description = "Where docs/runbooks.md of groundplan, or your own copy of it, is published; alerts link to its sections."
  type        = string
  default     = "docs/runbooks.md"
  nullable    = false

  validation {
    condition     = can(regex("^[^#\\s\"]+$", var.runbook_url))
    error_message = "runbook_url: an address without fragment and blanks; got \"${var.runbook_url}\"."
  }
}
