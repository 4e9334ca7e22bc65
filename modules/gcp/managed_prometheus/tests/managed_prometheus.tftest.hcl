# Plans only, with a project made up: needs no credentials and reaches no cloud.

provider "google" {
  project = "fraud-dev-123456"
  region  = "us-central1"
}

override_data {
  target = data.google_project.this
  values = { id = "projects/fraud-dev-123456" }
}

variables {
  name    = "fraud-dev"
  cluster = { name = "fraud-dev", location = "us-central1-a" }
  region  = "us-central1"
  emails  = ["ml-oncall@example.com"]
}

run "least" {
  command = plan

  assert {
    condition     = output.managed_prometheus.rules == tolist(["cluster", "model", "serving", "training"])
    error_message = "what is not there is not watched: an alert on its absence would never end"
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.rules : length(regexall("[$][{]", policy.conditions[0].condition_prometheus_query_language[0].query)) == 0])
    error_message = "no template is left in a query"
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.rules : can(regex("^([0-9]+)s$", policy.conditions[0].condition_prometheus_query_language[0].duration)) && tonumber(trimsuffix(policy.conditions[0].condition_prometheus_query_language[0].duration, "s")) % 30 == 0])
    error_message = "durations are in seconds, in steps of 30"
  }

  assert {
    condition     = google_monitoring_notification_channel.email["ml-oncall@example.com"].labels == tomap({ email_address = "ml-oncall@example.com" })
    error_message = "every address is a channel"
  }
}

run "everything" {
  command = plan

  variables {
    workload_namespaces = ["training", "serving"]
    gpu                 = true
    mlflow              = true
    database            = { identifier = "fraud-dev-mlflow" }
    nat_gateway_ids     = { main = "fraud-dev" }
    runbook_url         = "https://example.com/runbooks"
    thresholds          = { gpu_idle_minutes = 90 }
  }

  assert {
    condition     = output.managed_prometheus.alerts == tolist(["CollectorSilent", "DataStale", "DatabaseBusy", "DatabaseConnectionsMany", "DatabaseStorageLow", "DiskAlmostFull", "DiskFilling", "GpuIdle", "MlflowDown", "MlflowSlow", "ModelDriftHigh", "ModelQualityLow", "NatDropsPackets", "PoolCannotScale", "ScaleUpsFail", "ServingErrorBudgetBurnsFast", "ServingErrorBudgetBurnsSlowly", "SpotInterruptionsFrequent", "TrainingJobFailed", "TrainingJobStuck"])
    error_message = "everything is watched"
  }

  assert {
    condition     = google_monitoring_alert_policy.rules["GpuIdle"].conditions[0].condition_prometheus_query_language[0].duration == "5400s" && google_monitoring_alert_policy.rules["GpuIdle"].conditions[0].condition_prometheus_query_language[0].query == "max by (Hostname, UUID, gpu, modelName) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{cluster=\"fraud-dev\",location=\"us-central1-a\"}[10m])) < 5"
    error_message = "thresholds reach the policies, and only series of this cluster count"
  }

  assert {
    condition     = startswith(google_monitoring_alert_policy.rules["GpuIdle"].documentation[0].content, "GPU $${metric_or_resource.label.gpu} ($${metric_or_resource.label.modelName}) of $${metric_or_resource.label.Hostname} has been idle for 90 minutes") && endswith(google_monitoring_alert_policy.rules["GpuIdle"].documentation[0].content, "Runbook: https://example.com/runbooks#gpuidle")
    error_message = "labels are named in Google's words, and the mail says where to read on"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.rules["ServingErrorBudgetBurnsFast"].conditions[0].condition_prometheus_query_language[0].query, "namespace=~\"serving|training\"") && google_monitoring_alert_policy.rules["ServingErrorBudgetBurnsFast"].severity == "CRITICAL"
    error_message = "namespaces and severities reach the policies"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.rules["DatabaseStorageLow"].conditions[0].condition_prometheus_query_language[0].query, "database_id=~\".*:fraud-dev-mlflow\"") && strcontains(google_monitoring_alert_policy.rules["NatDropsPackets"].conditions[0].condition_prometheus_query_language[0].query, "region=\"us-central1\",gateway_name=~\"fraud-dev\"")
    error_message = "only this database and these gateways count"
  }

  assert {
    condition     = output.managed_prometheus.endpoint == "https://monitoring.googleapis.com/v1/projects/fraud-dev-123456/location/global/prometheus/"
    error_message = "the endpoint is the project's"
  }
}

run "what_google_says_in_logs_only" {
  command = plan

  variables {
    workload_namespaces = ["training"]
  }

  assert {
    condition     = endswith(google_logging_metric.this["preemptions"].filter, "protoPayload.resourceName:\"/instances/gke-fraud-dev\"") && startswith(google_logging_metric.this["failed_scale_ups"].filter, "resource.type=\"k8s_cluster\" AND resource.labels.cluster_name=\"fraud-dev\" AND resource.labels.location=\"us-central1-a\"")
    error_message = "only this cluster's events are counted"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.rules["SpotInterruptionsFrequent"].conditions[0].condition_prometheus_query_language[0].query, "logging_googleapis_com:user_fraud_dev_preemptions{monitored_resource=\"gce_instance\"}") && google_logging_metric.this["preemptions"].name == "fraud-dev-preemptions"
    error_message = "the rule reads the metric made here"
  }

  assert {
    condition     = endswith(google_monitoring_alert_policy.training_job_failed.conditions[0].condition_matched_log[0].filter, "jsonPayload.involvedObject.namespace=~\"^(training)$\"")
    error_message = "only jobs of the workloads count"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_cluster_location" {
  command = plan

  variables {
    cluster = { name = "fraud-dev", location = "everywhere" }
  }

  expect_failures = [var.cluster]
}

run "rejects_region" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
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
    emails = [for number in range(17) : "list-${number}@example.com"]
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
    workload_namespaces = ["Serving"]
  }

  expect_failures = [var.workload_namespaces]
}

run "rejects_database_connection_name" {
  command = plan

  variables {
    database = { identifier = "project:us-central1:fraud-dev" }
  }

  expect_failures = [var.database]
}

run "rejects_database_thresholds" {
  command = plan

  variables {
    database = { identifier = "fraud-dev", cpu_percent = 100 }
  }

  expect_failures = [var.database]
}

run "rejects_nat_gateway_name" {
  command = plan

  variables {
    nat_gateway_ids = { main = ".*" }
  }

  expect_failures = [var.nat_gateway_ids]
}

run "rejects_part_of_a_minute" {
  command = plan

  variables {
    thresholds = { training_stuck_minutes = 0.5 }
  }

  expect_failures = [var.thresholds]
}

run "rejects_more_than_a_day" {
  command = plan

  variables {
    thresholds = { gpu_idle_minutes = 1441 }
  }

  expect_failures = [var.thresholds]
}

run "rejects_availability" {
  command = plan

  variables {
    thresholds = { serving_availability = 1 }
  }

  expect_failures = [var.thresholds]
}

run "rejects_quality_floor" {
  command = plan

  variables {
    thresholds = { model_quality_floor = 80 }
  }

  expect_failures = [var.thresholds]
}

run "rejects_runbook_fragment" {
  command = plan

  variables {
    runbook_url = "https://example.com/runbooks#here"
  }

  expect_failures = [var.runbook_url]
}
