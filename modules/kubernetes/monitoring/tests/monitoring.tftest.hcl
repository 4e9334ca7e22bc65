# The call shown in README.md.
variables {
  name        = "fraud-dev"
  system_pool = { node_selector = { "groundplan/pool" = "system" } }
  storage     = { class = "encrypted-gp3", size_gib = 100, retention_days = 30 }

  workload_namespaces = ["training", "serving"]

  alerts = {
    sns = { topic_arn = "arn:aws:sns:us-east-1:123456789012:fraud-dev-alerts" }
    slack = {
      channel     = "#ml-oncall"
      webhook_url = { name = "alerts-slack", key = "url" }
    }
    heartbeat = { url = { name = "alerts-heartbeat", key = "url" } }
  }

  cost = {
    node_usd_per_hour = { "m7i.large" = 0.1008, "g6.2xlarge" = 0.9776 }
    monthly_usd       = 1500
  }
}

run "keeps_series_on_an_encrypted_volume" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.prometheus.values[0]).prometheus.prometheusSpec.retention == "30d" && yamldecode(helm_release.prometheus.values[0]).prometheus.prometheusSpec.retentionSize == "85GiB"
    error_message = "Retention is the caller's, and the volume never fills."
  }

  assert {
    condition     = alltrue([for claim in [yamldecode(helm_release.prometheus.values[0]).prometheus.prometheusSpec.storageSpec, yamldecode(helm_release.prometheus.values[2]).alertmanager.alertmanagerSpec.storage] : claim.volumeClaimTemplate.spec.storageClassName == "encrypted-gp3"]) && yamldecode(helm_release.pushgateway.values[0]).persistentVolume.storageClass == "encrypted-gp3"
    error_message = "Every volume has the encrypted class."
  }

  assert {
    condition     = alltrue([for part in ["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"] : !yamldecode(helm_release.prometheus.values[0])[part].enabled])
    error_message = "Nothing is scraped that a managed control plane does not expose."
  }

  assert {
    condition     = helm_release.prometheus.version == "92.3.0" && helm_release.pushgateway.version == "3.9.0" && helm_release.dcgm[0].version == "4.8.3"
    error_message = "Charts are pinned."
  }
}

run "servers_restricted_agents_apart" {
  command = plan

  assert {
    condition     = kubernetes_namespace_v1.servers.metadata[0].labels["pod-security.kubernetes.io/enforce"] == "restricted" && kubernetes_namespace_v1.agents.metadata[0].labels["pod-security.kubernetes.io/enforce"] == "privileged"
    error_message = "Only agents may see the host."
  }

  assert {
    condition     = yamldecode(helm_release.prometheus.values[0]).prometheus-node-exporter.namespaceOverride == "monitoring-agents" && helm_release.dcgm[0].namespace == "monitoring-agents" && helm_release.prometheus.namespace == "monitoring"
    error_message = "Agents and servers are in their namespaces."
  }

  assert {
    condition     = alltrue([for policy in kubernetes_network_policy_v1.default_deny_ingress : length(policy.spec[0].ingress) == 0]) && length(kubernetes_network_policy_v1.default_deny_ingress) == 2
    error_message = "Nothing enters either namespace unless another policy lets it."
  }

  assert {
    condition     = toset(kubernetes_network_policy_v1.push[0].spec[0].ingress[0].from[0].namespace_selector[0].match_expressions[0].values) == toset(["training", "serving"])
    error_message = "Only workloads push."
  }

  assert {
    condition     = alltrue([for part in ["prometheusOperator", "kube-state-metrics"] : yamldecode(helm_release.prometheus.values[0])[part].nodeSelector["groundplan/pool"] == "system"]) && yamldecode(helm_release.prometheus.values[0]).prometheus.prometheusSpec.nodeSelector["groundplan/pool"] == "system"
    error_message = "Servers run on the system pool."
  }

  assert {
    condition     = !contains(yamldecode(helm_release.prometheus.values[0]).kube-state-metrics.collectors, "secrets") && yamldecode(helm_release.prometheus.values[3]).grafana.rbac.namespaced
    error_message = "Nobody reads secrets of other namespaces."
  }
}

