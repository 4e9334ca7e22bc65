variable "region" {
  description = "AWS region of the bucket and the secret; null on Google Cloud."
  type        = string
  default     = null

  validation {
    condition     = var.region == null ? true : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: an AWS region such as us-east-1, or null; got \"${try(coalesce(var.region), "")}\"."
  }
}

variable "project" {
  description = "Google Cloud project of the secret; null on AWS."
  type        = string
  default     = null

  validation {
    condition     = (var.project == null) != (var.region == null)
    error_message = "project: either region (AWS) or project (Google Cloud); got region \"${try(coalesce(var.region), "")}\" and project \"${try(coalesce(var.project), "")}\"."
  }

  validation {
    condition     = var.project == null ? true : can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: the id of a project, 6 to 30 lower-case letters, digits and hyphens, not its number; got \"${try(coalesce(var.project), "")}\"."
  }
}

variable "secret_name" {
  description = "Name of the secret in AWS Secrets Manager or Google Secret Manager, JSON with host, port, username, password, dbname, admin_password, flask_secret_key and, if the database has an authority of its own, server_ca. Only its name is known to Terraform and Kubernetes."
  type        = string
  nullable    = false

  validation {
    condition     = var.project == null ? can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.secret_name)) : can(regex("^[A-Za-z0-9_-]{1,255}$", var.secret_name))
    error_message = "secret_name: on AWS 1 to 512 letters, digits and /_+=.@-, on Google Cloud 1 to 255 letters, digits, _ and -; got \"${var.secret_name}\"."
  }
}

variable "artifacts_bucket" {
  description = "Name of the bucket of S3 or Cloud Storage that holds artifacts, under artifacts/. Clients need no access to it: the server hands artifacts through."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.artifacts_bucket))
    error_message = "artifacts_bucket: the name of a bucket, not its ARN or URI; got \"${var.artifacts_bucket}\"."
  }
}

variable "database" {
  description = "Where PostgreSQL may be: cidr_blocks, the subnets of the database, and its port, both for the network policy. ca_bundle_pem: certificates of its authorities in PEM, null: on AWS those that RDS publishes for the region, fetched when a server starts; on Google Cloud server_ca of the secret. The server talks to no database whose certificate they did not sign for its address (verify-full) or, on Google Cloud, at all (verify-ca). server_name: name that the certificate must hold instead of the address, null: none."
  type = object({
    cidr_blocks   = list(string)
    port          = optional(number, 5432)
    ca_bundle_pem = optional(string)
    server_name   = optional(string)
  })
  nullable = false

  validation {
    condition     = length(var.database.cidr_blocks) > 0 && alltrue([for cidr in var.database.cidr_blocks : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "database.cidr_blocks: at least one CIDR block narrower than /0; got ${jsonencode(var.database.cidr_blocks)}."
  }

  validation {
    condition     = var.database.port >= 1 && var.database.port <= 65535 && floor(var.database.port) == var.database.port
    error_message = "database.port: 1 to 65535; got ${var.database.port}."
  }

  validation {
    condition     = var.database.ca_bundle_pem == null ? true : can(regex("-----BEGIN CERTIFICATE-----", var.database.ca_bundle_pem)) && length(var.database.ca_bundle_pem) < 900000
    error_message = "database.ca_bundle_pem: certificates in PEM, less than 900000 characters, or null; got ${try(length(var.database.ca_bundle_pem), 0)} characters."
  }

  validation {
    condition     = var.database.server_name == null ? true : can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\\.?$", var.database.server_name)) && var.project != null
    error_message = "database.server_name: null, or with project a name in DNS; got ${jsonencode(var.database.server_name)}."
  }
}

variable "identity" {
  description = "Namespace and service account that the rights of the server are given to (pod identity, or workload identity), as the module workload_identity names them. The module makes both."
  type = object({
    namespace       = optional(string, "mlflow")
    service_account = optional(string, "mlflow")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.namespace)) && can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.service_account)) && var.identity.service_account != "default"
    error_message = "identity: namespace and service_account are Kubernetes names of 1 to 63 lower-case letters, digits and hyphens, the account not default; got ${var.identity.namespace}/${var.identity.service_account}."
  }

  validation {
    condition     = !startswith(var.identity.namespace, "kube-") && var.identity.namespace != "default"
    error_message = "identity.namespace: one of its own, not default or kube-*; got \"${var.identity.namespace}\"."
  }
}

variable "image" {
  description = "Image of the MLflow server, by tag, digest or both, with psycopg2, boto3 or google-cloud-storage, Flask-WTF and prometheus-flask-exporter inside. The default is the project's own; a copy in a private registry works as well."
  type        = string
  default     = "ghcr.io/mlflow/mlflow:v3.17.0-full"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest") && !endswith(var.image, ":latest-full")
    error_message = "image: registry, name and a fixed tag, a digest or both; got \"${var.image}\"."
  }
}

