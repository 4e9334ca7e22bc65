locals {
  ami_types = {
    x86_64 = { cpu = "AL2023_x86_64_STANDARD", gpu = "AL2023_x86_64_NVIDIA" }
    arm64  = { cpu = "AL2023_ARM_64_STANDARD", gpu = "AL2023_ARM_64_NVIDIA" }
  }
  ami_type = local.ami_types[var.architecture][var.gpu == null ? "cpu" : "gpu"]

  # One managed node group has one purchase option, so a fallback is a second group. The suffix is part of
  # the contract: the autoscaler's priorities find spot groups by it.
  node_groups_by_capacity = {
    on_demand = {
      on-demand = { capacity_type = "ON_DEMAND", min = var.nodes.min }
    }
    spot = {
      spot = { capacity_type = "SPOT", min = var.nodes.min }
    }
    spot_with_fallback = {
      spot      = { capacity_type = "SPOT", min = var.nodes.min }
      on-demand = { capacity_type = "ON_DEMAND", min = 0 }
    }
  }
  node_groups = local.node_groups_by_capacity[var.capacity]

  # What a workload may rely on whichever group its node comes from.
  node_selector = { "groundplan/pool" = var.name }

  gpu_labels = var.gpu == null ? {} : {
    "groundplan/gpu" = var.gpu.model
    # Lets the device plugin run here without node feature discovery.
    "nvidia.com/gpu.present" = "true"
    # Tells the autoscaler that GPUs will appear on a young node, so that it does not add a second one.
    "k8s.amazonaws.com/accelerator" = "nvidia-${var.gpu.model}"
  }

  # By this label the device plugin finds how often it offers each device.
  # https://github.com/NVIDIA/k8s-device-plugin#updating-per-node-configuration-with-a-node-label
  sharing_labels = {
    for key in ["nvidia.com/device-plugin.config"] : key => "shared-${var.gpu.pods_per_gpu}" if try(var.gpu.pods_per_gpu, 1) > 1
  }

  labels = merge(var.labels, local.node_selector, local.gpu_labels, local.sharing_labels)

  labels_by_group = { for group in keys(local.node_groups) : group => merge(local.labels, { "groundplan/capacity" = group }) }

  gpu_taints = var.gpu == null ? [] : [{ key = "nvidia.com/gpu", value = "present", effect = "NoSchedule" }]
  taints     = concat(local.gpu_taints, var.taints)

  tolerations = [for taint in local.taints : {
    key      = taint.key
    operator = "Equal"
    value    = taint.value
    effect   = taint.effect
  }]

  # EKS spells effects its own way.
  eks_effects = {
    NoSchedule       = "NO_SCHEDULE"
    PreferNoSchedule = "PREFER_NO_SCHEDULE"
    NoExecute        = "NO_EXECUTE"
  }

  # About a tenth of the disk is the system's and the kubelet's reserve.
  ephemeral_storage_gib = floor((var.disk.local_nvme_gib > 0 ? var.disk.local_nvme_gib : var.disk.size_gib) * 0.9)

  template_prefix = "k8s.io/cluster-autoscaler/node-template"

  # While a group has no node, the autoscaler knows labels, taints and resources from these tags only.
  # Tags that make it discover the group are put there by EKS.
  autoscaler_tags = merge([
    for group, labels in local.labels_by_group : merge(
      { for key, value in labels : "${group}|label/${key}" => { group = group, key = "${local.template_prefix}/label/${key}", value = value } },
      { for taint in local.taints : "${group}|taint/${taint.key}" => { group = group, key = "${local.template_prefix}/taint/${taint.key}", value = "${taint.value}:${taint.effect}" } },
      { "${group}|resources/ephemeral-storage" = { group = group, key = "${local.template_prefix}/resources/ephemeral-storage", value = "${local.ephemeral_storage_gib}Gi" } },
      var.gpu == null ? {} : { "${group}|resources/nvidia.com/gpu" = { group = group, key = "${local.template_prefix}/resources/nvidia.com/gpu", value = tostring(var.gpu.count * var.gpu.pods_per_gpu) } },
    )
  ]...)

  # RAID 0 over the instance store for containerd and kubelet. EKS merges this with its own part.
  user_data = <<-EOT
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="//"

    --//
    Content-Type: application/node.eks.aws

    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      instance:
        localStorage:
          strategy: RAID0
    --//--
  EOT
}
