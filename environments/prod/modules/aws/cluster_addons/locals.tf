locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  pinned_addons = {
    aws-ebs-csi-driver        = var.addon_versions.aws_ebs_csi_driver
    coredns                   = var.addon_versions.coredns
    eks-node-monitoring-agent = var.addon_versions.node_monitoring_agent
    metrics-server            = var.addon_versions.metrics_server
  }
  addon_versions = { for name, version in local.pinned_addons : name => version == null ? data.aws_eks_addon_version.default[name].version : version }

  # Controllers stay on the system pool: anywhere else they would keep a training node alive.
  placement = {
    nodeSelector = var.system_pool.node_selector
    tolerations  = [for t in var.system_pool.tolerations : { for k, v in t : k => v if v != null }]
  }
}
