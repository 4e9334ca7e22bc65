variable "cluster" {
  description = "Name of the cluster. It is the value of the tag by which the controller knows its own load balancers."
  type = object({
    name = string
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.cluster.name))
    error_message = "cluster.name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.cluster.name}\"."
  }
}

variable "region" {
  description = "AWS region of the cluster. The controller is told, because pods do not reach the metadata of their node."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: an AWS region such as us-east-1; got \"${var.region}\"."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster, for the same reason."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id: the ID of a VPC such as vpc-0123456789abcdef0; got \"${var.vpc_id}\"."
  }
}

variable "identity" {
  description = "Namespace and service account that pod identity gives the controller's role to, as the module load_balancer_identity names them."
  type = object({
    namespace       = optional(string, "kube-system")
    service_account = optional(string, "aws-load-balancer-controller")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.namespace)) && can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity.service_account))
    error_message = "identity: namespace and service_account are Kubernetes names of 1 to 63 lower-case letters, digits and hyphens; got ${var.identity.namespace}/${var.identity.service_account}."
  }
}

variable "system_pool" {
  description = "The always-on node pool that runs the controller, as the module node_pool gives it."
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
    error_message = "system_pool.node_selector: at least one label, or the controller may start a GPU node for itself; got {}."
  }
}

variable "scheme" {
  description = "Of every load balancer of the class alb, whatever its Ingress says: internal, or internet-facing, which everybody reaches. The module load_balancer_identity has to allow it."
  type        = string
  default     = "internal"
  nullable    = false

  validation {
    condition     = contains(["internal", "internet-facing"], var.scheme)
    error_message = "scheme: internal or internet-facing; got \"${var.scheme}\"."
  }
}

variable "tags" {
  description = "Tags of the load balancers, target groups and security groups that the controller makes; the provider's default_tags do not reach them."
  type        = map(string)
  default     = {}
  nullable    = false

  # They travel on a command line as key=value,key=value inside YAML.
  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[A-Za-z0-9_.:/@+-]{1,128}$", key)) && can(regex("^[A-Za-z0-9_.:/@+-]([A-Za-z0-9 _.:/@+-]{0,254}[A-Za-z0-9_.:/@+-])?$", value)) && !strcontains(value, ": ")])
    error_message = "tags: keys of 1 to 128 letters, digits and _.:/@+-, values of 1 to 256 of them and spaces inside, but no colon before a space; got ${jsonencode(var.tags)}."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !can(regex("^(aws:|kubernetes\\.io/|elbv2\\.k8s\\.aws/|ingress\\.k8s\\.aws/|service\\.k8s\\.aws/)", key))])
    error_message = "tags: keys under aws:, kubernetes.io/, elbv2.k8s.aws/, ingress.k8s.aws/ and service.k8s.aws/ are set by AWS and the controller; got ${join(", ", keys(var.tags))}."
  }
}

variable "chart_version" {
  description = "Version of the chart aws-load-balancer-controller, exact; since 3.0.0 it is the controller's own version."
  type        = string
  default     = "3.6.0"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.chart_version))
    error_message = "chart_version: an exact version such as 3.6.0; got \"${var.chart_version}\"."
  }
}
