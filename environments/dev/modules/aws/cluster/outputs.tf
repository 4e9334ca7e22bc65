output "cluster" {
  description = "The cluster, usable: its nodes can join and its administrators can log in."
  value = {
    name                       = aws_eks_cluster.this.name
    arn                        = aws_eks_cluster.this.arn
    version                    = aws_eks_cluster.this.version
    endpoint                   = aws_eks_cluster.this.endpoint
    certificate_authority_data = aws_eks_cluster.this.certificate_authority[0].data
    security_group_id          = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
    oidc_issuer                = aws_eks_cluster.this.identity[0].oidc[0].issuer
    addon_versions             = local.addon_versions
    log_group_name             = aws_cloudwatch_log_group.control_plane.name
  }

  depends_on = [
    aws_eks_access_entry.group,
    aws_eks_access_policy_association.admin,
    aws_eks_addon.kube_proxy,
    aws_eks_addon.pod_identity_agent,
    aws_eks_addon.vpc_cni,
    aws_vpc_security_group_ingress_rule.private_endpoint,
  ]
}