run "every_gpu_node_and_no_other" {
  command = plan

  assert {
    condition     = [for term in yamldecode(helm_release.dcgm[0].values[0]).affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms : term.matchExpressions[0].key] == ["nvidia.com/gpu.present", "cloud.google.com/gke-accelerator"] && jsonencode(yamldecode(helm_release.dcgm[0].values[0]).tolerations) == jsonencode([{ operator = "Exists" }])
    error_message = "The exporter selects GPU nodes, however the cloud marks them, and tolerates every taint."
  }

  assert {
    condition     = yamldecode(helm_release.dcgm[0].values[0]).resources.limits.memory == "1024Mi" && { for e in yamldecode(helm_release.dcgm[0].values[0]).extraEnv : e.name => e.value } == { GOMEMLIMIT = "768MiB", GOMAXPROCS = "2" }
    error_message = "the exporter of a node of eight GPUs stays below its limit"
  }

  assert {
    condition     = !can(yamldecode(helm_release.dcgm[0].values[0]).securityContext.privileged) && !can(yamldecode(helm_release.dcgm[0].values[0]).initContainers)
    error_message = "Where the runtime hands over the driver, the exporter needs no privileges."
  }

  assert {
    condition     = one(one(kubernetes_resource_quota_v1.agents.spec[0].scope_selector).match_expression).values == toset(["system-node-critical"])
    error_message = "Agents may have the priority they ask for."
  }
}

# As on GKE: the driver lies in a folder of the node, and two parts of the cluster run out of sight.
run "driver_in_a_folder" {
  command = plan

  variables {
    platform = { gpu_driver_root = "/home/kubernetes/bin/nvidia", coredns = false, autoscaler = false }
    cost     = { node_usd_per_hour = { "n1-standard-8+1xt4" = 0.73, "n1-standard-8+2xt4" = 1.08, "g2-standard-8" = 0.85 } }
  }

  assert {
    condition     = yamldecode(helm_release.dcgm[0].values[0]).securityContext.privileged && yamldecode(helm_release.dcgm[0].values[0]).extraHostVolumes[0].hostPath == "/home/kubernetes/bin/nvidia" && yamldecode(helm_release.dcgm[0].values[0]).initContainers[0].image == var.platform.image
    error_message = "The exporter takes driver and devices from the node, and waits for them."
  }

  assert {
    condition     = !yamldecode(helm_release.prometheus.values[0]).coreDns.enabled && !contains([for monitor in yamldecode(helm_release.prometheus.values[0]).prometheus.additionalServiceMonitors : monitor.name], "cluster-autoscaler")
    error_message = "Nothing is scraped that is not there."
  }

  assert {
    condition     = contains(output.monitoring.rules, "pending")
    error_message = "Pods that wait are seen without the autoscaler's metrics."
  }

  assert {
    condition     = strcontains(yamldecode(helm_release.prometheus.values[1]).additionalPrometheusRulesMap.cost.groups[0].rules[0].expr, "label_replace(label_replace(vector(1.08), \"label_node_kubernetes_io_instance_type\", \"n1-standard-8\"") && !strcontains(helm_release.prometheus.values[1], "vector(0.73)")
    error_message = "Of machines that differ in the number of attached GPUs the dearest counts."
  }
}

run "alerts_in_the_log" {
  command = plan

  variables {
    alerts = { log = {} }
  }

  assert {
    condition     = alltrue([for name in ["critical", "warning"] : [for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : receiver.webhook_configs[0].url if receiver.name == name] == ["http://alert-log.monitoring.svc:8080/alerts"]])
    error_message = "Alerts of either severity are written."
  }

  assert {
    condition     = [for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : receiver.webhook_configs[*].url if receiver.name == "heartbeat"][0] == ["http://alert-log.monitoring.svc:8080/heartbeat"]
    error_message = "The Watchdog is written, so that somebody can miss it."
  }

  assert {
    condition     = length(output.monitoring.required_secrets) == 0 && kubernetes_deployment_v1.alert_log[0].spec[0].template[0].spec[0].automount_service_account_token == false && kubernetes_deployment_v1.alert_log[0].spec[0].template[0].spec[0].container[0].name == "alert-log"
    error_message = "No secret and no right is needed; the container has the name that alert topics look for."
  }

  assert {
    condition     = kubernetes_network_policy_v1.alert_log[0].spec[0].policy_types == tolist(["Egress"]) && length(kubernetes_network_policy_v1.alert_log[0].spec[0].egress) == 0
    error_message = "The receiver calls nobody."
  }
}

run "no_log_without_a_reader" {
  command = plan

  assert {
    condition     = length(kubernetes_deployment_v1.alert_log) == 0 && length(kubernetes_service_v1.alert_log) == 0
    error_message = "Nobody asked for alerts in the log."
  }
}

