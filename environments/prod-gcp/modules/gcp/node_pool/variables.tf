variable "name" {
  description = "Name of the pool, unique in the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$", var.name))
    error_message = "name: 1 to 53 lower-case letters, digits and hyphens, first a letter, last no hyphen; got \"${var.name}\"."
  }
}

variable "cluster" {
  description = "The cluster, as the module cluster gives it."
  type = object({
    name                 = string
    location             = string
    zones                = list(string)
    max_pods_per_node    = number
    node_service_account = string
  })
  nullable = false
}

variable "network" {
  description = "Network of the nodes: the name of the subnet's range for their pods."
  type = object({
    pods_range = string
  })
  nullable = false
}

variable "zones" {
  description = "Zones of the nodes; empty: those of the cluster. Name the zones that offer every machine type and GPU of the pool: GKE makes no pool in one that does not."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for zone in var.zones : can(regex("^[a-z]+-[a-z]+[0-9]+-[a-z]$", zone))]) && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones: zones such as us-central1-a, each once; got ${join(", ", var.zones)}."
  }
}

variable "instance_types" {
  description = "Machine types, each a GKE node pool of its own for each purchase option. All with about the same vCPUs, memory and GPUs; the autoscaler takes the cheapest that is to be had."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.instance_types) >= 1 && length(var.instance_types) <= 10 && length(distinct(var.instance_types)) == length(var.instance_types)
    error_message = "instance_types: 1 to 10 types, each once; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^[a-z][0-9]+[a-z]*-[a-z0-9-]+$", type))])
    error_message = "instance_types: names such as g2-standard-8; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("^(t2a|c4a|n4a|a4x)-", type)) == (var.architecture == "arm64")])
    error_message = "instance_types: every type needs architecture ${var.architecture}; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex(var.gpu == null ? "^([bd-fh-z]|a[5-9]|c)" : lookup(local.gpu_machines, var.gpu.model, "."), type))])
    error_message = "instance_types: ${var.gpu == null ? "no GPU types (g*, a*) in a pool without gpu" : "types that have ${var.gpu.model} GPUs or take them"}; got ${join(", ", var.instance_types)}."
  }

  validation {
    # a2-highgpu-4g has four GPUs.
    condition     = var.gpu == null ? true : alltrue([for type in var.instance_types : endswith(type, "-${var.gpu.count}g") || !can(regex("-[0-9]+g$", type))])
    error_message = "instance_types: types with ${var.gpu == null ? 0 : var.gpu.count} GPUs; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : !can(regex("-lssd$|^z3-", type)) || var.disk.local_nvme_gib > 0])
    error_message = "instance_types: types with Local SSD of their own need its size in disk.local_nvme_gib; got ${join(", ", var.instance_types)}."
  }

  validation {
    condition     = alltrue([for type in var.instance_types : can(regex("-lssd$|^(n1|n2|n2d|c2|c2d|m1|m3|g2|g4|a2|a3|a4|a4x|z3)-", type)) || var.disk.local_nvme_gib == 0])
    error_message = "instance_types: with disk.local_nvme_gib only types that have or take Local SSD; got ${join(", ", var.instance_types)}."
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
  description = "Bounds over all zones. min: nodes that are always on, of the first machine type and purchase option, spread over the zones in their order; raising it starts nodes. Each of the further GKE node pools may grow to max. `update.strategy`: surge starts new nodes first, minimal ends old ones first, the default with GPUs; `max_unavailable`: nodes at a time."
  type = object({
    min = number
    max = number
    update = optional(object({
      strategy        = optional(string)
      max_unavailable = optional(number, 1)
    }), {})
  })
  nullable = false

  validation {
    condition     = var.nodes.min >= 0 && var.nodes.max >= 1 && var.nodes.min <= var.nodes.max
    error_message = "nodes: 0 <= min <= max and max >= 1; got min ${var.nodes.min}, max ${var.nodes.max}."
  }

  validation {
    condition     = var.nodes.update.strategy == null ? true : contains(["surge", "minimal"], var.nodes.update.strategy)
    error_message = "nodes.update.strategy: surge or minimal; got \"${var.nodes.update.strategy == null ? "null" : var.nodes.update.strategy}\"."
  }

  validation {
    condition     = var.nodes.update.max_unavailable >= 1 && var.nodes.update.max_unavailable <= 20
    error_message = "nodes.update.max_unavailable: 1 to 20; got ${var.nodes.update.max_unavailable}."
  }
}

