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
  description = "Region of the network, such as `us-east-1`; part of the names of endpoint services."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: an AWS region code such as us-east-1; got \"${var.region}\"."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC, /16 to /24."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr, 0, 0)) ? cidrsubnet(var.cidr, 0, 0) == var.cidr : false
    error_message = "cidr: an IPv4 range that starts at its first address, such as 10.20.0.0/16; got \"${var.cidr}\"."
  }

  validation {
    condition     = can(regex("/(1[6-9]|2[0-4])$", var.cidr))
    error_message = "cidr: prefix length /16 to /24; got \"${var.cidr}\"."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr))
    error_message = "cidr: a private range, inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; got \"${var.cidr}\"."
  }
}

variable "zones" {
  description = "Zones by zone ID (`use1-az1`, the same place in every account, unlike zone names), with the ranges of their two subnets."
  type = map(object({
    private_cidr = string
    public_cidr  = string
  }))
  nullable = false

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 6
    error_message = "zones: 2 to 6 zones, EKS needs two; got ${length(var.zones)}."
  }

  validation {
    condition     = alltrue([for zone in keys(var.zones) : can(regex("^[a-z]{2,4}[0-9]-az[0-9]+$", zone))])
    error_message = "zones: keys are zone IDs such as use1-az1, not zone names such as us-east-1a; got [${join(", ", keys(var.zones))}]."
  }

  validation {
    condition = alltrue(flatten([
      for zone in var.zones : [
        for range in [zone.private_cidr, zone.public_cidr] :
        can(cidrsubnet(range, 0, 0)) ? cidrsubnet(range, 0, 0) == range && tonumber(split("/", range)[1]) <= 28 : false
      ]
    ]))
    error_message = "zones: private_cidr and public_cidr are IPv4 ranges of /28 or larger that start at their first address; got ${jsonencode(var.zones)}."
  }

  # Inside means: cut to the VPC's prefix length, the range is the VPC's range.
  validation {
    condition = alltrue(flatten([
      for zone in var.zones : [
        for range in [zone.private_cidr, zone.public_cidr] :
        can(cidrsubnet("${split("/", range)[0]}/${split("/", var.cidr)[1]}", 0, 0)) ? (
          cidrsubnet("${split("/", range)[0]}/${split("/", var.cidr)[1]}", 0, 0) == var.cidr &&
          tonumber(split("/", range)[1]) >= tonumber(split("/", var.cidr)[1])
        ) : false
      ]
    ]))
    error_message = "zones: every private_cidr and public_cidr lies inside cidr ${var.cidr}; got ${jsonencode(var.zones)}."
  }

  # Two ranges overlap when, cut to the shorter of their prefix lengths, they are the same range: so each meets only itself.
  validation {
    condition = alltrue(flatten([
      for a in flatten([for zone in var.zones : [zone.private_cidr, zone.public_cidr]]) : [
        length([
          for b in flatten([for zone in var.zones : [zone.private_cidr, zone.public_cidr]]) : b
          if can([cidrsubnet(a, 0, 0), cidrsubnet(b, 0, 0)]) ? (
            cidrsubnet("${split("/", a)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0) ==
            cidrsubnet("${split("/", b)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0)
          ) : false
        ]) <= 1
      ]
    ]))
    error_message = "zones: no two ranges overlap; got ${jsonencode(var.zones)}."
  }
}

variable "nat" {
  description = "Way out of private subnets: `single` NAT gateway for all zones, one `per_zone`, or `none` (then `interface_endpoints` is all that nodes reach)."
  type        = string
  default     = "per_zone"
  nullable    = false

  validation {
    condition     = contains(["single", "per_zone", "none"], var.nat)
    error_message = "nat: single, per_zone or none; got \"${var.nat}\"."
  }
}

variable "interface_endpoints" {
  description = "AWS services that private subnets reach inside the VPC, by short name. The default is what EKS nodes and cluster autoscaling call; each costs per zone and hour. S3 has a gateway endpoint always, free of charge."
  type        = set(string)
  default     = ["autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts"]
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*$", service)) && !contains(["s3", "dynamodb"], service)])
    error_message = "interface_endpoints: short service names such as ecr.api, without s3 (always there) and dynamodb (no interface); got [${join(", ", var.interface_endpoints)}]."
  }
}

variable "trusted_accounts" {
  description = "Account numbers, besides this one, whose identities and buckets may be used through the endpoints."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for account in var.trusted_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "trusted_accounts: account numbers of 12 digits; got [${join(", ", var.trusted_accounts)}]."
  }
}

variable "readable_buckets" {
  description = "Buckets of other accounts in this region, such as public data sets, that may be read through the S3 endpoint; those of ECR, Amazon Linux, registry.k8s.io and quay.io always may. Whoever owns such a bucket sees the keys that are asked for."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for bucket in var.readable_buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket))])
    error_message = "readable_buckets: names of buckets, 3 to 63 lower-case letters, digits, dots and hyphens, no wildcard; got [${join(", ", var.readable_buckets)}]."
  }
}

variable "flow_logs" {
  description = "Log of accepted and refused connections. `kms_key`: key that encrypts it, open to CloudWatch Logs; `retention_days`: how long it is kept."
  type = object({
    kms_key        = string
    retention_days = optional(number, 365)
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:[^:]+:kms:[^:]*:[^:]*:key/", var.flow_logs.kms_key))
    error_message = "flow_logs.kms_key: ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>; got \"${var.flow_logs.kms_key}\"."
  }

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_logs.retention_days)
    error_message = "flow_logs.retention_days: a period CloudWatch knows, such as 7, 14, 30, 60, 90, 180, 365 or 731; got ${var.flow_logs.retention_days}."
  }
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
