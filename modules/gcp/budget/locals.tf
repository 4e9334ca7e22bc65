data "google_project" "this" {}

locals {
  name = "${var.name}-monthly"

  thresholds = concat(
    [for percent in var.alert_percent : { basis = "CURRENT_SPEND", percent = percent }],
    [for percent in var.forecast_percent : { basis = "FORECASTED_SPEND", percent = percent }],
  )

  units = floor(var.limit.amount)
}
