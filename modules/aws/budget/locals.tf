locals {
  name = "${var.name}-monthly"

  # user:<key>$<value>, the form that Cost Explorer gives to a tag.
  tag = format("user:environment$%s", var.name)

  notifications = concat(
    [for percent in var.alert_percent : { type = "ACTUAL", percent = percent }],
    [for percent in var.forecast_percent : { type = "FORECASTED", percent = percent }],
  )
}
