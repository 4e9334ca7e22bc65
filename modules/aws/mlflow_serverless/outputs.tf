output "mlflow_serverless" {
  description = "The server: the URL for MLFLOW_TRACKING_URI, what a DNS record of the host points to, cluster and service for the AWS CLI, log group, and role of the server."
  value = {
    tracking_uri           = "https://${var.endpoint.host}"
    load_balancer_dns_name = aws_lb.this.dns_name
    load_balancer_zone_id  = aws_lb.this.zone_id
    cluster_name           = aws_ecs_cluster.this.name
    service_name           = aws_ecs_service.this.name
    log_group              = aws_cloudwatch_log_group.server.name
    task_role_arn          = aws_iam_role.task.arn
  }

  depends_on = [
    aws_appautoscaling_policy.cpu,
    aws_route53_record.this,
    aws_vpc_security_group_ingress_rule.clients,
  ]
}

output "client_security_group_id" {
  description = "Security group of the servers, which the database lets in. Apart from the rest, because the rest waits for the database."
  value       = aws_security_group.server.id
}
