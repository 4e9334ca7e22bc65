output "workload_identity" {
  description = "Identities by name: service account and role of each."
  value = { for name, identity in var.identities : name => {
    namespace       = identity.namespace
    service_account = identity.service_account
    role_name       = aws_iam_role.workload[name].name
    role_arn        = aws_iam_role.workload[name].arn
  } }

  # A pod that starts before its association has no credentials for as long as it lives.
  depends_on = [
    aws_eks_pod_identity_association.workload,
    aws_iam_role_policy.workload,
    aws_iam_role_policy_attachment.workload,
  ]
}
