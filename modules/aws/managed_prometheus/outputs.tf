output "managed_prometheus" {
  description = "The workspace, filled and watched; `endpoint` is for queries (append `api/v1/query`), `alarms` are the names of the CloudWatch alarms."
  value = {
    workspace_id = aws_prometheus_workspace.this.id
    endpoint     = aws_prometheus_workspace.this.prometheus_endpoint
    arn          = aws_prometheus_workspace.this.arn
    topic_arn    = aws_sns_topic.alerts.arn
    rules        = sort(keys(aws_prometheus_rule_group_namespace.this))
    alarms       = sort(concat([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name], [aws_cloudwatch_metric_alarm.apiserver_errors.alarm_name, aws_cloudwatch_metric_alarm.unschedulable_pods.alarm_name]))
  }

  depends_on = [
    aws_eks_addon.kube_state_metrics,
    aws_prometheus_scraper.this,
    aws_sns_topic_subscription.email,
  ]
}
