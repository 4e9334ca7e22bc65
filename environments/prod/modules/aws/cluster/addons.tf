# These add-ons run as DaemonSets: they become active without a node, and no node becomes ready without
# them. Add-ons that need nodes (CoreDNS, metrics, volumes) are in the module cluster_addons.

# The version that EKS takes by default for this Kubernetes version. Unset, an add-on would stay at that of its first apply for
# ever: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3448. The control plane is upgraded first, the nodes
# last, so kube-proxy is never newer than the one nor older than the other by more than it may be.
# https://kubernetes.io/releases/version-skew-policy/
data "aws_eks_addon_version" "default" {
  for_each = toset([for name, version in local.pinned_addons : name if version == null])

  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}

resource "aws_eks_addon" "pod_identity_agent" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "eks-pod-identity-agent"
  addon_version               = local.addon_versions["eks-pod-identity-agent"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "kube_proxy" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "kube-proxy"
  addon_version               = local.addon_versions["kube-proxy"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "vpc_cni" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "vpc-cni"
  addon_version               = local.addon_versions["vpc-cni"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  configuration_values = jsonencode({
    # Without this the cluster accepts NetworkPolicy objects and enforces none of them.
    enableNetworkPolicy = "true"

    # Left alone the plugin takes whole interfaces of addresses ahead of need: 100 for an idle g5.12xlarge. With these a node has 16 for
    # its first 12 pods and 16 more for each 16 further ones.
    # https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
    env = {
      ENABLE_PREFIX_DELEGATION = tostring(var.prefix_delegation)
      MINIMUM_IP_TARGET        = "16"
      WARM_IP_TARGET           = "4"
    }
  })

  pod_identity_association {
    role_arn        = aws_iam_role.vpc_cni.arn
    service_account = "aws-node"
  }

  depends_on = [
    aws_eks_addon.pod_identity_agent,
    aws_iam_role_policy_attachment.vpc_cni,
  ]
}