variable "replicas" {
  description = "Fewest and most servers. Between them, the autoscaler keeps use of CPU near 70 percent of the request."
  type = object({
    min = optional(number, 2)
    max = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.replicas.min >= 1 && var.replicas.max >= var.replicas.min && var.replicas.max <= 20 && floor(var.replicas.min) == var.replicas.min && floor(var.replicas.max) == var.replicas.max
    error_message = "replicas: whole numbers, 1 <= min <= max <= 20; got ${var.replicas.min} and ${var.replicas.max}."
  }
}

variable "resources" {
  description = "Of one server: CPUs asked for, memory asked for and not exceeded, worker processes, and scratch space for artifacts on their way through."
  type = object({
    cpu         = optional(number, 0.5)
    memory_gib  = optional(number, 2)
    workers     = optional(number, 2)
    scratch_gib = optional(number, 10)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.resources.cpu >= 0.1 && var.resources.cpu <= 64
    error_message = "resources.cpu: 0.1 to 64; got ${var.resources.cpu}."
  }

  validation {
    condition     = var.resources.workers >= 1 && var.resources.workers <= 16 && floor(var.resources.workers) == var.resources.workers
    error_message = "resources.workers: 1 to 16; got ${var.resources.workers}."
  }

  validation {
    condition     = var.resources.memory_gib >= 0.5 + 0.5 * var.resources.workers
    error_message = "resources.memory_gib: at least 0.5 and another 0.5 for each worker; got ${var.resources.memory_gib} for ${var.resources.workers} workers."
  }

  validation {
    condition     = var.resources.scratch_gib >= 1 && floor(var.resources.scratch_gib) == var.resources.scratch_gib
    error_message = "resources.scratch_gib: a whole number from 1 on, above the largest artifact file; got ${var.resources.scratch_gib}."
  }
}

variable "system_pool" {
  description = "The always-on node pool that runs the server, as the module node_pool gives it."
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
    error_message = "system_pool.node_selector: at least one label, or the server may start a GPU node for itself; got {}."
  }
}

variable "clients" {
  description = "Who may open connections: pods of namespaces to the server, of monitoring_namespace to its metrics; cidr_blocks for what has no pod, such as a load balancer, metrics_cidr_blocks likewise, such as the subnets of a managed collector. People reach it by kubectl port-forward anyway."
  type = object({
    namespaces           = optional(list(string), [])
    cidr_blocks          = optional(list(string), [])
    monitoring_namespace = optional(string, "monitoring")
    metrics_cidr_blocks  = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in concat(var.clients.namespaces, [var.clients.monitoring_namespace]) : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])
    error_message = "clients: namespaces and monitoring_namespace are names of namespaces; got ${jsonencode(concat(var.clients.namespaces, [var.clients.monitoring_namespace]))}."
  }

  validation {
    condition     = alltrue([for cidr in concat(var.clients.cidr_blocks, var.clients.metrics_cidr_blocks) : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "clients: cidr_blocks and metrics_cidr_blocks are CIDR blocks narrower than /0; got ${jsonencode(concat(var.clients.cidr_blocks, var.clients.metrics_cidr_blocks))}."
  }
}

variable "ingress" {
  description = "How the server is reached from outside the cluster; null makes no Ingress. class_name names the controller; host the name in DNS (null, with class alb alone: the load balancer's own); certificate (class alb: of ACM; class gce-internal: a regional SSL certificate, by name or id) or tls_secret_name (other classes) turns HTTPS on; address, with class gce-internal, names a reserved internal address (null: one that GKE picks). With classes alb and gce-internal the load balancer is internal, unless annotations say otherwise."
  type = object({
    class_name      = optional(string, "alb")
    host            = optional(string)
    certificate     = optional(string)
    tls_secret_name = optional(string)
    address         = optional(string)
    annotations     = optional(map(string), {})
  })
  default = null

  validation {
    condition     = var.ingress == null ? true : length(var.clients.namespaces) + length(var.clients.cidr_blocks) > 0
    error_message = "ingress: name the controller's namespace in clients.namespaces or the load balancer's subnets in clients.cidr_blocks, or it is refused; got neither."
  }

  validation {
    condition     = var.ingress == null ? true : var.ingress.host == null ? true : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", var.ingress.host))
    error_message = "ingress.host: a full name in DNS, without scheme and port, or null; got \"${try(coalesce(var.ingress.host), "")}\"."
  }

  validation {
    condition     = var.ingress == null ? true : contains(["alb", "gce-internal"], var.ingress.class_name) ? var.ingress.tls_secret_name == null : var.ingress.certificate == null
    error_message = "ingress: classes alb and gce-internal take certificate and no tls_secret_name, other classes tls_secret_name and no certificate; got class \"${try(var.ingress.class_name, "")}\"."
  }

  validation {
    condition     = var.ingress == null ? true : var.ingress.class_name == "alb" || var.ingress.host != null
    error_message = "ingress.host: only class alb may leave it out; got class \"${try(var.ingress.class_name, "")}\"."
  }

  validation {
    condition     = var.ingress == null ? true : var.ingress.address == null || var.ingress.class_name == "gce-internal"
    error_message = "ingress.address: class gce-internal alone takes one; got class \"${try(var.ingress.class_name, "")}\"."
  }
}

variable "default_permission" {
  description = "What a signed-in user may do with experiments and models of others: READ, USE, EDIT, MANAGE or NO_PERMISSIONS. Users are made by the administrator; nobody else gets in."
  type        = string
  default     = "READ"
  nullable    = false

  validation {
    condition     = contains(["READ", "USE", "EDIT", "MANAGE", "NO_PERMISSIONS"], var.default_permission)
    error_message = "default_permission: READ, USE, EDIT, MANAGE or NO_PERMISSIONS; got \"${var.default_permission}\"."
  }
}
