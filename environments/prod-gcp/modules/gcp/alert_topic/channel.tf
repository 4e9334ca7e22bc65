resource "google_monitoring_notification_channel" "email" {
  for_each = var.emails

  display_name = "${var.name}: ${each.key}"
  description  = "Alerts of ${var.name}"
  type         = "email"
  labels       = { email_address = each.key }

  # A channel that a policy still names cannot be deleted, so policies change first.
  lifecycle {
    create_before_destroy = true
  }

  # A cluster comes after the APIs are on, Cloud Monitoring's too.
  depends_on = [var.cluster_name]
}