variable "disk" {
  description = "Boot disk of each node and the crypto key that encrypts it. local_nvme_gib: Local SSD of each node, which all types have or take; above 0 it holds images, logs and scratch space instead of the boot disk."
  type = object({
    size_gib       = optional(number, 100)
    kms_key        = string
    local_nvme_gib = optional(number, 0)
  })
  nullable = false

  validation {
    condition     = var.disk.size_gib >= 20 && var.disk.size_gib <= 65536
    error_message = "disk.size_gib: 20 to 65536; got ${var.disk.size_gib}."
  }

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.disk.kms_key))
    error_message = "disk.kms_key: a crypto key, projects/<p>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>; got \"${var.disk.kms_key}\"."
  }

  validation {
    condition     = var.disk.local_nvme_gib >= 0 && var.disk.local_nvme_gib % 375 == 0
    error_message = "disk.local_nvme_gib: a multiple of 375, the size of one Local SSD; got ${var.disk.local_nvme_gib}."
  }
}

variable "gpu" {
  description = "GPUs of each node; null: none. partition: size of the parts each is cut into (MIG), such as 1g.10gb. sharing: containers that share a GPU or a part, by time_sharing or mps. driver: default or latest of the node's GKE version."
  type = object({
    count     = number
    model     = string
    driver    = optional(string, "default")
    partition = optional(string)
    sharing = optional(object({
      strategy = string
      clients  = number
    }))
  })
  default = null

  validation {
    condition     = var.gpu == null ? true : contains([1, 2, 4, 8, 16], var.gpu.count)
    error_message = "gpu.count: 1, 2, 4, 8 or 16 devices per node; got ${var.gpu == null ? 0 : var.gpu.count}."
  }

  validation {
    condition     = var.gpu == null ? true : contains(keys(local.accelerators), var.gpu.model)
    error_message = "gpu.model: one of ${join(", ", keys(local.accelerators))}; got \"${var.gpu == null ? "" : var.gpu.model}\"."
  }

  validation {
    condition     = var.gpu == null ? true : contains(["default", "latest"], var.gpu.driver)
    error_message = "gpu.driver: default or latest; got \"${var.gpu == null ? "" : var.gpu.driver}\"."
  }

  validation {
    condition     = try(var.gpu.partition, null) == null ? true : can(regex("^[1-7]g\\.[0-9]+gb$", var.gpu.partition)) && can(regex("^(a100|h100|h200|b200|gb200|rtx-pro-6000)", var.gpu.model))
    error_message = "gpu.partition: a size such as 1g.10gb, of A100 and later; got \"${var.gpu == null ? "" : coalesce(var.gpu.partition, "null")}\" of ${var.gpu == null ? "none" : var.gpu.model}."
  }

  validation {
    condition     = try(var.gpu.sharing, null) == null ? true : contains(["time_sharing", "mps"], var.gpu.sharing.strategy) && var.gpu.sharing.clients >= 2 && var.gpu.sharing.clients <= 48
    error_message = "gpu.sharing: strategy time_sharing or mps, clients 2 to 48; got ${jsonencode(try(var.gpu.sharing, null))}."
  }
}

variable "architecture" {
  description = "CPU architecture: x86_64 or arm64. GKE taints arm64 nodes kubernetes.io/arch=arm64:NoSchedule; the output's tolerations say so."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture: x86_64 or arm64; got \"${var.architecture}\"."
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
    condition     = alltrue([for key, value in var.labels : !can(regex("^([a-z0-9-]+\\.)*(kubernetes\\.io|k8s\\.io|cloud\\.google\\.com)/|^groundplan/|^nvidia\\.com/", key))])
    error_message = "labels: keys under kubernetes.io, k8s.io, cloud.google.com, nvidia.com and groundplan/ are set by Kubernetes, GKE and this module; got ${join(", ", keys(var.labels))}."
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
    condition     = alltrue([for taint in var.taints : !contains(["nvidia.com/gpu", "kubernetes.io/arch"], taint.key)]) && length(distinct(var.taints[*].key)) == length(var.taints)
    error_message = "taints: each key once, and neither nvidia.com/gpu nor kubernetes.io/arch, which gpu and architecture set; got ${join(", ", var.taints[*].key)}."
  }
}

variable "tags" {
  description = "Labels of the machines and their disks. The provider's default_labels reach node pools, not the machines."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key, value in var.tags : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "tags: keys and values of at most 63 lower-case letters, digits, hyphens and underscores; got ${jsonencode(var.tags)}."
  }
}
