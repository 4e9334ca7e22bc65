variable "name" {
  description = "Name of the pool, unique in the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 53 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }

  validation {
    condition     = length(var.cluster.name) + length(var.name) <= 58
    error_message = "name: together with cluster.name at most 58 characters, because <cluster>-<pool>-node names an IAM role; got ${length(var.cluster.name) + length(var.name)}."
  }
}

variable "cluster" {
  description = "The cluster, as the module cluster gives it."
  type = object({
    name    = string
    version = string
  })
  nullable = false
}

variable "network" {
  description = "Network of the nodes: its private subnets by zone ID."
  type = object({
    private_subnets = map(object({
      id        = string
      zone_name = string
    }))
  })
  nullable = false
}

variable "instance_types" {
  description = "Instance types, most wanted first, all with about the same vCPUs, memory and GPUs: the autoscaler takes the first as the model of all. Spot takes any of them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.instance_types) >= 1 && length(var.instance_types) <= 20
    error_message = "instance_types: 1 to 20 types; got ${length(var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", type))])
    error_message = "instance_types: names such as g6.2xlarge; got ${join(", ", var.instance_types)}."
  }

  validation {
    # Graviton families have a g right after the generation (m8g, c7gn, g5g); p6e-gb* has Grace CPUs.
    condition     = alltrue([for type in var.instance_types : can(regex("^([a-z]+[0-9]+g|p6e-gb)", type)) == (var.architecture == "arm64")])
    error_message = "instance_types: every type needs architecture ${var.architecture}; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^(g|gr|p)[0-9]", type)) == (var.gpu != null)])
    error_message = "instance_types: ${var.gpu == null ? "no GPU types (g*, gr*, p*) in a pool without gpu" : "only GPU types (g*, gr*, p*) in a pool with gpu"}; got ${join(", ", var.instance_types)}."
  }
}

variable "capacity" {
  description = "Purchase option: on_demand, spot, or spot_with_fallback (spot first, on demand when there is none)."
  type        = string
  default     = "on_demand"
  nullable    = false

  validation {
    condition     = contains(["on_demand", "spot", "spot_with_fallback"], var.capacity)
    error_message = "capacity: on_demand, spot or spot_with_fallback; got \"${var.capacity}\"."
  }
}

variable "nodes" {
  description = "Bounds of autoscaling, and how nodes are renewed. With spot_with_fallback each of the two node groups may grow to max, and min counts for the spot group. A min above the nodes that run starts the missing ones. `zones`: zone IDs that offer every instance type, nodes are in those of them that the network has; empty: in all of the network. `group_per_zone`: a node group in each zone, so that the autoscaler can start a node in the zone of a volume; the bounds are split over the zones. `strategy`: surge starts new nodes first, minimal ends old ones first, for machines of which there is none to spare. `max_unavailable`: nodes drained at a time. `repair`: replace nodes that are not healthy."
  type = object({
    min            = number
    max            = number
    zones          = optional(list(string), [])
    group_per_zone = optional(bool, false)
    update = optional(object({
      strategy        = optional(string, "surge")
      max_unavailable = optional(number, 1)
      repair          = optional(bool, true)
    }), {})
  })
  nullable = false

  validation {
    condition     = var.nodes.min >= 0 && var.nodes.max >= 1 && var.nodes.min <= var.nodes.max
    error_message = "nodes: 0 <= min <= max and max >= 1; got min ${var.nodes.min}, max ${var.nodes.max}."
  }

  validation {
    condition     = contains(["surge", "minimal"], var.nodes.update.strategy)
    error_message = "nodes.update.strategy: surge or minimal; got \"${var.nodes.update.strategy}\"."
  }

  validation {
    condition     = var.nodes.update.max_unavailable >= 1 && var.nodes.update.max_unavailable <= 100
    error_message = "nodes.update.max_unavailable: 1 to 100; got ${var.nodes.update.max_unavailable}."
  }

  validation {
    condition     = alltrue([for zone in var.nodes.zones : can(regex("^[a-z]{2,4}[0-9]-az[0-9]+$", zone))]) && length(distinct(var.nodes.zones)) == length(var.nodes.zones)
    error_message = "nodes.zones: zone IDs such as use1-az1, each once; got [${join(", ", var.nodes.zones)}]."
  }

  validation {
    condition     = length(var.nodes.zones) == 0 ? length(var.network.private_subnets) >= 1 : length(setintersection(var.nodes.zones, keys(var.network.private_subnets))) >= 1
    error_message = "nodes.zones: at least one that the network has a private subnet in; got [${join(", ", var.nodes.zones)}], the network has [${join(", ", keys(var.network.private_subnets))}]."
  }
}

