# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

override_resource {
  target          = aws_prometheus_workspace.this
  override_during = plan
  values = {
    id  = "ws-0a1b2c3d-0000-4000-8000-000000000001"
    arn = "arn:aws:aps:us-east-1:111122223333:workspace/ws-0a1b2c3d-0000-4000-8000-000000000001"
  }
}

variables {
  name = "fraud-dev"
  cluster = {
    name              = "fraud-dev"
    arn               = "arn:aws:eks:us-east-1:111122223333:cluster/fraud-dev"
    security_group_id = "sg-0a1b2c3d4e5f60001"
  }
  network = { private_subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"] }
  kms_key = "arn:aws:kms:us-east-1:111122223333:key/1111aaaa-0000-4000-8000-000000000005"
  logs    = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/1111aaaa-0000-4000-8000-000000000003" }
  emails  = ["ml-oncall@example.com"]
}

run "least" {
  command = plan

  assert {
    condition     = aws_prometheus_workspace.this.kms_key_arn == null && aws_prometheus_workspace_configuration.this.retention_period_in_days == 150
    error_message = "the workspace has no key of ours, because the collector could not write to it"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/vendedlogs/prometheus/fraud-dev" && aws_cloudwatch_log_group.this.retention_in_days == 365 && aws_cloudwatch_log_group.this.kms_key_id == var.logs.kms_key
    error_message = "logs are encrypted with the key given and kept a year"
  }

  assert {
    condition     = one(aws_prometheus_scraper.this.source[0].eks).cluster_arn == var.cluster.arn && one(aws_prometheus_scraper.this.source[0].eks).security_group_ids == toset(["sg-0a1b2c3d4e5f60001"])
    error_message = "the collector stands in the cluster's security group"
  }

  assert {
    condition     = jsonencode([for job in yamldecode(aws_prometheus_scraper.this.scrape_configuration).scrape_configs : job.job_name]) == jsonencode(["cadvisor", "cluster-autoscaler", "kube-state-metrics", "kubelet"])
    error_message = "without workloads and MLflow only the cluster is scraped"
  }

  assert {
    condition     = keys(aws_prometheus_rule_group_namespace.this) == ["cluster", "collector", "model", "serving", "training"]
    error_message = "rules on MLflow, one of which fires when it is absent, come with MLflow"
  }

  assert {
    condition     = output.managed_prometheus.alarms == tolist(["fraud-dev-alerting-silent", "fraud-dev-alerts-undelivered", "fraud-dev-apiserver-errors", "fraud-dev-unschedulable-pods"])
    error_message = "the workspace and the control plane are watched"
  }
}

run "everything" {
  command = plan

  variables {
    workload_namespaces = ["serving", "training"]
    mlflow              = true
    database            = { identifier = "fraud-dev" }
    nat_gateway_ids     = { use1-az1 = "nat-0a1b2c3d4e5f60001", use1-az2 = "nat-0a1b2c3d4e5f60002" }
    metrics             = { interval_seconds = 30, retention_days = 400, kube_state_metrics_version = "v2.17.0-eksbuild.1" }
    runbook_url         = "https://example.com/runbooks"
  }

  assert {
    condition     = jsonencode([for job in yamldecode(aws_prometheus_scraper.this.scrape_configuration).scrape_configs : job.job_name]) == jsonencode(["cadvisor", "cluster-autoscaler", "kube-state-metrics", "kubelet", "mlflow", "training-jobs", "workloads"])
    error_message = "MLflow and workloads are scraped"
  }

  assert {
    condition     = yamldecode(aws_prometheus_scraper.this.scrape_configuration).global == { scrape_interval = "30s", scrape_timeout = "10s", external_labels = { cluster = "fraud-dev" } } && aws_prometheus_workspace_configuration.this.retention_period_in_days == 400
    error_message = "interval and retention are the caller's"
  }

  assert {
    condition     = alltrue([for job in yamldecode(aws_prometheus_scraper.this.scrape_configuration).scrape_configs : job.kubernetes_sd_configs[0].namespaces.names == ["serving", "training"] if contains(["workloads", "training-jobs"], job.job_name)])
    error_message = "nobody else's pods are scraped"
  }

  assert {
    condition     = strcontains(aws_prometheus_rule_group_namespace.this["mlflow"].data, "https://example.com/runbooks#mlflowdown") && strcontains(aws_prometheus_rule_group_namespace.this["serving"].data, "namespace=~\"serving|training\"")
    error_message = "runbooks and namespaces reach the rules"
  }

  assert {
    condition     = alltrue([for file in aws_prometheus_rule_group_namespace.this : length(regexall("[$][{]", file.data)) == 0])
    error_message = "no template is left in a rule file"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-storage"].threshold == 10737418240 && aws_cloudwatch_metric_alarm.this["database-storage"].dimensions == tomap({ DBInstanceIdentifier = "fraud-dev" })
    error_message = "storage of the database is watched in bytes"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["nat-use1-az2-ports"].dimensions == tomap({ NatGatewayId = "nat-0a1b2c3d4e5f60002" }) && length(aws_cloudwatch_metric_alarm.this) == 9
    error_message = "each NAT gateway is watched"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["alerting-silent"].dimensions == tomap({ Workspace = "ws-0a1b2c3d-0000-4000-8000-000000000001" }) && aws_cloudwatch_metric_alarm.this["alerting-silent"].treat_missing_data == "breaching"
    error_message = "silence is an alarm"
  }

  assert {
    condition     = aws_eks_addon.kube_state_metrics.addon_version == "v2.17.0-eksbuild.1"
    error_message = "the add-on has the version asked for"
  }
}

run "alerts_reach_the_topic_and_nobody_else_publishes" {
  command = plan

  assert {
    condition     = aws_sns_topic.alerts.name == "fraud-dev-managed-alerts" && aws_sns_topic.alerts.kms_master_key_id == var.kms_key && keys(aws_sns_topic_subscription.email) == ["ml-oncall@example.com"]
    error_message = "the topic is encrypted with the key given and read by the addresses given"
  }

  assert {
    condition     = jsonencode([for s in jsondecode(aws_sns_topic_policy.alerts.policy).Statement : s.Principal if s.Effect == "Allow"]) == jsonencode([{ Service = "aps.amazonaws.com" }, { Service = "cloudwatch.amazonaws.com" }]) && jsondecode(aws_sns_topic_policy.alerts.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "two services are let in, and only with TLS"
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alerts.policy).Statement[1].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:aps:us-east-1:111122223333:workspace/ws-0a1b2c3d-0000-4000-8000-000000000001" && jsondecode(aws_sns_topic_policy.alerts.policy).Statement[2].Condition.ArnLike["aws:SourceArn"] == "arn:aws:cloudwatch:us-east-1:111122223333:alarm:fraud-dev-*"
    error_message = "for this workspace and the alarms of this environment"
  }

  assert {
    condition     = yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).receivers[1].sns_configs[0].topic_arn == "arn:aws:sns:us-east-1:111122223333:fraud-dev-managed-alerts" && yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this.definition).alertmanager_config).receivers[1].sns_configs[0].sigv4.region == "us-east-1"
    error_message = "the alert manager sends to the topic, with the region that AWS asks for"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_cluster_arn" {
  command = plan

  variables {
    cluster = { name = "fraud-dev", arn = "fraud-dev", security_group_id = "sg-0a1b2c3d4e5f60001" }
  }

  expect_failures = [var.cluster]
}

