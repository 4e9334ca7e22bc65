variable "name" {
  description = "Name of the environment; prefix of everything made here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 32 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "region" {
  description = "Region of the subnet and its NAT, such as `us-central1`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: a Google Cloud region such as us-central1; got \"${var.region}\"."
  }
}

variable "cidr" {
  description = "IPv4 range that all `ranges` lie in, /8 to /24. A VPC of Google Cloud has none itself."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr, 0, 0)) ? cidrsubnet(var.cidr, 0, 0) == var.cidr : false
    error_message = "cidr: an IPv4 range that starts at its first address, such as 10.20.0.0/16; got \"${var.cidr}\"."
  }

  validation {
    condition     = can(regex("/([89]|1[0-9]|2[0-4])$", var.cidr))
    error_message = "cidr: prefix length /8 to /24; got \"${var.cidr}\"."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr))
    error_message = "cidr: a private range, inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; got \"${var.cidr}\"."
  }
}

variable "ranges" {
  description = "What is where in `cidr`. `nodes`: subnet of nodes, load balancers and the control plane's private address; `pods` and `services`: its secondary ranges; `private_services`: for Cloud SQL and others that Google runs beside the network, /24 or larger; `proxies`: subnet of the proxies of internal application load balancers, /26 or larger, null when there are none; `servers`: subnet of servers that Cloud Run runs in the network, /26 or larger, null when there are none."
  type = object({
    nodes            = string
    pods             = string
    services         = string
    private_services = string
    proxies          = optional(string)
    servers          = optional(string)
  })
  nullable = false

  validation {
    condition = alltrue([
      for range in values(var.ranges) : range == null ? true : can(cidrsubnet(range, 0, 0)) ? cidrsubnet(range, 0, 0) == range : false
    ])
    error_message = "ranges: IPv4 ranges that start at their first address; got ${jsonencode(var.ranges)}."
  }

  # A largest prefix length for each; what is no range at all is the first rule's affair.
  validation {
    condition = alltrue([
      for name, longest in { nodes = 29, pods = 24, services = 27, private_services = 24, proxies = 26, servers = 26 } :
      can(cidrsubnet(var.ranges[name], 0, 0)) ? tonumber(split("/", var.ranges[name])[1]) <= longest : true
    ])
    error_message = "ranges: at most /29 for nodes, /24 for pods (one node's), /27 for services, /24 for private_services, /26 for proxies and servers; got ${jsonencode(var.ranges)}."
  }

  # Inside means: cut to the network's prefix length, the range is the network's range.
  validation {
    condition = alltrue([
      for range in values(var.ranges) :
      can(cidrsubnet("${split("/", range)[0]}/${split("/", var.cidr)[1]}", 0, 0)) ? (
        cidrsubnet("${split("/", range)[0]}/${split("/", var.cidr)[1]}", 0, 0) == var.cidr &&
        tonumber(split("/", range)[1]) >= tonumber(split("/", var.cidr)[1])
      ) : true
    ])
    error_message = "ranges: every range lies inside cidr ${var.cidr}; got ${jsonencode(var.ranges)}."
  }

  # Two ranges overlap when, cut to the shorter of their prefix lengths, they are the same range: so each meets only itself.
  validation {
    condition = alltrue([
      for a in values(var.ranges) :
      length([
        for b in values(var.ranges) : b
        if can([cidrsubnet(a, 0, 0), cidrsubnet(b, 0, 0)]) ? (
          cidrsubnet("${split("/", a)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0) ==
          cidrsubnet("${split("/", b)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0)
        ) : false
      ]) <= 1
    ])
    error_message = "ranges: no two ranges overlap; got ${jsonencode(var.ranges)}."
  }
}

variable "nat_addresses" {
  description = "Static addresses of Cloud NAT, which others can put on their lists; each carries 252 nodes at rest. 0 for no way out: then Google APIs are all that nodes reach."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.nat_addresses >= 0 && var.nat_addresses <= 16 && floor(var.nat_addresses) == var.nat_addresses
    error_message = "nat_addresses: a whole number from 0 to 16; got ${var.nat_addresses}."
  }
}

variable "webhook_ports" {
  description = "TCP ports on which operators' admission webhooks answer the control plane, beside 443 and 10250: those of controller-runtime, Gatekeeper, Knative and ingress-nginx. Istio's is 15017. Empty: no rule."
  type        = list(number)
  default     = [8443, 9443]
  nullable    = false

  validation {
    condition     = alltrue([for port in var.webhook_ports : port >= 1024 && port <= 65535 && floor(port) == port]) && length(distinct(var.webhook_ports)) == length(var.webhook_ports) && length(var.webhook_ports) <= 20
    error_message = "webhook_ports: at most 20 ports from 1024 to 65535, each once; got ${join(", ", var.webhook_ports)}."
  }
}

variable "flow_logs" {
  description = "Log of connections, of refused packets and of NAT errors. `kms_key`: key that encrypts it, open to Cloud Logging; `retention_days`: how long it is kept; `sampling`: part of the connections that is logged; `bucket`: name of the log bucket, by default `<name>-network`, another one for seven days after that was deleted."
  type = object({
    kms_key        = string
    retention_days = optional(number, 365)
    sampling       = optional(number, 0.5)
    bucket         = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/locations/${var.region}/keyRings/[^/]+/cryptoKeys/[^/]+$", var.flow_logs.kms_key))
    error_message = "flow_logs.kms_key: a crypto key of ${var.region}, projects/<p>/locations/${var.region}/keyRings/<ring>/cryptoKeys/<key>; got \"${var.flow_logs.kms_key}\"."
  }

  validation {
    condition     = var.flow_logs.retention_days >= 1 && var.flow_logs.retention_days <= 3650 && floor(var.flow_logs.retention_days) == var.flow_logs.retention_days
    error_message = "flow_logs.retention_days: a whole number from 1 to 3650; got ${var.flow_logs.retention_days}."
  }

  validation {
    condition     = var.flow_logs.sampling > 0 && var.flow_logs.sampling <= 1
    error_message = "flow_logs.sampling: above 0 and up to 1, which is every connection; got ${var.flow_logs.sampling}."
  }

  validation {
    condition     = var.flow_logs.bucket == null ? true : can(regex("^[a-z][a-z0-9-]{0,98}[a-z0-9]$", var.flow_logs.bucket))
    error_message = "flow_logs.bucket: 2 to 100 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${coalesce(var.flow_logs.bucket, "empty")}\"."
  }
}
