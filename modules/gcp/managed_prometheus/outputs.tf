output "managed_prometheus" {
  description = "The policies that watch the cluster; `endpoint` is for queries (append `api/v1/query`), `policies` are resource names by alert, `channels` notification channels by address."
  value = {
    endpoint = "https://monitoring.googleapis.com/v1/${data.google_project.this.id}/location/global/prometheus/"
    rules    = sort(keys(local.rule_files))
    alerts   = sort(concat(keys(local.rules), ["TrainingJobFailed"]))
    policies = merge(
      { for name, policy in google_monitoring_alert_policy.rules : name => policy.name },
      { TrainingJobFailed = google_monitoring_alert_policy.training_job_failed.name },
    )
    channels = { for email, channel in google_monitoring_notification_channel.email : email => channel.name }
  }
}

data "google_project" "this" {}