run "rejects_one_subnet" {
  command = plan

  variables {
    network = { private_subnet_ids = ["subnet-0a1b2c3d4e5f60001"] }
  }

  expect_failures = [var.network]
}

run "rejects_key_alias" {
  command = plan

  variables {
    kms_key = "alias/fraud-dev-alerts"
  }

  expect_failures = [var.kms_key]
}

run "rejects_log_retention" {
  command = plan

  variables {
    logs = { retention_days = 100, kms_key = "arn:aws:kms:us-east-1:111122223333:key/1111aaaa-0000-4000-8000-000000000003" }
  }

  expect_failures = [var.logs]
}

run "rejects_log_key_alias" {
  command = plan

  variables {
    logs = { kms_key = "alias/fraud-dev-logs" }
  }

  expect_failures = [var.logs]
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

run "rejects_one_mailbox_twice" {
  command = plan

  variables {
    emails = ["ML-oncall@example.com", "ml-oncall@example.com"]
  }

  expect_failures = [var.emails]
}

run "rejects_retention" {
  command = plan

  variables {
    metrics = { retention_days = 1096 }
  }

  expect_failures = [var.metrics]
}

run "rejects_short_interval" {
  command = plan

  variables {
    metrics = { interval_seconds = 15 }
  }

  expect_failures = [var.metrics]
}

run "rejects_addon_version" {
  command = plan

  variables {
    metrics = { kube_state_metrics_version = "2.17.0" }
  }

  expect_failures = [var.metrics]
}

run "rejects_namespace" {
  command = plan

  variables {
    workload_namespaces = ["Serving"]
  }

  expect_failures = [var.workload_namespaces]
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
    nat_gateway_ids = { "Zone A" = "nat-0a1b2c3d4e5f60001" }
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
    thresholds = { unschedulable_minutes = 721 }
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
