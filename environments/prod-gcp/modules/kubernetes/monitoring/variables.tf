variable "name" {
  description = "Name of the environment; every alert and every series that leaves the cluster carries it as the label cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, starting with a letter; got \"${var.name}\"."
  }
}

variable "namespace" {
  description = "Namespace of the servers. Node agents, which need the host, run in a second one: <namespace>-agents."
  type        = string
  default     = "monitoring"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,54}[a-z0-9])?$", var.namespace)) && !startswith(var.namespace, "kube-") && var.namespace != "default"
    error_message = "namespace: 1 to 56 lower-case letters, digits and hyphens, not default or kube-*; got \"${var.namespace}\"."
  }
}

variable "system_pool" {
  description = "The always-on node pool that runs the servers, as the module node_pool gives it."
  type = object({
    node_selector = map(string)
    tolerations = optional(list(object({
      key      = string
      operator = string
      value    = optional(string)
      effect   = optional(string)
    })), [])
  })
  nullable = false

  validation {
    condition     = length(var.system_pool.node_selector) > 0
    error_message = "system_pool.node_selector: at least one label, or the servers may run on a node that comes and goes; got {}."
  }
}

variable "storage" {
  description = "Where Prometheus keeps its series: storage class (encrypted, as the module aws/storage_class makes it), size in GiB and days. Size bounds days: the oldest series go first."
  type = object({
    class          = string
    size_gib       = optional(number, 50)
    retention_days = optional(number, 15)
  })
  nullable = false

  validation {
    condition     = length(var.storage.class) > 0
    error_message = "storage.class: the name of a storage class; got \"\"."
  }

  validation {
    condition     = var.storage.size_gib >= 10 && var.storage.size_gib <= 16384 && floor(var.storage.size_gib) == var.storage.size_gib
    error_message = "storage.size_gib: a whole number from 10 to 16384; got ${var.storage.size_gib}."
  }

  validation {
    condition     = var.storage.retention_days >= 1 && var.storage.retention_days <= 730 && floor(var.storage.retention_days) == var.storage.retention_days
    error_message = "storage.retention_days: a whole number from 1 to 730; got ${var.storage.retention_days}."
  }
}

variable "workload_namespaces" {
  description = "Namespaces of training and serving: their services with the label groundplan/metrics=true are scraped, and their pods may push to the Pushgateway."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.workload_namespaces : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "workload_namespaces: names of namespaces; got ${join(", ", var.workload_namespaces)}."
  }
}

variable "gpu" {
  description = "Whether the cluster has GPU nodes: adds the DCGM exporter and what watches it."
  type        = bool
  default     = true
  nullable    = false
}

