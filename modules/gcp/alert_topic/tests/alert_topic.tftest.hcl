# Plans only, with a project made up: needs no credentials and reaches no cloud.

provider "google" {
  project = "fraud-dev-123456"
  region  = "us-central1"
}

variables {
  name         = "fraud-dev"
  cluster_name = "fraud-dev-main"
  emails       = ["ml-oncall@example.com", "platform@example.com"]
}

run "every_address_hears_everything" {
  command = plan

  assert {
    condition     = { for email, channel in google_monitoring_notification_channel.email : email => "${channel.type} ${channel.labels.email_address}" } == { "ml-oncall@example.com" = "email ml-oncall@example.com", "platform@example.com" = "email platform@example.com" }
    error_message = "each address is a channel"
  }

  assert {
    condition     = google_monitoring_alert_policy.alerts["critical"].display_name == "fraud-dev-alerts-critical" && google_monitoring_alert_policy.alerts["critical"].severity == "CRITICAL" && google_monitoring_alert_policy.alerts["warning"].severity == "WARNING" && google_monitoring_alert_policy.silent.severity == "CRITICAL"
    error_message = "what warns and what wakes are policies of their own"
  }
}

run "only_lines_of_this_receiver" {
  command = plan

  assert {
    condition     = alltrue([for filter in concat([for policy in google_monitoring_alert_policy.alerts : policy.conditions[0].condition_matched_log[0].filter], [google_logging_metric.heartbeat.filter]) : startswith(filter, "resource.type=\"k8s_container\" AND resource.labels.cluster_name=\"fraud-dev-main\" AND resource.labels.namespace_name=\"monitoring\" AND resource.labels.container_name=\"alert-log\" AND jsonPayload.kind=")])
    error_message = "another cluster's or container's lines are not ours"
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.alerts["critical"].conditions[0].condition_matched_log[0].filter, "jsonPayload.status=\"firing\" AND jsonPayload.level=\"critical\"") && endswith(google_monitoring_alert_policy.alerts["warning"].conditions[0].condition_matched_log[0].filter, "jsonPayload.level!=\"critical\"")
    error_message = "every firing alert is in one policy and in one only"
  }

  assert {
    condition     = keys(google_monitoring_alert_policy.alerts["critical"].conditions[0].condition_matched_log[0].label_extractors) == tolist(["alertname", "level", "namespace", "runbook", "summary"]) && strcontains(google_monitoring_alert_policy.alerts["critical"].documentation[0].content, "$${log.extracted_label.summary}")
    error_message = "the mail says what is wrong and where to read on"
  }

  assert {
    condition     = google_monitoring_alert_policy.alerts["warning"].alert_strategy[0].notification_rate_limit[0].period == "300s"
    error_message = "Google asks for a bound on mails"
  }
}

run "silence_is_an_alert" {
  command = plan

  variables {
    silence_minutes = 30
  }

  assert {
    condition     = google_monitoring_alert_policy.silent.conditions[0].condition_prometheus_query_language[0].query == "(sum(increase(logging_googleapis_com:user_fraud_dev_alertmanager_heartbeats{monitored_resource=\"k8s_container\"}[30m])) or vector(0)) < 1" && google_logging_metric.heartbeat.name == "fraud-dev-alertmanager-heartbeats"
    error_message = "heartbeats are counted, and none counts as zero"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_cluster_name" {
  command = plan

  variables {
    cluster_name = "fraud\" OR true"
  }

  expect_failures = [var.cluster_name]
}

run "rejects_nobody" {
  command = plan

  variables {
    emails = []
  }

  expect_failures = [var.emails]
}

run "rejects_a_crowd" {
  command = plan

  variables {
    emails = ["a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com", "f@example.com", "g@example.com", "h@example.com", "i@example.com", "j@example.com", "k@example.com", "l@example.com", "m@example.com", "n@example.com", "o@example.com", "p@example.com", "q@example.com"]
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

run "rejects_one_mailbox_twice" {
  command = plan

  variables {
    emails = ["ML-oncall@example.com", "ml-oncall@example.com"]
  }

  expect_failures = [var.emails]
}

run "rejects_namespace" {
  command = plan

  variables {
    namespace = "kube-system"
  }

  expect_failures = [var.namespace]
}

run "rejects_no_patience" {
  command = plan

  variables {
    silence_minutes = 1
  }

  expect_failures = [var.silence_minutes]
}
