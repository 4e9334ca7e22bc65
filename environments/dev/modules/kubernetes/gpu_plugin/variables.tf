variable "namespace" {
  description = "Namespace of the device plugin."
  type        = string
  default     = "kube-system"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "namespace: a Kubernetes name of 1 to 63 lower-case letters, digits and hyphens; got \"${var.namespace}\"."
  }
}

variable "chart_version" {
  description = "Version of the chart nvidia-device-plugin, exact."
  type        = string
  default     = "0.20.0"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.chart_version))
    error_message = "chart_version: an exact version such as 0.20.0; got \"${var.chart_version}\"."
  }
}

variable "node_selector" {
  description = "Labels of the nodes that have GPUs."
  type        = map(string)
  default     = { "nvidia.com/gpu.present" = "true" }
  nullable    = false

  validation {
    condition     = length(var.node_selector) > 0
    error_message = "node_selector: at least one label, or the plugin runs on every node; got {}."
  }
}

variable "pods_per_gpu" {
  description = "In how many ways GPUs are shared: for each number a node with the label nvidia.com/device-plugin.config=shared-<number> offers each of its GPUs so often, to pods that take turns. They share its memory too, and nothing keeps one from taking all of it. Nodes without the label give a GPU to one pod."
  type        = set(number)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for pods in var.pods_per_gpu : pods >= 2 && pods <= 48 && floor(pods) == pods])
    error_message = "pods_per_gpu: whole numbers from 2 to 48; got ${jsonencode(var.pods_per_gpu)}."
  }
}
