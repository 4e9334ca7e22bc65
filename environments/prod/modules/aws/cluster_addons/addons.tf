data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# The version that EKS takes by default for the Kubernetes version of the cluster; see the module cluster.
data "aws_eks_addon_version" "default" {
  for_each = toset([for name, version in local.pinned_addons : name if version == null])

  addon_name         = each.key
  kubernetes_version = var.cluster.version
}

resource "aws_eks_addon" "coredns" {
  cluster_name                = var.cluster.name
  addon_name                  = "coredns"
  addon_version               = local.addon_versions["coredns"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = jsonencode(local.placement)
}

resource "aws_eks_addon" "metrics_server" {
  cluster_name                = var.cluster.name
  addon_name                  = "metrics-server"
  addon_version               = local.addon_versions["metrics-server"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = jsonencode(local.placement)
}

resource "aws_eks_addon" "ebs_csi_driver" {
  cluster_name                = var.cluster.name
  addon_name                  = "aws-ebs-csi-driver"
  addon_version               = local.addon_versions["aws-ebs-csi-driver"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = jsonencode({ controller = local.placement })

  pod_identity_association {
    role_arn        = aws_iam_role.ebs_csi_driver.arn
    service_account = "ebs-csi-controller-sa"
  }

  depends_on = [
    aws_iam_role_policy.ebs_csi_driver_encryption,
    aws_iam_role_policy.ebs_csi_driver_key,
    aws_iam_role_policy_attachment.ebs_csi_driver,
  ]
}

# Node auto repair sees a node that stopped answering by itself; it learns of GPU faults (XID errors, a
# device that fell off the bus) only from this agent.
resource "aws_eks_addon" "node_monitoring_agent" {
  cluster_name                = var.cluster.name
  addon_name                  = "eks-node-monitoring-agent"
  addon_version               = local.addon_versions["eks-node-monitoring-agent"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  # Its GPU part tolerates nothing by itself. On a tainted GPU node it would not run, and the agent would report broken
  # GPUs, for which auto repair replaces nodes. It selects GPU types, so it runs nowhere else.
  # https://github.com/aws/containers-roadmap/issues/2567
  configuration_values = jsonencode({ dcgmAgent = { tolerations = [{ operator = "Exists" }] } })
}
