variable "name" {
  description = "Name of the environment; starts the names of the service, the load balancer and the service account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 24 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the server, its network, bucket, database and keys."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region such as us-central1, not a zone; got \"${var.region}\"."
  }
}

variable "network" {
  description = "Network of the servers and the load balancer, as the modules network and existing_network give it. It has a subnet for the proxies of load balancers in the region, and the servers take two addresses each of `servers_subnetwork_id`, /26 or larger, null: of `subnetwork_id`, which cannot be deleted for one to two hours after them."
  type = object({
    id            = string
    subnetwork_id = string

    servers_subnetwork_id = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("projects/[^/]+/global/networks/[^/]+$", var.network.id)) && can(regex("projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", var.network.subnetwork_id))
    error_message = "network: id is projects/<project>/global/networks/<name>, subnetwork_id projects/<project>/regions/<region>/subnetworks/<name>; got \"${var.network.id}\" and \"${var.network.subnetwork_id}\"."
  }
}

variable "database" {
  description = "How to reach PostgreSQL and to know it. `secret_id`: the secret that says how, as the module database gives it, projects/<project>/secrets/<name>; as the module database_ca gives them, `ca_bundle_pem`, certificates of its authorities in PEM, and `server_name`, the name that its certificate must hold, null: none."
  type = object({
    secret_id     = string
    ca_bundle_pem = string
    server_name   = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/secrets/[A-Za-z0-9_-]{1,255}$", var.database.secret_id))
    error_message = "database.secret_id: projects/<project>/secrets/<name>; got \"${var.database.secret_id}\"."
  }

  validation {
    condition     = can(regex("-----BEGIN CERTIFICATE-----", var.database.ca_bundle_pem)) && length(var.database.ca_bundle_pem) <= 20000
    error_message = "database.ca_bundle_pem: certificates in PEM, at most 20000 characters; got ${length(var.database.ca_bundle_pem)} characters."
  }
}

variable "artifacts_bucket" {
  description = "Bucket that holds artifacts, under artifacts/, with uniform access. Clients need no access to it: the server hands artifacts through."
  type = object({
    name = string
  })
  nullable = false
}

variable "kms_keys" {
  description = "Ids of the Cloud KMS keys of the copies of images (`storage`, open to Cloud Run and Artifact Registry) and of the log bucket (`logs`, open to Cloud Logging)."
  type = object({
    storage = string
    logs    = string
  })
  nullable = false

  validation {
    condition     = alltrue([for key in values(var.kms_keys) : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", key))])
    error_message = "kms_keys: projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>, no versions; got ${join(", ", values(var.kms_keys))}."
  }
}

variable "endpoint" {
  description = "How clients reach the server: `host`, a name in DNS; `certificate`, the id of a certificate for it in the same region, of Certificate Manager or a regional SSL certificate, because passwords cross this connection; `zone_id`: name of the zone of Cloud DNS that gets an address record for the host, null: the record is made elsewhere."
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
    condition     = can(regex("^projects/[^/]+/(regions/[^/]+/sslCertificates|locations/[^/]+/certificates)/[^/]+$", var.endpoint.certificate)) && !can(regex("/locations/global/", var.endpoint.certificate))
    error_message = "endpoint.certificate: projects/<project>/locations/<region>/certificates/<name> or projects/<project>/regions/<region>/sslCertificates/<name>; got \"${var.endpoint.certificate}\"."
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
}

variable "logs" {
  description = "`retention_days`: days that the load balancer's log of requests and the server's log are kept; `access_log_bucket`: name of the bucket of Cloud Logging to make for them. A name is free again seven days after a destroy."
  type = object({
    access_log_bucket = string
    retention_days    = optional(number, 365)
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", var.logs.access_log_bucket))
    error_message = "logs.access_log_bucket: 1 to 100 letters, digits, dots, _ and -, first a letter or digit; got \"${var.logs.access_log_bucket}\"."
  }

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 731], var.logs.retention_days)
    error_message = "logs.retention_days: one of 7, 14, 30, 60, 90, 180, 365, 731; got ${var.logs.retention_days}."
  }
}

variable "image" {
  description = "Image of the MLflow server, by tag, digest or both, for x86, with psycopg2, google-cloud-storage and Flask-WTF inside. The default is the project's own. Cloud Run pulls from Artifact Registry and Docker Hub; what another registry gives without a password comes through a remote repository that is made here."
  type        = string
  default     = "ghcr.io/mlflow/mlflow:v3.17.0-full"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$", var.image)) && !endswith(var.image, ":latest") && !endswith(var.image, ":latest-full")
    error_message = "image: registry, name and a fixed tag, a digest or both; got \"${var.image}\"."
  }
}

