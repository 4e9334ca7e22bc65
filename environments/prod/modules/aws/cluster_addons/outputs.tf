output "cluster_addons" {
  description = "Installed add-ons by name, with their versions, and the role of the volume driver."
  value = {
    versions = {
      (aws_eks_addon.coredns.addon_name)               = aws_eks_addon.coredns.addon_version
      (aws_eks_addon.ebs_csi_driver.addon_name)        = aws_eks_addon.ebs_csi_driver.addon_version
      (aws_eks_addon.metrics_server.addon_name)        = aws_eks_addon.metrics_server.addon_version
      (aws_eks_addon.node_monitoring_agent.addon_name) = aws_eks_addon.node_monitoring_agent.addon_version
    }
    ebs_csi_driver_role_arn = aws_iam_role.ebs_csi_driver.arn
  }
}
