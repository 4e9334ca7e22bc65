variable "name" {
  description = "Name of the environment; starts the names of the cluster, load balancer, roles and log groups."
  type        = string
  nullable    = false

  validation {
    # Load balancers have 32 characters, 7 of them for -mlflow, and may not be called internal-*.
    condition     = can(regex("^[a-z]([a-z0-9-]{0,23}[a-z0-9])?$", var.name)) && !startswith(var.name, "internal-")
    error_message = "name: 1 to 25 lower-case letters, digits and hyphens, first a letter, last no hyphen, not internal-*; got \"${var.name}\"."
  }
}

variable "network" {
  description = "Network of the servers and the load balancer: its VPC and at least two private subnets in different zones, with a way out to S3, Secrets Manager, CloudWatch Logs and the registry of the image."
  type = object({
    id                 = string
    private_subnet_ids = list(string)
  })
  nullable = false

  validation {
    condition     = length(var.network.private_subnet_ids) >= 2
    error_message = "network.private_subnet_ids: a load balancer needs at least 2 subnets in different zones; got ${length(var.network.private_subnet_ids)}."
  }
}

variable "database" {
  description = "PostgreSQL and the secret that says how to reach it, as the module database gives them. `ca_bundle_pem`: certificates of its authorities in PEM, null: those that RDS publishes for the region, fetched when a server starts."
  type = object({
    ca_bundle_pem     = optional(string)
    port              = number
    secret_id         = string
    secret_name       = string
    security_group_id = string
  })
  nullable = false

  validation {
    condition     = var.database.port >= 1 && var.database.port <= 65535 && floor(var.database.port) == var.database.port
    error_message = "database.port: 1 to 65535; got ${var.database.port}."
  }

  # A task definition takes 64 KiB: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html.
  validation {
    condition     = var.database.ca_bundle_pem == null ? true : can(regex("-----BEGIN CERTIFICATE-----", var.database.ca_bundle_pem)) && length(var.database.ca_bundle_pem) <= 20000
    error_message = "database.ca_bundle_pem: null or certificates in PEM, at most 20000 characters, such as those of one region; got ${try(length(var.database.ca_bundle_pem), 0)} characters."
  }
}

variable "artifacts_bucket" {
  description = "Bucket that holds artifacts, under artifacts/. Clients need no access to it: the server hands artifacts through."
  type = object({
    name = string
    id   = string
  })
  nullable = false
}

variable "kms_keys" {
  description = "ARNs of the KMS keys of the artifacts (`storage`), the secret (`database`) and the log groups (`logs`, open to CloudWatch Logs)."
  type = object({
    storage  = string
    database = string
    logs     = string
  })
  nullable = false

  validation {
    condition     = alltrue([for arn in values(var.kms_keys) : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "kms_keys: ARNs of KMS keys (not of aliases); got ${join(", ", values(var.kms_keys))}."
  }
}

variable "endpoint" {
  description = "How clients reach the server: `host`, a name in DNS; `certificate`, a certificate of ACM for it, because passwords cross this connection; `zone_id`: the Route 53 zone, private or public, that gets an alias record for the host, null: the record is made elsewhere."
  type = object({
    host        = string
    certificate = string
    zone_id     = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", var.endpoint.host)) && length(var.endpoint.host) <= 253
    error_message = "endpoint.host: a full name in DNS, lower case, without scheme and port; got \"${var.endpoint.host}\"."
  }

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.endpoint.certificate))
    error_message = "endpoint.certificate: the ARN of a certificate of ACM; got \"${var.endpoint.certificate}\"."
  }
}

variable "client_cidrs" {
  description = "Ranges whose addresses may connect: the VPC's, a VPN's, those of the offices behind a direct connection."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0)) && can(regex("/([89]|[12][0-9]|3[0-2])$", cidr))])
    error_message = "client_cidrs: one or more IPv4 ranges of /8 or narrower, such as 10.20.0.0/16; got [${join(", ", var.client_cidrs)}]."
  }

  validation {
    condition     = length(var.client_cidrs) <= 60
    error_message = "client_cidrs: at most 60, the rules that a security group holds; got ${length(var.client_cidrs)}."
  }
}

