locals {
  alert_title = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }} in ${var.name}"
  alert_text  = "{{ range .Alerts }}{{ .Labels.severity }}: {{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n\n{{ end }}"
}

resource "aws_prometheus_alert_manager_definition" "this" {
  workspace_id = aws_prometheus_workspace.this.id

  definition = yamlencode({
    alertmanager_config = yamlencode({
      route = {
        receiver        = "topic"
        group_by        = ["alertname", "namespace"]
        group_wait      = "30s"
        group_interval  = "5m"
        repeat_interval = "12h"

        # The Watchdog is for the alarm alerting-silent, not for people.
        routes = [{ receiver = "nobody", matchers = ["severity = none"] }]
      }

      receivers = [
        { name = "nobody" },
        {
          name = "topic"
          sns_configs = [{
            topic_arn     = local.topic_arn
            sigv4         = { region = local.region }
            subject       = local.alert_title
            message       = local.alert_text
            send_resolved = true
          }]
        },
      ]

      # Who is woken for the critical one need not hear the warning as well.
      inhibit_rules = [{
        source_matchers = ["severity = critical"]
        target_matchers = ["severity = warning"]
        equal           = ["alertname", "namespace"]
      }]
    })
  })

  depends_on = [aws_sns_topic_policy.alerts]
}
