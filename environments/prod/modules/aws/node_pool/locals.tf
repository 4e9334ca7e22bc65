locals {
  ami_types = {
    x86_64 = { cpu = "AL2023_x86_64_STANDARD", gpu = "AL2023_x86_64_NVIDIA" }
    arm64  = { cpu = "AL2023_ARM_64_STANDARD", gpu = "AL2023_ARM_64_NVIDIA" }
  }
  ami_type = local.ami_types[var.architecture][var.gpu == null ? "cpu" : "gpu"]

  zones = sort([for zone in keys(var.network.private_subnets) : zone if length(var.nodes.zones) == 0 || contains(var.nodes.zones, zone)])

  # One managed node group has one purchase option, so a fallback is a second group. Keys say which part a group has, not
  # how it is bought: with another purchase option, `primary` is replaced, new nodes first, and always holds nodes.min.
  options = {
    on_demand          = { primary = { capacity = "on-demand", min = var.nodes.min } }
    spot               = { primary = { capacity = "spot", min = var.nodes.min } }
    spot_with_fallback = { primary = { capacity = "spot", min = var.nodes.min }, fallback = { capacity = "on-demand", min = 0 } }
  }[var.capacity]

  # Auto Scaling picks the zone of a new node in a group of several zones; nobody can ask it for one.
  places = var.nodes.group_per_zone ? [for zone in local.zones : [zone]] : [local.zones]

  node_groups = merge([
    for part, option in local.options : {
      # By position: the first is there whether or not there are others, and is replaced with new nodes first.
      for index, zones in local.places : (index == 0 ? part : "${part}-${index + 1}") => {
        capacity = option.capacity
        zones    = zones
        # What is left over goes to the first zones.
        min = floor(option.min / length(local.places)) + (index < option.min % length(local.places) ? 1 : 0)
        max = ceil(var.nodes.max / length(local.places))
        # The purchase option and the zone end the readable part of the name: the autoscaler's priorities find spot groups by
        # it. The provider adds 26 characters, and a name has 63.
        suffix = var.nodes.group_per_zone ? "-${option.capacity}-${zones[0]}-" : "-${option.capacity}-"
      }
    }
  ]...)

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

  labels_by_group = { for name, group in local.node_groups : name => merge(local.labels, { "groundplan/capacity" = group.capacity }) }

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

  # Volumes of the EBS driver ask for this label, which the autoscaler does not derive from the zone of an empty group.
  # https://github.com/kubernetes/autoscaler/issues/3845
  zone_labels = { for name, group in local.node_groups : name => {
    for zone in group.zones : "topology.ebs.csi.aws.com/zone" => var.network.private_subnets[zone].zone_name if var.nodes.group_per_zone
  } }

  # While a group has no node, the autoscaler knows labels, taints and resources from these tags only.
  # Tags that make it discover the group are put there by EKS.
  autoscaler_tags = merge([
    for group, labels in local.labels_by_group : merge(
      { for key, value in merge(labels, local.zone_labels[group]) : "${group}|label/${key}" => { group = group, key = "${local.template_prefix}/label/${key}", value = value } },
      { for taint in local.taints : "${group}|taint/${taint.key}" => { group = group, key = "${local.template_prefix}/taint/${taint.key}", value = "${taint.value}:${taint.effect}" } },
      { "${group}|resources/ephemeral-storage" = { group = group, key = "${local.template_prefix}/resources/ephemeral-storage", value = "${local.ephemeral_storage_gib}Gi" } },
      var.gpu == null ? {} : { "${group}|resources/nvidia.com/gpu" = { group = group, key = "${local.template_prefix}/resources/nvidia.com/gpu", value = tostring(var.gpu.count * var.gpu.pods_per_gpu) } },
    )
  ]...)

  # In the launch template for the first nodes, which start before the group can be tagged, and here for all later ones:
  # where both have a key, the group's value counts.
  instance_tags = merge([
    for group in keys(local.node_groups) : { for key, value in local.tags : "${group}|tag/${key}" => { group = group, key = key, value = value } }
  ]...)
  tags = merge(var.tags, { Name = "${var.cluster.name}-${var.name}" })

  # Finds the group that runs now, whose name the provider made. Where new nodes come first, one that replaces it starts with
  # as many; else what forces a replacement is part of the value, so that nothing is found and the new one starts with min.
  marks = { for name, group in local.node_groups : name => join("/", concat(
    [var.cluster.name, var.name, name],
    var.nodes.update.strategy == "surge" ? [] : [substr(sha1(jsonencode([group.capacity, group.zones, var.instance_types, local.ami_type])), 0, 8)],
  )) }
  mark_key = "groundplan/node-group"
  running  = { for mark, groups in data.aws_autoscaling_groups.running : mark => groups.names }

  # All that a launch template holds beside tags: nodes are renewed when it changes, and for tags alone they are not.
  machine = {
    volume_gib = var.disk.size_gib
    kms_key    = var.disk.kms_key
    user_data  = var.disk.local_nvme_gib > 0 ? base64encode(local.user_data) : null
    # One hop ends at the node: a pod cannot fetch the node's credentials. Pods get theirs by pod identity.
    metadata_hops       = 1
    detailed_monitoring = true
  }

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
