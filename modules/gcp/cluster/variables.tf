variable "name" {
  description = "Name of the cluster; starts the name of its service account, log bucket and log sink."
  type        = string
  nullable    = false

  validation {
    # <name>-nodes names a service account, which takes at most 30 characters.
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name))
    error_message = "name: 2 to 24 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the cluster and of its log bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a region such as us-central1; got \"${var.region}\"."
  }
}

variable "zones" {
  description = "Zones of the nodes. The control plane of a zonal cluster is in the first."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.zones) >= 1 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones: at least one, each once; got ${join(", ", var.zones)}."
  }

  validation {
    condition     = alltrue([for zone in var.zones : startswith(zone, "${var.region}-") && can(regex("-[a-z]$", zone))])
    error_message = "zones: zones of ${var.region} such as ${var.region}-a; got ${join(", ", var.zones)}."
  }
}

variable "location" {
  description = "Where the control plane runs: `regional` has three replicas in three zones, `zonal` one, which is away during an upgrade."
  type        = string
  default     = "regional"
  nullable    = false

  validation {
    condition     = contains(["regional", "zonal"], var.location)
    error_message = "location: regional or zonal; got \"${var.location}\"."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes minor version, such as 1.34, that the control plane has at least. The release channel upgrades it further; GKE never goes back."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.(3[2-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version: a minor version from 1.32 on, written as 1.NN; got \"${var.kubernetes_version}\"."
  }
}

variable "release_channel" {
  description = "How soon GKE upgrades control plane and nodes: RAPID, REGULAR, STABLE, or EXTENDED, which keeps a minor version for two years and costs more after the first."
  type        = string
  default     = "REGULAR"
  nullable    = false

  validation {
    condition     = contains(["RAPID", "REGULAR", "STABLE", "EXTENDED"], var.release_channel)
    error_message = "release_channel: RAPID, REGULAR, STABLE or EXTENDED; got \"${var.release_channel}\"."
  }
}

variable "maintenance_window" {
  description = "When GKE may upgrade and repair: days of the week, start (HH:MM, UTC) and length. GKE needs 48 hours in 32 days."
  type = object({
    days  = optional(list(string), ["SA", "SU"])
    start = optional(string, "01:00")
    hours = optional(number, 8)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for day in var.maintenance_window.days : contains(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], day)])
    error_message = "maintenance_window.days: MO, TU, WE, TH, FR, SA or SU; got ${join(", ", var.maintenance_window.days)}."
  }

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window.start))
    error_message = "maintenance_window.start: a time of day such as 01:00; got \"${var.maintenance_window.start}\"."
  }

  validation {
    # 32 days have every day of the week at least four times.
    condition     = var.maintenance_window.hours >= 4 && var.maintenance_window.hours <= 24 && 4 * length(distinct(var.maintenance_window.days)) * var.maintenance_window.hours >= 48
    error_message = "maintenance_window.hours: 4 to 24, and days times hours at least 12; got ${var.maintenance_window.hours} on ${length(distinct(var.maintenance_window.days))} days."
  }
}

variable "network" {
  description = "Network of the cluster: its id, the subnet of the nodes and the names of that subnet's ranges for pods and services. control_plane_cidr: /28 of the private endpoint; null: an address of the subnet. max_pods_per_node: pods that a node may run; each node takes a power of two of addresses from the pods' range, at least twice as many: 64 pods a /25. Another number replaces the cluster."
  type = object({
    id                 = string
    subnetwork_id      = string
    pods_range         = string
    services_range     = string
    control_plane_cidr = optional(string)
    max_pods_per_node  = optional(number, 64)
  })
  nullable = false

  validation {
    condition     = var.network.max_pods_per_node >= 8 && var.network.max_pods_per_node <= 256 && floor(var.network.max_pods_per_node) == var.network.max_pods_per_node
    error_message = "network.max_pods_per_node: a whole number from 8 to 256; got ${var.network.max_pods_per_node}."
  }

  validation {
    condition     = var.network.control_plane_cidr == null ? true : can(cidrnetmask(var.network.control_plane_cidr)) && endswith(coalesce(var.network.control_plane_cidr, "-"), "/28")
    error_message = "network.control_plane_cidr: an IPv4 range of size /28; got \"${coalesce(var.network.control_plane_cidr, "null")}\"."
  }
}

