variable "id" {
  description = "The network, as `projects/<project>/global/networks/<name>`. For a shared VPC the project is the host project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[a-z][a-z0-9:.-]+/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$", var.id))
    error_message = "id: projects/<project>/global/networks/<name>; got \"${var.id}\"."
  }

  validation {
    condition     = !endswith(var.id, "/default")
    error_message = "id: not the network default, whose rules let the internet in on SSH and RDP; got \"${var.id}\"."
  }
}

variable "private_subnet_ids" {
  description = "The one subnet for nodes, as `projects/<project>/regions/<region>/subnetworks/<name>` or with `https://…/compute/v1/` before it. A subnet of Google Cloud spans the zones of its region."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) == 1
    error_message = "private_subnet_ids: one subnet, which spans all zones of its region; got ${length(var.private_subnet_ids)}."
  }

  validation {
    condition = alltrue([
      for id in var.private_subnet_ids :
      can(regex("^(https://[a-z.]+(/compute/v1)?/)?projects/[a-z][a-z0-9:.-]+/regions/[a-z0-9-]+/subnetworks/[a-z]([a-z0-9-]*[a-z0-9])?$", id))
    ])
    error_message = "private_subnet_ids: projects/<project>/regions/<region>/subnetworks/<name> or a self link; got [${join(", ", var.private_subnet_ids)}]."
  }

  validation {
    condition     = alltrue([for id in var.private_subnet_ids : strcontains(id, "/${split("/", var.id)[1]}/")])
    error_message = "private_subnet_ids: a subnet of the network's project ${split("/", var.id)[1]}; got [${join(", ", var.private_subnet_ids)}]."
  }
}

variable "pods_range" {
  description = "Name of the subnet's secondary range for pods."
  type        = string
  default     = "pods"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.pods_range))
    error_message = "pods_range: 1 to 63 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.pods_range}\"."
  }
}

variable "services_range" {
  description = "Name of the subnet's secondary range for Kubernetes services."
  type        = string
  default     = "services"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.services_range))
    error_message = "services_range: 1 to 63 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.services_range}\"."
  }

  validation {
    condition     = var.services_range != var.pods_range
    error_message = "services_range: another range than pods_range; got \"${var.services_range}\" for both."
  }
}

variable "private_services" {
  description = "Name of the range allocated for Cloud SQL and others, when a new instance should take its address from that one; null leaves the choice among the network's ranges to Google."
  type        = string
  default     = null

  validation {
    condition     = var.private_services == null ? true : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.private_services))
    error_message = "private_services: 1 to 63 lower-case letters, digits and hyphens, first a letter, last no hyphen, or null; got \"${coalesce(var.private_services, "empty")}\"."
  }
}
