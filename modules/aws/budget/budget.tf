resource "aws_budgets_budget" "this" {
  name         = local.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = var.limit_usd
  limit_unit   = "USD"

  # What the resources cost: credits and refunds would hide it, taxes and support plans are no part of it, and an upfront
  # payment counts in the months that it is for.
  cost_types {
    include_credit  = false
    include_refund  = false
    include_support = false
    include_tax     = false
    use_amortized   = true
  }

  dynamic "cost_filter" {
    for_each = var.scope == "environment" ? { "TagKeyValue" = local.tag } : {}

    content {
      name   = cost_filter.key
      values = [cost_filter.value]
    }
  }

  dynamic "notification" {
    for_each = local.notifications

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.emails
    }
  }
}
