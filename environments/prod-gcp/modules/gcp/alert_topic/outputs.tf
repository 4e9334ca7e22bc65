output "alert_topic" {
  description = "What reads the alerts of the cluster; `channels` are the notification channels by address, `policies` the alert policies by name."
  value = {
    name      = var.name
    namespace = var.namespace
    channels  = { for email, channel in google_monitoring_notification_channel.email : email => channel.name }
    policies = merge(
      { for policy in google_monitoring_alert_policy.alerts : policy.display_name => policy.name },
      { (google_monitoring_alert_policy.silent.display_name) = google_monitoring_alert_policy.silent.name },
    )
  }
}
