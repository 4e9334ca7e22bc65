# A rule of Prometheus says the same as a policy, in other words: labels are named in another way, and durations are in seconds.
# https://docs.cloud.google.com/monitoring/alerts/doc-variables
resource "google_monitoring_alert_policy" "rules" {
  for_each = local.rules

  display_name          = "${var.name}: ${each.key}"
  combiner              = "OR"
  severity              = upper(each.value.labels.severity)
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query                     = each.value.expr
      duration                  = "${tonumber(trimsuffix(lookup(each.value, "for", "0m"), "m")) * 60}s"
      evaluation_interval       = "60s"
      alert_rule                = each.key
      labels                    = each.value.labels
      disable_metric_validation = true # what a job will export is not known before it runs
    }
  }

  alert_strategy {
    auto_close = "3600s" # a series that ended is no alert
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "[${each.value.labels.severity}] ${each.key} in ${var.name}"
    content = join("\n\n", [
      replace(each.value.annotations.summary, "/\\{\\{ [$]labels[.](\\w+) \\}\\}/", "$${metric_or_resource.label.$1}"),
      each.value.annotations.description,
      "Labels: $${metric_or_resource.labels}",
      "Runbook: ${var.runbook_url}#${lower(each.key)}",
    ])
  }

  depends_on = [google_logging_metric.this]
}

# Kubernetes says in an event that it gave a job up. No metric of GKE's counts jobs.
resource "google_monitoring_alert_policy" "training_job_failed" {
  display_name          = "${var.name}: TrainingJobFailed"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = local.channels

  conditions {
    display_name = "TrainingJobFailed"

    condition_matched_log {
      filter = join(" AND ", concat(local.cluster_log, [
        "log_id(\"events\")",
        "jsonPayload.involvedObject.kind=\"Job\"",
        "jsonPayload.reason=(\"BackoffLimitExceeded\" OR \"DeadlineExceeded\" OR \"PodFailurePolicy\" OR \"FailedIndexes\")",
        "jsonPayload.involvedObject.namespace=~\"^(${local.workload_namespaces})$\"",
      ]))

      label_extractors = {
        job_name  = "EXTRACT(jsonPayload.involvedObject.name)"
        namespace = "EXTRACT(jsonPayload.involvedObject.namespace)"
        message   = "EXTRACT(jsonPayload.message)"
      }
    }
  }

  alert_strategy {
    auto_close = "3600s"

    notification_rate_limit {
      period = "300s" # the shortest there is
    }
  }

  documentation {
    mime_type = "text/markdown"
    subject   = "[warning] TrainingJobFailed in ${var.name}"
    content   = <<-EOT
      Training job $${log.extracted_label.namespace}/$${log.extracted_label.job_name} failed: $${log.extracted_label.message}

      Runbook: ${var.runbook_url}#trainingjobfailed
    EOT
  }
}
