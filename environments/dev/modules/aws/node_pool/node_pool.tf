resource "aws_launch_template" "this" {
  name                   = "${var.cluster.name}-${var.name}"
  description            = "Nodes of the pool ${var.name} in ${var.cluster.name}"
  update_default_version = true
  user_data              = local.machine.user_data

  # No image, no key pair, no security group: EKS supplies the image of ami_type and the cluster's security
  # group, and nobody logs in over SSH.

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = local.machine.volume_gib
      encrypted             = true
      kms_key_id            = local.machine.kms_key
      delete_on_termination = true
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = local.machine.metadata_hops
  }

  monitoring {
    enabled = local.machine.detailed_monitoring
  }

  tag_specifications {
    resource_type = "instance"
    tags          = local.tags
  }

  tag_specifications {
    resource_type = "volume"
    tags          = local.tags
  }

  tag_specifications {
    resource_type = "network-interface"
    tags          = local.tags
  }
}

# The version that nodes start from. A change of tags makes a new version too; it is taken up with the next change of the
# machine, because EKS renews every node to take up one.
# https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
resource "terraform_data" "launch_template_version" {
  input            = aws_launch_template.this.latest_version
  triggers_replace = [aws_launch_template.this.id, local.machine]

  lifecycle {
    ignore_changes = [input]
  }
}

data "aws_autoscaling_groups" "running" {
  for_each = local.marks

  filter {
    name   = "tag:${local.mark_key}"
    values = [each.value]
  }
}

data "aws_autoscaling_group" "running" {
  for_each = toset(flatten(values(local.running)))

  name = each.value
}

resource "aws_eks_node_group" "this" {
  for_each = local.node_groups

  cluster_name = var.cluster.name
  # The old group and the new one stand side by side during a replacement. A name made of the arguments would be taken by a
  # group whose making failed.
  node_group_name_prefix = "${trimsuffix(substr(var.name, 0, 37 - length(each.value.suffix)), "-")}${each.value.suffix}"
  node_role_arn          = aws_iam_role.node.arn
  subnet_ids             = [for zone in each.value.zones : var.network.private_subnets[zone].id]

  version         = var.cluster.version
  release_version = local.image_release
  ami_type        = local.ami_type
  capacity_type   = { on-demand = "ON_DEMAND", spot = "SPOT" }[each.value.capacity]
  instance_types  = var.instance_types
  labels          = local.labels_by_group[each.key]

  # An update that a disruption budget forbids fails and says so; it never kills a running job.
  force_update_version = false

  launch_template {
    id      = aws_launch_template.this.id
    version = terraform_data.launch_template_version.output
  }

  # The number of nodes belongs to the autoscaler, and EKS refuses a min above it: the number that runs, within the bounds.
  # Ignoring changes of it would send the old number with a new min.
  # https://github.com/hashicorp/terraform-provider-aws/issues/18310
  scaling_config {
    min_size = each.value.min
    max_size = each.value.max
    desired_size = max(each.value.min, min(each.value.max, max(0, [
      for name in local.running[each.key] : data.aws_autoscaling_group.running[name].desired_capacity
    ]...)))
  }

  dynamic "taint" {
    for_each = local.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = local.eks_effects[taint.value.effect]
    }
  }

  update_config {
    max_unavailable = var.nodes.update.max_unavailable
    update_strategy = { surge = "DEFAULT", minimal = "MINIMAL" }[var.nodes.update.strategy]
  }

  # Replaces nodes that stopped answering and, with the node monitoring agent, nodes with broken GPUs.
  node_repair_config {
    enabled = var.nodes.update.repair
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_iam_role_policy_attachment.node]
}

# Groups of earlier versions of this module were keyed by purchase option.
moved {
  from = aws_eks_node_group.this["on-demand"]
  to   = aws_eks_node_group.this["primary"]
}

moved {
  from = aws_eks_node_group.this["spot"]
  to   = aws_eks_node_group.this["fallback"]
}

resource "aws_autoscaling_group_tag" "autoscaler" {
  for_each = local.autoscaler_tags

  autoscaling_group_name = aws_eks_node_group.this[each.value.group].resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.value.key
    value               = each.value.value
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_group_tag" "mark" {
  for_each = local.marks

  autoscaling_group_name = aws_eks_node_group.this[each.key].resources[0].autoscaling_groups[0].name

  tag {
    key                 = local.mark_key
    value               = each.value
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_group_tag" "instance" {
  for_each = local.instance_tags

  autoscaling_group_name = aws_eks_node_group.this[each.value.group].resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.value.key
    value               = each.value.value
    propagate_at_launch = true
  }
}