variable "tasks" {
  description = <<-EOT
    Servers. `min` and `max`: fewest and most; between them, Cloud Run follows the use of CPU, near 60 percent, and the number of requests.
    Of one: `cpu`, `memory_gib`, `scratch_gib` of that memory for artifacts on their way through, of which the largest has to fit, worker
    processes, and `proxy_image`, by tag, digest or both: nginx 1.25.1 or later with a shell, for x86, that runs without root. The proxy takes
    half a CPU and 256 MiB more.
  EOT
  type = object({
    min         = optional(number, 2)
    max         = optional(number, 4)
    cpu         = optional(number, 1)
    memory_gib  = optional(number, 4)
    scratch_gib = optional(number, 2)
    workers     = optional(number, 2)
    proxy_image = optional(string, "docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine-slim")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.tasks.min >= 1 && var.tasks.max >= var.tasks.min && var.tasks.max <= 20 && floor(var.tasks.min) == var.tasks.min && floor(var.tasks.max) == var.tasks.max
    error_message = "tasks: min and max are whole numbers, 1 <= min <= max <= 20; got ${var.tasks.min} and ${var.tasks.max}."
  }

  validation {
    condition     = contains(keys(local.most_memory_gib), tostring(var.tasks.cpu)) && var.tasks.memory_gib >= 1 && var.tasks.memory_gib <= lookup(local.most_memory_gib, tostring(var.tasks.cpu), 0) && floor(var.tasks.memory_gib) == var.tasks.memory_gib
    error_message = "tasks: cpu is one of ${join(", ", keys(local.most_memory_gib))}, memory_gib a whole number from 1 to ${lookup(local.most_memory_gib, tostring(var.tasks.cpu), 32)} with it; got cpu ${var.tasks.cpu} and memory_gib ${var.tasks.memory_gib}."
  }

  validation {
    condition     = var.tasks.scratch_gib >= 1 && floor(var.tasks.scratch_gib) == var.tasks.scratch_gib
    error_message = "tasks.scratch_gib: a whole number from 1 on, above the largest artifact file; got ${var.tasks.scratch_gib}."
  }

  validation {
    condition     = var.tasks.workers >= 1 && var.tasks.workers <= 16 && floor(var.tasks.workers) == var.tasks.workers && var.tasks.memory_gib - var.tasks.scratch_gib >= 0.5 + 0.5 * var.tasks.workers
    error_message = "tasks.workers: 1 to 16, and memory_gib without scratch_gib at least 0.5 and another 0.5 for each; got ${var.tasks.workers} workers in ${var.tasks.memory_gib} GiB less ${var.tasks.scratch_gib}."
  }

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$", var.tasks.proxy_image)) && !can(regex(":(latest|alpine|alpine-slim)$", var.tasks.proxy_image))
    error_message = "tasks.proxy_image: registry, name and a fixed tag, a digest or both; got \"${var.tasks.proxy_image}\"."
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
  description = "Whether Terraform refuses to delete the service. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "account_exists" {
  description = "Whether the service account of the server is there: made with the identities of a pipeline, which may act as it. Then it is taken over, and not deleted with the rest."
  type        = bool
  default     = false
  nullable    = false
}
