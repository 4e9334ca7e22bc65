# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { number = "123456789012" }
}

variables {
  name            = "fraud-dev"
  billing_account = "012345-6789AB-CDEF01"
  limit           = { amount = 4000 }
  emails          = ["ml-oncall@example.com"]
}

run "watches_the_environment" {
  command = plan

  assert {
    condition     = google_billing_budget.this.display_name == "fraud-dev-monthly" && google_billing_budget.this.billing_account == "012345-6789AB-CDEF01" && google_billing_budget.this.budget_filter[0].calendar_period == "MONTH"
    error_message = "a monthly budget in the billing account"
  }

  assert {
    condition     = google_billing_budget.this.amount[0].specified_amount[0].units == "4000" && google_billing_budget.this.amount[0].specified_amount[0].nanos == 0 && google_billing_budget.this.amount[0].specified_amount[0].currency_code == "USD"
    error_message = "of the dollars given"
  }

  assert {
    condition     = jsonencode(google_billing_budget.this.budget_filter[0].labels) == jsonencode({ environment = "fraud-dev" }) && jsonencode(google_billing_budget.this.budget_filter[0].projects) == jsonencode(["projects/123456789012"])
    error_message = "what has the environment's label in this project counts, and nothing else"
  }

  assert {
    condition     = jsonencode([for rule in google_billing_budget.this.threshold_rules : "${rule.spend_basis} ${rule.threshold_percent}"]) == jsonencode(["CURRENT_SPEND 0.8", "CURRENT_SPEND 1", "FORECASTED_SPEND 1"])
    error_message = "80 and 100 percent of what was spent and 100 of the forecast are told"
  }

  assert {
    condition     = google_billing_budget.this.budget_filter[0].credit_types_treatment == "INCLUDE_SPECIFIED_CREDITS" && !contains(google_billing_budget.this.budget_filter[0].credit_types, "PROMOTION") && !contains(google_billing_budget.this.budget_filter[0].credit_types, "FREE_TIER")
    error_message = "promotions and free tiers do not hide the cost"
  }

  assert {
    condition     = google_billing_budget.this.all_updates_rule[0].disable_default_iam_recipients && jsonencode([for channel in google_monitoring_notification_channel.email : channel.labels.email_address]) == jsonencode(["ml-oncall@example.com"])
    error_message = "the addresses given are told, and nobody else"
  }
}

run "watches_the_project" {
  command = plan

  variables {
    scope = "account"
  }

  assert {
    condition     = length(google_billing_budget.this.budget_filter[0].labels) == 0 && output.budget.scope == "account"
    error_message = "everything in the project counts"
  }
}

run "other_thresholds_in_euros" {
  command = plan

  variables {
    limit            = { amount = 99.5, currency = "EUR" }
    alert_percent    = [50, 120]
    forecast_percent = []
  }

  assert {
    condition     = jsonencode([for rule in google_billing_budget.this.threshold_rules : "${rule.spend_basis} ${rule.threshold_percent}"]) == jsonencode(["CURRENT_SPEND 0.5", "CURRENT_SPEND 1.2"])
    error_message = "thresholds are as given"
  }

  assert {
    condition     = google_billing_budget.this.amount[0].specified_amount[0].units == "99" && google_billing_budget.this.amount[0].specified_amount[0].nanos == 500000000 && google_billing_budget.this.amount[0].specified_amount[0].currency_code == "EUR"
    error_message = "a part of a euro counts"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud.Dev"
  }

  expect_failures = [var.name]
}

run "rejects_billing_account" {
  command = plan

  variables {
    billing_account = "billingAccounts/012345-6789AB-CDEF01"
  }

  expect_failures = [var.billing_account]
}

run "rejects_no_limit" {
  command = plan

  variables {
    limit = { amount = 0 }
  }

  expect_failures = [var.limit]
}

run "rejects_currency" {
  command = plan

  variables {
    limit = { amount = 100, currency = "euro" }
  }

  expect_failures = [var.limit]
}

run "rejects_scope" {
  command = plan

  variables {
    scope = "team"
  }

  expect_failures = [var.scope]
}

run "rejects_nobody" {
  command = plan

  variables {
    emails = []
  }

  expect_failures = [var.emails]
}

run "rejects_display_name" {
  command = plan

  variables {
    emails = ["On call <ml-oncall@example.com>"]
  }

  expect_failures = [var.emails]
}

run "rejects_zero_percent" {
  command = plan

  variables {
    alert_percent = [0]
  }

  expect_failures = [var.alert_percent]
}

run "rejects_a_forecast_of_zero_percent" {
  command = plan

  variables {
    forecast_percent = [0]
  }

  expect_failures = [var.forecast_percent]
}

run "rejects_a_budget_that_tells_nothing" {
  command = plan

  variables {
    alert_percent    = []
    forecast_percent = []
  }

  expect_failures = [var.forecast_percent]
}
