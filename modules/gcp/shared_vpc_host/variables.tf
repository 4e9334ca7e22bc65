variable "name" {
  description = "Name of the environment in the service project; starts the names of what is made here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "service_project" {
  description = "Id of the project that the environment is in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.service_project))
    error_message = "service_project: 6 to 30 lower-case letters, digits and hyphens, a letter first; got \"${var.service_project}\"."
  }
}

variable "network" {
  description = "The shared VPC: `id`, projects/<host project>/global/networks/<name>, and `subnetwork_id`, projects/<host project>/regions/<region>/subnetworks/<name>, the subnet of the environment."
  type = object({
    id            = string
    subnetwork_id = string
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/global/networks/[^/]+$", var.network.id)) && can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", var.network.subnetwork_id))
    error_message = "network: id is projects/<project>/global/networks/<name>, subnetwork_id projects/<project>/regions/<region>/subnetworks/<name>; got ${jsonencode(var.network)}."
  }

  validation {
    condition     = !startswith(var.network.id, "projects/${var.service_project}/")
    error_message = "network: of a host project, another one than the service project ${var.service_project}; got \"${var.network.id}\"."
  }
}

variable "cluster" {
  description = "Names of the subnet's secondary ranges when the environment has a GKE cluster, null without. With them the subnet and its ranges are looked up, and a range that is missing ends the plan."
  type = object({
    pods_range     = string
    services_range = string
  })
  default = null

  validation {
    condition     = var.cluster == null ? true : var.cluster.pods_range != var.cluster.services_range
    error_message = "cluster: two ranges; got ${jsonencode(var.cluster)}."
  }
}

variable "serverless" {
  description = "Whether the environment has servers of Cloud Run in the subnet, which has to be a /26 or larger then."
  type        = bool
  default     = false
  nullable    = false
}

variable "webhook_ports" {
  description = "Ports of nodes that the control plane calls beside 443 and 10250: those of webhooks of operators."
  type        = set(number)
  default     = [8443, 9443]
  nullable    = false

  validation {
    condition     = alltrue([for port in var.webhook_ports : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "webhook_ports: whole numbers from 1 to 65535; got [${join(", ", var.webhook_ports)}]."
  }
}

variable "proxies_cidr" {
  description = "Range for the proxies of internal application load balancers, /26 or larger, which Google recommends to be a /23. A network has one such subnet in a region: null when it is there already, or no load balancer comes."
  type        = string
  default     = null

  validation {
    condition     = var.proxies_cidr == null ? true : can(cidrsubnet(var.proxies_cidr, 0, 0)) ? cidrsubnet(var.proxies_cidr, 0, 0) == var.proxies_cidr && tonumber(split("/", var.proxies_cidr)[1]) <= 26 : false
    error_message = "proxies_cidr: an IPv4 range of /26 or larger that starts at its first address, or null; got \"${coalesce(var.proxies_cidr, "null")}\"."
  }
}

variable "private_services_cidr" {
  description = "Range for what Google runs beside the network, Cloud SQL among them, /24 or larger. A network has one connection to it: null when it is there already, or the environment has no database."
  type        = string
  default     = null

  validation {
    condition     = var.private_services_cidr == null ? true : can(cidrsubnet(var.private_services_cidr, 0, 0)) ? cidrsubnet(var.private_services_cidr, 0, 0) == var.private_services_cidr && tonumber(split("/", var.private_services_cidr)[1]) <= 24 : false
    error_message = "private_services_cidr: an IPv4 range of /24 or larger that starts at its first address, or null; got \"${coalesce(var.private_services_cidr, "null")}\"."
  }
}
