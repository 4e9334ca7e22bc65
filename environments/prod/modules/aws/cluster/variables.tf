variable "name" {
  description = "Name of the cluster; starts the name of its roles and log group."
  type        = string
  nullable    = false

  validation {
    # 40 leaves room for the longest role suffix within IAM's 64 characters.
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes minor version, such as 1.35. EKS upgrades one minor version at a time and never goes back."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.(3[2-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version: a minor version from 1.32 on, written as 1.NN; got \"${var.kubernetes_version}\"."
  }
}

variable "extended_support" {
  description = "Whether EKS may keep the cluster on a version past standard support, at six times the hourly price, and make one of such a version. Otherwise EKS upgrades it by itself."
  type        = bool
  default     = false
  nullable    = false
}

variable "network" {
  description = "Network of the cluster: at least two private subnets, each in a zone of its own."
  type = object({
    private_subnet_ids = list(string)
  })
  nullable = false

  validation {
    condition     = length(var.network.private_subnet_ids) >= 2
    error_message = "network.private_subnet_ids: EKS needs at least 2 subnets in different zones; got ${length(var.network.private_subnet_ids)}."
  }
}

variable "secrets_kms_key" {
  description = "ARN of the KMS key that encrypts Kubernetes secrets. It cannot be changed after creation."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.secrets_kms_key))
    error_message = "secrets_kms_key: the ARN of a KMS key (not of an alias); got \"${var.secrets_kms_key}\"."
  }
}

variable "logs" {
  description = "Control-plane logs: days they are kept and the KMS key that encrypts them."
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
    condition     = length(var.public_endpoint_cidrs) <= 40
    error_message = "public_endpoint_cidrs: EKS takes at most 40 ranges; got ${length(var.public_endpoint_cidrs)}."
  }
}

variable "private_endpoint_cidrs" {
  description = "Private IPv4 ranges outside the nodes (a VPN, a runner's subnet) that reach the private endpoint on port 443."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.private_endpoint_cidrs : can(cidrnetmask(cidr)) && can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\\..*/([89]|[12][0-9]|3[0-2])$", cidr))])
    error_message = "private_endpoint_cidrs: private IPv4 ranges (10/8, 172.16/12, 192.168/16, 100.64/10), /8 or narrower; got ${join(", ", var.private_endpoint_cidrs)}."
  }

  validation {
    condition     = length(var.private_endpoint_cidrs) <= 50
    error_message = "private_endpoint_cidrs: at most 50: a security group holds 60 rules, and EKS and load balancers have theirs in it; got ${length(var.private_endpoint_cidrs)}."
  }
}

variable "admin_role_arns" {
  description = "IAM roles that administer the cluster. Leave out the role that applies this module: EKS already gives it access."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.admin_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "admin_role_arns: ARNs of IAM roles, arn:aws:iam::<account>:role/<name>; got ${join(", ", var.admin_role_arns)}."
  }
}

variable "access" {
  description = "creator_administers: whether the role that makes the cluster administers it without being named; what it was when the cluster was made stays. Where false, `admin_role_arns` names every administrator, the role that applies this module among them. group_role_arns: IAM roles by the Kubernetes group that they are put into; RBAC says what it may do."
  type = object({
    creator_administers = optional(bool, true)
    group_role_arns     = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.access.creator_administers || length(var.admin_role_arns) > 0
    error_message = "access.creator_administers: false leaves the cluster without an administrator; name one in admin_role_arns."
  }

  validation {
    condition     = alltrue([for group, arn in var.access.group_role_arns : can(regex("^[A-Za-z0-9][A-Za-z0-9._:-]*$", group)) && !can(regex("^(system|eks|aws|amazon|iam):", group)) && can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "access.group_role_arns: ARNs of IAM roles by groups, none of which begins with system:, eks:, aws:, amazon: or iam:; got ${jsonencode(var.access.group_role_arns)}."
  }

  validation {
    condition     = length(setintersection(values(var.access.group_role_arns), var.admin_role_arns)) == 0
    error_message = "access.group_role_arns: a role has one entry, and those of admin_role_arns have theirs; got ${join(", ", setintersection(values(var.access.group_role_arns), var.admin_role_arns))}."
  }
}

variable "deletion_protection" {
  description = "Whether EKS refuses to delete the cluster. Set false and apply before a destroy."
  type        = bool
  default     = true
  nullable    = false
}

variable "prefix_delegation" {
  description = "Whether pods get addresses by prefixes of 16 instead of one by one. Subnets that others use may have no whole block of 16 left, and pods then get no address: set it false there."
  type        = bool
  default     = true
  nullable    = false
}

variable "addon_versions" {
  description = "Versions to hold add-ons at; one left null follows the Kubernetes version: each apply gives it the version that EKS takes by default."
  type = object({
    eks_pod_identity_agent = optional(string)
    kube_proxy             = optional(string)
    vpc_cni                = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, version in var.addon_versions : version == null || can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions: EKS versions such as v1.20.4-eksbuild.2, or null; got ${jsonencode(var.addon_versions)}."
  }

  validation {
    condition     = var.addon_versions.kube_proxy == null ? true : !can(regex("^v1\\.[0-9]+\\.", var.addon_versions.kube_proxy)) || contains([0, 1, 2, 3], tonumber(split(".", var.kubernetes_version)[1]) - tonumber(split(".", var.addon_versions.kube_proxy)[1]))
    error_message = "addon_versions.kube_proxy: of kubernetes_version ${var.kubernetes_version} or up to three minor versions older; got \"${coalesce(var.addon_versions.kube_proxy, "null")}\"."
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
