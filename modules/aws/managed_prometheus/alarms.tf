locals {
  # What CloudWatch knows by itself, so it is said even when the collector or the rules are silent.
  workspace_alarms = {
    # The Watchdog always fires, so an alert manager that hears nothing means that rules are not evaluated.
    alerting-silent = {
      description = "No alert has reached the alert manager for half an hour, not even the Watchdog, which always fires: rules are not evaluated."
      namespace   = "AWS/Prometheus"
      metric      = "AlertManagerAlertsReceived"
      dimensions  = { Workspace = aws_prometheus_workspace.this.id }
      statistic   = "Sum"
      comparison  = "LessThanThreshold"
      threshold   = 1
      periods     = 6
      missing     = "breaching"
    }
    alerts-undelivered = {
      description = "Alerts could not be published to the topic; the workspace's log group says why."
      namespace   = "AWS/Prometheus"
      metric      = "AlertManagerNotificationsFailed"
      dimensions  = { Workspace = aws_prometheus_workspace.this.id }
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      periods     = 1
      missing     = "notBreaching"
    }
  }

  nat_alarms = merge([
    for zone, id in var.nat_gateway_ids : {
      "nat-${zone}-ports" = {
        description = "The NAT gateway of ${zone} had no source port left: connections to the internet fail."
        namespace   = "AWS/NATGateway"
        metric      = "ErrorPortAllocation"
        dimensions  = { NatGatewayId = id }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        periods     = 3
        missing     = "notBreaching"
      }
      "nat-${zone}-drops" = {
        description = "The NAT gateway of ${zone} drops packets: AWS may have trouble there."
        namespace   = "AWS/NATGateway"
        metric      = "PacketsDropCount"
        dimensions  = { NatGatewayId = id }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 100
        periods     = 3
        missing     = "notBreaching"
      }
    }
  ]...)

  database_alarms = var.database == null ? {} : {
    database-cpu = {
      description = "The database has been busier than ${var.database.cpu_percent} % for half an hour."
      namespace   = "AWS/RDS"
      metric      = "CPUUtilization"
      dimensions  = { DBInstanceIdentifier = var.database.identifier }
      statistic   = "Average"
      comparison  = "GreaterThanThreshold"
      threshold   = var.database.cpu_percent
      periods     = 6
      missing     = "missing"
    }
    database-storage = {
      description = "The database has less than ${var.database.free_storage_gib} GiB left, and takes no writes once it is full."
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      dimensions  = { DBInstanceIdentifier = var.database.identifier }
      statistic   = "Minimum"
      comparison  = "LessThanThreshold"
      threshold   = var.database.free_storage_gib * pow(1024, 3)
      periods     = 2
      missing     = "missing"
    }
    database-connections = {
      description = "More than ${var.database.connections} connections are open to the database."
      namespace   = "AWS/RDS"
      metric      = "DatabaseConnections"
      dimensions  = { DBInstanceIdentifier = var.database.identifier }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.database.connections
      periods     = 3
      missing     = "missing"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = merge(local.workspace_alarms, local.nat_alarms, local.database_alarms)

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  # An alarm that comes before the policy is not let in, and CloudWatch does not try again.
  depends_on = [aws_sns_topic_policy.alerts]
}

# The rule PoolCannotScale speaks first; this one also when there is nobody to evaluate it.
resource "aws_cloudwatch_metric_alarm" "unschedulable_pods" {
  alarm_name          = "${var.name}-unschedulable-pods"
  alarm_description   = "Pods have found no node for ${2 * var.thresholds.unschedulable_minutes} minutes: pools cannot grow, or no pool fits."
  namespace           = "AWS/EKS"
  metric_name         = "scheduler_pending_pods_UNSCHEDULABLE"
  dimensions          = { ClusterName = var.cluster.name }
  statistic           = "Sum" # the only one that EKS publishes, over its own minute
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 2 * var.thresholds.unschedulable_minutes
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  depends_on = [aws_sns_topic_policy.alerts]
}

resource "aws_cloudwatch_metric_alarm" "apiserver_errors" {
  alarm_name          = "${var.name}-apiserver-errors"
  alarm_description   = "The Kubernetes API has failed more than ${var.thresholds.apiserver_error_percent} % of its requests for a quarter of an hour."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.apiserver_error_percent
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  metric_query {
    id          = "percent"
    label       = "Failed requests, percent"
    expression  = "100 * failed / all"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { failed = "apiserver_request_total_5XX", all = "apiserver_request_total" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/EKS"
        metric_name = metric_query.value
        dimensions  = { ClusterName = var.cluster.name }
        stat        = "Sum"
        period      = 300
      }
    }
  }

  depends_on = [aws_sns_topic_policy.alerts]
}
