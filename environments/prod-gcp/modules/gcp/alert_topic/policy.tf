# One mail for each notification of Alertmanager, which has grouped and silenced already. It says when an alert comes; when it goes, the
# line says so, and no mail.
resource "google_monitoring_alert_policy" "alerts" {
  for_each = local.levels

  display_name          = "${var.name}-alerts-${each.key}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.name]

  conditions {
    display_name = "Alertmanager of ${var.cluster_name}: ${each.key}"

    condition_matched_log {
      filter = "${local.lines} AND jsonPayload.kind=\"alert\" AND jsonPayload.status=\"firing\" AND ${each.value.filter}"

      label_extractors = {
        alertname = "EXTRACT(jsonPayload.alertname)"
        level     = "EXTRACT(jsonPayload.level)"
        namespace = "EXTRACT(jsonPayload.namespace)"
        summary   = "EXTRACT(jsonPayload.summary)"
        runbook   = "EXTRACT(jsonPayload.runbook_url)"
      }
    }
  }

  alert_strategy {
    # Longer than Alertmanager's 12 hours until it says the same again, so that what goes on stays one incident.
    auto_close = "46800s"

    notification_rate_limit {
      period = "300s" # the shortest there is
    }
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "[$${log.extracted_label.level}] $${log.extracted_label.alertname} in ${var.name}"
    content   = <<-EOT
      $${log.extracted_label.summary}

      Namespace: $${log.extracted_label.namespace}

      Runbook: $${log.extracted_label.runbook}
    EOT
  }
}

# The watch over the watch: Prometheus, Alertmanager, the receiver and the way of its log have to work for a heartbeat to be counted.
resource "google_logging_metric" "heartbeat" {
  name        = local.heartbeat_metric
  description = "Watchdogs that Alertmanager of ${var.cluster_name} has written"
  filter      = "${local.lines} AND jsonPayload.kind=\"heartbeat\""

  metric_descriptor {
    metric_kind  = "DELTA"
    value_type   = "INT64"
    unit         = "1"
    display_name = "Heartbeats of Alertmanager"
  }
}

resource "google_monitoring_alert_policy" "silent" {
  display_name          = "${var.name}-alerting-silent"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.name]

  conditions {
    display_name = "No heartbeat of ${var.cluster_name} for ${var.silence_minutes} minutes"

    # A series that never was is as silent as one that ended, so the metric need not exist either.
    condition_prometheus_query_language {
      query                     = "(sum(increase(${local.heartbeat_series}[${var.silence_minutes}m])) or vector(0)) < 1"
      duration                  = "120s"
      evaluation_interval       = "60s"
      alert_rule                = "AlertingSilent"
      disable_metric_validation = true
    }
  }

  alert_strategy {
    auto_close = "604800s"
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "[critical] Alerting of ${var.name} is silent"
    content   = <<-EOT
      Not even the Watchdog, which always fires, has been written for ${var.silence_minutes} minutes: no alert of this cluster will come by mail.

      Look at `kubectl -n ${var.namespace} get pods` for Prometheus, Alertmanager and alert-log, then at their logs.
    EOT
  }

  depends_on = [google_logging_metric.heartbeat]
}
