locals {
  rule_files = { for file in fileset("${path.module}/rules", "*.yaml") : trimsuffix(file, ".yaml") => file }

  # Rules on something that is not there would fire for ever, or never.
  parts = {
    mlflow = var.mlflow
  }

  rules = {
    for name, file in local.rule_files : name => templatefile("${path.module}/rules/${basename(file)}", merge(var.thresholds, {
      runbook             = var.runbook_url
      workload_namespaces = length(var.workload_namespaces) > 0 ? join("|", var.workload_namespaces) : ".*"
    })) if lookup(local.parts, name, true)
  }
}

resource "aws_prometheus_rule_group_namespace" "this" {
  for_each = local.rules

  name         = each.key
  workspace_id = aws_prometheus_workspace.this.id
  data         = each.value

  # An alert without a receiver is lost.
  depends_on = [aws_prometheus_alert_manager_definition.this]
}
