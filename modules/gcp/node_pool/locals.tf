locals {
  # A spare GPU may not be to be had.
  strategy = coalesce(var.nodes.update.strategy, var.gpu == null ? "surge" : "minimal")

  # What GKE calls a GPU, and the machine types that have it or, n1, take it.
  # https://cloud.google.com/compute/docs/gpus
  accelerators = {
    t4           = "nvidia-tesla-t4"
    v100         = "nvidia-tesla-v100"
    p100         = "nvidia-tesla-p100"
    p4           = "nvidia-tesla-p4"
    l4           = "nvidia-l4"
    a100         = "nvidia-tesla-a100"
    a100-80      = "nvidia-a100-80gb"
    h100         = "nvidia-h100-80gb"
    h200         = "nvidia-h200-141gb"
    b200         = "nvidia-b200"
    gb200        = "nvidia-gb200"
    rtx-pro-6000 = "nvidia-rtx-pro-6000"
  }
  gpu_machines = {
    t4           = "^n1-"
    v100         = "^n1-"
    p100         = "^n1-"
    p4           = "^n1-"
    l4           = "^g2-"
    a100         = "^a2-(high|mega)gpu-"
    a100-80      = "^a2-ultragpu-"
    h100         = "^a3-(high|edge|mega)gpu-"
    h200         = "^a3-ultragpu-"
    b200         = "^a4-"
    gb200        = "^a4x-"
    rtx-pro-6000 = "^g4-"
  }

  # These families boot from Hyperdisk only. https://cloud.google.com/compute/docs/disks/hyperdisks
  hyperdisk_only = "^(c4|c4a|c4d|n4|n4a|n4d|h4d|m4|x4|a3-ultragpu|a4|a4x|g4)-"

  # Local SSDs that come with the machine, per GPU. GKE reports them whether asked for or not, and a count that
  # is not in the configuration would replace the pool in every plan.
  # https://cloud.google.com/compute/docs/disks/local-ssd
  ssds_per_gpu = {
    "^a2-ultragpu-"            = 1
    "^a3-(high|edge|mega)gpu-" = 2
    "^a3-ultragpu-"            = 4
    "^a4-"                     = 4
    "^a4x-"                    = 1
  }

  machines = { for type in var.instance_types : type => {
    disk_type   = can(regex(local.hyperdisk_only, type)) ? "hyperdisk-balanced" : "pd-balanced"
    accelerator = var.gpu == null ? null : startswith(type, "a3-megagpu-") ? "nvidia-h100-mega-80gb" : local.accelerators[var.gpu.model]
    local_ssds = concat(
      [for machines, ssds in local.ssds_per_gpu : ssds * var.gpu.count if can(regex(machines, type))],
      [ceil(var.disk.local_nvme_gib / (startswith(type, "z3-") ? 3000 : 375))],
    )[0]
  } }

  # One GKE node pool has one machine type and one purchase option.
  options = {
    on_demand          = ["on-demand"]
    spot               = ["spot"]
    spot_with_fallback = ["spot", "on-demand"]
  }[var.capacity]
  zones = length(var.zones) > 0 ? var.zones : var.cluster.zones

  # GKE counts the nodes of a pool by zone, and its autoscaler keeps a minimum but never fills up to one. So the nodes that
  # are always on have pools of a fixed size, one for each zone that has any, and the autoscaler has the rest.
  # https://github.com/kubernetes/autoscaler/issues/2288
  always_on = { for index, zone in local.zones : zone => floor(var.nodes.min / length(local.zones)) + (index < var.nodes.min % length(local.zones) ? 1 : 0) }

  # GKE takes 40 characters; the digest keeps apart what is cut off.
  fixed_pools = { for zone, nodes in local.always_on : "${local.options[0]}/${var.instance_types[0]}/${zone}" => {
    name   = "${trimsuffix(substr(var.name, 0, 21), "-")}-${local.options[0]}-${substr(zone, -1, 1)}-${substr(sha256("${var.name}/${var.instance_types[0]}"), 0, 6)}"
    option = local.options[0]
    type   = var.instance_types[0]
    zones  = [zone]
    nodes  = nodes
    max    = null
  } if nodes > 0 }
  scaled_pools = merge([for option in local.options : {
    for type in var.instance_types : "${option}/${type}" => {
      name   = "${trimsuffix(substr(var.name, 0, 23), "-")}-${option}-${substr(sha256("${var.name}/${type}"), 0, 6)}"
      option = option
      type   = type
      zones  = local.zones
      nodes  = null
      max    = var.nodes.max - (option == local.options[0] && type == var.instance_types[0] ? var.nodes.min : 0)
    }
  }]...)
  node_pools = merge(local.fixed_pools, { for key, pool in local.scaled_pools : key => pool if pool.max > 0 })

  # What a workload may rely on whichever node pool its node comes from.
  node_selector = { "groundplan/pool" = var.name }

  gpu_labels = var.gpu == null ? {} : {
    "groundplan/gpu" = var.gpu.model
    # What selects GPU nodes on any cloud.
    "nvidia.com/gpu.present" = "true"
  }

  labels = merge(var.labels, local.node_selector, local.gpu_labels)

  gpu_taints = var.gpu == null ? [] : [{ key = "nvidia.com/gpu", value = "present", effect = "NoSchedule" }]
  taints     = concat(local.gpu_taints, var.taints)

  # GKE sets it by itself.
  arch_taints = var.architecture == "x86_64" ? [] : [{ key = "kubernetes.io/arch", value = "arm64", effect = "NoSchedule" }]

  tolerations = [for taint in concat(local.taints, local.arch_taints) : {
    key      = taint.key
    operator = "Equal"
    value    = taint.value
    effect   = taint.effect
  }]

  # GKE spells effects its own way.
  gke_effects = {
    NoSchedule       = "NO_SCHEDULE"
    PreferNoSchedule = "PREFER_NO_SCHEDULE"
    NoExecute        = "NO_EXECUTE"
  }
}
