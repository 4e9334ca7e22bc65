output "autoscaler_identity" {
  description = "Service account and role of the autoscaler."
  value = {
    namespace       = var.namespace
    service_account = var.service_account
    role_name       = aws_iam_role.autoscaler.name
    role_arn        = aws_iam_role.autoscaler.arn
  }

  # A pod that starts before its association has no credentials for as long as it lives.
  depends_on = [
    aws_eks_pod_identity_association.autoscaler,
    aws_iam_role_policy.autoscaler,
  ]
}
