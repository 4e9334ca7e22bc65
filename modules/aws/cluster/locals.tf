locals {
  pinned_addons = {
    eks-pod-identity-agent = var.addon_versions.eks_pod_identity_agent
    kube-proxy             = var.addon_versions.kube_proxy
    vpc-cni                = var.addon_versions.vpc_cni
  }
  addon_versions = { for name, version in local.pinned_addons : name => version == null ? data.aws_eks_addon_version.default[name].version : version }

  log_group_name = "/aws/eks/${var.name}/cluster"

  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  arn        = "arn:${local.partition}:eks:${data.aws_region.current.region}:${local.account_id}:cluster/${var.name}"
}
