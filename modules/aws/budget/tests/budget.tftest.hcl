# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name      = "fraud-dev"
  limit_usd = 4000
  emails    = ["ml-oncall@example.com"]
}

run "watches_the_environment" {
  command = plan

  assert {
    condition     = aws_budgets_budget.this.name == "fraud-dev-monthly" && aws_budgets_budget.this.budget_type == "COST" && aws_budgets_budget.this.time_unit == "MONTHLY" && tonumber(aws_budgets_budget.this.limit_amount) == 4000 && aws_budgets_budget.this.limit_unit == "USD"
    error_message = "a monthly budget of the dollars given"
  }

  assert {
    condition     = jsonencode([for filter in aws_budgets_budget.this.cost_filter : [filter.name, filter.values]]) == jsonencode([["TagKeyValue", ["user:environment$fraud-dev"]]])
    error_message = "what has the environment's tag counts, and nothing else"
  }

  assert {
    condition     = jsonencode(sort([for n in aws_budgets_budget.this.notification : "${n.notification_type} ${n.comparison_operator} ${n.threshold} ${n.threshold_type} ${join(",", n.subscriber_email_addresses)}"])) == jsonencode(["ACTUAL GREATER_THAN 100 PERCENTAGE ml-oncall@example.com", "ACTUAL GREATER_THAN 80 PERCENTAGE ml-oncall@example.com", "FORECASTED GREATER_THAN 100 PERCENTAGE ml-oncall@example.com"])
    error_message = "80 and 100 percent of what was spent and 100 of the forecast are told"
  }

  assert {
    condition     = !aws_budgets_budget.this.cost_types[0].include_credit && !aws_budgets_budget.this.cost_types[0].include_refund && !aws_budgets_budget.this.cost_types[0].include_tax && !aws_budgets_budget.this.cost_types[0].include_support && aws_budgets_budget.this.cost_types[0].use_amortized
    error_message = "credits do not hide the cost, and taxes and support plans are no part of it"
  }
}

run "watches_the_account" {
  command = plan

  variables {
    scope = "account"
  }

  assert {
    condition     = length(aws_budgets_budget.this.cost_filter) == 0 && output.budget.scope == "account"
    error_message = "everything in the account counts"
  }
}

run "other_thresholds" {
  command = plan

  variables {
    limit_usd        = 99.5
    alert_percent    = [50, 120]
    forecast_percent = []
    emails           = ["ml-oncall@example.com", "finance@example.com"]
  }

  assert {
    condition     = jsonencode(sort([for n in aws_budgets_budget.this.notification : "${n.notification_type} ${n.threshold} ${join(",", sort(n.subscriber_email_addresses))}"])) == jsonencode(["ACTUAL 120 finance@example.com,ml-oncall@example.com", "ACTUAL 50 finance@example.com,ml-oncall@example.com"]) && tonumber(aws_budgets_budget.this.limit_amount) == 99.5
    error_message = "thresholds and addresses are as given"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud.Dev"
  }

  expect_failures = [var.name]
}

run "rejects_no_limit" {
  command = plan

  variables {
    limit_usd = 0
  }

  expect_failures = [var.limit_usd]
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