variable "logs" {
  description = "`retention_days`: days that the server's log, container metrics and the load balancer's access log are kept; `access_log_bucket`: name of the bucket to make for the access log, unique in all of AWS."
  type = object({
    access_log_bucket = string
    retention_days    = optional(number, 365)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.logs.access_log_bucket))
    error_message = "logs.access_log_bucket: 3 to 63 lower-case letters, digits, dots and hyphens; got \"${var.logs.access_log_bucket}\"."
  }

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 731], var.logs.retention_days)
    error_message = "logs.retention_days: one of 7, 14, 30, 60, 90, 180, 365, 731; got ${var.logs.retention_days}."
  }
}

variable "image" {
  description = "Image of the MLflow server, by tag, digest or both, with psycopg2, boto3 and Flask-WTF inside, for the architecture of `size`. The default is the project's own; a copy in a repository of ECR works as well."
  type        = string
  default     = "ghcr.io/mlflow/mlflow:v3.17.0-full"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest") && !endswith(var.image, ":latest-full")
    error_message = "image: registry, name and a fixed tag, a digest or both; got \"${var.image}\"."
  }
}

variable "size" {
  description = "Of one server: `cpu` in units (1024 are one vCPU), `memory_mib`, `disk_gib` for the image and for artifacts on their way through, worker processes, and `architecture`."
  type = object({
    cpu          = optional(number, 1024)
    memory_mib   = optional(number, 4096)
    disk_gib     = optional(number, 30)
    workers      = optional(number, 2)
    architecture = optional(string, "x86_64")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(keys(local.fargate_memory_mib), tostring(var.size.cpu)) && contains(lookup(local.fargate_memory_mib, tostring(var.size.cpu), []), var.size.memory_mib)
    error_message = "size: Fargate has no task of cpu ${var.size.cpu} with memory_mib ${var.size.memory_mib}; cpu is one of ${join(", ", keys(local.fargate_memory_mib))}, and for this one memory_mib one of ${join(", ", lookup(local.fargate_memory_mib, tostring(var.size.cpu), []))}."
  }

  validation {
    condition     = var.size.disk_gib >= 21 && var.size.disk_gib <= 200 && floor(var.size.disk_gib) == var.size.disk_gib
    error_message = "size.disk_gib: a whole number from 21 to 200; got ${var.size.disk_gib}."
  }

  validation {
    condition     = var.size.workers >= 1 && var.size.workers <= 16 && floor(var.size.workers) == var.size.workers && var.size.memory_mib >= 512 + 512 * var.size.workers
    error_message = "size.workers: 1 to 16, and memory_mib at least 512 and another 512 for each; got ${var.size.workers} workers in ${var.size.memory_mib} MiB."
  }

  validation {
    condition     = contains(["x86_64", "arm64"], var.size.architecture)
    error_message = "size.architecture: x86_64 or arm64; got \"${var.size.architecture}\"."
  }
}

variable "tasks" {
  description = "Fewest and most servers. Between them, their number follows the use of CPU, near 70 percent."
  type = object({
    min = optional(number, 2)
    max = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.tasks.min >= 1 && var.tasks.max >= var.tasks.min && var.tasks.max <= 20 && floor(var.tasks.min) == var.tasks.min && floor(var.tasks.max) == var.tasks.max
    error_message = "tasks: whole numbers, 1 <= min <= max <= 20; got ${var.tasks.min} and ${var.tasks.max}."
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

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds what roles of the module may do, whatever they are given; null: none does."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/[A-Za-z0-9/_+=,.@-]+$", var.permissions_boundary))
    error_message = "permissions_boundary: null or the ARN of a policy of the account; got ${jsonencode(var.permissions_boundary)}."
  }
}
