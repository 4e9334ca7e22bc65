output "load_balancer_identity" {
  description = "Service account and role of the controller."
  value = {
    namespace       = var.namespace
    service_account = var.service_account
    role_name       = aws_iam_role.controller.name
    role_arn        = aws_iam_role.controller.arn
  }

  # A pod that starts before its association has no credentials for as long as it lives.
  depends_on = [
    aws_eks_pod_identity_association.controller,
    aws_iam_role_policy.controller,
  ]
}
