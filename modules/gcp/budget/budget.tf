resource "google_billing_budget" "this" {
  billing_account = var.billing_account
  display_name    = local.name

  amount {
    specified_amount {
      currency_code = var.limit.currency
      units         = tostring(local.units)
      nanos         = floor((var.limit.amount - local.units) * 1000000000 + 0.5)
    }
  }

  budget_filter {
    projects        = ["projects/${data.google_project.this.number}"]
    labels          = var.scope == "environment" ? { environment = var.name } : {}
    calendar_period = "MONTH"

    # Discounts are part of the price. Promotions and free tiers are not: they would hide what the environment costs.
    # https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
    credit_types_treatment = "INCLUDE_SPECIFIED_CREDITS"
    credit_types = [
      "COMMITTED_USAGE_DISCOUNT",
      "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
      "DISCOUNT",
      "SUSTAINED_USAGE_DISCOUNT",
    ]
  }

  dynamic "threshold_rules" {
    for_each = local.thresholds

    content {
      spend_basis       = threshold_rules.value.basis
      threshold_percent = threshold_rules.value.percent / 100
    }
  }

  all_updates_rule {
    monitoring_notification_channels = [for email in sort(var.emails) : google_monitoring_notification_channel.email[email].id]
    disable_default_iam_recipients   = true
  }
}
