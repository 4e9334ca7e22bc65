output "alert_topic" {
  description = "The topic, and the service account and role that publish to it."
  value = {
    arn             = aws_sns_topic.alerts.arn
    name            = aws_sns_topic.alerts.name
    role_arn        = aws_iam_role.alertmanager.arn
    namespace       = var.identity.namespace
    service_account = var.identity.service_account
  }

  # A pod that starts before its association has no credentials for as long as it lives.
  depends_on = [
    aws_eks_pod_identity_association.alertmanager,
    aws_iam_role_policy.alertmanager,
    aws_sns_topic_policy.alerts,
    aws_sns_topic_subscription.email,
  ]
}