variable "disk" {
  description = "Root disk of each node (gp3) and the KMS key that encrypts it. local_nvme_gib: size of the instance store all types have; above 0 it holds images, logs and scratch space instead of the root disk."
  type = object({
    size_gib       = optional(number, 100)
    kms_key        = string
    local_nvme_gib = optional(number, 0)
  })
  nullable = false

  validation {
    condition     = var.disk.size_gib >= 20 && var.disk.size_gib <= 16384
    error_message = "disk.size_gib: 20 to 16384; got ${var.disk.size_gib}."
  }

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.disk.kms_key))
    error_message = "disk.kms_key: the ARN of a KMS key (not of an alias); got \"${var.disk.kms_key}\"."
  }

  validation {
    condition     = var.disk.local_nvme_gib >= 0
    error_message = "disk.local_nvme_gib: 0 or more; got ${var.disk.local_nvme_gib}."
  }
}

variable "gpu" {
  description = "GPUs of each node: number of devices and model; null: the nodes have none. `pods_per_gpu`: pods that take turns on each device, one of those that the module kubernetes/gpu_plugin knows; 1: a device is a pod's alone."
  type = object({
    count        = number
    model        = string
    pods_per_gpu = optional(number, 1)
  })
  default = null

  validation {
    condition     = var.gpu == null ? true : var.gpu.count >= 1 && var.gpu.count <= 16
    error_message = "gpu.count: 1 to 16 devices per node; got ${var.gpu == null ? 0 : var.gpu.count}."
  }

  validation {
    condition     = var.gpu == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$", var.gpu.model))
    error_message = "gpu.model: lower-case letters, digits and hyphens, such as l40s or a100-80; got \"${var.gpu == null ? "" : var.gpu.model}\"."
  }

  validation {
    condition     = var.gpu == null ? true : var.gpu.pods_per_gpu >= 1 && var.gpu.pods_per_gpu <= 48 && floor(var.gpu.pods_per_gpu) == var.gpu.pods_per_gpu
    error_message = "gpu.pods_per_gpu: a whole number from 1 to 48; got ${var.gpu == null ? 1 : var.gpu.pods_per_gpu}."
  }
}

variable "architecture" {
  description = "CPU architecture: x86_64 or arm64."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture: x86_64 or arm64; got \"${var.architecture}\"."
  }
}

variable "image_release" {
  description = "Release of the EKS image: `kept`, what the group started with until cluster.version is raised; `latest`, what EKS recommends at each apply; or one, such as 1.35.2-20261115. Another release drains and replaces every node, as far as disruption budgets let it."
  type        = string
  default     = "kept"
  nullable    = false

  validation {
    condition     = contains(["kept", "latest"], var.image_release) || can(regex("^1\\.[0-9]{2}\\.[0-9]{1,2}-[0-9]{8}$", var.image_release))
    error_message = "image_release: kept, latest or a release such as 1.35.2-20261115; got \"${var.image_release}\"."
  }

  validation {
    condition     = contains(["kept", "latest"], var.image_release) || !startswith(var.image_release, "1.") || startswith(var.image_release, "${var.cluster.version}.")
    error_message = "image_release: a release for Kubernetes ${var.cluster.version}, the cluster's version; got \"${var.image_release}\"."
  }
}

variable "labels" {
  description = "Further Kubernetes labels of the nodes."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.labels : can(regex("^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", key)) && can(regex("^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$", value))])
    error_message = "labels: Kubernetes label keys and values of at most 63 characters; got ${jsonencode(var.labels)}."
  }

  validation {
    condition     = alltrue([for key, value in var.labels : !can(regex("^([a-z0-9-]+\\.)*(kubernetes\\.io|k8s\\.io|eks\\.amazonaws\\.com)/|^groundplan/|^nvidia\\.com/", key))])
    error_message = "labels: keys under kubernetes.io, k8s.io, eks.amazonaws.com, nvidia.com and groundplan/ are set by Kubernetes, EKS and this module; got ${join(", ", keys(var.labels))}."
  }
}

variable "taints" {
  description = "Further taints of the nodes. GPU pools always have nvidia.com/gpu=present:NoSchedule."
  type = list(object({
    key    = string
    value  = optional(string, "")
    effect = string
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for taint in var.taints : contains(["NoSchedule", "PreferNoSchedule", "NoExecute"], taint.effect)])
    error_message = "taints: effect is NoSchedule, PreferNoSchedule or NoExecute; got ${join(", ", var.taints[*].effect)}."
  }

  validation {
    condition     = alltrue([for taint in var.taints : taint.key != "nvidia.com/gpu"]) && length(distinct(var.taints[*].key)) == length(var.taints)
    error_message = "taints: each key once, and not nvidia.com/gpu, which gpu sets; got ${join(", ", var.taints[*].key)}."
  }
}

variable "tags" {
  description = "Tags of the instances, their volumes and network interfaces. The provider's default_tags reach the launch template, not what is launched from it. A change reaches instances that start later at once, volumes and interfaces when the nodes are next renewed."
  type        = map(string)
  default     = {}
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