variable "secrets_kms_key" {
  description = "Crypto key that encrypts Kubernetes secrets, `projects/<p>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>`, in the cluster's region. GKE's service agent may use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.secrets_kms_key))
    error_message = "secrets_kms_key: a crypto key of ${var.region}, projects/<p>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.secrets_kms_key}\"."
  }
}

variable "logs" {
  description = "Logs of control plane, system and workloads: days they are kept and the crypto key that encrypts them, which Cloud Logging's service account may use."
  type = object({
    retention_days = optional(number, 365)
    kms_key        = string
  })
  nullable = false

  validation {
    condition     = var.logs.retention_days >= 1 && var.logs.retention_days <= 3650 && floor(var.logs.retention_days) == var.logs.retention_days
    error_message = "logs.retention_days: a whole number from 1 to 3650; got ${var.logs.retention_days}."
  }

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.logs.kms_key))
    error_message = "logs.kms_key: a crypto key of ${var.region}, projects/<p>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.logs.kms_key}\"."
  }
}

variable "public_endpoint_cidrs" {
  description = "IPv4 ranges that reach the Kubernetes API from the internet; empty: there is no public endpoint."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.public_endpoint_cidrs : can(cidrnetmask(cidr))])
    error_message = "public_endpoint_cidrs: IPv4 ranges such as 203.0.113.0/24; got ${join(", ", var.public_endpoint_cidrs)}."
  }

  validation {
    # Written on the text: a range that is no range is the other rule's error.
    condition     = alltrue([for cidr in var.public_endpoint_cidrs : !can(regex("/[0-7]$", cidr))])
    error_message = "public_endpoint_cidrs: /8 or narrower, 0.0.0.0/0 is never allowed; got ${join(", ", var.public_endpoint_cidrs)}."
  }

  validation {
    condition     = length(var.public_endpoint_cidrs) + length(var.private_endpoint_cidrs) <= 100
    error_message = "public_endpoint_cidrs: together with private_endpoint_cidrs at most 100 ranges; got ${length(var.public_endpoint_cidrs) + length(var.private_endpoint_cidrs)}."
  }
}

variable "private_endpoint_cidrs" {
  description = "Private IPv4 ranges outside the nodes' subnet (a VPN, a runner's subnet) that reach the private endpoint."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.private_endpoint_cidrs : can(cidrnetmask(cidr)) && can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\\..*/([89]|[12][0-9]|3[0-2])$", cidr))])
    error_message = "private_endpoint_cidrs: private IPv4 ranges (10/8, 172.16/12, 192.168/16, 100.64/10), /8 or narrower; got ${join(", ", var.private_endpoint_cidrs)}."
  }
}

variable "access" {
  description = "dns_endpoint: whether callers outside of the network reach the API by its DNS name; IAM decides alone, by a token and `container.clusters.connect`. admin_groups: e-mail addresses of groups that administer this cluster; leave out whoever applies this module. rbac_security_group: the group that holds the groups named in RBAC bindings, always `gke-security-groups@<domain>`; null: RBAC knows users and service accounts only."
  type = object({
    dns_endpoint        = optional(bool, false)
    admin_groups        = optional(list(string), [])
    rbac_security_group = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for group in var.access.admin_groups : can(regex("^[a-z0-9._%+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$", group))])
    error_message = "access.admin_groups: e-mail addresses of groups; got ${join(", ", var.access.admin_groups)}."
  }

  validation {
    condition     = var.access.rbac_security_group == null ? true : can(regex("^gke-security-groups@[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.access.rbac_security_group))
    error_message = "access.rbac_security_group: gke-security-groups@<domain>, the only name GKE accepts; got \"${coalesce(var.access.rbac_security_group, "null")}\"."
  }
}

variable "binary_authorization" {
  description = "Whether images must pass the project's Binary Authorization policy. Until somebody writes one, it admits every image."
  type        = bool
  default     = true
  nullable    = false
}

variable "managed_prometheus" {
  description = "Whether Managed Service for Prometheus collects metrics of the scheduler, deployments and GPUs, billed by sample."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete the cluster. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "account_exists" {
  description = "Whether the service account of the nodes is there: made with the identities of a pipeline, which may act as it. Then it is taken over, and not deleted with the rest."
  type        = bool
  default     = false
  nullable    = false
}
