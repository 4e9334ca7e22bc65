variable "name" {
  description = "Name of the environment: the workspace, the collector and the alarms bear it, and every series carries it as the label cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "cluster" {
  description = "The cluster, as the module cluster gives it. It has a private endpoint and knows access entries."
  type = object({
    name              = string
    arn               = string
    security_group_id = string
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:eks:[a-z0-9-]+:[0-9]{12}:cluster/.+$", var.cluster.arn))
    error_message = "cluster.arn: the ARN of an EKS cluster; got \"${var.cluster.arn}\"."
  }
}

variable "network" {
  description = "Private subnets of the cluster, in which the collector puts its network interfaces, as the module network gives them."
  type = object({
    private_subnet_ids = list(string)
  })
  nullable = false

  validation {
    condition     = length(var.network.private_subnet_ids) >= 2
    error_message = "network.private_subnet_ids: the collector needs 2 or more, in different zones; got ${length(var.network.private_subnet_ids)}."
  }
}

variable "kms_key" {
  description = "ARN of the KMS key that encrypts alerts on their way; its policy lets CloudWatch and Amazon Managed Service for Prometheus use it, as that of the purpose `alerts` does."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key))
    error_message = "kms_key: the ARN of a KMS key (not of an alias); got \"${var.kms_key}\"."
  }
}

variable "logs" {
  description = "Logs of rules, alert manager and collector: days they are kept and the KMS key that encrypts them."
  type = object({
    retention_days = optional(number, 365)
    kms_key        = string
  })
  nullable = false

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 731], var.logs.retention_days)
    error_message = "logs.retention_days: one of 7, 14, 30, 60, 90, 180, 365, 731; got ${var.logs.retention_days}."
  }

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.logs.kms_key))
    error_message = "logs.kms_key: the ARN of a KMS key (not of an alias); got \"${var.logs.kms_key}\"."
  }
}

variable "emails" {
  description = "Addresses that get every alert and alarm, each after it has confirmed."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails: one or more addresses; got none, and alerts without a reader are lost."
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

variable "metrics" {
  description = "Days that metrics are kept, and seconds between two looks at each target: half the seconds cost twice the money. A null kube_state_metrics_version is the one EKS recommends when the add-on is made."
  type = object({
    retention_days             = optional(number, 150)
    interval_seconds           = optional(number, 60)
    kube_state_metrics_version = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.metrics.retention_days >= 1 && var.metrics.retention_days <= 1095 && floor(var.metrics.retention_days) == var.metrics.retention_days
    error_message = "metrics.retention_days: a whole number from 1 to 1095; got ${var.metrics.retention_days}."
  }

  validation {
    # The shortest that AWS takes; beyond two minutes the rules, which look at 5, would see a single sample.
    condition     = var.metrics.interval_seconds >= 30 && var.metrics.interval_seconds <= 120 && floor(var.metrics.interval_seconds) == var.metrics.interval_seconds
    error_message = "metrics.interval_seconds: a whole number from 30 to 120; got ${var.metrics.interval_seconds}."
  }

  validation {
    condition     = var.metrics.kube_state_metrics_version == null ? true : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", var.metrics.kube_state_metrics_version))
    error_message = "metrics.kube_state_metrics_version: an EKS version such as v2.17.0-eksbuild.1, or null; got ${jsonencode(var.metrics.kube_state_metrics_version)}."
  }
}

variable "workload_namespaces" {
  description = "Namespaces of training and serving: services, and pods of Jobs, with the label groundplan/metrics=true and a port named metrics are scraped there."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.workload_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "workload_namespaces: names of namespaces; got ${join(", ", var.workload_namespaces)}."
  }
}

variable "mlflow" {
  description = "Whether MLflow runs in the namespace mlflow of this cluster: adds what watches it."
  type        = bool
  default     = false
  nullable    = false
}

variable "database" {
  description = "RDS instance to watch (null: none), as the module database gives it, and when: busier than cpu_percent, less than free_storage_gib left, more than so many connections open."
  type = object({
    identifier       = string
    cpu_percent      = optional(number, 90)
    free_storage_gib = optional(number, 10)
    connections      = optional(number, 200)
  })
  default = null

  validation {
    condition     = var.database == null ? true : var.database.cpu_percent > 0 && var.database.cpu_percent < 100 && var.database.free_storage_gib > 0 && var.database.connections > 0
    error_message = "database: cpu_percent lies between 0 and 100, free_storage_gib and connections above 0; got ${jsonencode(var.database)}."
  }
}

variable "nat_gateway_ids" {
  description = "NAT gateways to watch, by zone or by another name that lasts, as the module network gives them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for zone in keys(var.nat_gateway_ids) : can(regex("^[a-z0-9][a-z0-9-]*$", zone))])
    error_message = "nat_gateway_ids: names of lower-case letters, digits and hyphens; got ${join(", ", keys(var.nat_gateway_ids))}."
  }
}

variable "thresholds" {
  description = "When alerts fire, as in the module kubernetes/monitoring, and the part of its requests that the Kubernetes API may fail."
  type = object({
    spot_interruptions_per_hour = optional(number, 3)
    unschedulable_minutes       = optional(number, 15)
    training_stuck_minutes      = optional(number, 60)
    mlflow_p95_seconds          = optional(number, 2)
    disk_full_hours             = optional(number, 24)
    serving_availability        = optional(number, 0.995)
    model_quality_floor         = optional(number, 0.8)
    model_drift_ceiling         = optional(number, 0.2)
    data_freshness_hours        = optional(number, 26)
    apiserver_error_percent     = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for value in [var.thresholds.unschedulable_minutes, var.thresholds.training_stuck_minutes, var.thresholds.disk_full_hours, var.thresholds.data_freshness_hours, var.thresholds.spot_interruptions_per_hour] : value >= 1 && floor(value) == value])
    error_message = "thresholds: minutes, hours and spot_interruptions_per_hour are whole numbers from 1 on; got ${jsonencode(var.thresholds)}."
  }

  validation {
    condition     = var.thresholds.unschedulable_minutes <= 720
    error_message = "thresholds.unschedulable_minutes: at most 720, because CloudWatch looks back one day; got ${var.thresholds.unschedulable_minutes}."
  }

  validation {
    condition     = var.thresholds.serving_availability >= 0.9 && var.thresholds.serving_availability < 1
    error_message = "thresholds.serving_availability: from 0.9 to below 1; got ${var.thresholds.serving_availability}."
  }

  validation {
    condition     = var.thresholds.model_quality_floor >= 0 && var.thresholds.model_quality_floor <= 1 && var.thresholds.model_drift_ceiling > 0 && var.thresholds.mlflow_p95_seconds > 0 && var.thresholds.apiserver_error_percent > 0 && var.thresholds.apiserver_error_percent < 100
    error_message = "thresholds: model_quality_floor is 0 to 1, apiserver_error_percent between 0 and 100, model_drift_ceiling and mlflow_p95_seconds above 0; got ${jsonencode(var.thresholds)}."
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
