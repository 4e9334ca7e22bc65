resource "google_monitoring_notification_channel" "email" {
  for_each = var.emails

  display_name = "${local.name}: ${each.key}"
  description  = "Cost of ${var.name}"
  type         = "email"
  labels       = { email_address = each.key }

  # A channel that a budget still names cannot be deleted, so the budget changes first.
  lifecycle {
    create_before_destroy = true
  }
}