variable "platform" {
  description = "What clouds do in their own ways. `gpu_driver_root`: folder of the nodes that holds NVIDIA's driver where no container runtime hands it to pods, such as /home/kubernetes/bin/nvidia on GKE; the DCGM exporter then runs privileged and waits for the driver (null: the runtime does, as on EKS). `coredns`, `autoscaler`: whether CoreDNS, in pods labelled k8s-app=kube-dns, and the cluster autoscaler, in a pod in kube-system, show metrics; false for what the cloud runs out of sight, as GKE does both. `image`: small image with Python 3.9 or later and a shell, from where nodes may pull; it runs the receiver of `alerts.log` and waits for the driver."
  type = object({
    gpu_driver_root = optional(string)
    coredns         = optional(bool, true)
    autoscaler      = optional(bool, true)
    image           = optional(string, "public.ecr.aws/docker/library/python:3.13.5-alpine3.22@sha256:37b14db89f587f9eaa890e4a442a3fe55db452b69cca1403cc730bd0fbdc8aaf")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.platform.gpu_driver_root == null ? true : can(regex("^(/[A-Za-z0-9._-]+)+$", var.platform.gpu_driver_root))
    error_message = "platform.gpu_driver_root: an absolute path below /, without a slash at its end, or null; got ${jsonencode(var.platform.gpu_driver_root)}."
  }

  validation {
    condition     = can(regex("^[a-z0-9.:-]+(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$", var.platform.image)) && !endswith(var.platform.image, ":latest")
    error_message = "platform.image: <registry>/<name>:<tag>, the tag not latest, or @sha256:<digest> after the name or the tag; got \"${var.platform.image}\"."
  }
}

variable "mlflow" {
  description = "Whether MLflow runs in the namespace mlflow of this cluster: adds what watches it."
  type        = bool
  default     = true
  nullable    = false
}

variable "alerts" {
  description = "Who hears of alerts. Secrets are names and keys of Kubernetes secrets in the namespace, made outside Terraform: nothing of them is in the configuration or the state. `critical` reaches every receiver, `warning` all but PagerDuty; `heartbeat` gets the Watchdog, which always fires. `sns` needs sns:Publish for the service account alertmanager; `email` a mail server, since Alertmanager is none; `log` writes each notification, and the Watchdog, as a line of JSON to the log of a pod named alert-log, for a cloud that alerts on logs."
  type = object({
    sns = optional(object({
      topic_arn = string
    }))
    email = optional(object({
      to        = list(string)
      from      = string
      smarthost = string
      username  = optional(string)
      password  = optional(object({ name = string, key = string }))
    }))
    slack = optional(object({
      channel     = string
      webhook_url = object({ name = string, key = string })
    }))
    pagerduty = optional(object({
      routing_key = object({ name = string, key = string })
    }))
    heartbeat = optional(object({
      url = object({ name = string, key = string })
    }))
    log          = optional(object({}))
    repeat_hours = optional(number, 12)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alerts.sns == null ? true : can(regex("^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.alerts.sns.topic_arn))
    error_message = "alerts.sns.topic_arn: the ARN of a topic; got \"${var.alerts.sns == null ? "" : var.alerts.sns.topic_arn}\"."
  }

  validation {
    condition     = var.alerts.email == null ? true : length(var.alerts.email.to) > 0 && alltrue([for address in concat(var.alerts.email.to, [var.alerts.email.from]) : can(regex("^[^@\\s,]+@[^@\\s,]+$", address))])
    error_message = "alerts.email: to (one or more) and from are addresses such as ml-oncall@example.com; got ${jsonencode(var.alerts.email)}."
  }

  validation {
    condition     = var.alerts.email == null ? true : can(regex("^[A-Za-z0-9.-]+:[0-9]+$", var.alerts.email.smarthost)) && (var.alerts.email.username == null) == (var.alerts.email.password == null)
    error_message = "alerts.email: smarthost is host:port of a mail server, and username and password come together; got ${jsonencode(var.alerts.email)}."
  }

  validation {
    condition     = alltrue([for secret in [try(var.alerts.email.password, null), try(var.alerts.slack.webhook_url, null), try(var.alerts.pagerduty.routing_key, null), try(var.alerts.heartbeat.url, null)] : secret == null ? true : can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", secret.name)) && can(regex("^[A-Za-z0-9._-]+$", secret.key))])
    error_message = "alerts: secrets are given by the name and key of a Kubernetes secret, never by value."
  }

  validation {
    condition     = var.alerts.repeat_hours >= 1 && floor(var.alerts.repeat_hours) == var.alerts.repeat_hours
    error_message = "alerts.repeat_hours: a whole number from 1 on; got ${var.alerts.repeat_hours}."
  }
}

variable "grafana" {
  description = "Grafana: its address for links (null: reached by kubectl port-forward), and single sign-on with OpenID Connect (null: only the administrator, whose password the chart makes in the cluster). The client secret is a Kubernetes secret by name and key. Everybody who signs in may look; the group admin_group administers."
  type = object({
    url = optional(string)
    oidc = optional(object({
      client_id     = string
      client_secret = object({ name = string, key = string })
      auth_url      = string
      token_url     = string
      api_url       = string
      admin_group   = optional(string, "")
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for url in concat([var.grafana.url], var.grafana.oidc == null ? [] : [var.grafana.oidc.auth_url, var.grafana.oidc.token_url, var.grafana.oidc.api_url]) : url == null ? true : startswith(url, "https://")])
    error_message = "grafana: addresses start with https://; got ${jsonencode(var.grafana)}."
  }

  validation {
    condition     = var.grafana.oidc == null ? true : var.grafana.url != null && can(regex("^[A-Za-z0-9 ._:/@-]*$", var.grafana.oidc.admin_group))
    error_message = "grafana.oidc: needs grafana.url, to which people return; admin_group has letters, digits, blanks and . _ : / @ -; got ${jsonencode(var.grafana)}."
  }
}

variable "thresholds" {
  description = "When alerts fire. A GPU is idle below gpu_idle_percent for gpu_idle_minutes; a pod that no node takes counts after unschedulable_minutes; a job is stuck after training_stuck_minutes without progress. serving_availability is the objective (a part of 1) over 30 days. model_quality_floor holds for accuracy, precision, recall and F1, model_drift_ceiling for drift."
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
    condition     = var.thresholds.serving_availability >= 0.9 && var.thresholds.serving_availability < 1
    error_message = "thresholds.serving_availability: from 0.9 to below 1; got ${var.thresholds.serving_availability}."
  }

  validation {
    condition     = var.thresholds.model_quality_floor >= 0 && var.thresholds.model_quality_floor <= 1 && var.thresholds.gpu_idle_percent > 0 && var.thresholds.gpu_idle_percent < 100 && var.thresholds.model_drift_ceiling > 0 && var.thresholds.mlflow_p95_seconds > 0
    error_message = "thresholds: model_quality_floor is 0 to 1, gpu_idle_percent between 0 and 100, model_drift_ceiling and mlflow_p95_seconds above 0; got ${jsonencode(var.thresholds)}."
  }
}

variable "cost" {
  description = "Hourly list price in US dollars by instance type, for the cost dashboard (empty: no cost), and the budget of all nodes for a month (null: no alert). On-demand prices make a bound from above where spot is used."
  type = object({
    node_usd_per_hour = optional(map(number), {})
    monthly_usd       = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for type, usd in var.cost.node_usd_per_hour : usd > 0 && can(regex("^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)?(\\+[1-9][0-9]*x[a-z0-9-]+)?$", type))])
    error_message = "cost.node_usd_per_hour: prices above 0 by instance type, such as g6.2xlarge, g2-standard-8 or n1-standard-8+1xt4; got ${jsonencode(var.cost.node_usd_per_hour)}."
  }

  validation {
    condition     = var.cost.monthly_usd == null ? true : var.cost.monthly_usd > 0 && length(var.cost.node_usd_per_hour) > 0
    error_message = "cost.monthly_usd: above 0, and only with node_usd_per_hour; got ${jsonencode(var.cost)}."
  }
}

variable "runbook_url" {
  description = "Where docs/runbooks.md of groundplan, or your own copy of it, is published; every alert links to its section."
  type        = string
  default     = "docs/runbooks.md"
  nullable    = false

  validation {
    condition     = can(regex("^[^#\\s\"]+$", var.runbook_url))
    error_message = "runbook_url: an address without fragment and blanks; got \"${var.runbook_url}\"."
  }
}

variable "chart_versions" {
  description = "Versions of the charts, exact."
  type = object({
    kube_prometheus_stack  = optional(string, "92.3.0")
    dcgm_exporter          = optional(string, "4.8.3")
    prometheus_pushgateway = optional(string, "3.9.0")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for version in values(var.chart_versions) : can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", version))])
    error_message = "chart_versions: exact versions such as 92.3.0; got ${jsonencode(var.chart_versions)}."
  }

  validation {
    condition     = try(tonumber(split(".", var.chart_versions.kube_prometheus_stack)[0]) >= 79, true)
    error_message = "chart_versions.kube_prometheus_stack: 79 or later, because Grafana of earlier ones has a well-known password; got ${var.chart_versions.kube_prometheus_stack}."
  }
}
