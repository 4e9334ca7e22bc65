resource "aws_launch_template" "this" {
  name                   = "${var.cluster.name}-${var.name}"
  description            = "Nodes of the pool ${var.name} in ${var.cluster.name}"
  update_default_version = true
  user_data              = var.disk.local_nvme_gib > 0 ? base64encode(local.user_data) : null

  # No image, no key pair, no security group: EKS supplies the image of ami_type and the cluster's security
  # group, and nobody logs in over SSH.

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.disk.size_gib
      encrypted             = true
      kms_key_id            = var.disk.kms_key
      delete_on_termination = true
    }
  }

  # One hop ends at the node: a pod cannot fetch the node's credentials. Pods get theirs by pod identity.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  tag_specifications {
    resource_type = "instance"
    tags          = merge(var.tags, { Name = "${var.cluster.name}-${var.name}" })
  }

  tag_specifications {
    resource_type = "volume"
    tags          = merge(var.tags, { Name = "${var.cluster.name}-${var.name}" })
  }

  tag_specifications {
    resource_type = "network-interface"
    tags          = merge(var.tags, { Name = "${var.cluster.name}-${var.name}" })
  }
}

resource "aws_eks_node_group" "this" {
  for_each = local.node_groups

  cluster_name    = var.cluster.name
  node_group_name = "${var.name}-${each.key}"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.network.private_subnet_ids

  version         = var.cluster.version
  release_version = local.image_release
  ami_type        = local.ami_type
  capacity_type   = each.value.capacity_type
  instance_types  = var.instance_types
  labels          = local.labels_by_group[each.key]

  # An update that a disruption budget forbids fails and says so; it never kills a running job.
  force_update_version = false

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = var.nodes.max
    desired_size = each.value.min
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
    max_unavailable_percentage = 33
  }

  # Replaces nodes that stopped answering and, with the node monitoring agent, nodes with broken GPUs.
  node_repair_config {
    enabled = true
  }

  lifecycle {
    # The number of nodes belongs to the autoscaler.
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_iam_role_policy_attachment.node]
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