run "secrets_by_name_only" {
  command = plan

  assert {
    condition     = output.monitoring.required_secrets == tolist(["alerts-heartbeat", "alerts-slack"]) && jsonencode(yamldecode(helm_release.prometheus.values[2]).alertmanager.alertmanagerSpec.secrets) == jsonencode(["alerts-heartbeat", "alerts-slack"])
    error_message = "Secrets are mounted by name."
  }

  assert {
    condition     = [for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : receiver.slack_configs[0].api_url_file if receiver.name == "critical"][0] == "/etc/alertmanager/secrets/alerts-slack/url"
    error_message = "Slack's address is read from the mounted file."
  }

  assert {
    condition     = [for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : receiver.sns_configs[0].sigv4.region if receiver.name == "warning"][0] == "us-east-1"
    error_message = "SNS is signed for the topic's region, with the pod's identity."
  }

  assert {
    condition     = !contains(keys(yamldecode(helm_release.prometheus.values[3]).grafana), "adminPassword") && endswith(output.monitoring.grafana_admin_secret, "grafana")
    error_message = "Grafana's password is made in the cluster."
  }

  assert {
    condition     = !yamldecode(helm_release.prometheus.values[3]).grafana["grafana.ini"]["auth.anonymous"].enabled
    error_message = "Nobody looks without signing in."
  }
}

run "mail_and_pager" {
  command = plan

  variables {
    alerts = {
      email = {
        to        = ["ml-oncall@example.com", "platform@example.com"]
        from      = "alerts@example.com"
        smarthost = "email-smtp.us-east-1.amazonaws.com:587"
        username  = "alerts"
        password  = { name = "alerts-mail", key = "password" }
      }
      pagerduty = { routing_key = { name = "alerts-pagerduty", key = "routing-key" } }
    }
  }

  assert {
    condition     = [for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : "${receiver.email_configs[0].to} ${receiver.email_configs[0].auth_password_file}" if receiver.name == "warning"][0] == "ml-oncall@example.com, platform@example.com /etc/alertmanager/secrets/alerts-mail/password"
    error_message = "Mail goes to all, with the password from the mounted file."
  }

  assert {
    condition     = alltrue([for receiver in yamldecode(helm_release.prometheus.values[2]).alertmanager.config.receivers : can(receiver.pagerduty_configs) == (receiver.name == "critical")])
    error_message = "Only critical alerts wake people."
  }
}

run "single_sign_on" {
  command = plan

  variables {
    grafana = {
      url = "https://grafana.example.com"
      oidc = {
        client_id     = "grafana"
        client_secret = { name = "grafana-oidc", key = "client-secret" }
        auth_url      = "https://id.example.com/authorize"
        token_url     = "https://id.example.com/token"
        api_url       = "https://id.example.com/userinfo"
        admin_group   = "ml-platform"
      }
    }
  }

  assert {
    condition     = yamldecode(helm_release.prometheus.values[3]).grafana["grafana.ini"]["auth.generic_oauth"].role_attribute_path == "contains(groups[*], 'ml-platform') && 'Admin' || 'Viewer'"
    error_message = "Everybody may look, one group administers."
  }

  assert {
    condition     = yamldecode(helm_release.prometheus.values[3]).grafana.envValueFrom.GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET.secretKeyRef.name == "grafana-oidc" && !strcontains(helm_release.prometheus.values[3], "client_secret")
    error_message = "The client secret is referred to, not written down."
  }
}

run "rules_and_dashboards_of_what_is_there" {
  command = plan

  assert {
    condition     = output.monitoring.rules == tolist(["cluster", "cost", "gpu", "mlflow", "model", "serving", "training"]) && output.monitoring.dashboards == output.monitoring.rules
    error_message = "Every part has rules and a dashboard."
  }

  assert {
    condition     = alltrue([for dashboard in kubernetes_config_map_v1.dashboard : dashboard.metadata[0].labels["grafana_dashboard"] == "1"])
    error_message = "Grafana's sidecar finds the dashboards."
  }

  assert {
    condition     = strcontains(helm_release.prometheus.values[1], "docs/runbooks.md#gpuidle")
    error_message = "Alerts link to their runbooks."
  }
}

run "no_gpus_no_mlflow_no_prices" {
  command = plan

  variables {
    gpu    = false
    mlflow = false
    cost   = {}
  }

  assert {
    condition     = length(helm_release.dcgm) == 0 && output.monitoring.rules == tolist(["cluster", "model", "serving", "training"]) && output.monitoring.dashboards == output.monitoring.rules
    error_message = "What is not there has no exporter, no rule and no dashboard."
  }
}

run "refuses_bad_name" {
  command = plan
  variables { name = "Fraud Dev" }
  expect_failures = [var.name]
}

run "refuses_system_namespace" {
  command = plan
  variables { namespace = "kube-monitoring" }
  expect_failures = [var.namespace]
}

