output "node_pool" {
  description = "The pool: its node groups, what workloads put into nodeSelector and tolerations to land on it, and its role."
  value = {
    name             = var.name
    node_group_names = [for group in aws_eks_node_group.this : group.node_group_name]
    labels           = local.labels
    taints           = local.taints
    node_selector    = local.node_selector
    tolerations      = local.tolerations
    role_arn         = aws_iam_role.node.arn
  }

  # A pool that the autoscaler cannot read would stay at zero nodes.
  depends_on = [aws_autoscaling_group_tag.autoscaler]
}