run "refuses_no_selector" {
  command = plan
  variables {
    system_pool = { node_selector = {} }
  }
  expect_failures = [var.system_pool]
}

run "refuses_no_storage_class" {
  command = plan
  variables {
    storage = { class = "" }
  }
  expect_failures = [var.storage]
}

run "refuses_tiny_volume" {
  command = plan
  variables {
    storage = { class = "encrypted-gp3", size_gib = 1 }
  }
  expect_failures = [var.storage]
}

run "refuses_half_a_day" {
  command = plan
  variables {
    storage = { class = "encrypted-gp3", retention_days = 0.5 }
  }
  expect_failures = [var.storage]
}

run "refuses_namespace_pattern" {
  command = plan
  variables { workload_namespaces = [".*"] }
  expect_failures = [var.workload_namespaces]
}

run "refuses_topic_name" {
  command = plan
  variables {
    alerts = { sns = { topic_arn = "fraud-dev-alerts" } }
  }
  expect_failures = [var.alerts]
}

run "refuses_no_address" {
  command = plan
  variables {
    alerts = { email = { to = ["oncall"], from = "alerts@example.com", smarthost = "mail.example.com:587" } }
  }
  expect_failures = [var.alerts]
}

run "refuses_mail_without_port" {
  command = plan
  variables {
    alerts = { email = { to = ["oncall@example.com"], from = "alerts@example.com", smarthost = "mail.example.com" } }
  }
  expect_failures = [var.alerts]
}

run "refuses_secret_by_value" {
  command = plan
  variables {
    alerts = { slack = { channel = "#ml", webhook_url = { name = "https://hooks.slack.com/services/x", key = "url" } } }
  }
  expect_failures = [var.alerts]
}

run "refuses_no_repeat" {
  command = plan
  variables {
    alerts = { repeat_hours = 0 }
  }
  expect_failures = [var.alerts]
}

run "refuses_plain_http" {
  command = plan
  variables {
    grafana = { url = "http://grafana.example.com" }
  }
  expect_failures = [var.grafana]
}

run "refuses_sign_on_without_address" {
  command = plan
  variables {
    grafana = { oidc = { client_id = "grafana", client_secret = { name = "grafana-oidc", key = "s" }, auth_url = "https://id.example.com/a", token_url = "https://id.example.com/t", api_url = "https://id.example.com/u" } }
  }
  expect_failures = [var.grafana]
}

run "refuses_half_a_minute" {
  command = plan
  variables {
    thresholds = { gpu_idle_minutes = 0.5 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_percent_as_objective" {
  command = plan
  variables {
    thresholds = { serving_availability = 99.5 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_percent_as_floor" {
  command = plan
  variables {
    thresholds = { model_quality_floor = 80 }
  }
  expect_failures = [var.thresholds]
}

run "refuses_price_of_nothing" {
  command = plan
  variables {
    cost = { node_usd_per_hour = { "m7i.large" = 0 } }
  }
  expect_failures = [var.cost]
}

run "refuses_budget_without_prices" {
  command = plan
  variables {
    cost = { monthly_usd = 1500 }
  }
  expect_failures = [var.cost]
}

run "refuses_price_of_no_type" {
  command = plan
  variables {
    cost = { node_usd_per_hour = { "N1 with a T4" = 0.7 } }
  }
  expect_failures = [var.cost]
}

run "refuses_driver_in_a_relative_folder" {
  command = plan
  variables {
    platform = { gpu_driver_root = "home/kubernetes/bin/nvidia" }
  }
  expect_failures = [var.platform]
}

run "takes_an_image_by_tag" {
  command = plan
  variables {
    platform = { image = "public.ecr.aws/docker/library/python:3.13.5-alpine3.22" }
  }
}

run "refuses_half_a_digest" {
  command = plan
  variables {
    platform = { image = "public.ecr.aws/docker/library/python:3.13.5-alpine3.22@sha256:37b14d" }
  }
  expect_failures = [var.platform]
}

run "refuses_image_that_changes" {
  command = plan
  variables {
    platform = { image = "public.ecr.aws/docker/library/python:latest" }
  }
  expect_failures = [var.platform]
}

run "refuses_address_with_fragment" {
  command = plan
  variables { runbook_url = "https://example.com/runbooks#gpu" }
  expect_failures = [var.runbook_url]
}

run "refuses_version_range" {
  command = plan
  variables {
    chart_versions = { dcgm_exporter = "~4.8" }
  }
  expect_failures = [var.chart_versions]
}

run "refuses_chart_with_known_password" {
  command = plan
  variables {
    chart_versions = { kube_prometheus_stack = "78.5.0" }
  }
  expect_failures = [var.chart_versions]
}
